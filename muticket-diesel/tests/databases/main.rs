//! Tests of the storage on each of the databases. The contract of a storage is in the crate `muticket-conformance`.
//!
//! One program for all: it is linked once, and its tests share the database servers. `cut_wires` and `outages` are programs of
//! their own: one measures the memory of its process, and the other one measures time.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall stop, in its helpers too")]

#[cfg(all(feature = "postgres", feature = "mysql"))]
mod commits;
#[cfg(all(feature = "postgres", feature = "mysql"))]
mod contract_servers;
#[cfg(feature = "sqlite")]
mod contract_sqlite;
#[cfg(feature = "sqlite")]
mod damaged_columns;
#[cfg(feature = "sqlite")]
mod damaged_rows;
#[cfg(all(feature = "postgres", feature = "mysql"))]
mod deadlocks;
#[cfg(all(feature = "postgres", feature = "mysql"))]
mod duplicates;
#[cfg(all(feature = "host-connections", feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod host;
#[cfg(all(feature = "postgres", feature = "mysql"))]
mod large_answers;
#[cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod migrations;
#[cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod refusals;
#[cfg(all(feature = "postgres", feature = "mysql"))]
mod replica;
#[cfg(feature = "sqlite")]
mod sample;
#[cfg(all(feature = "postgres", feature = "mysql"))]
mod servers_only;
#[cfg(feature = "sqlite")]
mod sqlite_only;
#[cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod taken_back;
