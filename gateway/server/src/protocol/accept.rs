//! Which media type the client wants its answer in.
//!
//! Sources: RFC 9110, 12.5.1; <https://graphql.github.io/graphql-over-http/draft/#sec-Accept>.

use std::cmp::Reverse;

use http::HeaderMap;
use http::header::ACCEPT;

use crate::code::Code;
use crate::refusal::Refusal;

/// A form in which answers are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Format {
    /// `application/graphql-response+json`: the status speaks of GraphQL too.
    GraphqlResponse,
    /// `application/json`: the status speaks of HTTP only.
    Json,
    /// `text/event-stream`: server-sent events.
    EventStream,
    /// `multipart/mixed;subscriptionSpec=1.0`: the parts of one response.
    Multipart,
}

/// The forms that a client takes, in its order of preference; never empty.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Accepted(Vec<Format>);

impl Accepted {
    /// Reads the `Accept` headers. None at all means anything.
    pub(super) fn read(headers: &HeaderMap) -> Result<Self, Refusal> {
        let mut ranges = Vec::new();
        for value in headers.get_all(ACCEPT) {
            let text = value.to_str().unwrap_or_default();
            ranges.extend(text.split(',').filter_map(Range::read));
        }
        if ranges.is_empty() && !headers.contains_key(ACCEPT) {
            return Ok(Self(vec![Format::Json]));
        }
        // The sort is stable: what is equally wanted stays in the order in which it was named.
        ranges.sort_by_key(|range| Reverse(range.quality));
        let formats: Vec<Format> = ranges
            .iter()
            .filter(|range| range.quality > 0)
            .filter_map(|range| range.format)
            .collect();
        if formats.is_empty() {
            return Err(Refusal::new(
                Code::NotAcceptable,
                "answers are application/graphql-response+json, application/json, \
                 text/event-stream or multipart/mixed;subscriptionSpec=1.0",
            ));
        }
        Ok(Self(formats))
    }

    /// The form of one answer. A client that only takes parts gets plain JSON: it asks so of
    /// every operation because it cannot know which are subscriptions.
    pub(super) fn single(&self) -> Format {
        let first = self.0.iter().find(|format| **format != Format::Multipart);
        first.copied().unwrap_or(Format::Json)
    }

    /// The form of a stream of answers, if the client takes any.
    pub(super) fn stream(&self) -> Option<Format> {
        let is_stream =
            |format: &&Format| matches!(format, Format::EventStream | Format::Multipart);
        self.0.iter().find(is_stream).copied()
    }
}

/// One media range of the header.
struct Range {
    format: Option<Format>,
    /// In thousandths.
    quality: u16,
}

impl Range {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let media_type = parts.next().filter(|name| !name.is_empty())?;
        let mut quality = 1_000;
        let mut is_utf_8 = true;
        let mut subscription = false;
        for parameter in parts {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let (name, value) = (name.trim(), value.trim().trim_matches('"'));
            match name.to_ascii_lowercase().as_str() {
                "q" => quality = read_quality(value),
                "charset" => is_utf_8 = value.eq_ignore_ascii_case("utf-8"),
                "subscriptionspec" => subscription = value == "1.0" || value == "1",
                _ => {}
            }
        }
        let format = match media_type.to_ascii_lowercase().as_str() {
            "application/graphql-response+json" => Some(Format::GraphqlResponse),
            "application/json" | "application/*" | "*/*" => Some(Format::Json),
            "text/event-stream" => Some(Format::EventStream),
            "multipart/mixed" if subscription => Some(Format::Multipart),
            _ => None,
        };
        Some(Self {
            format: format.filter(|_| is_utf_8),
            quality,
        })
    }
}

/// A quality that cannot be read is as good as none given.
fn read_quality(text: &str) -> u16 {
    match text.parse::<f32>() {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the value is between 0 and 1000"
        )]
        Ok(value) if (0.0..=1.0).contains(&value) => (value * 1_000.0) as u16,
        _ => 1_000,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[track_caller]
    fn check(accept: Option<&str>, single: Option<Format>, stream: Option<Format>) {
        let mut headers = HeaderMap::new();
        if let Some(accept) = accept {
            headers.insert(ACCEPT, HeaderValue::from_str(accept).unwrap());
        }
        let accepted = Accepted::read(&headers);
        assert_eq!(accepted.as_ref().ok().map(Accepted::single), single);
        assert_eq!(accepted.ok().and_then(|a| a.stream()), stream);
    }

    #[test]
    fn the_best_form_is_chosen() {
        use Format::{EventStream, GraphqlResponse, Json, Multipart};
        check(None, Some(Json), None);
        check(Some("*/*"), Some(Json), None);
        check(
            Some("application/graphql-response+json"),
            Some(GraphqlResponse),
            None,
        );
        check(
            Some("application/graphql-response+json; charset=utf-8, application/json; q=0.9"),
            Some(GraphqlResponse),
            None,
        );
        check(
            Some("application/graphql-response+json;q=0.5, application/json"),
            Some(Json),
            None,
        );
        check(
            Some("text/event-stream"),
            Some(EventStream),
            Some(EventStream),
        );
        check(
            Some("application/json, text/event-stream"),
            Some(Json),
            Some(EventStream),
        );
        check(
            Some("multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0,application/json"),
            Some(Json),
            Some(Multipart),
        );
        check(Some("multipart/mixed"), None, None);
        check(Some("text/html"), None, None);
        check(Some("application/json;q=0"), None, None);
        check(Some("application/json; charset=latin1"), None, None);
        check(Some("text/html, */*;q=0.1"), Some(Json), None);
    }
}
