//! `tenon check`: whom a new schema breaks.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use apollo_compiler::Schema;
use apollo_compiler::validation::Valid;
use composition::compare::{self, Change, Level, Usage};
use serde_json::{Value, json};
use supergraph::Supergraph;

use self::operations::{Fate, Operation};
use crate::args::{Check, ReportFormat};
use crate::compose::{Input, refuse, told};
use crate::serve::read;

mod operations;

pub(crate) async fn run(check: Check) -> Result<ExitCode> {
    let done = report(&check).await;
    done.map_err(|error| told(error, check.format))
}

async fn report(check: &Check) -> Result<ExitCode> {
    let old = schema(&read(&check.against)?, &check.against)?;
    let new = match &check.schema {
        Some(path) => schema(&read(path)?, path)?,
        None => {
            let input = Input::read(&check.config).await?;
            match input.compose(check.contract.as_deref())? {
                Ok(composed) => schema(&composed.api_schema, Path::new("the composed API"))?,
                Err(errors) => {
                    refuse(&input, errors, check.format)?;
                    return Ok(ExitCode::FAILURE);
                }
            }
        }
    };
    let recorded = match &check.operations {
        Some(folder) => Some(operations::read(folder)?),
        None => None,
    };
    let report = Report::new(&old, &new, recorded);
    let mut out = std::io::stdout().lock();
    match check.format {
        ReportFormat::Text => report.text(&mut out)?,
        ReportFormat::Json => writeln!(out, "{}", report.json())?,
    }
    Ok(if report.breaks() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// What clients see of a schema that is the API's, or a supergraph.
fn schema(text: &str, path: &Path) -> Result<Valid<Schema>> {
    let named = || path.display().to_string();
    if text.contains("join__Graph") {
        let graph = Supergraph::parse(text).with_context(named)?;
        return Ok(graph.api_schema().clone());
    }
    compare::read(text, &named()).with_context(named)
}

/// A change, and whether a recorded operation meets it.
struct Met {
    change: Change,
    used: bool,
}

struct Report {
    changes: Vec<Met>,
    /// None if nothing was recorded. Then, and if none is valid for the old schema, every change is
    /// taken to be met: nothing tells what clients use.
    operations: Option<Vec<(Operation, Fate)>>,
}

impl Report {
    fn new(old: &Valid<Schema>, new: &Valid<Schema>, recorded: Option<Vec<Operation>>) -> Self {
        let mut usage = Usage::default();
        let operations = recorded.map(|all| {
            let fates = all.into_iter().map(|operation| {
                let fate = operation.fate(old, new, &mut usage);
                (operation, fate)
            });
            fates.collect::<Vec<_>>()
        });
        let mut fates = operations.iter().flatten().map(|(_, fate)| fate);
        let usage_is_known = fates.any(|fate| !matches!(fate, Fate::IsInvalid(_)));
        let changes = compare::compare(old, new).into_iter().map(|change| Met {
            used: !usage_is_known || usage.meets(&change),
            change,
        });
        Self {
            changes: changes.collect(),
            operations,
        }
    }

    fn breaks(&self) -> bool {
        self.count("breaking") + self.broken() > 0
    }

    /// How many changes are of a level, or `unused`.
    fn count(&self, word: &str) -> usize {
        self.changes.iter().filter(|met| met.word() == word).count()
    }

    fn broken(&self) -> usize {
        let fates = self.operations.iter().flatten();
        fates
            .filter(|(_, fate)| matches!(fate, Fate::Breaks(_)))
            .count()
    }

    fn text(&self, out: &mut impl Write) -> Result<()> {
        for met in &self.changes {
            writeln!(out, "{:<9} {}", met.word(), met.change)?;
        }
        for (operation, fate) in self.operations.iter().flatten() {
            let (what, reasons) = match fate {
                Fate::Stays => continue,
                Fate::Breaks(reasons) => ("would be invalid", reasons),
                Fate::IsInvalid(reasons) => ("is invalid already", reasons),
            };
            writeln!(out, "operation {} {what}", operation.name)?;
            for reason in reasons {
                writeln!(out, "    {reason}")?;
            }
        }
        write!(
            out,
            "{} breaking, {} unused, {} dangerous, {} safe",
            self.count("breaking"),
            self.count("unused"),
            self.count("dangerous"),
            self.count("safe"),
        )?;
        match &self.operations {
            Some(all) => writeln!(
                out,
                "; {} of {} operations would be invalid",
                self.broken(),
                all.len()
            )?,
            None => writeln!(out)?,
        }
        Ok(())
    }

    fn json(&self) -> Value {
        let changes = self.changes.iter().map(|met| {
            json!({
                "level": met.word(),
                "code": met.change.code.as_str(),
                "path": met.change.path,
                "message": met.change.message,
            })
        });
        let operations = self.operations.iter().flatten().map(|(operation, fate)| {
            let (word, errors) = match fate {
                Fate::Stays => ("valid", &[] as &[String]),
                Fate::Breaks(reasons) => ("breaks", reasons.as_slice()),
                Fate::IsInvalid(reasons) => ("invalid", reasons.as_slice()),
            };
            json!({ "name": operation.name, "fate": word, "errors": errors })
        });
        json!({
            "ok": !self.breaks(),
            "summary": {
                "breaking": self.count("breaking"),
                "unused": self.count("unused"),
                "dangerous": self.count("dangerous"),
                "safe": self.count("safe"),
                "operations": self.operations.as_ref().map_or(0, Vec::len),
                "operations_broken": self.broken(),
            },
            "changes": changes.collect::<Vec<_>>(),
            "operations": operations.collect::<Vec<_>>(),
        })
    }
}

impl Met {
    /// The level, but `unused` for what would break an operation that nobody has.
    fn word(&self) -> &'static str {
        match self.change.level() {
            Level::Breaking if !self.used => "unused",
            level => level.as_str(),
        }
    }
}
