//! Typed ids with a prefix, in the text form of [TypeID](https://github.com/jetify-com/typeid).
//!
//! `app_01h2xcejqtf2nbrexx3vqjhp41` is a UUIDv7 written in 26 characters of Crockford's base 32
//! behind the prefix of its kind. The prefix makes an id readable in a log and tells the type from
//! the text alone; the UUIDv7 makes ids sort by the time they were made.
//!
//! An id has one text: parsing is strict, so two texts are equal exactly when the ids are.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use async_graphql::parser::types::Field;
use async_graphql::{ContextSelectionSet, OutputType, Positioned, ServerResult, Value, registry};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::time::Timestamp;

/// What an id names: a marker type with a prefix. Declared by [`ids!`](crate::ids).
pub trait Kind: 'static + Copy + Send + Sync {
    /// One to eight letters `a-z`, the same in every subgraph and never reused.
    const PREFIX: &'static str;
}

/// The id of one thing of kind `K`.
pub struct Id<K: Kind>(Uuid, PhantomData<K>);

/// Declares kinds of ids and an alias for the ids of each.
///
/// ```
/// kit::ids! {
///     /// The id of an app.
///     pub AppId = "app";
/// }
/// let id = AppId::new(kit::time::Timestamp::EPOCH);
/// assert!(id.to_string().starts_with("app_"));
/// ```
#[macro_export]
macro_rules! ids {
    ($($(#[$meta:meta])* $vis:vis $name:ident = $prefix:literal;)+) => {
        $(
            $(#[$meta])*
            $vis type $name = $crate::id::Id<$crate::id::Tag<{ $crate::id::tag($prefix) }>>;
        )+
    };
}

/// The kind whose prefix is packed in `PREFIX` by [`tag`]; how [`ids!`](crate::ids) names a kind
/// without a second identifier.
#[derive(Clone, Copy, Debug)]
pub struct Tag<const PREFIX: u64>;

/// Packs a prefix of one to eight letters `a-z` into a number.
///
/// # Panics
///
/// On any other text; in a constant this is an error of the compiler.
pub const fn tag(prefix: &str) -> u64 {
    let bytes = prefix.as_bytes();
    assert!(
        !bytes.is_empty() && bytes.len() <= 8,
        "a prefix has 1 to 8 letters"
    );
    let mut packed = [0; 8];
    let mut index = 0;
    while index < bytes.len() {
        assert!(
            bytes[index].is_ascii_lowercase(),
            "a prefix has only letters a-z"
        );
        packed[index] = bytes[index];
        index += 1;
    }
    u64::from_be_bytes(packed)
}

impl<const PREFIX: u64> Tag<PREFIX> {
    const BYTES: &'static [u8; 8] = &PREFIX.to_be_bytes();
}

impl<const PREFIX: u64> Kind for Tag<PREFIX> {
    const PREFIX: &'static str = {
        let mut length = 0;
        while length < 8 && Self::BYTES[length] != 0 {
            length += 1;
        }
        let (used, _) = Self::BYTES.split_at(length);
        match std::str::from_utf8(used) {
            Ok(prefix) => prefix,
            Err(_) => panic!("`tag` admits letters only"),
        }
    };
}

ids! {
    /// The id of a tenant.
    pub TenantId = "ten";
    /// The id of a user.
    pub UserId = "usr";
    /// The id of a service account.
    pub ServiceAccountId = "sva";
}

/// Crockford's base 32 in lower case: no `i`, `l`, `o`, `u`.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// 128 bits in groups of five.
const TEXT_LEN: usize = 26;

impl<K: Kind> Id<K> {
    /// A new id, made at `now`.
    ///
    /// # Panics
    ///
    /// If the operating system has no random bytes to give.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        let mut random = [0; 10];
        getrandom::fill(&mut random).expect("the operating system gives random bytes");
        // A UUIDv7 has 48 bits of milliseconds since 1970; an earlier clock counts as 1970.
        let millis = u64::try_from(now.as_micros() / 1_000).unwrap_or(0);
        let uuid = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
        Self::from_uuid(uuid)
    }

    /// The id with these bits. For constants and stores; a new id is made by [`Id::new`].
    #[must_use]
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The bits behind the prefix.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.0
    }

    /// The id that a client's text names, if it is one of this kind.
    ///
    /// A resolver answers `None` like an unknown id: the client learns nothing from the difference.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl<K: Kind> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K: Kind> Copy for Id<K> {}

impl<K: Kind> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<K: Kind> Eq for Id<K> {}

impl<K: Kind> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: Kind> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<K: Kind> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bits = self.0.as_u128();
        let mut text = [0; TEXT_LEN];
        for place in text.iter_mut().rev() {
            *place = ALPHABET[(bits & 31) as usize];
            bits >>= 5;
        }
        let text = std::str::from_utf8(&text).expect("the alphabet is ASCII");
        write!(f, "{}_{text}", K::PREFIX)
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is not an id of the wanted kind.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not an id of the kind `{0}`")]
pub struct BadId(&'static str);

impl<K: Kind> FromStr for Id<K> {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        let bad = BadId(K::PREFIX);
        let digits = text
            .strip_prefix(K::PREFIX)
            .and_then(|rest| rest.strip_prefix('_'))
            .ok_or(bad)?
            .as_bytes();
        // The first digit carries three bits, so that 26 digits are exactly 128 bits.
        if digits.len() != TEXT_LEN || digits[0] > b'7' {
            return Err(bad);
        }
        let mut bits: u128 = 0;
        for digit in digits {
            let value = ALPHABET
                .iter()
                .position(|letter| letter == digit)
                .ok_or(bad)?;
            bits = bits << 5 | value as u128;
        }
        Ok(Self::from_uuid(Uuid::from_u128(bits)))
    }
}

impl<K: Kind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Ids leave as GraphQL's `ID`. They enter as `async_graphql::ID` and are [parsed](Id::parse).
impl<K: Kind> OutputType for Id<K> {
    fn type_name() -> Cow<'static, str> {
        <async_graphql::ID as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut registry::Registry) -> String {
        <async_graphql::ID as OutputType>::create_type_info(registry)
    }

    async fn resolve(
        &self,
        _: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> ServerResult<Value> {
        Ok(Value::String(self.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, legal: bool) {
        let parsed = TenantId::parse(text);
        assert_eq!(parsed.is_some(), legal, "{text:?}");
        if let Some(id) = parsed {
            assert_eq!(id.to_string(), text);
        }
    }

    #[test]
    fn an_id_has_exactly_one_text() {
        check("ten_01h2xcejqtf2nbrexx3vqjhp41", true);
        check("ten_7zzzzzzzzzzzzzzzzzzzzzzzzz", true);
        check("ten_8zzzzzzzzzzzzzzzzzzzzzzzzz", false);
        check("usr_01h2xcejqtf2nbrexx3vqjhp41", false);
        check("ten01h2xcejqtf2nbrexx3vqjhp41", false);
        check("ten_01H2XCEJQTF2NBREXX3VQJHP41", false);
        check("ten_01h2xcejqtf2nbrexx3vqjhp4", false);
        check("ten_01h2xcejqtf2nbrexx3vqjhp4l", false);
        check("ten_01h2xcejqtf2nbrexx3vqjhp4é", false);
        check("", false);
    }

    #[test]
    fn the_published_example_of_typeid_is_ours() {
        let id = TenantId::from_uuid(
            "01890a5d-ac96-774b-bcce-b302099a8057"
                .parse()
                .expect("a UUID"),
        );
        assert_eq!(id.to_string(), "ten_01h455vb4pex5vsknk084sn02q");
    }

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        let early = UserId::new(Timestamp::from_micros(1_000_000).expect("in range"));
        let late = UserId::new(Timestamp::from_micros(2_000_000).expect("in range"));
        assert!(early < late);
        assert!(early.to_string() < late.to_string());
    }
}
