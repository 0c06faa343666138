//! MariaDB and MySQL.

#[cfg(test)]
mod explained;
#[path = "../migration.rs"]
mod migration;
#[cfg(test)]
#[path = "../server_plans.rs"]
mod plans;
#[path = "../server_pool.rs"]
mod pool;
mod server;
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
use self::server::Server;
use crate::connection::mysql::{Conn, Db};
use crate::database::migrations;
use crate::dialect::mysql as dialect;

const MIGRATIONS: &[Migration] = migrations!("mysql");
