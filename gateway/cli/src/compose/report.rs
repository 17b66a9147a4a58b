//! What composition says, for people and for programs.

use std::io::Write;

use anyhow::Result;
use composition::{Composed, Diagnostic, Hint, Level, Place};
use serde_json::{Value, json};

use super::Input;
use crate::log::harmless;

/// How many characters of a source line are shown; generated schemas have much longer ones.
const EXCERPT_MAX: usize = 100;

/// Every error with its places in the source, or the hints.
pub(super) fn text(
    out: &mut impl Write,
    input: &Input,
    composed: &Result<Composed, Vec<Diagnostic>>,
) -> Result<()> {
    match composed {
        Ok(composed) => {
            for hint in &composed.hints {
                self::hint(out, input, hint)?;
            }
        }
        Err(errors) => {
            for error in errors {
                self::error(out, input, error)?;
            }
            let count = errors.len();
            let s = if count == 1 { "" } else { "s" };
            writeln!(out, "the graph does not compose: {count} error{s}")?;
        }
    }
    Ok(())
}

fn error(out: &mut impl Write, input: &Input, error: &Diagnostic) -> Result<()> {
    writeln!(out, "error[{}]: {}", error.code, harmless(&error.message))?;
    places(out, input, &error.places)?;
    writeln!(out, "  help: tenon explain {}\n", error.code)?;
    Ok(())
}

fn places(out: &mut impl Write, input: &Input, places: &[Place]) -> Result<()> {
    for place in places {
        write!(out, "  --> {place}")?;
        match input.file(&place.subgraph) {
            Some(file) => writeln!(out, " ({})", file.display())?,
            None => writeln!(out)?,
        }
        excerpt(out, input, place)?;
    }
    Ok(())
}

/// The line of the place, and a caret under its column.
fn excerpt(out: &mut impl Write, input: &Input, place: &Place) -> Result<()> {
    let mut subgraphs = input.subgraphs.iter();
    let subgraph = subgraphs.find(|subgraph| subgraph.name == place.subgraph);
    let line = subgraph.and_then(|one| one.sdl.lines().nth(place.line.saturating_sub(1)));
    if let Some((line, column)) = line.and_then(|line| around(line, place.column)) {
        let number = place.line.to_string();
        let margin = " ".repeat(number.len());
        writeln!(out, " {margin} |")?;
        writeln!(out, " {number} | {line}")?;
        writeln!(out, " {margin} | {}^", " ".repeat(column))?;
    }
    Ok(())
}

/// The part of a line that is shown, and how many characters of it stand before `column`.
fn around(line: &str, column: usize) -> Option<(String, usize)> {
    let letters: Vec<char> = line
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    // What is missing at the end of a text is missing behind its last line.
    let before = column.checked_sub(1)?.min(letters.len());
    let start = match letters.len() {
        // Most of what is shown follows the caret, since that is what is meant.
        length if length > EXCERPT_MAX => before
            .saturating_sub(EXCERPT_MAX / 4)
            .min(length - EXCERPT_MAX),
        _ => 0,
    };
    let end = letters.len().min(start + EXCERPT_MAX);
    let text: String = letters[start..end].iter().collect();
    let left = if start > 0 { "…" } else { "" };
    let right = if end < letters.len() { "…" } else { "" };
    let column = before - start + left.chars().count();
    Some((format!("{left}{}{right}", text.trim_end()), column))
}

/// A hint at its level; those that are harmless only if the log shows as much.
fn hint(out: &mut impl Write, input: &Input, hint: &Hint) -> Result<()> {
    let level = hint.code.level();
    if level != Level::Debug || tracing::enabled!(tracing::Level::DEBUG) {
        let message = harmless(&hint.message);
        writeln!(out, "{}[{}]: {message}", word(level), hint.code)?;
        places(out, input, &hint.places)?;
        writeln!(out, "  help: tenon explain {}\n", hint.code)?;
    }
    Ok(())
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Warn => "warn",
        Level::Info => "info",
        Level::Debug => "debug",
    }
}

/// `{ok, errors: [{code, message, places: [{subgraph, line, column, file?}]}], hints: [{code,
/// level, message, places}]}`.
pub(super) fn json(input: &Input, composed: &Result<Composed, Vec<Diagnostic>>) -> Value {
    let place = |place: &Place| {
        let mut said = json!({
            "subgraph": place.subgraph,
            "line": place.line,
            "column": place.column,
        });
        if let Some(file) = input.file(&place.subgraph) {
            said["file"] = file.display().to_string().into();
        }
        said
    };
    let error = |error: &Diagnostic| {
        json!({
            "code": error.code.as_str(),
            "message": error.message,
            "places": error.places.iter().map(place).collect::<Vec<_>>(),
        })
    };
    let hint = |hint: &Hint| {
        json!({
            "code": hint.code.as_str(),
            "level": word(hint.code.level()),
            "message": hint.message,
            "places": hint.places.iter().map(place).collect::<Vec<_>>(),
        })
    };
    let (errors, hints) = match composed {
        Ok(composed) => (Vec::new(), composed.hints.iter().map(hint).collect()),
        Err(errors) => (errors.iter().map(error).collect(), Vec::new()),
    };
    json!({ "ok": composed.is_ok(), "errors": errors, "hints": hints })
}

/// The same where nothing could be composed: what is no mistake of a schema has no code.
pub(super) fn unreadable(error: &anyhow::Error) -> Value {
    let error = json!({ "code": null, "message": format!("{error:#}"), "places": [] });
    json!({ "ok": false, "errors": [error], "hints": [] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, column: usize, shown: &str, before: usize) {
        let found = around(line, column).expect("the column is in the line");
        assert_eq!(found, (shown.to_owned(), before));
    }

    #[test]
    fn a_short_line_is_shown_whole() {
        check("type Query { a: Int }", 14, "type Query { a: Int }", 13);
        check("\ta: Ünt", 2, " a: Ünt", 1);
        check("a", 9, "a", 1);
    }

    #[test]
    fn a_long_line_is_shown_around_the_place() {
        let line = format!("{}here{}", "x".repeat(400), "y".repeat(400));
        let (shown, before) = around(&line, 401).expect("the column is in the line");
        assert_eq!(shown.chars().count(), EXCERPT_MAX + 2);
        let at: String = shown.chars().skip(before).take(4).collect();
        assert_eq!(at, "here");
    }
}
