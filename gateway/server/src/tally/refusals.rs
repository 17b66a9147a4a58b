//! What was refused: how often by each code, and the last examples.

use std::collections::VecDeque;
use std::time::SystemTime;

use crate::code::Code;
use crate::refusal::Refusal;
use crate::request_id::RequestId;

/// How many examples are kept for each code: enough to see whether they are all alike.
const EXAMPLES_MAX: usize = 5;

/// The longest message that is kept, in letters.
const MESSAGE_MAX: usize = 300;

/// By code; there are a few dozen codes.
#[derive(Debug, Default)]
pub(super) struct Refusals(Vec<Refused>);

/// Everything that was refused with one code.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    pub(crate) code: Code,
    pub(crate) count: u64,
    pub(crate) last_at: SystemTime,
    /// The newest first.
    pub(crate) examples: VecDeque<Example>,
}

/// One refusal.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    pub(crate) at: SystemTime,
    /// The message without what it quotes.
    pub(crate) message: String,
    pub(crate) request_id: Option<Box<str>>,
}

impl Refusals {
    pub(super) fn count(&mut self, refusal: &Refusal, id: Option<&RequestId>, at: SystemTime) {
        let code = refusal.code();
        let known = self.0.iter().position(|refused| refused.code == code);
        let index = known.unwrap_or_else(|| {
            self.0.push(Refused {
                code,
                count: 0,
                last_at: at,
                examples: VecDeque::new(),
            });
            self.0.len() - 1
        });
        let refused = &mut self.0[index];
        refused.count += 1;
        refused.last_at = at;
        refused.examples.truncate(EXAMPLES_MAX - 1);
        let message = refusal.errors().first().map(|error| &*error.message);
        refused.examples.push_front(Example {
            at,
            message: without_quotations(message.unwrap_or_default()),
            request_id: id.map(|id| id.as_str().into()),
        });
    }

    pub(super) fn latest_first(&self) -> Vec<Refused> {
        let mut refused = self.0.clone();
        refused.sort_by_key(|refused| std::cmp::Reverse(refused.last_at));
        refused
    }
}

/// The message with `…` for everything between double quotes: messages about documents quote
/// literals, and a literal may be a password. Names stand in backticks.
fn without_quotations(message: &str) -> String {
    let mut kept = String::new();
    for (index, piece) in message.split('"').enumerate() {
        match index {
            0 => kept.push_str(piece),
            _ if index % 2 == 1 => kept.push_str("\"…\""),
            _ => kept.push_str(piece),
        }
    }
    match kept.char_indices().nth(MESSAGE_MAX) {
        None => kept,
        Some((end, _)) => format!("{}…", &kept[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(message: &str, expected: &str) {
        assert_eq!(without_quotations(message), expected);
    }

    #[test]
    fn what_a_message_quotes_is_not_kept() {
        check("the body is not JSON", "the body is not JSON");
        check(
            "expected value of type `Int!`, found \"hunter2\" there",
            "expected value of type `Int!`, found \"…\" there",
        );
        check("found an open \"hunter2", "found an open \"…\"");
        check(
            &"x".repeat(MESSAGE_MAX + 1),
            &format!("{}…", "x".repeat(MESSAGE_MAX)),
        );
    }

    #[test]
    fn the_last_examples_of_each_code_are_kept() {
        let mut refusals = Refusals::default();
        let at = |second| SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(second);
        for second in 0..20 {
            let refusal = Refusal::new(Code::BadRequest, format!("number {second}"));
            refusals.count(&refusal, None, at(second));
        }
        refusals.count(&Refusal::new(Code::Internal, "x"), None, at(30));
        let latest = refusals.latest_first();
        assert_eq!(latest[0].code, Code::Internal);
        assert_eq!(latest[1].count, 20);
        let messages: Vec<&str> = latest[1].examples.iter().map(|one| &*one.message).collect();
        let expected = [
            "number 19",
            "number 18",
            "number 17",
            "number 16",
            "number 15",
        ];
        assert_eq!(messages, expected);
    }
}
