//! When something is wanted: disjunctions of conjunctions of `@skip` and `@include` variables.

use apollo_compiler::Node;
use apollo_compiler::ast::{Directive, DirectiveList, Value};

use crate::budget::{Budget, cost};
use crate::error::Error;
use crate::plan::{Condition, Literal};

/// A conjunction of literals, sorted, without contradiction. Empty: always.
pub(crate) type Conjunction = Vec<Literal>;

/// Beyond this many alternatives a condition is no longer tracked exactly where asking too much
/// does no harm; nobody writes sixteen ways to include one field.
pub(crate) const ALTERNATIVES_MAX: usize = 16;

/// Beyond this many alternatives it takes fewer words to say what is excluded.
const REMAINING_MAX: usize = 8;

/// A disjunction of conjunctions. Empty: never.
///
/// INVARIANT: what always holds is [`When::Always`], the most frequent by far and free of charge.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) enum When {
    Always,
    Any(Vec<Conjunction>),
}

/// The one alternative of what always holds.
const NOTHING_TO_HOLD: &[Conjunction] = &[Vec::new()];

impl When {
    pub(crate) const NEVER: Self = Self::Any(Vec::new());

    pub(crate) const fn always() -> Self {
        Self::Always
    }

    pub(crate) fn all_of(conjunction: Conjunction) -> Self {
        if conjunction.is_empty() {
            Self::Always
        } else {
            Self::Any(vec![conjunction])
        }
    }

    pub(crate) const fn is_always(&self) -> bool {
        matches!(self, Self::Always)
    }

    pub(crate) const fn is_never(&self) -> bool {
        matches!(self, Self::Any(any) if any.is_empty())
    }

    pub(crate) fn alternatives(&self) -> &[Conjunction] {
        match self {
            Self::Always => NOTHING_TO_HOLD,
            Self::Any(any) => any,
        }
    }

    /// Whether it is too long to be kept exactly.
    pub(crate) fn is_too_long(&self) -> bool {
        self.alternatives().len() > ALTERNATIVES_MAX
    }

    /// Holds whenever one of the two does; may hold more often once it gets too long.
    pub(crate) fn or(&mut self, other: &Self) {
        self.or_exactly(other);
        if self.is_too_long() {
            *self = Self::always();
        }
    }

    /// The exact disjunction with a conjunction.
    pub(crate) fn or_all_of(&mut self, mut added: Conjunction) {
        let Self::Any(any) = self else { return };
        loop {
            if any.iter().any(|known| implies(&added, known)) {
                return;
            }
            any.retain(|known| !implies(known, &added));
            // `a and b`, or `a and not b`: the same as `a`.
            let Some((index, merged)) = any
                .iter()
                .enumerate()
                .find_map(|(index, known)| Some((index, resolve(known, &added)?)))
            else {
                break;
            };
            any.remove(index);
            added = merged;
        }
        if added.is_empty() {
            *self = Self::Always;
        } else {
            // INVARIANT: they are sorted, so that equal conditions are the same.
            let place = any.partition_point(|known| *known < added);
            any.insert(place, added);
        }
    }

    /// Holds whenever one of the two does, and only then.
    pub(crate) fn or_exactly(&mut self, other: &Self) {
        for conjunction in other.alternatives() {
            self.or_all_of(conjunction.clone());
        }
    }

    /// Holds when this does and no alternative of `other` does; none if saying so takes too many
    /// alternatives.
    pub(crate) fn and_not(&self, other: &Self, budget: &mut Budget) -> Result<Option<Self>, Error> {
        if other.is_too_long() {
            return Ok(None);
        }
        let mut left = self.clone();
        for excluded in other.alternatives() {
            budget.spend(cost::EXCLUSION * left.alternatives().len())?;
            if left
                .alternatives()
                .iter()
                .all(|known| contradict(known, excluded))
            {
                continue;
            }
            let mut remaining = Self::NEVER;
            for conjunction in left.alternatives() {
                if contradict(conjunction, excluded) {
                    remaining.or_all_of(conjunction.clone());
                    continue;
                }
                for literal in excluded {
                    let negated = Literal {
                        variable: literal.variable.clone(),
                        expected: !literal.expected,
                    };
                    if let Some(both) = and(conjunction, &[negated]) {
                        remaining.or_all_of(both);
                    }
                }
            }
            if remaining.alternatives().len() > REMAINING_MAX {
                return Ok(None);
            }
            left = remaining;
        }
        Ok(Some(left))
    }

    /// What remains to be checked where `given` is known to hold.
    pub(crate) fn given(&self, given: &Self) -> Self {
        if self == given {
            return Self::always();
        }
        let [known] = given.alternatives() else {
            return self.clone();
        };
        let mut rest = Self::NEVER;
        for conjunction in self.alternatives() {
            rest.or_all_of(
                conjunction
                    .iter()
                    .filter(|l| !known.contains(l))
                    .cloned()
                    .collect(),
            );
        }
        rest
    }

    pub(crate) fn into_condition(self) -> Condition {
        Condition {
            any_of: match self {
                Self::Always => NOTHING_TO_HOLD.to_vec(),
                Self::Any(any) => any,
            },
        }
    }
}

/// Whether the two never hold together.
fn contradict(a: &Conjunction, b: &Conjunction) -> bool {
    let denies = |x: &Literal, y: &Literal| x.expected != y.expected && x.variable == y.variable;
    a.iter().any(|x| b.iter().any(|y| denies(x, y)))
}

/// Whether `a` holds only when `b` does.
fn implies(a: &Conjunction, b: &Conjunction) -> bool {
    b.iter().all(|literal| a.contains(literal))
}

/// The two without the one literal in which alone they contradict each other.
fn resolve(a: &Conjunction, b: &Conjunction) -> Option<Conjunction> {
    if a.len() != b.len() {
        return None;
    }
    let mut differing = a.iter().zip(b).enumerate().filter(|(_, (x, y))| x != y);
    let (index, (x, y)) = differing.next()?;
    if differing.next().is_some() || x.variable != y.variable {
        return None;
    }
    let mut merged = a.clone();
    merged.remove(index);
    Some(merged)
}

/// Both; none if they contradict each other.
pub(crate) fn and(a: &Conjunction, literals: &[Literal]) -> Option<Conjunction> {
    let mut both = a.clone();
    for literal in literals {
        if both.contains(literal) {
            continue;
        }
        if both.iter().any(|known| known.variable == literal.variable) {
            return None;
        }
        both.push(literal.clone());
    }
    both.sort();
    Some(both)
}

/// The literals of `@skip` and `@include`; none if constants exclude the selection.
pub(crate) fn literals(directives: &DirectiveList) -> Option<Vec<Literal>> {
    let mut literals = Vec::new();
    for (name, expected) in [("skip", false), ("include", true)] {
        for directive in directives.get_all(name) {
            match if_argument(directive) {
                Some(Value::Boolean(value)) if *value != expected => return None,
                Some(Value::Variable(variable)) => {
                    literals.push(Literal {
                        variable: variable.as_str().into(),
                        expected,
                    });
                }
                _ => {}
            }
        }
    }
    Some(literals)
}

fn if_argument(directive: &Node<Directive>) -> Option<&Value> {
    directive
        .specified_argument_by_name("if")
        .map(|value| &**value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Conjunction {
        let mut literals: Vec<Literal> = text
            .split_whitespace()
            .map(|word| Literal {
                variable: word.trim_start_matches('!').into(),
                expected: !word.starts_with('!'),
            })
            .collect();
        literals.sort();
        literals
    }

    fn any(list: &[&str]) -> When {
        let mut when = When::NEVER;
        for text in list {
            when.or_all_of(all(text));
        }
        when
    }

    fn but(when: &When, excluded: &[&str]) -> Option<When> {
        let mut budget = Budget::new(u64::MAX);
        when.and_not(&any(excluded), &mut budget)
            .expect("there is enough")
    }

    #[test]
    fn complements_cancel() {
        assert!(any(&["a", "!a"]).is_always());
        assert_eq!(any(&["a b", "!a b"]), any(&["b"]));
        assert_eq!(any(&["a", "a b"]), any(&["a"]));
        assert!(any(&["a b", "!a b", "!b"]).is_always());
    }

    #[test]
    fn what_excludes_itself_is_gone() {
        assert_eq!(and(&all("a"), &all("!a")), None);
        assert_eq!(but(&any(&["a"]), &["a"]), Some(When::NEVER));
        assert_eq!(but(&When::always(), &["a b"]), Some(any(&["!a", "!b"])));
    }

    #[test]
    fn what_never_holds_together_excludes_nothing() {
        assert_eq!(but(&any(&["a"]), &["!a b", "!a c"]), Some(any(&["a"])));
        assert_eq!(but(&any(&["a", "b"]), &["!a c"]), Some(any(&["a", "b !c"])));
    }

    #[test]
    fn what_takes_too_many_words_is_not_said() {
        let excluded: Vec<String> = (0..6).map(|n| format!("a{n} b{n}")).collect();
        let excluded: Vec<&str> = excluded.iter().map(String::as_str).collect();
        assert_eq!(but(&When::always(), &excluded), None);
    }

    #[test]
    fn what_is_given_is_not_checked_again() {
        assert_eq!(any(&["a b"]).given(&any(&["a"])), any(&["b"]));
        assert!(any(&["a"]).given(&any(&["a"])).is_always());
        assert_eq!(any(&["a b"]).given(&any(&["a", "b"])), any(&["a b"]));
    }
}
