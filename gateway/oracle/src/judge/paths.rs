//! Errors speak in the client's keys.

use std::collections::BTreeMap;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::SelectionSet;

use super::Told;
use super::asked::collect;

/// Every step of a path is one that the operation asks for.
pub(super) fn check_path(
    told: &Told,
    root: &SelectionSet,
    document: &ExecutableDocument,
) -> Result<(), String> {
    let mut sets = vec![root];
    for step in &told.path {
        let Some(key) = step.strip_prefix('"').and_then(|key| key.strip_suffix('"')) else {
            continue;
        };
        let mut fields = BTreeMap::new();
        for set in sets {
            collect(&set.selections, document, &mut fields);
        }
        let Some((_, below, _)) = fields.remove(key) else {
            return Err(format!(
                "an error at {:?}, but nobody asked for `{key}` there",
                told.path
            ));
        };
        sets = below;
    }
    Ok(())
}
