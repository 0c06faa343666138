//! Files of a ticket that is opened inside the host's transaction.

use std::sync::Arc;

use bytes::Bytes;
use chrono::TimeDelta;
use muticket_core::storage::{StorageError, Unit};
use muticket_core::upload::Upload;
use muticket_core::{Helpdesk, NewTicket, Visitor};
use muticket_diesel::DieselStorage;
use muticket_world::{People, World};

use crate::host::site::{Conn, Site};

async fn helpdesk(site: &Site) -> Helpdesk {
    let storage = DieselStorage::connect(&site.url).await.unwrap();
    World::builder().storage(Arc::new(storage)).build().await.helpdesk
}

fn anna() -> Visitor {
    People::cast().visitor("anna")
}

async fn attach(helpdesk: &Helpdesk) -> Upload {
    let portal = helpdesk.portal(&anna()).unwrap();
    portal.attach("photo.txt", &mut Some(Bytes::from_static(b"broken"))).await.unwrap()
}

async fn open_with(helpdesk: &Helpdesk, file: Upload) {
    let new = NewTicket { subject: "Order 7".into(), body: "See there.".into(), attachments: vec![file], ..Default::default() };
    helpdesk.portal(&anna()).unwrap().open(new).await.unwrap();
}

/// The number of committed files that belong to no message.
async fn orphans(helpdesk: &Helpdesk) -> usize {
    let later = helpdesk.now() + TimeDelta::days(2);
    let due = move |unit: &mut dyn Unit| Ok::<_, StorageError>(unit.orphans().due(later, 10)?.len());
    helpdesk.storage().run_read(due).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_attached_before_belongs_to_the_ticket_after_the_commit() {
    for site in Site::all().await {
        let helpdesk = helpdesk(&site).await;
        let here = helpdesk.with_storage(Arc::new(site.storage()));
        for (keep, left) in [(false, 1), (true, 1)] {
            let file = attach(&helpdesk).await;
            site.conn.begin().await;
            site.conn.execute("INSERT INTO host_order VALUES (7)").await.unwrap();
            open_with(&here, file).await;
            match keep {
                true => site.conn.commit().await.unwrap(),
                false => site.conn.roll_back().await.unwrap(),
            }
            assert_eq!(orphans(&helpdesk).await, left, "only what was rolled back is left to the sweep: {}", site.url);
        }
    }
}

/// SQLite has one writer, and here it is the host's transaction. So files are attached before it begins.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_attached_inside_is_known_after_a_rollback() {
    for site in Site::all().await.into_iter().filter(|site| !matches!(site.conn, Conn::Sqlite(_))) {
        let helpdesk = helpdesk(&site).await;
        let here = helpdesk.with_storage(Arc::new(site.storage()));
        site.conn.begin().await;
        let file = attach(&here).await;
        open_with(&here, file).await;
        site.conn.roll_back().await.unwrap();
        assert_eq!(orphans(&helpdesk).await, 1, "{}", site.url);
    }
}
