//! Composes one graph a line from standard input to standard output.

use std::io::{self, BufRead, Write};

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        writeln!(out, "{}", composition::batch::answer_line(&line?))?;
        out.flush()?;
    }
    Ok(())
}
