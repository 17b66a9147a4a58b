//! Reads a mapping of the configuration key by key, and collects what is wrong instead of
//! stopping at it.

use std::cell::RefCell;
use std::str::FromStr;
use std::time::Duration;

use serde_norway::{Mapping, Value};

use super::Problem;
use super::quantity::{self, Quantity};

/// Everything that is wrong, in the order in which it was found.
#[derive(Debug, Default)]
pub(super) struct Problems {
    list: RefCell<Vec<Problem>>,
    /// The keys that were asked for, each with those that lead there, with dots.
    #[cfg(test)]
    asked: RefCell<Vec<String>>,
}

impl Problems {
    pub(super) fn push(&self, path: &str, message: &str) {
        self.list.borrow_mut().push(Problem {
            path: path.to_owned(),
            message: message.to_owned(),
        });
    }

    /// The keys that were asked for.
    #[cfg(test)]
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.borrow().clone()
    }

    pub(super) fn into_list(self) -> Vec<Problem> {
        self.list.into_inner()
    }
}

/// One mapping. Its keys are taken out as they are read; what is left at the end is unknown.
pub(super) struct Section<'a> {
    path: String,
    values: Mapping,
    /// The keys that were asked for: what an unknown key may have meant.
    known: Vec<String>,
    problems: &'a Problems,
}

impl<'a> Section<'a> {
    /// The whole document.
    pub(super) fn root(value: Value, problems: &'a Problems) -> Self {
        Self::new(String::new(), value, problems)
    }

    fn new(path: String, value: Value, problems: &'a Problems) -> Self {
        let values = match value {
            Value::Mapping(values) => values,
            Value::Null => Mapping::new(),
            _ => {
                problems.push(&path, "must be a mapping of keys to values");
                Mapping::new()
            }
        };
        Self {
            path,
            values,
            known: Vec::new(),
            problems,
        }
    }

    fn path_of(&self, key: &str) -> String {
        match (self.path.as_str(), key) {
            ("", key) => key.to_owned(),
            (path, "") => path.to_owned(),
            (path, key) => format!("{path}.{key}"),
        }
    }

    /// Notes that something is wrong at `key`, or with the whole section if it is empty.
    pub(super) fn problem(&self, key: &str, message: &str) {
        self.problems.push(&self.path_of(key), message);
    }

    /// Notes that somebody asked for a key.
    fn know(&mut self, key: &str) {
        self.known.push(key.to_owned());
        #[cfg(test)]
        self.problems.asked.borrow_mut().push(self.path_of(key));
    }

    fn take(&mut self, key: &str) -> Option<Value> {
        self.know(key);
        self.values.remove(key)
    }

    /// The keys that are there, in the order of the file.
    pub(super) fn keys(&self) -> Vec<String> {
        let keys = self.values.keys();
        keys.filter_map(|key| key.as_str().map(str::to_owned))
            .collect()
    }

    /// Takes `key` if its value is this word.
    pub(super) fn take_word(&mut self, key: &str, word: &str) -> bool {
        let found = self.values.get(key).and_then(Value::as_str) == Some(word);
        if found {
            self.take(key);
        }
        found
    }

    /// A scalar, if there is one.
    pub(super) fn parsed<T: FromStr>(&mut self, key: &str, what: &str) -> Option<T> {
        let value = self.take(key)?;
        let text = match value {
            Value::Null => return None,
            Value::String(text) => text,
            Value::Bool(value) => value.to_string(),
            Value::Number(number) => number.to_string(),
            _ => {
                self.problem(key, &format!("must be {what}"));
                return None;
            }
        };
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.problem(key, &format!("`{text}` is not {what}"));
        }
        parsed
    }

    /// A scalar that must be there.
    pub(super) fn required<T: FromStr>(&mut self, key: &str, what: &str) -> Option<T> {
        if !self.values.contains_key(key) {
            self.know(key);
            self.problem(key, &format!("is missing: {what}"));
            return None;
        }
        self.parsed(key, what)
    }

    /// A scalar, or a list of them, that must be there.
    pub(super) fn one_or_more<T: FromStr>(&mut self, key: &str, what: &str) -> Option<Vec<T>> {
        let Some(Value::Sequence(items)) = self.values.get(key).cloned() else {
            return Some(vec![self.required(key, what)?]);
        };
        self.take(key);
        let read = items.iter().map(|item| item.as_str()?.parse().ok());
        let read: Option<Vec<T>> = read.collect();
        if read.is_none() {
            self.problem(key, &format!("must be {what}, or a list of such"));
        }
        read
    }

    /// A scalar, or a list of them, if there is one; an empty list is one, too.
    pub(super) fn list<T: FromStr>(&mut self, key: &str, what: &str, default: Vec<T>) -> Vec<T> {
        match self.values.contains_key(key) {
            true => self.one_or_more(key, what).unwrap_or_default(),
            false => {
                self.know(key);
                default
            }
        }
    }

    /// A time that is not nothing.
    pub(super) fn duration(&mut self, key: &str, default: Duration) -> Duration {
        self.quantity(key, default)
    }

    /// A number of bytes that is not nothing.
    pub(super) fn size(&mut self, key: &str, default: usize) -> usize {
        let parsed: quantity::Size = self.quantity(key, quantity::Size(default));
        parsed.0
    }

    fn quantity<T: Quantity>(&mut self, key: &str, default: T) -> T {
        let Some(text) = self.parsed::<String>(key, T::WHAT) else {
            return default;
        };
        T::read(&text).unwrap_or_else(|| {
            self.problem(key, &format!("`{text}` is not {}", T::WHAT));
            default
        })
    }

    /// A number that is not zero.
    pub(super) fn count<T: FromStr + PartialEq + From<u8>>(&mut self, key: &str, default: T) -> T {
        match self.parsed::<T>(key, "a number") {
            Some(number) if number == T::from(0) => {
                self.problem(key, "must be at least 1");
                default
            }
            Some(number) => number,
            None => default,
        }
    }

    /// A mapping below this one, if there is one.
    pub(super) fn section(&mut self, key: &str) -> Option<Section<'a>> {
        let value = self.take(key)?;
        Some(Section::new(self.path_of(key), value, self.problems))
    }

    /// The mappings in the mapping at `key`, by their names.
    pub(super) fn sections(&mut self, key: &str) -> Vec<(String, Section<'a>)> {
        let Some(mut outer) = self.section(key) else {
            return Vec::new();
        };
        let names = outer.keys();
        let mut sections = Vec::with_capacity(names.len());
        for name in names {
            if let Some(section) = outer.section(&name) {
                sections.push((name, section));
            }
        }
        sections
    }

    /// Says which keys nobody asked for.
    pub(super) fn finish(self) {
        for key in self.values.keys() {
            let Some(key) = key.as_str() else {
                self.problem("", "has a key that is no text");
                continue;
            };
            let message = match nearest(key, &self.known) {
                Some(known) => format!("is not a setting; did you mean `{known}`?"),
                None => "is not a setting".to_owned(),
            };
            self.problem(key, &message);
        }
    }
}

/// The known word that is most like this one, if it is near enough to have been meant: at most
/// one letter in three is different.
fn nearest<'a>(word: &str, known: &'a [String]) -> Option<&'a str> {
    known
        .iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| distance * 3 <= candidate.chars().count())
        .min()
        .map(|(_, candidate)| candidate.as_str())
}

/// How many letters must be changed, added, left out or swapped with their neighbour
/// (Damerau-Levenshtein, without overlaps).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = match (i, j) {
                (0, n) | (n, 0) => n,
                (i, j) => {
                    let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let swapped =
                        match i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                            true => rows[i - 2][j - 2] + 1,
                            false => usize::MAX,
                        };
                    changed
                        .min(swapped)
                        .min(rows[i - 1][j] + 1)
                        .min(rows[i][j - 1] + 1)
                }
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_were_nearly_right_are_recognised() {
        let known = ["listen", "limits", "public_url"].map(str::to_owned);
        assert_eq!(nearest("lisen", &known), Some("listen"));
        assert_eq!(nearest("limit", &known), Some("limits"));
        assert_eq!(nearest("public-url", &known), Some("public_url"));
        assert_eq!(nearest("litsen", &known), Some("listen"));
        assert_eq!(nearest("colour", &known), None);
    }
}
