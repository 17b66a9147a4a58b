//! Through which messenger an event came, and from whom.

use async_graphql::{Enum, SimpleObject};

/// Through which messenger an event came
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
pub(crate) enum ChannelKind {
    Messenger,
    Instagram,
    Whatsapp,
    Telegram,
    Generic,
}

/// Who sent an event, as its platform names them: the same person has another `value` on every
/// page, account or phone number that they write to
#[derive(Clone, Debug, Eq, PartialEq, SimpleObject)]
#[graphql(shareable, name = "WebhookSender")]
pub(crate) struct Sender {
    pub(crate) channel: ChannelKind,
    /// The page, the Instagram account or the phone number that was written to
    pub(crate) scope: String,
    pub(crate) value: String,
}

/// The most bytes of an id that a platform made. Meta's are below 200; what is longer is not an id.
pub(crate) const PLATFORM_ID_BYTES_MAX: usize = 256;

/// An id as a platform wrote it, or `None` if no platform writes such ids: it goes into keys and
/// indexes, so it must be short and printable.
pub(crate) fn platform_id(text: &str) -> Option<&str> {
    let legal = !text.is_empty()
        && text.len() <= PLATFORM_ID_BYTES_MAX
        && !text.chars().any(|c| c.is_control() || c.is_whitespace());
    legal.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_platforms_are_short_and_printable() {
        assert_eq!(platform_id("mid.$cAAD-x"), Some("mid.$cAAD-x"));
        assert_eq!(platform_id(""), None);
        assert_eq!(platform_id("a\0b"), None);
        assert_eq!(platform_id("a b"), None);
        assert_eq!(platform_id(&"1".repeat(257)), None);
    }
}
