//! Where a store lives.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Where one subgraph keeps its data. Neither `Display` nor `Debug` shows credentials.
#[derive(Clone, Eq, PartialEq)]
pub enum StoreUrl {
    /// `sqlite:PATH`: one file, made when missing, with its folder.
    Sqlite(PathBuf),
    /// `postgres://…`: a database; every subgraph has a schema of its own name in it.
    Postgres(Secret),
    /// `mongodb://…/DATABASE`: a document database.
    Mongo(Secret),
}

/// A URL that may hold a password.
#[derive(Clone, Eq, PartialEq)]
pub struct Secret(String);

impl Secret {
    /// The whole URL; for the driver only.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

/// A text that is not the URL of a store.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a store: use `sqlite:PATH`, `postgres://…` or `mongodb://…`")]
pub struct BadStoreUrl;

impl FromStr for StoreUrl {
    type Err = BadStoreUrl;

    fn from_str(text: &str) -> Result<Self, BadStoreUrl> {
        let (scheme, rest) = text.split_once(':').ok_or(BadStoreUrl)?;
        match scheme {
            "sqlite" if !rest.is_empty() => Ok(Self::Sqlite(PathBuf::from(rest))),
            "postgres" | "postgresql" if rest.starts_with("//") => {
                Ok(Self::Postgres(Secret(text.to_owned())))
            }
            "mongodb" | "mongodb+srv" if rest.starts_with("//") => {
                Ok(Self::Mongo(Secret(text.to_owned())))
            }
            _ => Err(BadStoreUrl),
        }
    }
}

impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) | Self::Mongo(url) => url.fmt(f),
        }
    }
}

impl fmt::Debug for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The scheme, hosts and path; neither the user nor the options, which can hold secrets too.
impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, rest) = self.0.split_once("//").unwrap_or(("", &self.0));
        let rest = rest.split(['?', '#']).next().unwrap_or("");
        // The last `@`: a password may contain one.
        let shown = rest.rsplit_once('@').map_or(rest, |(_, hosts)| hosts);
        write!(f, "{scheme}//{shown}")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, shown: Option<&str>) {
        let parsed = text.parse::<StoreUrl>().ok();
        assert_eq!(
            parsed.map(|url| format!("{url:?}")).as_deref(),
            shown,
            "{text:?}"
        );
    }

    #[test]
    fn store_urls_hide_their_credentials() {
        check("sqlite:data/apps.db", Some("sqlite:data/apps.db"));
        check("sqlite:", None);
        check(
            "postgres://apps:s3cr@t@db:5432/tenon?password=again",
            Some("postgres://db:5432/tenon"),
        );
        check("postgresql://db/tenon", Some("postgresql://db/tenon"));
        check(
            "mongodb://u:p@a,b/files?authSource=x",
            Some("mongodb://a,b/files"),
        );
        check("mysql://db/tenon", None);
        check("data/apps.db", None);
        check("", None);
    }
}
