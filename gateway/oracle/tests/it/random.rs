//! The same seeds in every run, and new ones.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use oracle::{Shrink, Tally, check};

/// Seeds that every run tries: what was right stays right.
const SEEDS: u64 = 4;

/// The variable that says how many seconds new seeds are tried: without it, none.
const SECONDS: &str = "TENON_TEST_ORACLE_SECONDS";

#[track_caller]
fn agree(seed: u64) -> Tally {
    match check(seed, Shrink::Yes) {
        Ok(tally) => tally,
        Err(failure) => panic!("{failure}"),
    }
}

#[test]
fn known_seeds_agree() {
    let tally = (0..SEEDS).fold(Tally::default(), |tally, seed| tally.and(agree(seed)));
    assert!(tally.graphs * 2 >= SEEDS, "{tally}");
    assert!(tally.cases > tally.invalid, "{tally}");
}

/// Prints the first seed: with it, `oracle --seed` shows a failure again.
#[test]
fn fresh_seeds_agree() {
    let Ok(seconds) = std::env::var(SECONDS) else {
        println!("skipped: {SECONDS} says how long to try new seeds");
        return;
    };
    let time = Duration::from_secs(seconds.parse().expect("a number of seconds"));
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let first = now.map_or(0, |now| now.as_secs()) << 20;
    println!("seeds from {first}");
    let start = Instant::now();
    let mut tally = Tally::default();
    let mut seed = first;
    while start.elapsed() < time {
        tally = tally.and(agree(seed));
        seed += 1;
    }
    println!("{tally}");
}
