//! The contracts of a configuration: variants of the graph for some of its clients.
//!
//! ```yaml
//! contracts:
//!   partners:
//!     include: [ public, partner ]   # only what has one of these tags; default: everything
//!     exclude: [ internal ]          # nothing that has one of these; default: none
//!     hide_unreachable: true         # nor types that no operation reaches; default false
//! ```
//!
//! The gateway serves the whole graph or one of them, which is chosen when it starts; it does not
//! know the others, so all are taken out of what it reads.

use anyhow::{Context as _, Result, bail};
use composition::contract::{Error, Filter, Unreachable, filter};
use composition::{Composed, Diagnostic};
use indexmap::IndexMap;
use serde::Deserialize;
use serde_norway::Value;

const KEY: &str = "contracts";

/// By name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Contracts(IndexMap<String, Contract>);

/// One variant.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contract {
    #[serde(default)]
    include: Vec<String>,
    #[serde(default)]
    exclude: Vec<String>,
    #[serde(default)]
    hide_unreachable: bool,
}

impl Contracts {
    /// Takes the contracts out of a configuration: the rest, and them.
    pub(crate) fn split(text: &str) -> Result<(String, Self)> {
        // What is no mapping is for others to refuse.
        let value = serde_norway::from_str::<Value>(text).ok();
        let Some(Value::Mapping(mut all)) = value else {
            return Ok((text.to_owned(), Self::default()));
        };
        let Some(own) = all.remove(KEY) else {
            return Ok((text.to_owned(), Self::default()));
        };
        let contracts = serde_norway::from_value(own).context(KEY)?;
        Ok((serde_norway::to_string(&all)?, contracts))
    }

    /// The filter of a contract.
    pub(crate) fn filter(&self, name: &str) -> Result<Filter> {
        Ok(self.find(name)?.filter())
    }

    pub(super) fn find(&self, name: &str) -> Result<&Contract> {
        if let Some(contract) = self.0.get(name) {
            return Ok(contract);
        }
        let names: Vec<&str> = self.0.keys().map(String::as_str).collect();
        if names.is_empty() {
            bail!("there is no contract `{name}`: the configuration has no `{KEY}`");
        }
        bail!("there is no contract `{name}`, but {}", names.join(", "));
    }
}

impl Contract {
    fn filter(&self) -> Filter {
        Filter {
            include: self.include.clone(),
            exclude: self.exclude.clone(),
            unreachable: if self.hide_unreachable {
                Unreachable::Hide
            } else {
                Unreachable::Keep
            },
        }
    }

    /// What the contract shows of a graph.
    pub(super) fn of(&self, whole: Composed) -> Result<Result<Composed, Vec<Diagnostic>>> {
        match filter(&whole.supergraph, &self.filter()) {
            Ok(variant) => Ok(Ok(Composed {
                supergraph: variant.supergraph,
                api_schema: variant.api_schema,
                hints: whole.hints,
            })),
            Err(Error::Invalid(found)) => Ok(Err(found)),
            Err(error @ (Error::Supergraph(_) | Error::Contradiction(_))) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contracts_are_taken_out_and_the_rest_stays() {
        let text = "listen: 1\ncontracts: { a: { include: [x] } }\nsubgraphs: {}\n";
        let (rest, contracts) = Contracts::split(text).expect("it is well formed");
        assert_eq!(rest, "listen: 1\nsubgraphs: {}\n");
        assert_eq!(contracts.find("a").expect("it is there").include, ["x"]);
        assert!(contracts.find("b").is_err());
    }

    #[test]
    fn a_text_without_contracts_is_left_alone() {
        for text in ["listen: 1 # here", "- a", ": [", ""] {
            let (rest, _) = Contracts::split(text).expect("nothing is wrong with contracts");
            assert_eq!(rest, text);
        }
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        let error = Contracts::split("contracts: { a: { includes: [x] } }").unwrap_err();
        assert!(format!("{error:#}").contains("includes"), "{error:#}");
    }
}
