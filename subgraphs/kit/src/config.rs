//! What a subgraph's process is told from outside: read once, into types.
//!
//! Every variable is listed in [`VARIABLES`]; one that begins with `TENON_` and is not listed is an
//! error with the nearest name, since a misspelt setting is worse than a missing one.

mod secret;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

pub use self::secret::{BadSecretKeys, DerivedKey, SecretKeys};
use crate::sql::StoreUrl;
use crate::token::PublicKey;

/// One environment variable.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it says, with unit and default.
    pub about: &'static str,
}

const PUBLIC_URL: &str = "TENON_PUBLIC_URL";
const DATA_DIR: &str = "TENON_DATA_DIR";
const STORE: &str = "TENON_STORE";
const BLOBS: &str = "TENON_BLOBS";
const EVENTS: &str = "TENON_EVENTS";
const INTERNAL_KEYS: &str = "TENON_INTERNAL_KEYS";
const SECRET_KEYS: &str = "TENON_SECRET_KEYS";
const DEMO: &str = "TENON_DEMO";

/// All variables that a subgraph's process reads.
pub const VARIABLES: [Variable; 8] = [
    Variable {
        name: PUBLIC_URL,
        about: "Origin at which clients reach the gateway; all links are built from it. \
                Default: http://127.0.0.1:4000",
    },
    Variable {
        name: DATA_DIR,
        about: "Folder of embedded stores, blobs and keys; made if missing. Default: data",
    },
    Variable {
        name: STORE,
        about: "The subgraph's store: sqlite:PATH, postgres://… or mongodb://…. \
                Default: sqlite:DATA_DIR/NAME.sqlite",
    },
    Variable {
        name: BLOBS,
        about: "Where contents of files are kept: folder:PATH, or gridfs, which is in the store. \
                Default: folder:DATA_DIR/blobs",
    },
    Variable {
        name: EVENTS,
        about: "Redis that carries events between processes: redis://…. \
                Default: none, all subgraphs are in one process",
    },
    Variable {
        name: INTERNAL_KEYS,
        about: "Public keys of the gateways that may ask, separated by commas: base64url of the 32 \
                bytes of an Ed25519 key. Required",
    },
    Variable {
        name: SECRET_KEYS,
        about: "Keys for stored secrets and signed links, separated by commas, the newest first: \
                base64url of 32 bytes. Required unless the store is SQLite, when one is made and \
                kept in the data folder",
    },
    Variable {
        name: DEMO,
        about: "true inserts demo data and opens the demo's sign-in. Default: false",
    },
];

/// Names that the program reads elsewhere, or that belong to the repository's own tests.
const READ_ELSEWHERE: [&str; 3] = ["TENON_LISTEN", "TENON_LOG", "TENON_CONFIG"];
const OF_TESTS: [&str; 2] = ["TENON_TEST_", "TENON_CI_"];

/// Everything that one subgraph is told.
#[derive(Clone, Debug)]
pub struct Config {
    /// Origin at which clients reach the gateway.
    pub public_url: PublicUrl,
    /// Folder of embedded stores, blobs and keys.
    pub data_dir: PathBuf,
    /// The subgraph's own store.
    pub store: StoreUrl,
    /// Where contents of files are kept.
    pub blobs: Blobs,
    /// What carries events between processes; none if all subgraphs are in one.
    pub events: Option<EventsUrl>,
    /// Gateways that may ask.
    pub internal_keys: Vec<PublicKey>,
    /// For stored secrets and signed links.
    pub secrets: SecretKeys,
    /// Whether to insert demo data and to open the demo's sign-in.
    pub demo: bool,
}

/// An origin such as `https://api.example.com`, without a path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// The link to an absolute path, such as `/files/1`.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        debug_assert!(path.starts_with('/'), "a path begins with a slash");
        format!("{}{path}", self.0)
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for PublicUrl {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bad = || Error::bad(PUBLIC_URL, "use an origin such as https://api.example.com");
        let uri: http::Uri = text.parse().map_err(|_| bad())?;
        let schemes = ["http", "https"];
        if !uri
            .scheme_str()
            .is_some_and(|scheme| schemes.contains(&scheme))
            || uri
                .authority()
                .is_none_or(|host| host.as_str().contains('@'))
            || !matches!(uri.path(), "" | "/")
            || uri.query().is_some()
        {
            return Err(bad());
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }
}

/// Where contents of files are kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Blobs {
    /// In a folder.
    Folder(PathBuf),
    /// In the document store, in chunks.
    GridFs,
}

impl FromStr for Blobs {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text.split_once(':') {
            None if text == "gridfs" => Ok(Self::GridFs),
            Some(("folder", path)) if !path.is_empty() => Ok(Self::Folder(path.into())),
            _ => Err(Error::bad(BLOBS, "use folder:PATH or gridfs")),
        }
    }
}

/// The URL of a Redis, which may hold a password and so is never shown.
#[derive(Clone, Eq, PartialEq)]
pub struct EventsUrl(String);

impl EventsUrl {
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for EventsUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("redis")
    }
}

impl FromStr for EventsUrl {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if !text.starts_with("redis://") && !text.starts_with("rediss://") {
            return Err(Error::bad(EVENTS, "use redis://HOST:PORT"));
        }
        Ok(Self(text.to_owned()))
    }
}

/// Why a subgraph cannot be started as it is told. Never shows a value, which may be secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A name that nothing reads.
    #[error("{name} is not a setting{}", hint(.nearest))]
    Unknown {
        /// What was set.
        name: String,
        /// What was perhaps meant.
        nearest: Option<&'static str>,
    },
    /// A setting without which the subgraph cannot start.
    #[error("{0} is not set")]
    Missing(&'static str),
    /// A setting whose value makes no sense.
    #[error("{name} makes no sense: {reason}")]
    Bad {
        /// Which setting.
        name: &'static str,
        /// What it should be.
        reason: String,
    },
    /// The key in the data folder can be neither read nor made.
    #[error("the key {} can be neither read nor made", path.display())]
    KeyFile {
        /// Where it should be.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
}

impl Error {
    fn bad(name: &'static str, reason: impl fmt::Display) -> Self {
        Self::Bad {
            name,
            reason: reason.to_string(),
        }
    }
}

fn hint(nearest: &Option<&'static str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean {name}?"))
}

impl Config {
    /// Reads the configuration of the subgraph `name` from environment variables.
    ///
    /// # Errors
    ///
    /// [`Error`] names the first variable that is unknown, missing or makes no sense.
    pub fn from_env(
        name: &str,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Error> {
        let set: BTreeMap<String, String> = variables
            .into_iter()
            .filter(|(name, _)| name.starts_with("TENON_"))
            .collect();
        set.keys().try_for_each(|name| known(name))?;
        let value = |name: &str| set.get(name).map(String::as_str);
        // First, since the last step may make a key.
        let internal_keys = value(INTERNAL_KEYS)
            .ok_or(Error::Missing(INTERNAL_KEYS))?
            .split(',')
            .map(|key| key.trim().parse())
            .collect::<Result<_, _>>()
            .map_err(|error| Error::bad(INTERNAL_KEYS, error))?;
        let data_dir = PathBuf::from(value(DATA_DIR).unwrap_or("data"));
        let store = match value(STORE) {
            Some(url) => url.parse().map_err(|error| Error::bad(STORE, error))?,
            None => embedded_store(&data_dir, name),
        };
        let secrets = match (value(SECRET_KEYS), &store) {
            (Some(keys), _) => keys
                .parse()
                .map_err(|error| Error::bad(SECRET_KEYS, error))?,
            (None, StoreUrl::Sqlite(_)) => SecretKeys::kept_in(&data_dir)?,
            (None, _) => return Err(Error::Missing(SECRET_KEYS)),
        };
        Ok(Self {
            public_url: value(PUBLIC_URL)
                .unwrap_or("http://127.0.0.1:4000")
                .parse()?,
            blobs: value(BLOBS).map_or_else(|| Ok(embedded_blobs(&data_dir)), str::parse)?,
            events: value(EVENTS).map(str::parse).transpose()?,
            internal_keys,
            demo: match value(DEMO) {
                None | Some("false") => false,
                Some("true") => true,
                Some(_) => return Err(Error::bad(DEMO, "use true or false")),
            },
            data_dir,
            store,
            secrets,
        })
    }

    /// The configuration of the subgraph `name` in a process that holds all of them, with demo
    /// data, on embedded stores below `data_dir`.
    ///
    /// # Errors
    ///
    /// [`Error::KeyFile`] if the folder's key can be neither read nor made.
    pub fn embedded(
        name: &str,
        data_dir: &Path,
        public_url: PublicUrl,
        internal_keys: Vec<PublicKey>,
    ) -> Result<Self, Error> {
        Ok(Self {
            public_url,
            data_dir: data_dir.to_owned(),
            store: embedded_store(data_dir, name),
            blobs: embedded_blobs(data_dir),
            events: None,
            internal_keys,
            secrets: SecretKeys::kept_in(data_dir)?,
            demo: true,
        })
    }
}

fn embedded_store(data_dir: &Path, name: &str) -> StoreUrl {
    StoreUrl::Sqlite(data_dir.join(format!("{name}.sqlite")))
}

fn embedded_blobs(data_dir: &Path) -> Blobs {
    Blobs::Folder(data_dir.join("blobs"))
}

fn known(name: &str) -> Result<(), Error> {
    let read = || {
        let ours = VARIABLES.iter().map(|variable| variable.name);
        ours.chain(READ_ELSEWHERE)
    };
    if read().any(|known| known == name) || OF_TESTS.iter().any(|prefix| name.starts_with(prefix)) {
        return Ok(());
    }
    // A third of the letters may differ; beyond that the hint would be a guess.
    let nearest = read()
        .map(|known| (distance(known, name), known))
        .min()
        .filter(|(distance, known)| distance * 3 <= known.len() - "TENON_".len())
        .map(|(_, known)| known);
    Err(Error::Unknown {
        name: name.to_owned(),
        nearest,
    })
}

/// How many letters must be added, taken away or changed to make `to` of `from`.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, left) in from.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in to.bytes().enumerate() {
            let changed = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    #[track_caller]
    fn check(set: &[(&str, &str)], said: Option<&str>) {
        let set = [(INTERNAL_KEYS, KEY), (SECRET_KEYS, KEY)]
            .iter()
            .chain(set)
            .map(|&(name, value)| (name.to_owned(), value.to_owned()));
        let error = Config::from_env("apps", set).err();
        assert_eq!(error.map(|error| error.to_string()).as_deref(), said);
    }

    #[test]
    fn a_setting_is_understood_or_named() {
        check(&[], None);
        check(&[("PATH", "/bin"), ("TENON_LISTEN", "x")], None);
        check(&[("TENON_TEST_SERVERS", "required")], None);
        check(
            &[("TENON_PUBLIC_ULR", "x")],
            Some("TENON_PUBLIC_ULR is not a setting; did you mean TENON_PUBLIC_URL?"),
        );
        check(
            &[("TENON_COLOUR", "x")],
            Some("TENON_COLOUR is not a setting"),
        );
        check(
            &[("TENON_DEMO", "yes")],
            Some("TENON_DEMO makes no sense: use true or false"),
        );
        let origin =
            "TENON_PUBLIC_URL makes no sense: use an origin such as https://api.example.com";
        check(&[("TENON_PUBLIC_URL", "https://a.example/")], None);
        check(&[("TENON_PUBLIC_URL", "https://a.example/x")], Some(origin));
        check(&[("TENON_PUBLIC_URL", "ftp://a.example")], Some(origin));
        check(&[("TENON_BLOBS", "gridfs")], None);
        check(
            &[("TENON_BLOBS", "s3")],
            Some("TENON_BLOBS makes no sense: use folder:PATH or gridfs"),
        );
    }

    #[test]
    fn keys_are_demanded_and_never_shown() {
        let error = Config::from_env("apps", []).unwrap_err().to_string();
        assert!(error.contains("is not set"), "{error}");
        let set = [(SECRET_KEYS, "hunter2"), (INTERNAL_KEYS, KEY)];
        let set = set.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let error = Config::from_env("apps", set).unwrap_err().to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }
}
