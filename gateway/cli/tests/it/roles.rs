//! Roles and the schemas: what fields ask for, somebody can have.

use std::collections::BTreeSet;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::world::Dev;

/// All scopes that the printed schemas name.
fn printed() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema/subgraphs");
    let mut scopes = BTreeSet::new();
    for file in std::fs::read_dir(folder).expect("the schemas") {
        let text = std::fs::read_to_string(file.expect("a file").path()).expect("a schema");
        for list in text.split("@requiresScopes(scopes: [[").skip(1) {
            let (list, _) = list.split_once("]])").expect("a list of lists");
            scopes.extend(list.split('"').skip(1).step_by(2).map(str::to_owned));
        }
    }
    scopes
}

async fn granted(dev: &Dev, role: &str) -> BTreeSet<String> {
    let token = dev.api.token(role).await;
    let claims = token.split('.').nth(1).expect("a token has three parts");
    let claims = URL_SAFE_NO_PAD.decode(claims).expect("base64url");
    let claims: Value = serde_json::from_slice(&claims).expect("JSON");
    let scopes = claims["scope"].as_str().expect("a list of scopes");
    scopes.split(' ').map(str::to_owned).collect()
}

#[tokio::test]
async fn the_owner_may_do_all_that_is_printed_and_a_member_little() {
    let dev = Dev::start().await;
    let printed = printed();
    assert!(
        printed.contains("apps:read"),
        "the schemas are read: {printed:?}"
    );
    let owner = granted(&dev, "OWNER").await;
    let missing: Vec<_> = printed.difference(&owner).collect();
    assert!(missing.is_empty(), "no owner has {missing:?}");
    let member = granted(&dev, "MEMBER").await;
    assert!(
        member.is_subset(&owner) && member.len() < owner.len(),
        "{member:?}"
    );
    let reveals = "integrations:reveal";
    assert!(owner.contains(reveals) && !member.contains(reveals));
}
