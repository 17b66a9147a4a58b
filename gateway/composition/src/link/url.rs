//! The URLs of specifications: `https://host/path/name/v1.2`.

use std::fmt;

/// The version of a specification.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Version {
    pub(crate) major: u32,
    pub(crate) minor: u32,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}.{}", self.major, self.minor)
    }
}

/// A URL taken apart.
pub(crate) struct SpecUrl {
    /// Without the version.
    pub(crate) identity: String,
    /// The last segment before the version.
    pub(crate) name: String,
    pub(crate) version: Version,
}

/// Why a URL names no specification.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadUrl {
    #[error("invalid URL '{0}'")]
    NotUrl(String),
    #[error("missing version component in feature url '{0}'")]
    NoVersion(String),
    #[error("expected a version string (of the form v1.2), got {0}")]
    Version(String),
    #[error("missing feature name component in feature url '{0}'")]
    NoName(String),
}

pub(crate) fn parse(text: &str) -> Result<SpecUrl, BadUrl> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Err(BadUrl::NotUrl(text.to_owned()));
    };
    if scheme.is_empty() || rest.is_empty() {
        return Err(BadUrl::NotUrl(text.to_owned()));
    }
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let Some((host_and_path, version)) = rest.rsplit_once('/') else {
        return Err(BadUrl::NoVersion(text.to_owned()));
    };
    if version.is_empty() {
        return Err(BadUrl::NoVersion(text.to_owned()));
    }
    let version = parse_version(version).ok_or_else(|| BadUrl::Version(version.to_owned()))?;
    let Some((_, name)) = host_and_path.rsplit_once('/') else {
        return Err(BadUrl::NoName(text.to_owned()));
    };
    if name.is_empty() {
        return Err(BadUrl::NoName(text.to_owned()));
    }
    // A specification is the same over http and https.
    let scheme = if scheme == "http" { "https" } else { scheme };
    Ok(SpecUrl {
        identity: format!("{scheme}://{host_and_path}"),
        name: name.to_owned(),
        version,
    })
}

fn parse_version(text: &str) -> Option<Version> {
    let (major, minor) = text.strip_prefix('v')?.split_once('.')?;
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().ok()).flatten()
    };
    Some(Version {
        major: number(major)?,
        minor: number(minor)?,
    })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[track_caller]
    fn check(text: &str, legal: bool) {
        assert_eq!(parse(text).is_ok(), legal, "{text:?}");
    }

    #[test]
    fn specification_urls() {
        check("https://specs.apollo.dev/federation/v2.3", true);
        check("https://example.com/deep/er/name/v0.1", true);
        check("https://specs.apollo.dev/federation/v2.3/", false);
        check("https://example.com/name/v1", false);
        check("https://example.com/name", false);
        check("name", false);
        check("", false);
    }
}
