//! What a code means: the rule, a graph that breaks it and one that obeys it, and where the
//! specification says so.
//!
//! ```
//! let explained = composition::explain::explain(composition::Code::KeyFieldsHasArgs);
//! assert!(explained.rule.contains("arguments"));
//! ```

use std::fmt;
use std::str::FromStr;

use crate::{Code, HintCode, SubgraphInput};

mod example;
mod hint;
mod rule;
mod specification;

/// A published code, of an error or of a hint.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Published {
    /// The graph does not compose.
    Error(Code),
    /// It composes, but somebody should look.
    Hint(HintCode),
}

impl Published {
    /// Every code: those of errors, then those of hints, each in the order of publication.
    pub fn all() -> impl Iterator<Item = Self> {
        let errors = Code::ALL.iter().copied().map(Self::Error);
        errors.chain(HintCode::ALL.iter().copied().map(Self::Hint))
    }

    /// The published spelling. One is that of an error and of a hint.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error(code) => code.as_str(),
            Self::Hint(code) => code.as_str(),
        }
    }
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Code> for Published {
    fn from(code: Code) -> Self {
        Self::Error(code)
    }
}

impl From<HintCode> for Published {
    fn from(code: HintCode) -> Self {
        Self::Hint(code)
    }
}

/// What one code means.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Explanation {
    /// Which.
    pub code: Published,
    /// The rule, in a few sentences.
    pub rule: &'static str,
    /// Two graphs; none for the few codes that no small graph can cause.
    pub example: Option<Example>,
    /// The address of the text that the rule comes from.
    pub specification: &'static str,
}

/// Two graphs that differ in one rule. Each subgraph follows a line `# subgraph: NAME`;
/// [`subgraphs`] takes them apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Example {
    /// Composing it gives the code.
    pub breaks: &'static str,
    /// It composes, without the hint if it is about one.
    pub obeys: &'static str,
}

/// Tells what a code means.
pub fn explain(code: impl Into<Published>) -> Explanation {
    let code = code.into();
    let ((section, rule), example) = match code {
        Published::Error(code) => (rule::of(code), example::of_error(code)),
        Published::Hint(code) => (hint::of(code), example::of_hint(code)),
    };
    Explanation {
        code,
        rule,
        example,
        specification: section.url(),
    }
}

/// The subgraphs of an example, each after a line `# subgraph: NAME`.
pub fn subgraphs(example: &str) -> Vec<SubgraphInput> {
    let parts = example.split("# subgraph: ").skip(1);
    parts
        .map(|part| {
            let (name, sdl) = part.split_once('\n').unwrap_or((part, ""));
            SubgraphInput {
                name: name.trim().to_owned(),
                url: format!("http://{}/graphql", name.trim()),
                sdl: sdl.to_owned(),
            }
        })
        .collect()
}

/// A text that is no published code.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{text}` is not a code{}", Meant(*nearest))]
pub struct UnknownCode {
    /// What was written.
    pub text: String,
    /// The code that is nearest to it, if one is near.
    pub nearest: Option<Published>,
}

struct Meant(Option<Published>);

impl fmt::Display for Meant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(code) => write!(f, "; did you mean `{code}`?"),
            None => Ok(()),
        }
    }
}

impl FromStr for Published {
    type Err = UnknownCode;

    /// Reads the published spelling, in any case, with `-` for `_` if one likes. What an error and a
    /// hint share is the error.
    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let wanted = text.trim().to_ascii_uppercase().replace('-', "_");
        if let Some(code) = Self::all().find(|code| code.as_str() == wanted) {
            return Ok(code);
        }
        Err(UnknownCode {
            text: text.to_owned(),
            nearest: nearest(&wanted),
        })
    }
}

/// The code with the fewest typing mistakes in `wanted`, or one that begins with it.
fn nearest(wanted: &str) -> Option<Published> {
    // Longer than any code can be by a few typing mistakes; the comparison is quadratic.
    const LENGTH_MAX: usize = 80;
    if wanted.is_empty() || wanted.len() > LENGTH_MAX {
        return None;
    }
    let counted = Published::all().map(|code| (mistakes(wanted, code.as_str()), code));
    let (count, code) = counted.min_by_key(|(count, _)| *count)?;
    // Codes are long: with half of the letters right there is still a resemblance.
    if count * 2 <= wanted.len() {
        return Some(code);
    }
    Published::all().find(|code| code.as_str().contains(wanted))
}

/// How many letters must be put in, taken out or changed to make one text of the other.
fn mistakes(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, wanted) in other.bytes().enumerate() {
            let changed = diagonal + usize::from(letter != wanted);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, nearest: Option<Code>) {
        let unknown = text.parse::<Published>().unwrap_err();
        assert_eq!(unknown.nearest, nearest.map(Published::from), "{unknown}");
    }

    #[test]
    fn a_code_can_be_mistyped() {
        check("NO_QUERY", Some(Code::NoQueries));
        check("SATISFIABILTY_EROR", Some(Code::SatisfiabilityError));
        check("SATISFIABILITY", Some(Code::SatisfiabilityError));
        check("", None);
        check("completely-different-thing", None);
    }

    #[test]
    fn a_code_can_be_written_small() {
        assert_eq!("no-queries".parse(), Ok(Published::from(Code::NoQueries)));
        assert_eq!(
            "inconsistent-entity".parse(),
            Ok(Published::from(HintCode::InconsistentEntity))
        );
    }
}
