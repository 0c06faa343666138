//! SQLite: one connection that writes, and several that read.

mod file;
mod log;
#[path = "../migration.rs"]
mod migration;
#[cfg(test)]
mod plans;
mod pool;
#[path = "../../statements/mod.rs"]
mod statements;
#[path = "../unit.rs"]
mod unit;

#[cfg(feature = "host-connections")]
#[path = "../../host/pool.rs"]
mod host_pool;
#[cfg(feature = "host-connections")]
#[path = "../../host/savepoint.rs"]
mod savepoint;

#[cfg(feature = "host-connections")]
pub(crate) use self::host_pool::HostPool;
use self::migration::Migration;
pub(crate) use self::pool::Pool;
use crate::connection::sqlite::{Conn, Db};
use crate::database::migrations;
use crate::dialect::sqlite as dialect;

const MIGRATIONS: &[Migration] = migrations!("sqlite");
