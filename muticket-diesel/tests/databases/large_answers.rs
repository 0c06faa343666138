//! Answers that are larger than any that MuTicket asks for. The unit ends before they fill the memory.

use muticket_core::storage::{Storage, StorageError};
use muticket_diesel::DieselStorage;
use muticket_test_support::database;

async fn categories(storage: &DieselStorage) -> Result<usize, StorageError> {
    (storage as &dyn Storage).run_read(|unit| Ok(unit.categories().list()?.len())).await
}

async fn is_refused(storage: &DieselStorage) {
    let error = categories(storage).await.unwrap_err();
    let StorageError::Failed { cause, .. } = &error else { panic!("{error:?}") };
    assert!(cause.to_string().contains("larger than any that a unit needs"), "{cause}");
}

/// P-19: more rows than a unit may load.
#[tokio::test(flavor = "multi_thread")]
async fn too_many_rows_end_the_unit_and_not_the_next_one() {
    let many = [
        (database::postgres(), "SELECT 'c' || n, false FROM generate_series(1, 100001) AS numbers(n)"),
        (database::mysql(), "SELECT seq, false FROM seq_1_to_100001"),
    ];
    for (server, rows) in many {
        let Some(server) = server else { continue };
        let storage = DieselStorage::connect(server.url()).await.unwrap();
        server.execute(&format!("INSERT INTO muticket_category (id, retired) {rows}"));
        is_refused(&storage).await;
        server.execute("DELETE FROM muticket_category");
        assert_eq!(categories(&storage).await.unwrap(), 0);
    }
}

/// P-19: the columns of MariaDB cannot hold values that are too large.
#[tokio::test(flavor = "multi_thread")]
async fn values_that_are_too_large_end_the_unit_and_not_the_next_one() {
    let Some(server) = database::postgres() else { return };
    let storage = DieselStorage::connect(server.url()).await.unwrap();
    server.execute(
        "INSERT INTO muticket_category (id, retired) SELECT 'c' || n, false FROM generate_series(1, 3) AS numbers(n);
         INSERT INTO muticket_category_name (category, position, language, name)
             SELECT id, 0, 'en', repeat('x', 50000000) FROM muticket_category",
    );
    is_refused(&storage).await;
    server.execute("UPDATE muticket_category_name SET name = 'short'");
    assert_eq!(categories(&storage).await.unwrap(), 3);
}
