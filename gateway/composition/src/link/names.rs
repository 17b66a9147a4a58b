//! `INVALID_LINK_DIRECTIVE_USAGE`: the names that links give must tell features and their elements
//! apart.
//!
//! `alias__element` is the element of whoever is linked as `alias`, and `@alias` is the directive
//! that has the name of its feature. An import must not look like either of another feature.

use super::Feature;
use super::import::Import;
use apollo_compiler::collections::IndexMap;

/// The features that are linked so far.
#[derive(Default)]
pub(super) struct Features {
    list: Vec<Feature>,
    /// Every import by its local name: the identity of its feature, its name there.
    imported: IndexMap<String, (String, String)>,
}

/// Why a feature cannot be linked under its names.
#[derive(Debug, thiserror::Error)]
pub(super) enum BadName {
    #[error("cannot link feature \"{0}\" since it has already been linked")]
    Twice(String),
    #[error("cannot link feature \"{0}\" as \"{1}\" since it contains \"__\"")]
    Separator(String, String),
    #[error("cannot link feature \"{0}\" as \"{1}\" since it ends in \"_\"")]
    Ending(String, String),
    #[error("cannot link feature \"{0}\" as \"{1}\" since it is not a valid GraphQL name")]
    NotName(String, String),
    #[error(
        "cannot link feature \"{0}\" as \"{1}\" since another feature \"{2}\" already uses that alias; rename one via \"as\""
    )]
    Alias(String, String, String),
    #[error(
        "cannot import \"{0}\" from feature \"{1}\" since it can be confused with a name of \"{2}\"; rename the import or the feature via \"as\""
    )]
    Confused(String, String, String),
    #[error(
        "cannot import \"{0}\" as \"{1}\" from feature \"{2}\" since it was previously imported as \"{3}\""
    )]
    TwoNames(String, String, String, String),
    #[error(
        "cannot import \"{0}\" from feature \"{1}\" since it was previously imported for \"{2}\" of \"{3}\""
    )]
    Taken(String, String, String, String),
}

impl Features {
    pub(super) fn into_list(self) -> Vec<Feature> {
        self.list
    }

    /// Links one more.
    pub(super) fn add(&mut self, feature: Feature) -> Result<(), BadName> {
        self.check_alias(&feature)?;
        let mut own: IndexMap<&str, &str> = IndexMap::default();
        for import in &feature.imports {
            self.check_import(&feature, import)?;
            let known = own.insert(&import.element, &import.local);
            if let Some(known) = known
                && known != import.local
            {
                return Err(BadName::TwoNames(
                    import.element.clone(),
                    import.local.clone(),
                    feature.identity.clone(),
                    known.to_owned(),
                ));
            }
            let taken = self.imported.get(&import.local);
            if let Some((identity, element)) = taken
                && (*identity != feature.identity || *element != import.element)
            {
                return Err(BadName::Taken(
                    import.local.clone(),
                    feature.identity.clone(),
                    element.clone(),
                    identity.clone(),
                ));
            }
            self.imported.insert(
                import.local.clone(),
                (feature.identity.clone(), import.element.clone()),
            );
        }
        self.list.push(feature);
        Ok(())
    }

    fn check_alias(&self, feature: &Feature) -> Result<(), BadName> {
        let (identity, alias) = (&feature.identity, &feature.alias);
        let both = || (identity.clone(), alias.clone());
        if self.list.iter().any(|other| other.identity == *identity) {
            return Err(BadName::Twice(identity.clone()));
        }
        // Supergraphs of old bring these two, which have nothing but their own directive.
        let excepted = feature.imports.is_empty()
            && matches!(
                (identity.as_str(), alias.as_str()),
                ("https://specs.apollo.dev/tag", "federation__tag")
                    | (
                        "https://specs.apollo.dev/inaccessible",
                        "federation__inaccessible"
                    )
            );
        if alias.contains("__") && !excepted {
            let (identity, alias) = both();
            return Err(BadName::Separator(identity, alias));
        }
        if alias.ends_with('_') {
            let (identity, alias) = both();
            return Err(BadName::Ending(identity, alias));
        }
        // Dots and dashes are tolerated: such features can only be used by imports.
        let mut letters = alias.chars();
        let starts = letters
            .next()
            .is_some_and(|c| c == '_' || c.is_ascii_alphabetic());
        if !starts || !letters.all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c)) {
            let (identity, alias) = both();
            return Err(BadName::NotName(identity, alias));
        }
        let confused = self.imported.iter().find(|(local, _)| {
            let own_directive = local.strip_prefix('@') == Some(alias.as_str());
            own_directive || prefix(local).is_some_and(|(prefix, _)| prefix == alias)
        });
        if let Some((local, (other, _))) = confused {
            return Err(BadName::Confused(
                local.clone(),
                other.clone(),
                identity.clone(),
            ));
        }
        if let Some(other) = self.list.iter().find(|other| other.alias == *alias) {
            return Err(BadName::Alias(
                identity.clone(),
                alias.clone(),
                other.identity.clone(),
            ));
        }
        Ok(())
    }

    fn check_import(&self, feature: &Feature, import: &Import) -> Result<(), BadName> {
        let confused = |other: &str| {
            Err(BadName::Confused(
                import.local.clone(),
                feature.identity.clone(),
                other.to_owned(),
            ))
        };
        let element = import.element.trim_start_matches('@');
        if let Some((alias, rest)) = prefix(&import.local) {
            if alias == feature.alias {
                if rest != element {
                    return confused(&feature.identity);
                }
            } else if let Some(other) = self.list.iter().find(|other| other.alias == alias) {
                return confused(&other.identity);
            }
        }
        if let Some(local) = import.local.strip_prefix('@') {
            if local == feature.alias {
                if element != feature.name {
                    return confused(&feature.identity);
                }
            } else if let Some(other) = self.list.iter().find(|other| other.alias == local) {
                return confused(&other.identity);
            }
        }
        Ok(())
    }
}

/// `alias__element` taken apart at the first `__`.
pub(super) fn prefix(local: &str) -> Option<(&str, &str)> {
    local.trim_start_matches('@').split_once("__")
}
