//! Bringing a store up to date by hand, as a cluster's pipeline does before it starts new instances.

use super::{Keys, Subgraphs, fresh};
use crate::world::Process;

/// Of two that migrate at once both end well, and the store is migrated.
#[tokio::test]
async fn migrating_twice_at_once_is_migrating_once() {
    let keys = Keys::print();
    let folder = tempfile::tempdir().expect("a folder");
    for name in Subgraphs::NAMES {
        let Some(store) = fresh(name).await else {
            return;
        };
        let environment = [
            ("TENON_STORE".to_owned(), store.text().to_owned()),
            keys.variable("TENON_INTERNAL_KEYS"),
            keys.variable("TENON_SECRET_KEYS"),
        ];
        let start = |log: &str| {
            let arguments = ["subgraph", name, "migrate"];
            Process::start(&arguments, &environment, &folder.path().join(log))
        };
        let both = [start(&format!("{name}-1")), start(&format!("{name}-2"))];
        for mut process in both {
            let ended_well = process.ends_well().await;
            assert!(ended_well, "{name}: {}", process.output());
        }
        let mut again = start(&format!("{name}-3"));
        assert!(again.ends_well().await, "{name}: {}", again.output());
    }
}
