//! `tenon explain`: what a code of composition means.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;
use composition::explain::{Explanation, Published, explain, subgraphs};

use crate::args::Explain;

pub(crate) fn run(arguments: &Explain) -> Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    match &arguments.code {
        Some(code) => write(&mut out, &explain(code.parse::<Published>()?))?,
        None => list(&mut out)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Every code with the first sentence of its rule.
fn list(out: &mut impl Write) -> Result<()> {
    for code in Published::all() {
        let rule = explain(code).rule;
        let sentence = rule.split_once(". ").map_or(rule, |(first, _)| first);
        writeln!(out, "{code}\n    {}", sentence.trim_end_matches('.'))?;
    }
    Ok(())
}

fn write(out: &mut impl Write, explained: &Explanation) -> Result<()> {
    writeln!(out, "{}\n\n{}", explained.code, wrapped(explained.rule))?;
    match &explained.example {
        Some(example) => {
            writeln!(out, "\nThis breaks it:\n\n{}", indented(example.breaks))?;
            if let Some(said) = said(example.breaks, explained.code) {
                writeln!(out, "\nComposition answers:\n\n{}", indented(&said))?;
            }
            writeln!(out, "\nThis obeys it:\n\n{}", indented(example.obeys))?;
        }
        None => writeln!(out, "\nNo small graph can break it.")?,
    }
    writeln!(out, "\nSee {}", explained.specification)?;
    Ok(())
}

/// The first thing that composition says of a graph with this code.
fn said(example: &str, code: Published) -> Option<String> {
    match composition::compose(&subgraphs(example)) {
        Ok(composed) => {
            let mut hints = composed.hints.iter();
            let own = hints.find(|hint| Published::Hint(hint.code) == code);
            own.map(ToString::to_string)
        }
        Err(errors) => {
            let mut errors = errors.iter();
            let own = errors.find(|error| Published::Error(error.code) == code);
            own.map(ToString::to_string)
        }
    }
}

/// The text in lines that a terminal shows whole.
fn wrapped(text: &str) -> String {
    /// Terminals have 80 columns and more.
    const WIDTH: usize = 78;
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is always one");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= WIDTH {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.join("\n")
}

fn indented(text: &str) -> String {
    let lines = text.trim_end().lines().map(|line| match line {
        "" => String::new(),
        line => format!("    {line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}
