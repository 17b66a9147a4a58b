//! Work on several cores, whose result does not tell: it is in the order of the input.
//!
//! Most of the time of composition goes into reading the subgraphs, and none of them needs another
//! for that.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Below this, starting a thread takes longer than it saves: a thread costs some tens of
/// microseconds, and 4 kB of schema take about as many hundred.
const BYTES_MIN: usize = 4_096;

/// More threads than this only wait for the memory that they share.
const THREADS_MAX: usize = 8;

/// How many threads to use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Threads(usize);

impl Threads {
    /// As many as pay for schemas of so many bytes on this machine.
    pub(crate) fn worth(bytes: usize) -> Self {
        if bytes < BYTES_MIN {
            return Self(1);
        }
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        Self(cores.min(THREADS_MAX))
    }
}

/// `work` on every item; the results are in the order of the items.
pub(crate) fn each<I: Sync, T: Send>(
    threads: Threads,
    items: &[I],
    work: impl Fn(&I) -> T + Sync,
) -> Vec<T> {
    let threads = threads.0.min(items.len());
    if threads < 2 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        while let index = next.fetch_add(1, Ordering::Relaxed)
            && let Some(item) = items.get(index)
        {
            done.push((index, work(item)));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(take)).collect();
        let mut done = take();
        for other in others {
            done.extend(joined(other));
        }
        done
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// The results of both.
pub(crate) fn both<A, B: Send>(
    threads: Threads,
    one: impl FnOnce() -> A,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    if threads.0 < 2 {
        return (one(), other());
    }
    thread::scope(|scope| {
        let other = scope.spawn(other);
        let one = one();
        (one, joined(other))
    })
}

/// A thread's result, or its panic.
fn joined<T>(thread: thread::ScopedJoinHandle<'_, T>) -> T {
    let result = thread.join();
    result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..100).collect();
        for threads in [1, 2, 8] {
            let squares = each(Threads(threads), &items, |item| item * item);
            assert!(
                squares
                    .iter()
                    .enumerate()
                    .all(|(index, square)| index * index == *square)
            );
        }
        assert!(each(Threads(8), &[] as &[usize], |item| *item).is_empty());
    }

    #[test]
    fn both_are_done() {
        for threads in [1, 2] {
            assert_eq!(both(Threads(threads), || 1, || "two"), (1, "two"));
        }
    }
}
