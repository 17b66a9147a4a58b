//! Notices that a schema changed: of a file by asking for its time of modification, which works for
//! every file system and for editors that replace the file; of a server by asking it again.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tokio_util::sync::CancellationToken;

use super::input::Input;
use super::wanted::Wanted;
use crate::stop;

/// How often files are looked at: people do not notice the delay, and a look costs microseconds.
const PERIOD: Duration = Duration::from_millis(300);

/// How often servers are asked for their schemas: developers wait that long, and a schema of a few
/// MB is printed in less.
const PERIOD_OF_SERVERS: Duration = Duration::from_secs(3);

/// What is known of a file: when it was written and how long it is. Nothing if it is missing.
type Seen = Option<(SystemTime, u64)>;

/// Files that are watched: as many as the configuration names.
pub(super) struct Watched {
    config: PathBuf,
    files: Vec<(PathBuf, Seen)>,
    stop: CancellationToken,
}

impl Watched {
    /// Watches the configuration itself.
    pub(super) fn new(config: &Path) -> Self {
        Self {
            config: config.to_owned(),
            files: vec![(config.to_owned(), look(config))],
            stop: stop::on_signal(),
        }
    }

    /// Watches these files instead of those that the configuration named before.
    pub(super) fn see<'a>(&mut self, files: impl Iterator<Item = &'a Path>) {
        let before = std::mem::take(&mut self.files);
        let all = std::iter::once(self.config.clone()).chain(files.map(Path::to_owned));
        self.files = all
            .map(|file| {
                // What changed since the last look is still to be noticed.
                let known = before.iter().find(|(path, _)| *path == file);
                let seen = known.map_or_else(|| look(&file), |(_, seen)| *seen);
                (file, seen)
            })
            .collect();
    }

    /// Waits for a change, and says of what; none when the program shall end. `known` is what was
    /// wanted and what was got, if anything was.
    pub(super) async fn changed(
        &mut self,
        known: Option<(&Wanted, Option<&Input>)>,
    ) -> Option<String> {
        let stop = self.stop.clone();
        tokio::select! {
            () = stop.cancelled() => None,
            file = self.file() => Some(file.display().to_string()),
            server = server(known) => Some(server),
        }
    }

    async fn file(&mut self) -> PathBuf {
        loop {
            tokio::time::sleep(PERIOD).await;
            let mut changed = None;
            for (file, seen) in &mut self.files {
                let now = look(file);
                if now != *seen {
                    *seen = now;
                    changed.get_or_insert_with(|| file.clone());
                }
            }
            if let Some(file) = changed {
                return file;
            }
        }
    }
}

/// Waits until a server prints another schema than before, and says whose.
async fn server(known: Option<(&Wanted, Option<&Input>)>) -> String {
    let Some((wanted, before)) = known.filter(|(wanted, _)| wanted.asks()) else {
        return std::future::pending().await;
    };
    loop {
        tokio::time::sleep(PERIOD_OF_SERVERS).await;
        // While a server is away there is nothing new to compose.
        let Ok(now) = wanted.get().await else {
            continue;
        };
        let Some(before) = before else {
            return "the servers answer".to_owned();
        };
        let mut pairs = before.subgraphs.iter().zip(&now.subgraphs);
        if let Some((_, now)) = pairs.find(|(before, now)| before != now) {
            return format!("the schema of {}", now.name);
        }
    }
}

fn look(file: &Path) -> Seen {
    let metadata = std::fs::metadata(file).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
