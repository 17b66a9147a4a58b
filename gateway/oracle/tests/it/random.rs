//! The same seeds in every run, and new ones.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use oracle::{Shrink, Tally, check};

/// Seeds that every run tries: what was right stays right.
const SEEDS: u64 = 4;

/// How long new seeds are tried where nobody says how long: other tests want to run as well.
const FRESH: Duration = Duration::from_secs(2);

/// The variable that says how many seconds new seeds are tried.
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
    let seconds = std::env::var(SECONDS).ok();
    let seconds = seconds.map(|text| text.parse().expect("a number of seconds"));
    let time = seconds.map_or(FRESH, Duration::from_secs);
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
