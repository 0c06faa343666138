//! A host rolls back a transaction in which MuTicket worked: no files are left over and none get lost.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::TimeDelta;
use muticket_core::storage::{Rollback, Storage, StorageError, Work};
use muticket_core::ticket::Ticket;
use muticket_core::upload::Upload;
use muticket_core::{Helpdesk, NewTicket};
use muticket_world::World;

/// A host's transaction after a rollback: every unit has succeeded, and nothing of it is stored.
struct RolledBack(Arc<dyn Storage>);

#[async_trait]
impl Storage for RolledBack {
    async fn write(&self, mut work: Work) -> Result<(), StorageError> {
        self.0.write(Box::new(move |unit| work(unit).and(Err(Rollback::Decided)))).await
    }

    async fn read(&self, work: Work) -> Result<(), StorageError> {
        self.0.read(work).await
    }
}

/// The helpdesk inside a transaction that will be rolled back.
fn inside(world: &World) -> Helpdesk {
    world.helpdesk.with_storage(Arc::new(RolledBack(world.helpdesk.storage().clone())))
}

async fn opens_with(world: &World, helpdesk: &Helpdesk, file: Upload) -> Ticket {
    let new =
        NewTicket { subject: "printer".into(), body: "See the file.".into(), attachments: vec![file], ..Default::default() };
    helpdesk.portal(&world.anna().visitor()).unwrap().open(new).await.unwrap()
}

#[tokio::test]
async fn a_file_that_was_attached_inside_is_swept_after_a_day() {
    let world = World::new().await;
    let portal = inside(&world).portal(&world.anna().visitor()).unwrap();
    portal.attach("a.txt", &mut Some(Bytes::from_static(b"a"))).await.unwrap();
    assert_eq!(world.blobs.count(), 1);
    world.clock.advance(TimeDelta::hours(24));
    assert_eq!((world.helpdesk.sweep().await.unwrap(), world.blobs.count()), (1, 0));
}

#[tokio::test]
async fn a_file_of_a_ticket_that_was_rolled_back_is_swept_after_a_day() {
    let world = World::new().await;
    let file = world.anna().attaches("a.txt", b"a").await.unwrap();
    opens_with(&world, &inside(&world), file).await;
    assert_eq!((world.helpdesk.sweep().await.unwrap(), world.blobs.count()), (0, 1));
    world.clock.advance(TimeDelta::hours(24));
    assert_eq!((world.helpdesk.sweep().await.unwrap(), world.blobs.count()), (1, 0));
}

#[tokio::test]
async fn a_ticket_whose_deletion_was_rolled_back_has_its_files() {
    let world = World::new().await;
    let file = world.anna().attaches("a.txt", b"a").await.unwrap();
    let ticket = opens_with(&world, &world.helpdesk, file).await;
    inside(&world).backend(&world.person("ada").visitor()).unwrap().delete(ticket.number).await.unwrap();
    assert_eq!(world.blobs.count(), 1);
    let file = world.anna().sees(&ticket).await.unwrap().messages[0].attachments[0].id;
    world.anna().downloads(file).await.unwrap();
}

#[tokio::test]
async fn a_file_whose_discarding_was_rolled_back_can_be_used() {
    let world = World::new().await;
    let file = world.anna().attaches("a.txt", b"a").await.unwrap();
    inside(&world).portal(&world.anna().visitor()).unwrap().discard(vec![file.clone()]).await.unwrap();
    assert_eq!(world.blobs.count(), 1);
    opens_with(&world, &world.helpdesk, file).await;
}

#[tokio::test]
async fn a_sweep_inside_deletes_no_bytes() {
    let world = World::new().await;
    world.anna().attaches("a.txt", b"a").await.unwrap();
    world.clock.advance(TimeDelta::hours(24));
    assert_eq!((inside(&world).sweep().await.unwrap(), world.blobs.count()), (0, 1));
    assert_eq!((world.helpdesk.sweep().await.unwrap(), world.blobs.count()), (1, 0));
}
