//! PostgreSQL, and MariaDB or MySQL, keep the contract of `muticket_core::storage`.

use std::sync::Arc;

use muticket_conformance::Shared;
use muticket_diesel::DieselStorage;
use muticket_test_support::database::{self, TestDatabase};

async fn on(database: Option<TestDatabase>) -> Option<(Shared, TestDatabase)> {
    let database = database?;
    let storage = DieselStorage::connect(database.url()).await.expect("an empty database can be opened");
    Some((Arc::new(storage), database))
}

mod postgres {
    async fn empty_database() -> Option<(super::Shared, super::TestDatabase)> {
        super::on(super::database::postgres()).await
    }

    muticket_conformance::storage_conformance!(empty_database);
}

mod mysql {
    async fn empty_database() -> Option<(super::Shared, super::TestDatabase)> {
        super::on(super::database::mysql()).await
    }

    muticket_conformance::storage_conformance!(empty_database);
}
