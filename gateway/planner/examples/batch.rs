//! Reads lines, plans each, and prints the answers.

use std::io::{BufRead, Write};

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        writeln!(out, "{}", planner::batch::answer_line(&line?))?;
        out.flush()?;
    }
    Ok(())
}
