//! Which documents are wanted, in words that both engines have.

use crate::page::{CursorKey, Direction, PageArgs, SortKey};
use crate::sql::Value;

/// The most documents that one search returns, so that none reads a whole collection.
const LIMIT_MAX: u32 = 1_000;

/// A search: all conditions hold. It is quick if an [`Index`](super::Index) begins with the fields
/// compared for equality and goes on with the one sorted by.
#[derive(Clone, Debug)]
#[must_use = "a search does nothing until it is given to a collection"]
pub struct Find {
    pub(super) conditions: Vec<Condition>,
    pub(super) order: Order,
    pub(super) start: Option<CursorKey>,
    pub(super) limit: u32,
}

/// The order of the found documents; equal ones are ordered by id.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Order {
    /// By id, which is the order in which they were made.
    Oldest,
    /// By id, the newest first.
    Newest,
    /// By a field.
    Ascending(&'static str),
    /// By a field, the greatest first.
    Descending(&'static str),
}

#[derive(Clone, Debug)]
pub(super) struct Condition {
    pub(super) field: &'static str,
    pub(super) test: Test,
}

#[derive(Clone, Debug)]
pub(super) enum Test {
    Equal(Value),
    OneOf(Vec<Value>),
    AtLeast(Value),
    Below(Value),
    Contains(String),
}

impl Find {
    /// Everything, the oldest first, up to a thousand.
    pub const fn all() -> Self {
        Self {
            conditions: Vec::new(),
            order: Order::Oldest,
            start: None,
            limit: LIMIT_MAX,
        }
    }

    /// The field has the value; an empty `Option` asks for null or absent.
    pub fn equal(self, field: &'static str, value: impl Into<Value>) -> Self {
        self.with(field, Test::Equal(value.into()))
    }

    /// The field has one of the values, which are not null.
    pub fn one_of<T: Into<Value>>(
        self,
        field: &'static str,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        self.with(field, Test::OneOf(values))
    }

    /// The field is not less than the value.
    pub fn at_least(self, field: &'static str, value: impl Into<Value>) -> Self {
        self.with(field, Test::AtLeast(value.into()))
    }

    /// The field is less than the value.
    pub fn below(self, field: &'static str, value: impl Into<Value>) -> Self {
        self.with(field, Test::Below(value.into()))
    }

    /// The field contains the text, letter by letter. Store and ask in lower case to ignore case.
    /// No index helps: bound the search by other conditions.
    pub fn contains(self, field: &'static str, text: impl Into<String>) -> Self {
        self.with(field, Test::Contains(text.into()))
    }

    /// In this order.
    pub const fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// At most so many, and never more than a thousand.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = limit.min(LIMIT_MAX);
        self
    }

    fn with(mut self, field: &'static str, test: Test) -> Self {
        self.conditions.push(Condition { field, test });
        self
    }

    /// The search for one page and the document that tells whether another follows.
    pub(super) fn page(mut self, args: &PageArgs) -> Self {
        if args.direction == Direction::Backward {
            self.order = match self.order {
                Order::Oldest => Order::Newest,
                Order::Newest => Order::Oldest,
                Order::Ascending(field) => Order::Descending(field),
                Order::Descending(field) => Order::Ascending(field),
            };
        }
        self.start.clone_from(&args.start);
        self.limit(args.fetch())
    }
}

impl Order {
    /// The field to sort by before the id.
    pub(super) const fn field(self) -> Option<&'static str> {
        match self {
            Self::Oldest | Self::Newest => None,
            Self::Ascending(field) | Self::Descending(field) => Some(field),
        }
    }

    pub(super) const fn descends(self) -> bool {
        match self {
            Self::Oldest | Self::Ascending(_) => false,
            Self::Newest | Self::Descending(_) => true,
        }
    }
}

/// The place of a document in a list sorted by `field`, or by id alone.
pub(super) fn key(field: Option<&str>, id: String, json: &serde_json::Value) -> CursorKey {
    let mut sort = SortKey::Int(0);
    if let Some(field) = field {
        let value = field.split('.').try_fold(json, |json, name| json.get(name));
        sort = match value {
            Some(serde_json::Value::String(text)) => SortKey::Text(text.clone()),
            Some(value) => SortKey::Int(value.as_i64().unwrap_or(0)),
            None => SortKey::Int(0),
        };
    }
    CursorKey { sort, id }
}
