//! A store with nothing in it, for one test.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use uuid::Uuid;

use super::shared::{Server, Using};
use super::{missing, on_path, postgres_programs, program};
use crate::sql::StoreUrl;

/// A store with nothing in it. Dropping it removes what was put there.
#[derive(Debug)]
pub struct Fresh {
    url: StoreUrl,
    text: String,
    removed: Removed,
}

/// What dropping a store removes.
#[derive(Debug)]
enum Removed {
    Folder(#[expect(dead_code, reason = "held to be dropped")] Folder),
    PostgresDatabase {
        programs: PathBuf,
        port: u16,
        name: String,
    },
    /// A database on the shared server, whose folder is removed with it.
    Nothing,
}

/// An empty folder, removed with all that is in it when it is dropped.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes one.
    ///
    /// # Panics
    ///
    /// If temporary files cannot be written.
    #[must_use]
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(format!("tenon-test-{}", Uuid::now_v7()));
        std::fs::create_dir_all(&path).expect("the folder for temporary files can be written");
        Self(path)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Default for Folder {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that stays is a nuisance and no reason to fail a test.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Fresh {
    /// A SQLite file.
    #[must_use]
    pub fn sqlite() -> Self {
        let folder = Folder::new();
        let text = format!("sqlite:{}", folder.path().join("store.db").display());
        Self::at(text, Removed::Folder(folder))
    }

    /// A PostgreSQL database; `None` if there is no PostgreSQL.
    ///
    /// # Panics
    ///
    /// If PostgreSQL is there and does not work, or is missing where it is required.
    pub async fn postgres() -> Option<Self> {
        static SERVER: OnceLock<Option<(PathBuf, Using)>> = OnceLock::new();
        let (programs, server) = SERVER.get_or_init(share_postgres).as_ref()?;
        let name = format!("test_{}", Uuid::now_v7().simple());
        let port = server.port;
        let mut connection =
            PgConnection::connect(&format!("postgres://postgres@127.0.0.1:{port}/postgres"))
                .await
                .expect("PostgreSQL answers");
        connection
            .execute(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .await
            .expect("PostgreSQL makes a database");
        connection.close().await.expect("PostgreSQL says goodbye");
        let text = format!("postgres://postgres@127.0.0.1:{port}/{name}");
        let programs = programs.clone();
        Some(Self::at(
            text,
            Removed::PostgresDatabase {
                programs,
                port,
                name,
            },
        ))
    }

    /// A database on a server of MongoDB's protocol; `None` if there is none.
    ///
    /// # Panics
    ///
    /// If the server is there and does not start, or is missing where it is required.
    #[must_use]
    pub fn mongo() -> Option<Self> {
        static SERVER: OnceLock<Option<Using>> = OnceLock::new();
        let server = SERVER.get_or_init(share_mongo).as_ref()?;
        let name = format!("test_{}", Uuid::now_v7().simple());
        let text = format!("mongodb://127.0.0.1:{}/{name}", server.port);
        Some(Self::at(text, Removed::Nothing))
    }

    /// One of each relational engine that is installed, for suites.
    pub async fn sql() -> Vec<Self> {
        [Some(Self::sqlite()), Self::postgres().await]
            .into_iter()
            .flatten()
            .collect()
    }

    /// One of each document engine that is installed, for suites.
    #[must_use]
    pub fn documents() -> Vec<Self> {
        [Some(Self::sqlite()), Self::mongo()]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Where it is.
    #[must_use]
    pub const fn url(&self) -> &StoreUrl {
        &self.url
    }

    /// Where it is, as a process is told in its environment.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    fn at(text: String, removed: Removed) -> Self {
        Self {
            url: text.parse().expect("made here"),
            text,
            removed,
        }
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        if let Removed::PostgresDatabase {
            programs,
            port,
            name,
        } = &self.removed
        {
            // What stays goes with the server.
            let _ = Command::new(programs.join("dropdb"))
                .args(["--force", "--host=127.0.0.1", "--username=postgres"])
                .args([format!("--port={port}"), name.clone()])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
        }
    }
}

fn share_postgres() -> Option<(PathBuf, Using)> {
    let Some(programs) = postgres_programs() else {
        missing("PostgreSQL");
        return None;
    };
    let as_user = as_postgres();
    let (initdb, postgres) = (programs.join("initdb"), programs.join("postgres"));
    let initialise_as = as_user.clone();
    let server = Server {
        name: "postgres",
        stop_signal: "INT",
        prepare: Box::new(move |data| initialise(data, &initdb, &initialise_as)),
        command: Box::new(move |port, data| {
            let mut command = as_user.clone();
            command.push(postgres.display().to_string());
            command.extend(["-D".to_owned(), data.display().to_string()]);
            command.extend(["-p".to_owned(), port.to_string()]);
            // Nothing here outlives the tests; many of them run at once.
            for setting in [
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "fsync=off",
                "full_page_writes=off",
                "max_connections=400",
            ] {
                command.extend(["-c".to_owned(), setting.to_owned()]);
            }
            command
        }),
        ready: "ready to accept connections",
    };
    Some((programs, server.share()))
}

/// What to put before a command, since PostgreSQL refuses to run as root.
fn as_postgres() -> Vec<String> {
    let ids = Command::new("id").arg("-u").output();
    let root = ids.is_ok_and(|ids| ids.stdout.trim_ascii() == b"0");
    if !root {
        return Vec::new();
    }
    [
        "setpriv",
        "--reuid=postgres",
        "--regid=postgres",
        "--clear-groups",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn initialise(data: &Path, initdb: &Path, as_user: &[String]) {
    if !as_user.is_empty() {
        let given = Command::new("chown")
            .arg("postgres:postgres")
            .arg(data)
            .status();
        assert!(given.is_ok_and(|status| status.success()), "chown works");
    }
    let mut command = as_user.to_vec();
    command.push(initdb.display().to_string());
    command.extend(["-D".to_owned(), data.display().to_string()]);
    // A locale that sorts otherwise than by bytes, as a server's often does: a text key that
    // forgot `{text}` shows.
    command.extend(
        [
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--locale-provider=icu",
            "--icu-locale=en-US",
            "--no-sync",
        ]
        .map(str::to_owned),
    );
    let done = Command::new(&command[0])
        .args(&command[1..])
        .current_dir("/")
        .output()
        .expect("initdb runs");
    assert!(
        done.status.success(),
        "initdb failed: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

fn share_mongo() -> Option<Using> {
    let Some(program) = program("secantusd-py", "TENON_TEST_MONGO").or_else(|| on_path("mongod"))
    else {
        missing("a server of MongoDB's protocol");
        return None;
    };
    let real = program.ends_with("mongod");
    let server = Server {
        name: "mongo",
        stop_signal: "TERM",
        prepare: Box::new(|_| {}),
        command: Box::new(move |port, data| {
            let mut command = vec![program.display().to_string()];
            command.extend(["--port".to_owned(), port.to_string()]);
            let folder = if real { "--dbpath" } else { "--storage-path" };
            command.extend([folder.to_owned(), data.display().to_string()]);
            if !real {
                command.push("--sync-on-commit".to_owned());
            }
            command
        }),
        ready: "",
    };
    Some(server.share())
}
