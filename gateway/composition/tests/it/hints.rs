//! Hints that concern a subgraph as such.

use composition::{HintCode, SubgraphInput, compose};

#[track_caller]
fn check(sdl: &str, code: HintCode, hinted: bool) {
    let composed = compose(&[SubgraphInput {
        name: "s".to_owned(),
        url: String::new(),
        sdl: sdl.to_owned(),
    }])
    .expect("the graph composes");
    let has = composed.hints.iter().any(|hint| hint.code == code);
    assert_eq!(has, hinted, "{:?}", composed.hints);
}

#[test]
fn a_later_specification_upgrades_the_subgraph() {
    let link = |federation: &str| {
        format!(
            "extend schema @link(url: \"https://specs.apollo.dev/federation/{federation}\", import: [\"@key\"]) \
             @link(url: \"https://specs.apollo.dev/connect/v0.1\") \
             type Query {{ a: Int }}"
        )
    };
    let code = HintCode::ImplicitlyUpgradedFederationVersion;
    check(&link("v2.8"), code, true);
    check(&link("v2.10"), code, false);
    check("type Query { a: Int }", code, false);
}
