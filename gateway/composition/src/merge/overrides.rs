//! `OVERRIDE_*`: a field that one subgraph takes over from another.

use apollo_compiler::collections::{IndexMap, IndexSet};

use super::Merger;
use crate::diagnostic::{Code, HintCode};
use crate::facts::Coordinate;
use crate::link::{Role, string_argument};
use crate::schemas;

/// Who takes what from whom.
#[derive(Debug, Default)]
pub(crate) struct Overrides {
    taken: IndexMap<(usize, Coordinate), Taken>,
    overridden: IndexMap<(usize, Coordinate), Overridden>,
}

/// A field with `@override`.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    /// The subgraph as named in the directive.
    pub(crate) from: String,
    pub(crate) label: Option<String>,
}

/// A field that another subgraph overrides.
#[derive(Clone, Debug)]
pub(crate) struct Overridden {
    /// The condition; always if there is none.
    pub(crate) label: Option<String>,
}

impl Overrides {
    pub(crate) fn from(&self, subgraph: usize, field: &Coordinate) -> Option<&Taken> {
        self.taken.get(&(subgraph, field.clone()))
    }

    pub(crate) fn overridden(&self, subgraph: usize, field: &Coordinate) -> Option<&Overridden> {
        self.overridden.get(&(subgraph, field.clone()))
    }

    /// Every label, in the order of appearance.
    pub(crate) fn labels(&self) -> IndexSet<&str> {
        self.taken
            .values()
            .filter_map(|taken| taken.label.as_deref())
            .collect()
    }
}

pub(super) fn collect(merger: &mut Merger<'_>) -> Overrides {
    let mut all = Overrides::default();
    let subgraphs = merger.subgraphs;
    for (index, subgraph) in subgraphs.iter().enumerate() {
        for (ty, definition) in &subgraph.schema.types {
            // Who has it as another kind of type than the first is left out.
            if !merger.holders.of(ty).contains(&index) {
                continue;
            }
            for field in schemas::fields(definition)
                .into_iter()
                .flat_map(|fields| fields.values())
            {
                for directive in subgraph.links.on(&field.directives, Role::Override) {
                    let taken = Taken {
                        from: string_argument(directive, "from")
                            .unwrap_or_default()
                            .to_owned(),
                        label: string_argument(directive, "label").map(str::to_owned),
                    };
                    let coordinate = (ty.clone(), field.name.clone());
                    let place = vec![subgraph.place(directive.location())];
                    if definition.is_interface() {
                        merger.error(
                            Code::OverrideOnInterface,
                            format!("@override cannot be used on field \"{ty}.{}\" on subgraph \"{}\": @override is not supported on interface type fields", field.name, subgraph.name),
                            place,
                        );
                        continue;
                    }
                    if subgraph.facts.interface_objects.contains(ty) {
                        merger.error(
                            Code::OverrideCollisionWithAnotherDirective,
                            format!("@override is not yet supported on fields of @interfaceObject types: cannot be used on field \"{ty}.{}\" on subgraph \"{}\"", field.name, subgraph.name),
                            place,
                        );
                        continue;
                    }
                    one(merger, &mut all, index, coordinate, taken, place);
                }
            }
        }
    }
    all
}

fn one(
    merger: &mut Merger<'_>,
    all: &mut Overrides,
    index: usize,
    coordinate: Coordinate,
    mut taken: Taken,
    place: Vec<crate::diagnostic::Place>,
) {
    let subgraphs = merger.subgraphs;
    let name = &subgraphs[index].name;
    let (ty, field) = &coordinate;
    if taken.from == *name {
        merger.error(
            Code::OverrideFromSelfError,
            format!("source and destination subgraphs \"{name}\" are the same for overridden field \"{ty}.{field}\""),
            place,
        );
        return;
    }
    let colliding = |index: usize| -> Option<Role> {
        let subgraph = &subgraphs[index];
        let definition = schemas::field(&subgraph.schema, ty, field)?;
        [Role::Requires, Role::Provides]
            .into_iter()
            .find(|role| subgraph.links.has(&definition.directives, *role))
    };
    let external = subgraphs[index].facts.is_external(ty, field);
    if let Some(role) = external.then_some(Role::External) {
        merger.error(
            Code::OverrideCollisionWithAnotherDirective,
            format!("@override cannot be used on field \"{ty}.{field}\" on subgraph \"{name}\" since it is marked with directive \"{}\"", role.element()),
            place,
        );
        return;
    }
    let Some(from) = subgraphs.iter().position(|other| other.name == taken.from) else {
        merger.hint(
            HintCode::FromSubgraphDoesNotExist,
            format!("source subgraph \"{}\" for field \"{ty}.{field}\" on subgraph \"{name}\" does not exist", taken.from),
            place,
        );
        // There is nothing to take over, so nothing depends on the label.
        taken.label = None;
        all.taken.insert((index, coordinate), taken);
        return;
    };
    let Some(source) = schemas::field(&subgraphs[from].schema, ty, field) else {
        merger.hint(
            HintCode::OverrideDirectiveCanBeRemoved,
            format!("field \"{ty}.{field}\" on subgraph \"{name}\" no longer exists in the from subgraph: the @override directive can be removed"),
            place,
        );
        // There is nothing to take over, so nothing depends on the label.
        taken.label = None;
        all.taken.insert((index, coordinate), taken);
        return;
    };
    if subgraphs[from]
        .links
        .has(&source.directives, Role::Override)
    {
        merger.error(
            Code::OverrideSourceHasOverride,
            format!("field \"{ty}.{field}\" on subgraph \"{name}\" is also marked with directive @override in subgraph \"{}\": only one @override directive is allowed per field", taken.from),
            place,
        );
        return;
    }
    if let Some(role) = colliding(from) {
        merger.error(
            Code::OverrideCollisionWithAnotherDirective,
            format!("@override cannot be used on field \"{ty}.{field}\" on subgraph \"{name}\" since it is marked with directive \"{}\" on subgraph \"{}\"", role.element(), taken.from),
            place,
        );
        return;
    }
    if let Some(label) = &taken.label
        && !is_label(label)
    {
        merger.error(
            Code::OverrideLabelInvalid,
            format!("invalid @override label \"{label}\" on field \"{ty}.{field}\" on subgraph \"{name}\": labels must start with a letter and after that may contain alphanumerics, underscores, minuses, colons, periods, or slashes; alternatively, labels may be of the form \"percent(x)\" where x is a float between 0-100 inclusive"),
            place.clone(),
        );
    }
    if subgraphs[from].facts.is_external(ty, field) {
        merger.hint(
            HintCode::OverrideDirectiveCanBeRemoved,
            format!("field \"{ty}.{field}\" on subgraph \"{name}\" is not resolved anymore by the from subgraph (it is marked @external there): the @override directive can be removed"),
            place,
        );
        // There is nothing to take over, so nothing depends on the label.
        taken.label = None;
        all.taken.insert((index, coordinate), taken);
        return;
    }
    let overridden = vec![subgraphs[from].place(source.location())];
    let (code, message) = if taken.label.is_some() {
        (
            HintCode::OverrideMigrationInProgress,
            format!(
                "field \"{ty}.{field}\" is being migrated with progressive @override; once that is complete, remove the field from subgraph \"{}\"",
                taken.from
            ),
        )
    } else if subgraphs[from].facts.is_used(ty, field) {
        (
            HintCode::OverriddenFieldCanBeRemoved,
            format!(
                "field \"{ty}.{field}\" on subgraph \"{}\" is overridden: it is still used in some federation directive and/or implements an interface, but consider marking it @external explicitly or removing it along with its references",
                taken.from
            ),
        )
    } else {
        (
            HintCode::OverriddenFieldCanBeRemoved,
            format!(
                "field \"{ty}.{field}\" on subgraph \"{}\" is overridden: consider removing it",
                taken.from
            ),
        )
    };
    merger.hint(code, message, overridden);
    all.overridden.insert(
        (from, coordinate.clone()),
        Overridden {
            label: taken.label.clone(),
        },
    );
    all.taken.insert((index, coordinate), taken);
}

/// `percent(x)` with x from 0 to 100 and at most eight decimals, or a name.
fn is_label(label: &str) -> bool {
    if let Some(number) = label
        .strip_prefix("percent(")
        .and_then(|rest| rest.strip_suffix(')'))
    {
        let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(decimals) || whole.len() > 3 || decimals.len() > 8 {
            return false;
        }
        let full = whole.parse::<u32>().unwrap_or(u32::MAX);
        return full < 100 || full == 100 && decimals.bytes().all(|byte| byte == b'0');
    }
    let mut characters = label.chars();
    characters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && characters.all(|c| c.is_ascii_alphanumeric() || "_-:./".contains(c))
}

#[cfg(test)]
mod tests {
    use super::is_label;

    #[track_caller]
    fn check(label: &str, legal: bool) {
        assert_eq!(is_label(label), legal, "{label:?}");
    }

    #[test]
    fn labels() {
        check("feature", true);
        check("a-b_c:d.e/f1", true);
        check("1a", false);
        check("a b", false);
        check("percent(0)", true);
        check("percent(100)", true);
        check("percent(99.12345678)", true);
        check("percent(99.123456789)", false);
        check("percent(100.1)", false);
        check("percent(-1)", false);
        check("percent()", false);
    }
}
