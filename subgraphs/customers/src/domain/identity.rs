//! How other systems name a person, and how two names are recognised as one.

use std::fmt;

use async_graphql::Enum;

/// In which system, or by which means, a person is known
#[derive(Clone, Copy, Debug, Enum, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) enum IdentityKind {
    /// The person's id in the tenant's own system
    ExternalId,
    Email,
    /// In international form, such as `+4922112345`
    Phone,
    /// A person as one Facebook page sees them
    FacebookPsid,
    /// A person as one Instagram account sees them
    InstagramIgsid,
    /// A person as one WhatsApp number sees them
    WhatsappWaId,
    TelegramId,
    /// A visitor who has not said who they are
    AnonymousId,
}

/// How much two people with the same identity must be one person
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
pub(crate) enum IdentityStrength {
    /// The platform vouches for it
    Strong,
    /// Somebody has typed it, or shares it
    Weak,
}

/// The most bytes of a scope or a value; ids of platforms are below 200.
const PART_BYTES_MAX: usize = 256;

/// One name of a person, in its canonical form: two texts that mean the same are equal here.
///
/// `scope` is the page, account or number that the person wrote to, since platforms name the same
/// person differently on each; for kinds without one it is a word of the tenant's choice, such as
/// `tenant`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Identity {
    kind: IdentityKind,
    scope: String,
    value: String,
}

/// Why a text cannot be an identity.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum BadIdentity {
    #[error("use 1 to {PART_BYTES_MAX} bytes without spaces and control characters")]
    Scope,
    #[error("use 1 to {PART_BYTES_MAX} bytes without spaces and control characters")]
    Value,
    #[error("use an address such as `ada@example.com`")]
    Email,
    #[error("use the international form, such as `+4922112345`")]
    Phone,
}

impl BadIdentity {
    /// Which member of the input is wrong.
    pub(crate) const fn member(self) -> &'static str {
        match self {
            Self::Scope => "scope",
            Self::Value | Self::Email | Self::Phone => "value",
        }
    }
}

impl Identity {
    pub(crate) fn new(kind: IdentityKind, scope: &str, value: &str) -> Result<Self, BadIdentity> {
        let value = match kind {
            IdentityKind::Email => email(value).ok_or(BadIdentity::Email)?,
            IdentityKind::Phone => phone(value).ok_or(BadIdentity::Phone)?,
            IdentityKind::ExternalId
            | IdentityKind::FacebookPsid
            | IdentityKind::InstagramIgsid
            | IdentityKind::WhatsappWaId
            | IdentityKind::TelegramId
            | IdentityKind::AnonymousId => part(value).ok_or(BadIdentity::Value)?,
        };
        Ok(Self {
            kind,
            scope: part(scope).ok_or(BadIdentity::Scope)?,
            value,
        })
    }

    pub(crate) const fn kind(&self) -> IdentityKind {
        self.kind
    }

    pub(crate) fn scope(&self) -> &str {
        &self.scope
    }

    pub(crate) fn value(&self) -> &str {
        &self.value
    }

    pub(crate) const fn strength(kind: IdentityKind, verified: bool) -> IdentityStrength {
        match kind {
            IdentityKind::ExternalId
            | IdentityKind::FacebookPsid
            | IdentityKind::InstagramIgsid
            | IdentityKind::WhatsappWaId
            | IdentityKind::TelegramId => IdentityStrength::Strong,
            IdentityKind::Email | IdentityKind::Phone => {
                if verified {
                    IdentityStrength::Strong
                } else {
                    IdentityStrength::Weak
                }
            }
            IdentityKind::AnonymousId => IdentityStrength::Weak,
        }
    }
}

/// One text for each identity: the parts have no spaces, so no two identities share one.
impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = kit::names::name_of(self.kind);
        write!(f, "{kind} {} {}", self.scope, self.value)
    }
}

fn part(text: &str) -> Option<String> {
    let legal = !text.is_empty()
        && text.len() <= PART_BYTES_MAX
        && !text.chars().any(|c| c.is_control() || c.is_whitespace());
    legal.then(|| text.to_owned())
}

/// An address in lower case. Nobody tells two people apart by the case of their addresses.
pub(crate) fn email(text: &str) -> Option<String> {
    let address = part(text.trim())?.to_lowercase();
    let (local, domain) = address.split_once('@')?;
    let legal = !local.is_empty()
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
        && !domain.contains('@')
        // RFC 5321's limit of a path.
        && address.len() <= 254;
    legal.then_some(address)
}

/// A number as E.164 writes it, without the signs that people put between the digits.
pub(crate) fn phone(text: &str) -> Option<String> {
    let digits: String = text
        .trim()
        .strip_prefix('+')?
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '.' | '/' | '(' | ')'))
        .collect();
    let legal = (7..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    legal.then(|| format!("+{digits}"))
}

/// The identity of who sent an event through a messenger; `None` for channels that name nobody, or
/// if the platform wrote what is no id.
pub(crate) fn of_sender(channel: &str, scope: &str, value: &str) -> Option<Identity> {
    let kind = match channel {
        "MESSENGER" => IdentityKind::FacebookPsid,
        "INSTAGRAM" => IdentityKind::InstagramIgsid,
        "WHATSAPP" => IdentityKind::WhatsappWaId,
        "TELEGRAM" => IdentityKind::TelegramId,
        "GENERIC" => IdentityKind::ExternalId,
        // A channel that is newer than this code.
        _ => return None,
    };
    Identity::new(kind, scope, value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: IdentityKind, value: &str, canonical: Option<&str>) {
        let identity = Identity::new(kind, "tenant", value);
        assert_eq!(
            identity.ok().as_ref().map(Identity::value),
            canonical,
            "{value:?}"
        );
    }

    #[test]
    fn what_means_the_same_is_equal() {
        check(
            IdentityKind::Email,
            " Ada@Example.COM ",
            Some("ada@example.com"),
        );
        check(IdentityKind::Email, "ada", None);
        check(IdentityKind::Email, "ada@example", None);
        check(IdentityKind::Email, "a@b@example.com", None);
        check(IdentityKind::Email, "ada@example..com", None);
        check(IdentityKind::Phone, "+49 (221) 123-45", Some("+4922112345"));
        check(IdentityKind::Phone, "022112345", None);
        check(IdentityKind::Phone, "+49", None);
        check(IdentityKind::Phone, "+49x22112345", None);
        check(IdentityKind::FacebookPsid, "7000", Some("7000"));
        check(IdentityKind::FacebookPsid, "70 00", None);
        check(IdentityKind::FacebookPsid, "", None);
        check(IdentityKind::ExternalId, &"x".repeat(257), None);
    }

    #[test]
    fn the_same_value_in_another_scope_or_kind_is_another_identity() {
        let text = |kind, scope| {
            Identity::new(kind, scope, "7")
                .expect("an identity")
                .to_string()
        };
        let texts = [
            text(IdentityKind::FacebookPsid, "100"),
            text(IdentityKind::FacebookPsid, "101"),
            text(IdentityKind::InstagramIgsid, "100"),
        ];
        assert_eq!(texts[0], "FACEBOOK_PSID 100 7");
        assert!(texts[0] != texts[1] && texts[0] != texts[2]);
    }

    #[test]
    fn senders_of_every_known_channel_have_an_identity() {
        let identity = of_sender("WHATSAPP", "555", "491701").expect("an identity");
        assert_eq!(identity.kind(), IdentityKind::WhatsappWaId);
        assert_eq!(of_sender("CARRIER_PIGEON", "1", "2"), None);
        assert_eq!(of_sender("MESSENGER", "", "2"), None);
    }
}
