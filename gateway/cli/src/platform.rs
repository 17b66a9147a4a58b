//! The six subgraphs, each by the same few functions.

use std::future::Future;
use std::pin::Pin;

use kit::config::Config;
use kit::service::{Context, OpenError, Service};

use crate::args::SubgraphName;

type Opening = Pin<Box<dyn Future<Output = Result<Service, OpenError>> + Send>>;
type Migrating = Pin<Box<dyn Future<Output = Result<(), OpenError>> + Send>>;

/// One subgraph of the platform.
pub(crate) struct Subgraph {
    pub(crate) name: &'static str,
    pub(crate) sdl: fn() -> String,
    pub(crate) open: fn(Context) -> Opening,
    pub(crate) migrate: fn(Config) -> Migrating,
    /// Paths below which it answers without GraphQL.
    pub(crate) doors: &'static [&'static str],
}

macro_rules! subgraph {
    ($crate_name:ident, $doors:expr) => {
        Subgraph {
            name: $crate_name::NAME,
            sdl: $crate_name::sdl,
            open: |context| Box::pin($crate_name::open(context)),
            migrate: |config| Box::pin(async move { $crate_name::migrate(&config).await }),
            doors: $doors,
        }
    };
}

/// All of them. Identity stands first, since the others' tokens come from it.
pub(crate) const SUBGRAPHS: [Subgraph; 6] = [
    subgraph!(identity, &["/auth", "/.well-known"]),
    subgraph!(files, &["/files"]),
    subgraph!(integrations, &[]),
    subgraph!(apps, &["/hooks"]),
    subgraph!(customers, &[]),
    subgraph!(billing, &[]),
];

/// The subgraph that a command names.
pub(crate) fn named(name: SubgraphName) -> &'static Subgraph {
    let index = match name {
        SubgraphName::Identity => 0,
        SubgraphName::Files => 1,
        SubgraphName::Integrations => 2,
        SubgraphName::Apps => 3,
        SubgraphName::Customers => 4,
        SubgraphName::Billing => 5,
    };
    const { &SUBGRAPHS }
        .get(index)
        .expect("six names for six subgraphs")
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn every_name_names_its_subgraph() {
        for name in SubgraphName::value_variants() {
            let written = name.to_possible_value().expect("a name");
            assert_eq!(named(*name).name, written.get_name());
        }
    }
}
