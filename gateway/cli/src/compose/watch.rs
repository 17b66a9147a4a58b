//! Notices that a file changed, by asking for its time of modification: that works for every
//! file system, and for editors that replace the file.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tokio_util::sync::CancellationToken;

use crate::stop;

/// How often files are looked at: people do not notice the delay, and a look costs microseconds.
const PERIOD: Duration = Duration::from_millis(300);

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

    /// Waits for a change, and says of which file; none when the program shall end.
    pub(super) async fn changed(&mut self) -> Option<PathBuf> {
        loop {
            tokio::select! {
                () = self.stop.cancelled() => return None,
                () = tokio::time::sleep(PERIOD) => {}
            }
            let mut changed = None;
            for (file, seen) in &mut self.files {
                let now = look(file);
                if now != *seen {
                    *seen = now;
                    changed.get_or_insert_with(|| file.clone());
                }
            }
            if changed.is_some() {
                return changed;
            }
        }
    }
}

fn look(file: &Path) -> Seen {
    let metadata = std::fs::metadata(file).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
