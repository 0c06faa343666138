//! Letters in a database restored from a backup. They may have been sent before, so they are held until an administrator
//! decides (P-34).

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use muticket_core::blob::{Blobs as _, MemoryBlobs};
use muticket_core::courier::{Courier, Delivery};
use muticket_core::notification::{DropReason, LetterState};
use muticket_core::storage::{MemoryStorage, OutboxCounts, Storage, StorageError, Work};
use muticket_world::World;

use crate::outbox::{Outbox as _, built, usual};

/// A database that can be restored while the site runs.
struct Database(Mutex<Arc<MemoryStorage>>);

impl Database {
    fn current(&self) -> Arc<MemoryStorage> {
        self.0.lock().unwrap().clone()
    }
}

#[async_trait]
impl Storage for Database {
    async fn write(&self, work: Work) -> Result<(), StorageError> {
        self.current().write(work).await
    }

    async fn read(&self, work: Work) -> Result<(), StorageError> {
        self.current().read(work).await
    }
}

/// A site with a folder of files. Its database can be copied and restored.
struct Site {
    world: World,
    database: Arc<Database>,
    files: Arc<MemoryBlobs>,
}

impl Site {
    /// Six letters wait because the mail server is down, and the site has run for some minutes.
    async fn new() -> Self {
        let database = Arc::new(Database(Mutex::new(Arc::new(MemoryStorage::new()))));
        let world = built(World::builder().storage(database.clone())).await;
        let site = Self { world, database, files: Arc::default() };
        for _ in 0..2 {
            site.world.opened(&["sara", "tom", "uwe"]).await;
        }
        site.world.mail.go_down();
        let courier = site.launched();
        for _ in 0..5 {
            courier.deliver_due().await.unwrap();
            site.world.clock.advance(TimeDelta::minutes(2));
        }
        site.world.mail.come_back();
        site
    }

    fn backup(&self) -> Arc<MemoryStorage> {
        Arc::new(self.database.current().snapshot())
    }

    fn put_back(&self, backup: &Arc<MemoryStorage>) {
        *self.database.0.lock().unwrap() = backup.clone();
    }

    /// A process of the site that has just started.
    fn launched(&self) -> Courier {
        self.world.courier().with_blobs(self.files.clone())
    }

    fn sent(&self) -> usize {
        self.world.mail.take().len()
    }

    async fn everything(&self, courier: &Courier) -> Delivery {
        let mut total = Delivery::default();
        for _ in 0..5 {
            let delivery = courier.deliver_due().await.unwrap();
            total.sent += delivery.sent;
            total.held += delivery.held;
        }
        total
    }
}

/// A backup some minutes old, whose letters were sent meanwhile. The copy of the beat reveals it.
#[tokio::test]
async fn a_young_backup_is_known_by_what_lies_beside_the_database() {
    let site = Site::new().await;
    let backup = site.backup();
    let courier = site.launched();
    assert_eq!(site.everything(&courier).await.sent, 6);
    courier.stop().await.unwrap();
    site.sent();
    site.put_back(&backup);
    let total = site.everything(&site.launched()).await;
    assert_eq!((total.sent, total.held, site.sent()), (0, 6, 0));
    assert!(site.world.states().await.values().all(|state| *state == LetterState::Held));

    // New letters are sent at once, by every process. The held ones stay.
    site.world.opened(&["sara"]).await;
    for _ in 0..2 {
        let total = site.everything(&site.launched()).await;
        assert_eq!((total.held, site.world.counts().await.held), (0, 6));
    }
    assert_eq!(site.sent(), 1);

    let now = site.world.clock.now();
    let waiting = LetterState::Waiting { not_before: now, problem: None };
    assert_eq!(site.world.write(move |unit| unit.outbox().end_hold(&waiting)).await, 6);
    assert_eq!(site.everything(&site.launched()).await.sent, 6);
}

/// The copy of the beat was restored too, so only the age reveals it.
#[tokio::test]
async fn the_backup_of_yesterday_is_known_by_its_age() {
    let site = Site::new().await;
    let backup = site.backup();
    site.world.clock.advance(TimeDelta::hours(23));
    site.put_back(&backup);
    let total = site.everything(&site.launched()).await;
    assert_eq!((total.sent, total.held), (0, 6));
    let discarded = LetterState::Dropped { at: chrono::DateTime::UNIX_EPOCH, reason: DropReason::Discarded };
    assert_eq!(site.world.write(move |unit| unit.outbox().end_hold(&discarded)).await, 6);
    assert_eq!(site.everything(&site.launched()).await.sent, 0);
    assert_eq!(site.world.counts().await, OutboxCounts { dropped: 6, ..OutboxCounts::default() });
}

#[tokio::test]
async fn a_site_that_was_stopped_for_a_weekend_sends_its_letters() {
    for (hours, held) in [(60, 0), (119, 0), (121, 6)] {
        let site = Site::new().await;
        site.world.mail.go_down();
        let courier = site.launched();
        courier.deliver_due().await.unwrap();
        courier.stop().await.unwrap();
        site.world.mail.come_back();
        site.world.clock.advance(TimeDelta::hours(hours));
        let total = site.everything(&site.launched()).await;
        assert_eq!((total.held, u64::from(total.sent)), (held, 6 - held), "{hours}");
    }
}

/// A power failure, or a killed process.
#[tokio::test]
async fn a_site_that_was_cut_off_sends_its_letters_unless_it_was_gone_for_long() {
    for (hours, patience, held) in [(3, None, 0), (5, None, 6), (5, Some(6), 0), (2, Some(1), 6)] {
        let site = Site::new().await;
        site.world.clock.advance(TimeDelta::hours(hours));
        let courier = match patience {
            Some(hours) => site.launched().with_hold_after(TimeDelta::hours(hours)),
            None => site.launched(),
        };
        let total = site.everything(&courier).await;
        assert_eq!((total.held, u64::from(total.sent)), (held, 6 - held), "{hours} {patience:?}");
    }
}

#[tokio::test]
async fn all_processes_that_start_after_it_agree() {
    let site = Site::new().await;
    site.world.clock.advance(TimeDelta::hours(23));
    let [one, two, three] = [site.launched(), site.launched(), site.launched()];
    let (one, two, three) = tokio::join!(site.everything(&one), site.everything(&two), site.everything(&three));
    assert_eq!((one.held + two.held + three.held, one.sent + two.sent + three.sent), (6, 0));
}

#[tokio::test]
async fn a_database_that_is_put_back_under_a_running_site_is_noticed_before_anything_is_sent() {
    let site = Site::new().await;
    let backup = site.backup();
    let courier = site.launched();
    assert_eq!(site.everything(&courier).await.sent, 6);
    site.put_back(&backup);
    let total = site.everything(&courier).await;
    assert_eq!((total.sent, total.held), (0, 6));
    site.world.opened(&["sara"]).await;
    assert_eq!(site.everything(&courier).await.sent, 1);
}

/// A database of a version without beats, or a site that sends letters for the first time.
#[tokio::test]
async fn without_any_beat_the_newest_letter_tells() {
    for (hours, held) in [(3, 0), (5, 3)] {
        let world = usual().await;
        world.opened(&["sara", "tom", "uwe"]).await;
        world.clock.advance(TimeDelta::hours(hours));
        let delivery = world.courier().deliver_due().await.unwrap();
        assert_eq!((delivery.held, u64::from(delivery.sent)), (held, 3 - held), "{hours}");
    }
}

/// A new database beside old files has a new secret, so it ignores the old beat.
#[tokio::test]
async fn a_site_that_is_set_up_anew_beside_old_files_sends_its_letters() {
    let site = Site::new().await;
    let anew = usual().await;
    anew.opened(&["sara"]).await;
    let courier = anew.courier().with_blobs(site.files.clone());
    assert_eq!(courier.deliver_due().await.unwrap().sent, 1);
    assert_eq!(site.files.count(), 2);
}

/// P-34: a number that somebody writes beside the database holds no letters, and stops none.
#[tokio::test]
async fn a_beat_that_the_site_has_not_written_is_no_sign() {
    let site = Site::new().await;
    let place = site.files.keys().remove(0);
    let mut copy = site.files.get(&place).await.unwrap().unwrap().next().await.unwrap().unwrap().to_vec();
    assert!(copy.ends_with(b"5"), "the beat stands at the end");
    let last = copy.len() - 1;
    copy[last] = b'9';
    for forged in [copy, b"9999999999\n".to_vec(), u64::MAX.to_string().into_bytes(), vec![0; 100_000], Vec::new()] {
        site.files.put(&place, &mut Some(forged.into())).await.unwrap();
        let courier = site.launched();
        assert_eq!(courier.deliver_due().await.unwrap().held, 0);
    }
}

/// P-32: letters dated in the future by a wrong clock are sent once the clock is right, also those that were claimed or held
/// then, and the mail server is tried again.
#[tokio::test]
async fn letters_of_a_clock_of_the_future_do_not_wait_for_it() {
    for ahead in [TimeDelta::hours(7), TimeDelta::days(40), TimeDelta::days(3650)] {
        let world = usual().await;
        world.mail.go_down();
        let courier = world.courier();
        world.clock.advance(ahead);
        world.opened(&["sara", "tom"]).await;
        courier.deliver_due().await.unwrap();
        // A node dies with a claim at that time.
        world.opened(&["uwe"]).await;
        let now = world.clock.now();
        let claimed = world.write(move |unit| unit.outbox().claim(now, now + TimeDelta::minutes(5), 20)).await;
        assert_eq!(claimed.len(), 3);
        world.clock.advance(-ahead);

        let knocks = world.mail.tries();
        for _ in 0..6 {
            courier.deliver_due().await.unwrap();
            world.clock.advance(TimeDelta::minutes(1));
        }
        assert!(world.mail.tries() > knocks, "the pause of the server is over");
        world.mail.come_back();
        let courier = world.courier();
        for _ in 0..3 {
            courier.deliver_due().await.unwrap();
        }
        assert_eq!(world.mail.letters().len(), 3, "{ahead}");
    }
}
