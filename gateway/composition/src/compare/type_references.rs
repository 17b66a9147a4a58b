//! Which values a type reference leaves out that another one has.

use apollo_compiler::ast::Type;

/// Whether every value of `some` is one of `all`, position by position.
pub(super) fn is_within(some: &Type, all: &Type) -> bool {
    if all.is_non_null() && !some.is_non_null() {
        return false;
    }
    match (some, all) {
        (Type::List(some) | Type::NonNullList(some), Type::List(all) | Type::NonNullList(all)) => {
            is_within(some, all)
        }
        (
            Type::Named(some) | Type::NonNullNamed(some),
            Type::Named(all) | Type::NonNullNamed(all),
        ) => some == all,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(some: &str, all: &str, within: bool) {
        let read = |text: &str| Type::parse(text, "type.graphql").unwrap();
        assert_eq!(
            is_within(&read(some), &read(all)),
            within,
            "{some} in {all}"
        );
    }

    #[test]
    fn a_type_is_within_what_promises_less() {
        check("Int!", "Int", true);
        check("Int", "Int!", false);
        check("[Int!]!", "[Int]", true);
        check("[Int]!", "[Int!]", false);
        check("[[Int!]!]!", "[[Int]!]", true);
        check("Int", "[Int]", false);
        check("[Int]", "Int", false);
        check("Int", "Float", false);
    }
}
