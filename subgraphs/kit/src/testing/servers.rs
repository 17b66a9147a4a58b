//! Stores and servers for tests: SQLite always; PostgreSQL, a server of MongoDB's protocol and
//! Redis where they are installed.
//!
//! ```no_run
//! # async fn test() {
//! use kit::testing::Fresh;
//!
//! for store in Fresh::sql().await {
//!     let db = kit::sql::Db::open(store.url(), "apps").await.expect("a database");
//! }
//! # }
//! ```
//!
//! One server of each kind serves all tests of the machine, whatever process they run in, and every
//! test has a database of its own in it. The first test that needs a server starts it; a few
//! seconds after the last test has ended, even by a kill, it stops and its folder is removed.
//!
//! A server that is not installed makes its tests pass with a message, or, with
//! `TENON_TEST_SERVERS=required`, fail.

mod fresh;
mod redis;
mod shared;

use std::path::{Path, PathBuf};

pub use fresh::{Folder, Fresh};
pub use redis::Redis;

/// A program of a server: on `PATH`, or where a variable says.
fn program(name: &str, variable: &str) -> Option<PathBuf> {
    if let Some(path) = std::env::var_os(variable) {
        return Some(PathBuf::from(path));
    }
    on_path(name)
}

fn on_path(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

/// The folder of PostgreSQL's programs: where Debian puts them, the newest release first, or on
/// `PATH`, or where `TENON_TEST_POSTGRES` says.
fn postgres_programs() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("TENON_TEST_POSTGRES") {
        return Some(PathBuf::from(path));
    }
    let releases = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let mut folders: Vec<_> = releases
        .flatten()
        .map(|release| release.path().join("bin"))
        .filter(|folder| folder.join("initdb").is_file())
        .collect();
    folders.sort();
    folders
        .pop()
        .or_else(|| on_path("initdb")?.parent().map(Path::to_path_buf))
}

/// Says that tests are skipped, or fails where that is forbidden.
fn missing(server: &str) {
    let required = std::env::var("TENON_TEST_SERVERS").is_ok_and(|value| value == "required");
    assert!(
        !required,
        "{server} is not installed and TENON_TEST_SERVERS=required"
    );
    #[expect(clippy::print_stderr, reason = "whoever runs the tests must see it")]
    {
        eprintln!("SKIPPED: {server} is not installed");
    }
}
