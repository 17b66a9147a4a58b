//! `tenon explain`: what a code of composition means.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Result, bail};
use composition::explain::{Example, Explanation, Published, UnknownCode, explain, subgraphs};
use composition::{Code, HintCode};

use crate::args::Explain;

pub(crate) fn run(arguments: &Explain) -> Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    let Some(code) = &arguments.code else {
        list(&mut out)?;
        return Ok(ExitCode::SUCCESS);
    };
    let code: Published = match code.parse() {
        Ok(code) => code,
        Err(
            unknown @ UnknownCode {
                nearest: Some(_), ..
            },
        ) => return Err(unknown.into()),
        Err(unknown) => bail!("{unknown}; `tenon explain` lists them"),
    };
    write(&mut out, &explain(code))?;
    // One spelling is that of an error and of a hint.
    let hint = HintCode::ALL.iter().copied().map(Published::Hint);
    if let Some(hint) = hint
        .filter(|_| matches!(code, Published::Error(_)))
        .find(|hint| hint.as_str() == code.as_str())
    {
        writeln!(out, "\nAs a hint:\n")?;
        write(&mut out, &explain(hint))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Every code with the first sentence of its rule.
fn list(out: &mut impl Write) -> Result<()> {
    let mut errors = Code::ALL.iter().copied().map(Published::Error);
    writeln!(out, "Errors:\n")?;
    errors.try_for_each(|code| line(out, code))?;
    let mut hints = HintCode::ALL.iter().copied().map(Published::Hint);
    writeln!(out, "\nHints:\n")?;
    hints.try_for_each(|code| line(out, code))
}

fn line(out: &mut impl Write, code: Published) -> Result<()> {
    let rule = explain(code).rule;
    let sentence = rule.split_once(". ").map_or(rule, |(first, _)| first);
    writeln!(out, "{code}\n    {}", sentence.trim_end_matches('.'))?;
    Ok(())
}

fn write(out: &mut impl Write, explained: &Explanation) -> Result<()> {
    writeln!(out, "{}\n\n{}", explained.code, wrapped(explained.rule))?;
    let (breaks, obeys, none) = match explained.code {
        Published::Error(_) => (
            "This breaks it:",
            "This obeys it:",
            "No small graph can break it.",
        ),
        Published::Hint(_) => ("This gives it:", "This does not:", "No graph gives it."),
    };
    match &explained.example {
        Some(example) => {
            writeln!(out, "\n{breaks}\n\n{}", indented(example.breaks))?;
            if let Some(said) = said(explained.code, example) {
                writeln!(out, "\nComposition answers:\n\n{}", indented(&said))?;
            }
            writeln!(out, "\n{obeys}\n\n{}", indented(example.obeys))?;
        }
        None => writeln!(out, "\n{none}")?,
    }
    writeln!(out, "\nSee {}", explained.specification)?;
    Ok(())
}

/// What composition says of the code to the graph that gives it.
fn said(code: Published, example: &Example) -> Option<String> {
    match (composition::compose(&subgraphs(example.breaks)), code) {
        (Err(errors), Published::Error(code)) => {
            let own = errors.iter().find(|error| error.code == code);
            own.map(ToString::to_string)
        }
        (Ok(composed), Published::Hint(code)) => {
            let own = composed.hints.iter().find(|hint| hint.code == code);
            own.map(ToString::to_string)
        }
        _ => None,
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
