//! A webhook source: a door that one platform may knock at, and the secrets it knocks with.

use std::fmt;

use async_graphql::Enum;
use zeroize::Zeroizing;

use super::channel::ChannelKind;

/// Which platform sends to a source
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
pub(crate) enum SourceKind {
    /// Messenger: a Facebook page
    MetaPage,
    /// Direct messages of an Instagram account
    MetaInstagram,
    /// The WhatsApp Business platform
    MetaWhatsapp,
    /// Any sender that signs its bodies with HMAC-SHA256; every request is one event
    HmacGeneric,
}

/// How a source proves that a request is genuine
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
pub(crate) enum SignatureScheme {
    /// `X-Hub-Signature-256: sha256=<hex>` over the raw body
    #[graphql(name = "X_HUB_SIGNATURE_256")]
    XHubSignature256,
    /// `X-Signature-256: sha256=<hex>` over the raw body
    #[graphql(name = "HMAC_SHA256")]
    HmacSha256,
}

impl SourceKind {
    pub(crate) const fn channel(self) -> ChannelKind {
        match self {
            Self::MetaPage => ChannelKind::Messenger,
            Self::MetaInstagram => ChannelKind::Instagram,
            Self::MetaWhatsapp => ChannelKind::Whatsapp,
            Self::HmacGeneric => ChannelKind::Generic,
        }
    }

    pub(crate) const fn signature(self) -> SignatureScheme {
        match self {
            Self::MetaPage | Self::MetaInstagram | Self::MetaWhatsapp => {
                SignatureScheme::XHubSignature256
            }
            Self::HmacGeneric => SignatureScheme::HmacSha256,
        }
    }

    /// Whether the platform checks the URL with a challenge before it sends.
    pub(crate) const fn has_handshake(self) -> bool {
        match self {
            Self::MetaPage | Self::MetaInstagram | Self::MetaWhatsapp => true,
            Self::HmacGeneric => false,
        }
    }
}

impl SignatureScheme {
    /// The header that carries the signature, in lower case.
    pub(crate) const fn header(self) -> &'static str {
        match self {
            Self::XHubSignature256 => "x-hub-signature-256",
            Self::HmacSha256 => "x-signature-256",
        }
    }
}

/// The fewest characters of a secret: 16 of hexadecimal text are 64 bits, below which a signature
/// can be searched for.
const SECRET_CHARS_MIN: usize = 16;
/// The most characters of a secret: twice the block of SHA-256, beyond which HMAC hashes it anyway.
const SECRET_CHARS_MAX: usize = 128;

/// What a platform and a source share: a signing secret or a verify token. 16 to 128 visible ASCII
/// characters, wiped from memory when dropped, never printed.
#[derive(Clone)]
pub(crate) struct Secret(Zeroizing<String>);

/// A text that is no good as a secret.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("use {SECRET_CHARS_MIN} to {SECRET_CHARS_MAX} visible ASCII characters without spaces")]
pub(crate) struct BadSecret;

impl Secret {
    pub(crate) fn parse(text: &str) -> Result<Self, BadSecret> {
        let legal = (SECRET_CHARS_MIN..=SECRET_CHARS_MAX).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic());
        if legal {
            Ok(Self(Zeroizing::new(text.to_owned())))
        } else {
            Err(BadSecret)
        }
    }

    /// A secret from 16 random bytes, in hexadecimal text as Meta writes its own.
    pub(crate) fn from_random(random: [u8; 16]) -> Self {
        Self(Zeroizing::new(hex(&random)))
    }

    /// A new secret.
    ///
    /// # Panics
    ///
    /// If the operating system has no random bytes to give.
    pub(crate) fn random() -> Self {
        let mut random = [0; 16];
        getrandom::fill(&mut random).expect("the operating system gives random bytes");
        Self::from_random(random)
    }

    /// The secret itself: for signatures, for sealing, and for the one answer that shows it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Enough to tell two secrets apart and too little to guess one: the last four characters.
    pub(crate) fn hint(&self) -> String {
        let tail = self.0.len() - 4;
        format!("…{}", &self.0[tail..])
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Lower-case hexadecimal text.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, legal: bool) {
        assert_eq!(Secret::parse(text).is_ok(), legal, "{text:?}");
    }

    #[test]
    fn secrets_are_long_and_visible() {
        check("0123456789abcdef", true);
        check("0123456789abcde", false);
        check(&"x".repeat(128), true);
        check(&"x".repeat(129), false);
        check("0123456789abcdef ", false);
        check("0123456789abcdéf", false);
    }

    #[test]
    fn a_secret_is_shown_by_its_last_four_characters_only() {
        let secret = Secret::from_random([0xab; 16]);
        assert_eq!(secret.expose(), "ab".repeat(16));
        assert_eq!(secret.hint(), "…abab");
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }
}
