//! Links that open one thing, to whoever holds them, until they expire.
//!
//! A link carries its tenant, what it allows, when it ends, and a signature (HMAC-SHA256) over all
//! of that. It opens nothing else, and nothing in it can be changed.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use kit::id::TenantId;
use kit::time::Timestamp;
use sha2::Sha256;

/// The keys of links: the first signs, all verify.
#[derive(Clone)]
pub(crate) struct Keys(Vec<Hmac<Sha256>>);

/// What a link allows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Purpose {
    /// To write to an upload, to see how far it is and to end it.
    Upload,
    /// To download a file as an attachment.
    Attachment,
    /// To show a file in place.
    Inline,
}

/// What stands behind the `?` of a link.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Link {
    pub(crate) tenant: TenantId,
    pub(crate) purpose: Purpose,
    /// None: as long as the thing itself.
    pub(crate) expires: Option<Timestamp>,
    signature: String,
}

/// Why a link opens nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum BadLink {
    /// It is not one of ours, or something in it was changed.
    #[error("the link is not valid")]
    Invalid,
    /// Its time is over.
    #[error("the link has expired")]
    Expired,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Attachment => "attachment",
            Self::Inline => "inline",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Upload, Self::Attachment, Self::Inline]
            .into_iter()
            .find(|purpose| purpose.as_str() == text)
    }
}

impl Keys {
    /// Keys of any length, the newest first; 32 random bytes each are right.
    ///
    /// # Panics
    ///
    /// If there is no key at all.
    pub(crate) fn new<'a>(keys: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mac = |key| Hmac::new_from_slice(key).expect("HMAC takes keys of any length");
        let keys: Vec<_> = keys.into_iter().map(mac).collect();
        assert!(!keys.is_empty(), "links are signed with a key");
        Self(keys)
    }

    /// The link that allows `purpose` on the thing called `id`.
    pub(crate) fn sign(
        &self,
        id: &str,
        tenant: TenantId,
        purpose: Purpose,
        expires: Option<Timestamp>,
    ) -> Link {
        let signed = mac(&self.0[0], id, tenant, purpose, expires);
        let mac = signed.finalize().into_bytes();
        Link {
            tenant,
            purpose,
            expires,
            signature: URL_SAFE_NO_PAD.encode(mac),
        }
    }

    /// Checks that a link is ours, is about `id` and has not ended.
    pub(crate) fn verify(&self, link: &Link, id: &str, now: Timestamp) -> Result<(), BadLink> {
        let signature = URL_SAFE_NO_PAD
            .decode(&link.signature)
            .map_err(|_| BadLink::Invalid)?;
        let signed_by = |key| {
            mac(key, id, link.tenant, link.purpose, link.expires)
                .verify_slice(&signature)
                .is_ok()
        };
        if !self.0.iter().any(signed_by) {
            return Err(BadLink::Invalid);
        }
        if link.expires.is_some_and(|expires| now >= expires) {
            return Err(BadLink::Expired);
        }
        Ok(())
    }
}

fn mac(
    key: &Hmac<Sha256>,
    id: &str,
    tenant: TenantId,
    purpose: Purpose,
    expires: Option<Timestamp>,
) -> Hmac<Sha256> {
    let expires = expires.map_or_else(
        || "never".to_owned(),
        |expires| expires.as_seconds().to_string(),
    );
    // None of the parts can hold a line break, so no two links are signed alike.
    let text = format!("{}\n{id}\n{tenant}\n{expires}", purpose.as_str());
    key.clone().chain_update(text)
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} keys", self.0.len())
    }
}

impl Link {
    /// Reads what stands behind the `?`; every part exactly once.
    pub(crate) fn parse(query: &str) -> Option<Self> {
        let (mut tenant, mut purpose, mut expires, mut signature) = (None, None, None, None);
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=')?;
            let place = match name {
                "tenant" => &mut tenant,
                "for" => &mut purpose,
                "expires" => &mut expires,
                "signature" => &mut signature,
                _ => continue,
            };
            if place.replace(value).is_some() {
                return None;
            }
        }
        let expires = match expires {
            None => None,
            Some(seconds) => Some(
                Timestamp::from_micros(seconds.parse::<i64>().ok()?.checked_mul(1_000_000)?)
                    .ok()?,
            ),
        };
        Some(Self {
            tenant: TenantId::parse(tenant?)?,
            purpose: Purpose::parse(purpose?)?,
            expires,
            signature: signature?.to_owned(),
        })
    }
}

/// What stands behind the `?`.
impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tenant={}&for={}", self.tenant, self.purpose.as_str())?;
        if let Some(expires) = self.expires {
            write!(f, "&expires={}", expires.as_seconds())?;
        }
        write!(f, "&signature={}", self.signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000).expect("in range")
    }

    fn tenant() -> TenantId {
        TenantId::parse("ten_01h2xcejqtf2nbrexx3vqjhp41").expect("an id")
    }

    #[track_caller]
    fn check(change: impl Fn(&str) -> String, id: &str, now: i64, expected: Result<(), BadLink>) {
        let keys = Keys::new([b"a key".as_slice()]);
        let text = keys
            .sign("fil_1", tenant(), Purpose::Attachment, Some(at(100)))
            .to_string();
        let verified = Link::parse(&change(&text))
            .ok_or(BadLink::Invalid)
            .and_then(|link| keys.verify(&link, id, at(now)));
        assert_eq!(verified, expected);
    }

    #[test]
    fn a_link_opens_what_it_says_until_it_ends() {
        check(str::to_owned, "fil_1", 99, Ok(()));
        check(str::to_owned, "fil_1", 100, Err(BadLink::Expired));
        check(str::to_owned, "fil_2", 99, Err(BadLink::Invalid));
        check(
            |text| text.replace("expires=100", "expires=200"),
            "fil_1",
            99,
            Err(BadLink::Invalid),
        );
        check(
            |text| text.replace("&expires=100", ""),
            "fil_1",
            99,
            Err(BadLink::Invalid),
        );
        check(
            |text| text.replace("attachment", "inline"),
            "fil_1",
            99,
            Err(BadLink::Invalid),
        );
        check(
            |text| text.replace("hp41", "hp42"),
            "fil_1",
            99,
            Err(BadLink::Invalid),
        );
        check(
            |text| format!("{text}&for=upload"),
            "fil_1",
            99,
            Err(BadLink::Invalid),
        );
        check(
            |text| text.replace("signature=", "signature=A"),
            "fil_1",
            99,
            Err(BadLink::Invalid),
        );
    }

    #[test]
    fn a_link_outlives_the_change_of_keys_but_not_the_removal() {
        let link = Keys::new([b"old".as_slice()]).sign("fil_1", tenant(), Purpose::Inline, None);
        let verify = |keys: &[&[u8]]| Keys::new(keys.iter().copied()).verify(&link, "fil_1", at(0));
        assert_eq!(verify(&[b"new", b"old"]), Ok(()));
        assert_eq!(verify(&[b"new"]), Err(BadLink::Invalid));
    }
}
