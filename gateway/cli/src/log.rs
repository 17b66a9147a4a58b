//! What the program says of itself, on standard error. Standard output is for results.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// The variable that says how much: `debug`, or `server=debug,info`. Default: `info`.
pub(crate) const VARIABLE: &str = "TENON_LOG";

/// Starts the log.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_env(VARIABLE).unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .init();
}

/// Says why a command failed, with all that is behind it.
#[expect(
    clippy::print_stderr,
    reason = "a command's last word is not a line of a log"
)]
pub(crate) fn failure(error: &anyhow::Error) {
    eprintln!("error: {}", harmless(&format!("{error:#}")));
}

/// A message without what would command a terminal: schemas come from servers, too.
pub(crate) fn harmless(message: &str) -> String {
    let shown = |letter: char| match letter {
        '\n' => letter,
        letter if letter.is_control() => char::REPLACEMENT_CHARACTER,
        letter => letter,
    };
    message.chars().map(shown).collect()
}
