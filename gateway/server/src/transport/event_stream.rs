//! Reads server-sent events as they arrive, in the dialect of GraphQL over SSE.
//!
//! Source: <https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream>
//! and the "distinct connections mode" of GraphQL over SSE. Lines may end in LF or CRLF.

use bytes::{Buf, Bytes, BytesMut};
use futures_util::stream::{BoxStream, Stream, StreamExt, unfold};

use super::TransportError;

/// One event that a reader cares about.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Frame {
    /// `event: next` with its data.
    Next(Bytes),
    /// An event of another name, to be ignored.
    Other,
}

/// What a line made of the event that is being read.
enum Step {
    More,
    Event(Frame),
    Complete,
}

/// A reader of events.
pub(super) struct Frames {
    source: BoxStream<'static, Result<Bytes, TransportError>>,
    buffer: BytesMut,
    /// How many bytes of the buffer are known to hold no end of a line.
    searched: usize,
    event: Vec<u8>,
    data: Vec<u8>,
    event_bytes_max: usize,
    ended: bool,
}

impl Frames {
    /// Reads from `source`; an event of more than `event_bytes_max` bytes is an error.
    pub(super) fn new(
        source: BoxStream<'static, Result<Bytes, TransportError>>,
        event_bytes_max: usize,
    ) -> Self {
        Self {
            source,
            buffer: BytesMut::new(),
            searched: 0,
            event: Vec::new(),
            data: Vec::new(),
            event_bytes_max,
            ended: false,
        }
    }

    /// The events until `complete`. A stream that ends without it broke off, which is an error.
    pub(super) fn into_stream(self) -> impl Stream<Item = Result<Frame, TransportError>> {
        unfold(self, |mut frames| async move {
            let item = frames.next().await?;
            frames.ended = item.is_err();
            Some((item, frames))
        })
    }

    async fn next(&mut self) -> Option<Result<Frame, TransportError>> {
        if self.ended {
            return None;
        }
        loop {
            while let Some(line) = self.line() {
                match self.step(&line) {
                    Step::More => {}
                    Step::Event(frame) => return Some(Ok(frame)),
                    Step::Complete => return None,
                }
            }
            if self.buffer.len() + self.data.len() > self.event_bytes_max {
                return Some(Err(TransportError::TooLarge(self.event_bytes_max)));
            }
            match self.source.next().await {
                Some(Ok(bytes)) => self.buffer.extend_from_slice(&bytes),
                Some(Err(error)) => return Some(Err(error)),
                None => {
                    return Some(Err(TransportError::Protocol(
                        "the event stream ended without completing",
                    )));
                }
            }
        }
    }

    /// Takes the next whole line, without its end.
    fn line(&mut self) -> Option<BytesMut> {
        let found = self.buffer[self.searched..]
            .iter()
            .position(|byte| *byte == b'\n');
        let Some(offset) = found else {
            self.searched = self.buffer.len();
            return None;
        };
        let mut line = self.buffer.split_to(self.searched + offset);
        self.buffer.advance(1);
        self.searched = 0;
        if line.last() == Some(&b'\r') {
            line.truncate(line.len() - 1);
        }
        Some(line)
    }

    fn step(&mut self, line: &[u8]) -> Step {
        if line.is_empty() {
            return self.dispatch();
        }
        let colon = line.iter().position(|byte| *byte == b':');
        let (field, value) = match colon {
            Some(at) => {
                let value = &line[at + 1..];
                (&line[..at], value.strip_prefix(b" ").unwrap_or(value))
            }
            None => (line, &b""[..]),
        };
        match field {
            b"event" => self.event = value.to_vec(),
            b"data" => {
                if !self.data.is_empty() {
                    self.data.push(b'\n');
                }
                self.data.extend_from_slice(value);
            }
            // Comments have an empty name; `id` and `retry` mean nothing in one POST.
            _ => {}
        }
        Step::More
    }

    fn dispatch(&mut self) -> Step {
        let event = std::mem::take(&mut self.event);
        let data = std::mem::take(&mut self.data);
        match event.as_slice() {
            b"next" => Step::Event(Frame::Next(data.into())),
            b"complete" => Step::Complete,
            _ if data.is_empty() => Step::More,
            _ => Step::Event(Frame::Other),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    /// Feeds the text in pieces of every size, since the network cuts where it likes.
    #[track_caller]
    fn check(text: &str, expected: &[&str], ends_well: bool) {
        for size in 1..=text.len() {
            let pieces: Vec<_> = text
                .as_bytes()
                .chunks(size)
                .map(|piece| Ok(Bytes::copy_from_slice(piece)))
                .collect();
            let frames = Frames::new(stream::iter(pieces).boxed(), 64).into_stream();
            let items: Vec<_> = futures_util::FutureExt::now_or_never(frames.collect::<Vec<_>>())
                .expect("the source never waits");
            let mut next = Vec::new();
            let mut failed = false;
            for item in items {
                match item {
                    Ok(Frame::Next(data)) => next.push(String::from_utf8(data.to_vec()).unwrap()),
                    Ok(Frame::Other) => {}
                    Err(_) => failed = true,
                }
            }
            assert_eq!(next, expected, "{text:?} in pieces of {size}");
            assert_eq!(!failed, ends_well, "{text:?} in pieces of {size}");
        }
    }

    #[test]
    fn events_are_read_however_they_are_cut() {
        check(
            "event: next\ndata: {\"data\":1}\n\nevent: complete\ndata:\n\n",
            &["{\"data\":1}"],
            true,
        );
        check(
            ":\n\nevent:next\r\ndata:1\r\ndata: 2\r\n\r\nevent: ping\ndata: x\n\nevent: complete\n\n",
            &["1\n2"],
            true,
        );
    }

    #[test]
    fn a_stream_that_breaks_off_or_is_too_large_is_an_error() {
        check("event: next\ndata: 1\n\n", &["1"], false);
        check(&format!("data: {}", "x".repeat(100)), &[], false);
    }
}
