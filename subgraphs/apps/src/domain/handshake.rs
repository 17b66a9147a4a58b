//! Meta's [verification request](https://developers.facebook.com/docs/graph-api/webhooks/getting-started):
//! before it sends, the platform asks the URL to repeat a challenge, and proves with the verify
//! token that it was told to ask.

use serde::Deserialize;
use subtle::ConstantTimeEq;

use super::source::Secret;

/// The most bytes of a challenge. Meta sends about ten digits; a longer text is somebody who uses
/// the door to make our host say something.
const CHALLENGE_BYTES_MAX: usize = 128;

/// The query of a verification request.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Handshake {
    #[serde(default, rename = "hub.mode")]
    mode: String,
    #[serde(default, rename = "hub.verify_token")]
    verify_token: String,
    #[serde(default, rename = "hub.challenge")]
    challenge: String,
}

impl Handshake {
    /// The challenge to repeat, if the request knows the token. Takes the same time for every wrong
    /// token of the right length.
    pub(crate) fn accept(&self, expected: &Secret) -> Option<&str> {
        let token_matches = bool::from(
            self.verify_token
                .as_bytes()
                .ct_eq(expected.expose().as_bytes()),
        );
        let harmless = !self.challenge.is_empty()
            && self.challenge.len() <= CHALLENGE_BYTES_MAX
            && self
                .challenge
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        (token_matches && self.mode == "subscribe" && harmless).then_some(self.challenge.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(mode: &str, token: &str, challenge: &str, accepted: bool) {
        let expected = Secret::parse("0123456789abcdef").expect("a secret");
        let handshake = Handshake {
            mode: mode.to_owned(),
            verify_token: token.to_owned(),
            challenge: challenge.to_owned(),
        };
        assert_eq!(
            handshake.accept(&expected),
            accepted.then_some(challenge),
            "{mode} {token} {challenge}"
        );
    }

    #[test]
    fn the_challenge_is_repeated_to_who_knows_the_token() {
        check("subscribe", "0123456789abcdef", "1158201444", true);
        check("subscribe", "0123456789abcdee", "1158201444", false);
        check("subscribe", "", "1158201444", false);
        check("unsubscribe", "0123456789abcdef", "1158201444", false);
        check("subscribe", "0123456789abcdef", "<script>", false);
        check("subscribe", "0123456789abcdef", &"1".repeat(129), false);
        check("subscribe", "0123456789abcdef", "", false);
    }
}
