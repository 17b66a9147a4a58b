//! A secret is in no byte that the subgraph writes.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::world::World;

const SECRET: &str = "correct-horse-battery-staple";

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Logged(Arc<Mutex<Vec<u8>>>);

impl Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut logged = self.0.lock().expect("no writer panics");
        logged.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Logged {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn a_stored_secret_is_in_no_file_and_no_log() {
    let logged = Logged::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(logged.clone())
        .finish();
    // The store works on threads of its own, so the log is the whole process's.
    tracing::subscriber::set_global_default(subscriber).expect("a process for each test");
    tracing::info!("the log is heard");

    let mut world = World::embedded(false).await;
    let id = world.service_key(SECRET).await;
    let mongo = format!("mongodb://user:{SECRET}@db.example/app");
    let input = json!({
        "provider": "MONGODB", "name": "One", "fields": { "connectionString": mongo },
    });
    world.store(input).await;
    let wrong = json!({
        "provider": "TELEGRAM", "name": "One", "fields": { "botToken": SECRET },
    });
    world.store(wrong).await;
    assert_eq!(world.reveal(&id).await["values"], json!({ "key": SECRET }));

    // While it runs, with the write-ahead log, and after it has stopped.
    let running = assert_absent(world.folder.path());
    world.close().await;
    let stopped = assert_absent(world.folder.path());
    assert!(running >= 2 && stopped >= 2, "there are files to look at");

    let logged = logged.0.lock().expect("no writer panics");
    assert!(holds(&logged, b"the log is heard"));
    assert!(
        !holds(&logged, SECRET.as_bytes()),
        "the log holds the secret"
    );
}

/// Looks into all files of a folder; returns how many there are.
fn assert_absent(folder: &Path) -> usize {
    let encoded = STANDARD.encode(SECRET);
    let mut files = 0;
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files += assert_absent(&path);
            continue;
        }
        let bytes = std::fs::read(&path).expect("a file");
        for text in [SECRET, &encoded[..encoded.len() - 4]] {
            assert!(
                !holds(&bytes, text.as_bytes()),
                "{} holds it",
                path.display()
            );
        }
        files += 1;
    }
    files
}

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

#[cfg(unix)]
#[tokio::test]
async fn the_keys_are_outside_the_store_and_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let world = World::embedded(false).await;
    world.service_key(SECRET).await;
    let keys = world.folder.path().join("secret.keys");
    let mode = std::fs::metadata(&keys)
        .expect("a file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let keys = std::fs::read(keys).expect("a file");
    for entry in std::fs::read_dir(world.folder.path()).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_file() && path.extension().is_none_or(|extension| extension != "keys") {
            let bytes = std::fs::read(&path).expect("a file");
            assert!(!holds(&bytes, keys.trim_ascii()), "{}", path.display());
        }
    }
}
