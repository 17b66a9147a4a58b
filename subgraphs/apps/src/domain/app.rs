//! An app: what a tenant builds, and what its webhook sources and events belong to.

use async_graphql::Enum;

/// Whether an app works
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
pub(crate) enum AppStatus {
    /// Being set up
    Draft,
    /// Receives events
    Active,
    /// Kept, but receives nothing
    Paused,
    /// Kept for its history only
    Archived,
}

/// The most characters of an app's name: one line on a screen.
const NAME_CHARS_MAX: usize = 120;

/// The name of an app: one line of 1 to 120 characters, without space at its ends.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct AppName(String);

/// A text that cannot be an app's name.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("use one line of 1 to {NAME_CHARS_MAX} characters")]
pub(crate) struct BadAppName;

impl AppName {
    pub(crate) fn parse(text: &str) -> Result<Self, BadAppName> {
        let name = text.trim();
        let legal = !name.is_empty()
            && name.chars().count() <= NAME_CHARS_MAX
            && !name.chars().any(char::is_control);
        if legal {
            Ok(Self(name.to_owned()))
        } else {
            Err(BadAppName)
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The most characters of a slug: a label of a host name, should it ever become one.
const SLUG_CHARS_MAX: usize = 63;

/// The short name of an app, unique in its tenant: 1 to 63 of `[a-z0-9-]`, beginning with a letter
/// and not ending with a hyphen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct AppSlug(String);

/// A text that cannot be a slug.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "use 1 to {SLUG_CHARS_MAX} of a-z, 0-9 and -, beginning with a letter and not ending with -"
)]
pub(crate) struct BadAppSlug;

impl AppSlug {
    pub(crate) fn parse(text: &str) -> Result<Self, BadAppSlug> {
        let legal = text.len() <= SLUG_CHARS_MAX
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && !text.ends_with('-')
            && text
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if legal {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadAppSlug)
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a search for `text` compares: both sides in lower case, so that both engines agree on
/// letters beyond ASCII.
pub(crate) fn search_text(name: &AppName, slug: &AppSlug) -> String {
    format!("{} {}", name.as_str().to_lowercase(), slug.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_slug(text: &str, legal: bool) {
        assert_eq!(AppSlug::parse(text).is_ok(), legal, "{text:?}");
    }

    #[test]
    fn slugs() {
        check_slug("shop", true);
        check_slug("shop-2", true);
        check_slug(&"s".repeat(63), true);
        check_slug(&"s".repeat(64), false);
        check_slug("2shop", false);
        check_slug("shop-", false);
        check_slug("Shop", false);
        check_slug("shöp", false);
        check_slug("", false);
    }

    #[track_caller]
    fn check_name(text: &str, name: Option<&str>) {
        assert_eq!(
            AppName::parse(text).ok().as_ref().map(AppName::as_str),
            name
        );
    }

    #[test]
    fn names_are_trimmed_and_one_line() {
        check_name("  Café Köln ", Some("Café Köln"));
        check_name(&"é".repeat(120), Some(&"é".repeat(120)));
        check_name(&"é".repeat(121), None);
        check_name("two\nlines", None);
        check_name("   ", None);
    }
}
