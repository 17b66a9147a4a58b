//! What a streamed response is made of, whatever its media type: answers, signs of life while
//! there are none, and an end that says why.

use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{Stream, StreamExt, unfold};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tokio_util::task::task_tracker::TaskTrackerToken;

use crate::code::Code;
use crate::listen::Lifetime;
use crate::pipeline::Answers;
use crate::refusal::Refusal;

/// One piece of a streamed response.
pub(super) enum Event {
    /// Nothing happened for a while.
    Silence,
    /// The subscription has a result.
    Answer(Bytes),
    /// The subscription ends here, for this reason.
    Refused(Refusal),
    /// The last piece.
    End,
}

struct Source {
    answers: Answers,
    stopping: CancellationToken,
    silence_max: Duration,
    state: State,
    _held: TaskTrackerToken,
}

#[derive(Clone, Copy)]
enum State {
    Running,
    Ending,
    Ended,
}

/// The pieces of the response, [`Event::End`] last.
pub(super) fn events(
    answers: Answers,
    lifetime: &Lifetime,
    silence_max: Duration,
) -> impl Stream<Item = Event> + Send + use<> {
    let source = Source {
        answers,
        stopping: lifetime.stopping(),
        silence_max,
        state: State::Running,
        _held: lifetime.hold(),
    };
    unfold(source, |mut source| async move {
        let event = source.next().await?;
        Some((event, source))
    })
}

impl Source {
    async fn next(&mut self) -> Option<Event> {
        match self.state {
            State::Running => {}
            State::Ending => {
                self.state = State::Ended;
                return Some(Event::End);
            }
            State::Ended => return None,
        }
        let silence = sleep_until(Instant::now() + self.silence_max);
        let event = tokio::select! {
            // Whoever stops should not have to wait for a stream that never pauses.
            biased;
            () = self.stopping.cancelled() => Event::Refused(stopping()),
            answer = self.answers.next() => match answer {
                Some(Ok(body)) => Event::Answer(body),
                Some(Err(refusal)) => Event::Refused(refusal),
                None => Event::End,
            },
            () = silence => Event::Silence,
        };
        self.state = match event {
            Event::Silence | Event::Answer(_) => State::Running,
            Event::Refused(_) => State::Ending,
            Event::End => State::Ended,
        };
        Some(event)
    }
}

fn stopping() -> Refusal {
    Refusal::new(
        Code::ServerStopping,
        "the gateway stops; subscribe again and another will answer",
    )
}
