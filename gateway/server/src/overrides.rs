//! Which labels of `@override` are active for a request.
//!
//! A label is active for a share of the requests: `percent(5)` says its own, others are given
//! theirs by the configuration. One number is drawn per request and decides all of them, so that
//! fields which move under equal shares move together, and a graph with many labels has few sets
//! of them to keep plans for.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::Arc;

use supergraph::Supergraph;

/// The header by which developers say themselves which labels are active: their names, with
/// commas between them, or nothing for none.
pub(crate) const OVERRIDE_LABELS_HEADER: &str = "tenon-override-labels";

/// Of how many in a hundred requests something is true: 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Percent(f64);

/// A text is no [`Percent`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a percentage is a number from 0 to 100")]
pub struct BadPercent;

impl FromStr for Percent {
    type Err = BadPercent;

    fn from_str(text: &str) -> Result<Self, BadPercent> {
        let number: f64 = text.trim().parse().map_err(|_| BadPercent)?;
        let is_legal = (0.0..=100.0).contains(&number);
        is_legal.then_some(Self(number)).ok_or(BadPercent)
    }
}

/// The labels that are active for one request.
pub(crate) type Labels = Arc<BTreeSet<String>>;

/// The labels of one graph.
#[derive(Debug)]
pub(crate) struct Overrides {
    known: BTreeSet<String>,
    /// The sets of labels that can be active together, each for the numbers below its own; the
    /// last is for all the rest.
    steps: Vec<(Percent, Labels)>,
}

impl Overrides {
    /// The labels of a graph, with the shares that the configuration gives them.
    pub(crate) fn new(graph: &Supergraph, shares: &BTreeMap<String, Percent>) -> Self {
        let known = labels(graph);
        for label in shares.keys().filter(|label| !known.contains(*label)) {
            tracing::warn!(label, "no field is overridden under the label {label}");
        }
        let share = |label: &String| {
            let said = shares.get(label).copied();
            said.or_else(|| percent(label)).unwrap_or(Percent(0.0))
        };
        let shares: Vec<(Percent, &String)> =
            known.iter().map(|label| (share(label), label)).collect();
        let mut bounds: Vec<Percent> = shares.iter().map(|(share, _)| *share).collect();
        bounds.push(Percent(100.0));
        bounds.retain(|bound| bound.0 > 0.0);
        bounds.sort_by(|a, b| a.0.total_cmp(&b.0));
        bounds.dedup();
        let active = |bound: &Percent| {
            let reached = shares.iter().filter(|(share, _)| share >= bound);
            Arc::new(reached.map(|(_, label)| (*label).clone()).collect())
        };
        let steps = bounds.iter().map(|bound| (*bound, active(bound))).collect();
        Self { known, steps }
    }

    /// The labels for a request. `draw` gives a number from 0 to 100, evenly spread.
    pub(crate) fn drawn(&self, draw: impl FnOnce() -> f64) -> Labels {
        let (_, last) = self.steps.last().expect("100 is always a step");
        if self.steps.len() == 1 {
            return last.clone();
        }
        let drawn = draw();
        let step = self.steps.iter().find(|(bound, _)| drawn < bound.0);
        step.map_or(last, |(_, labels)| labels).clone()
    }

    /// The labels of the graph that a developer names.
    pub(crate) fn named(&self, names: &str) -> Labels {
        let names = names.split(',').map(str::trim);
        let known = names.filter(|name| self.known.contains(*name));
        Arc::new(known.map(str::to_owned).collect())
    }
}

/// An evenly spread number from 0 to 100.
pub(crate) fn draw() -> f64 {
    // Without randomness everybody is among those who get what is new last.
    let bits = getrandom::u64().unwrap_or(u64::MAX);
    let fraction = (bits >> 11) as f64 / (1_u64 << 53) as f64;
    fraction * 100.0
}

/// The share that a label says itself.
fn percent(label: &str) -> Option<Percent> {
    let number = label.strip_prefix("percent(")?.strip_suffix(')')?;
    number.parse().ok()
}

fn labels(graph: &Supergraph) -> BTreeSet<String> {
    let fields = graph.types().flat_map(|(_, ty)| ty.fields.values());
    let overrides = fields
        .flat_map(|field| field.within.values())
        .filter_map(|within| within.overrides.as_ref());
    overrides
        .filter_map(|over| Some(over.label.as_deref()?.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overrides(known: &[(&str, f64)]) -> Overrides {
        let graph = |label: &str| {
            format!(
                "f{}: Int @join__field(graph: B, override: \"a\", overrideLabel: \"{label}\")\n",
                label.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_")
            )
        };
        let fields: String = known.iter().map(|(label, _)| graph(label)).collect();
        let sdl = format!(
            r#"
            schema
              @link(url: "https://specs.apollo.dev/link/v1.0")
              @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
            {{ query: Query }}
            directive @link(url: String, for: link__Purpose) repeatable on SCHEMA
            directive @join__graph(name: String!, url: String!) on ENUM_VALUE
            directive @join__type(graph: join__Graph!) repeatable on OBJECT
            directive @join__field(graph: join__Graph, override: String, overrideLabel: String) repeatable on FIELD_DEFINITION
            enum link__Purpose {{ SECURITY EXECUTION }}
            enum join__Graph {{ A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "") }}
            type Query @join__type(graph: A) @join__type(graph: B) {{ plain: Int {fields} }}"#
        );
        let shares = known.iter().filter(|(_, share)| *share >= 0.0);
        let shares = shares.map(|&(label, share)| (label.to_owned(), Percent(share)));
        Overrides::new(&Supergraph::parse(&sdl).unwrap(), &shares.collect())
    }

    #[track_caller]
    fn check(overrides: &Overrides, drawn: f64, active: &[&str]) {
        let labels = overrides.drawn(|| drawn);
        assert_eq!(labels.iter().collect::<Vec<_>>(), active, "{drawn}");
    }

    #[test]
    fn one_number_decides_all_labels() {
        let overrides = overrides(&[("percent(5)", -1.0), ("new", 50.0), ("unsaid", -1.0)]);
        check(&overrides, 0.0, &["new", "percent(5)"]);
        check(&overrides, 4.999, &["new", "percent(5)"]);
        check(&overrides, 5.0, &["new"]);
        check(&overrides, 50.0, &[]);
        check(&overrides, 100.0, &[]);
    }

    #[test]
    fn what_is_always_or_never_active_needs_no_number() {
        let overrides = overrides(&[("percent(100)", -1.0), ("percent(0)", -1.0), ("on", 100.0)]);
        let active = overrides.drawn(|| panic!("nothing is to be drawn"));
        assert_eq!(
            *active,
            BTreeSet::from(["on", "percent(100)"].map(str::to_owned))
        );
    }

    #[test]
    fn the_configuration_has_the_last_word() {
        let overrides = overrides(&[("percent(5)", 0.0)]);
        check(&overrides, 0.0, &[]);
    }

    #[test]
    fn developers_name_labels_of_the_graph() {
        let overrides = overrides(&[("percent(5)", -1.0), ("new", 0.0)]);
        assert_eq!(
            *overrides.named("new, other"),
            BTreeSet::from(["new".to_owned()])
        );
        assert_eq!(*overrides.named(""), BTreeSet::new());
    }

    #[test]
    fn drawn_numbers_are_percentages() {
        for _ in 0..1000 {
            assert!((0.0..100.0).contains(&draw()));
        }
    }

    #[test]
    fn percentages() {
        for (text, legal) in [
            ("0", true),
            ("100", true),
            ("12.5", true),
            ("-1", false),
            ("101", false),
            ("NaN", false),
            ("x", false),
        ] {
            assert_eq!(text.parse::<Percent>().is_ok(), legal, "{text}");
        }
    }
}
