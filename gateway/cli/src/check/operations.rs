//! Recorded operations, and what becomes of them.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use composition::compare::Usage;
use serde::Deserialize;

use crate::serve::read as read_file;

/// How many folders deep operations are looked for; it ends circles of links.
const DEPTH_MAX: usize = 8;

/// How many operations are read: far more than any client has, and still seconds of work.
const OPERATIONS_MAX: usize = 100_000;

/// How many reasons are told for one operation; the first says most.
const REASONS_MAX: usize = 5;

/// One recorded document.
pub(super) struct Operation {
    /// The file, with a number if it holds several.
    pub(super) name: String,
    text: String,
}

/// What becomes of an operation.
pub(super) enum Fate {
    /// It is valid and stays so.
    Stays,
    /// It is valid and would not be; the reasons.
    Breaks(Vec<String>),
    /// It is not valid for the old schema either; the reasons.
    IsInvalid(Vec<String>),
}

impl Operation {
    /// Judges the operation, and adds what it uses of the old schema.
    pub(super) fn fate(&self, old: &Valid<Schema>, new: &Valid<Schema>, usage: &mut Usage) -> Fate {
        match self.parse(old) {
            Ok(document) => usage.add(old, &document),
            Err(reasons) => return Fate::IsInvalid(reasons),
        }
        match self.parse(new) {
            Ok(_) => Fate::Stays,
            Err(reasons) => Fate::Breaks(reasons),
        }
    }

    /// The document, or why it is not valid.
    fn parse(&self, schema: &Valid<Schema>) -> Result<Valid<ExecutableDocument>, Vec<String>> {
        let parsed = ExecutableDocument::parse_and_validate(schema, &*self.text, &self.name);
        parsed.map_err(|invalid| {
            let errors = invalid.errors.iter().take(REASONS_MAX);
            errors.map(|error| error.error.to_string()).collect()
        })
    }
}

/// What a `.json` file holds: a request, or several.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected {\"query\": \"…\"}, or a list of such")]
enum Recorded {
    One(Request),
    Several(Vec<Request>),
}

#[derive(Deserialize)]
struct Request {
    query: String,
}

/// Reads every `*.graphql` and `*.json` below a folder, in the order of their names.
///
/// # Errors
///
/// If a file cannot be read, or there is none: with nothing recorded, nothing would ever break.
pub(super) fn read(folder: &Path) -> Result<Vec<Operation>> {
    let mut files = Vec::new();
    find(folder, DEPTH_MAX, &mut files)?;
    files.sort();
    let mut operations = Vec::new();
    for file in files {
        let name = file.strip_prefix(folder).unwrap_or(&file);
        let name = name.display().to_string();
        let text = read_file(&file)?;
        if file.extension().is_some_and(|one| one == "json") {
            let recorded = serde_json::from_str(&text)
                .with_context(|| format!("{} holds no recorded operation", file.display()))?;
            match recorded {
                Recorded::One(request) => operations.push(Operation {
                    name,
                    text: request.query,
                }),
                Recorded::Several(requests) => {
                    let all = requests.into_iter().enumerate();
                    operations.extend(all.map(|(index, request)| Operation {
                        name: format!("{name}#{}", index + 1),
                        text: request.query,
                    }));
                }
            }
        } else {
            operations.push(Operation { name, text });
        }
        if operations.len() > OPERATIONS_MAX {
            bail!(
                "{} holds more than {OPERATIONS_MAX} operations",
                folder.display()
            );
        }
    }
    if operations.is_empty() {
        bail!(
            "{} holds no operations: there is no *.graphql or *.json in it",
            folder.display()
        );
    }
    Ok(operations)
}

fn find(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            if depth > 0 {
                find(&path, depth - 1, files)?;
            }
        } else if path
            .extension()
            .is_some_and(|one| one == "graphql" || one == "json")
        {
            files.push(path);
        }
    }
    Ok(())
}
