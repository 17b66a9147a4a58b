//! The web console of this binary, and the graphs that it compares.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use server::{Console, FormerGraph, Gateway};

/// The console with its pages, if this binary was built with them.
pub(crate) fn with_pages(console: Console) -> Console {
    let pages = web_console::Console::built();
    Console {
        pages: pages.map(web_console::Console::router),
        ..console
    }
}

/// A file that remembers the graph and the one before it from one run to the next, so that a
/// developer who builds a subgraph anew sees what that changed.
pub(crate) struct Memory(PathBuf);

impl Memory {
    /// In a folder of data.
    pub(crate) fn in_folder(data: &Path) -> Self {
        Self(data.join("gateway").join("graphs.json"))
    }

    /// What was remembered; nothing if that cannot be read, since it is worth nothing else.
    pub(crate) fn recall(&self) -> Vec<FormerGraph> {
        match self.read() {
            Ok(graphs) => graphs,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => {
                let file = self.0.display();
                tracing::warn!(%error, "cannot read the last graph from {file}");
                Vec::new()
            }
        }
    }

    fn read(&self) -> io::Result<Vec<FormerGraph>> {
        Ok(serde_json::from_slice(&fs::read(&self.0)?)?)
    }

    /// Remembers what the gateway serves.
    pub(crate) fn remember(&self, gateway: &Gateway) {
        if let Err(error) = self.write(&gateway.graphs()) {
            let file = self.0.display();
            tracing::warn!(%error, "cannot remember the graph in {file}");
        }
    }

    /// Whole or not at all: the program may be killed at any time.
    fn write(&self, graphs: &[FormerGraph]) -> io::Result<()> {
        if let Some(folder) = self.0.parent() {
            fs::create_dir_all(folder)?;
        }
        let new = self.0.with_extension("new");
        fs::write(&new, serde_json::to_vec(graphs)?)?;
        fs::rename(&new, &self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn what_was_written_is_recalled_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let memory = Memory::in_folder(folder.path());
        assert_eq!(memory.recall(), []);
        let graph = FormerGraph {
            since: SystemTime::UNIX_EPOCH,
            until: SystemTime::UNIX_EPOCH,
            supergraph: "schema".to_owned(),
            api: "type Query { a: Int }".to_owned(),
        };
        memory
            .write(std::slice::from_ref(&graph))
            .expect("it can be written");
        assert_eq!(memory.recall(), [graph]);
        fs::write(&memory.0, "no JSON").expect("it can be written");
        assert_eq!(memory.recall(), []);
    }
}
