//! Pages of a list, by key and not by count: Relay's connections over keyset paging.
//!
//! A cursor is the sort key and the id of a row. The next page begins after that key, so a row that
//! is added or removed meanwhile neither repeats nor hides another, and a late page costs what the
//! first one does.

use async_graphql::SimpleObject;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::error::{Code, refuse};

/// Rows of a page when the client does not say.
const LIMIT_DEFAULT: u32 = 25;

/// The most rows of a page: what a list on a screen can use, and what one statement answers in
/// some milliseconds.
const LIMIT_MAX: u32 = 100;

/// Bytes of a cursor's text; our longest sort key, a name, fits twice.
const CURSOR_BYTES_MAX: usize = 1_024;

/// Where a row stands in its list.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct CursorKey {
    /// The value that the list is sorted by.
    #[serde(rename = "s")]
    pub sort: SortKey,
    /// The row's id, which orders rows of equal value.
    #[serde(rename = "i")]
    pub id: String,
}

/// A value that a list can be sorted by.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(untagged)]
pub enum SortKey {
    /// A number, or a time in microseconds.
    Int(i64),
    /// A text, compared byte by byte.
    Text(String),
}

impl From<i64> for SortKey {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<crate::time::Timestamp> for SortKey {
    fn from(value: crate::time::Timestamp) -> Self {
        Self::Int(value.as_micros())
    }
}

impl From<String> for SortKey {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl CursorKey {
    /// The key of the row `id` in a list sorted by `sort`.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "an id is two words, and callers have it by value"
    )]
    pub fn new(sort: impl Into<SortKey>, id: impl ToString) -> Self {
        Self {
            sort: sort.into(),
            id: id.to_string(),
        }
    }

    /// The text that clients pass back; opaque to them.
    #[must_use]
    pub fn to_cursor(&self) -> String {
        let json = serde_json::to_vec(self).expect("a key is a number and texts");
        URL_SAFE_NO_PAD.encode(json)
    }

    /// The key behind a client's text.
    ///
    /// # Errors
    ///
    /// [`Code::BadUserInput`] if the text is no cursor.
    pub fn from_cursor(text: &str) -> async_graphql::Result<Self> {
        (text.len() <= CURSOR_BYTES_MAX)
            .then(|| URL_SAFE_NO_PAD.decode(text).ok())
            .flatten()
            .and_then(|json| serde_json::from_slice(&json).ok())
            .ok_or_else(|| refuse(Code::BadUserInput, "this is not a cursor of this list"))
    }

    /// The number to sort by.
    ///
    /// # Errors
    ///
    /// [`Code::BadUserInput`] if it is a text: the cursor is of another list.
    pub fn int(&self) -> async_graphql::Result<i64> {
        match self.sort {
            SortKey::Int(value) => Ok(value),
            SortKey::Text(_) => Err(refuse(
                Code::BadUserInput,
                "this is not a cursor of this list",
            )),
        }
    }

    /// The text to sort by.
    ///
    /// # Errors
    ///
    /// [`Code::BadUserInput`] if it is a number: the cursor is of another list.
    pub fn text(&self) -> async_graphql::Result<&str> {
        match &self.sort {
            SortKey::Text(value) => Ok(value),
            SortKey::Int(_) => Err(refuse(
                Code::BadUserInput,
                "this is not a cursor of this list",
            )),
        }
    }
}

/// Which way a list is read from its starting key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Direction {
    /// In the list's order: `first`, `after`.
    Forward,
    /// Against it: `last`, `before`.
    Backward,
}

/// Which page a client asks for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PageArgs {
    /// Rows at most; 0 to 100.
    pub limit: u32,
    /// Which way to read.
    pub direction: Direction,
    /// The key to start behind; none is the list's end in that direction.
    pub start: Option<CursorKey>,
}

impl PageArgs {
    /// Reads the arguments of a connection field.
    ///
    /// # Errors
    ///
    /// [`Code::BadUserInput`] for a negative count, one above 100, a cursor that is none, or both
    /// directions at once.
    pub fn parse(
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> async_graphql::Result<Self> {
        if (first.is_some() || after.is_some()) && (last.is_some() || before.is_some()) {
            return Err(refuse(
                Code::BadUserInput,
                "use `first` and `after`, or `last` and `before`, not both",
            ));
        }
        let direction = if last.is_some() || before.is_some() {
            Direction::Backward
        } else {
            Direction::Forward
        };
        let limit = match first.or(last) {
            None => LIMIT_DEFAULT,
            Some(count) => u32::try_from(count)
                .ok()
                .filter(|&count| count <= LIMIT_MAX)
                .ok_or_else(|| {
                    let message = format!("ask for 0 to {LIMIT_MAX} rows, not {count}");
                    refuse(Code::BadUserInput, message)
                })?,
        };
        let start = after
            .or(before)
            .map(|text| CursorKey::from_cursor(&text))
            .transpose()?;
        Ok(Self {
            limit,
            direction,
            start,
        })
    }

    /// The arguments of a field that only pages forward.
    ///
    /// # Errors
    ///
    /// As [`PageArgs::parse`].
    pub fn forward(first: Option<i32>, after: Option<String>) -> async_graphql::Result<Self> {
        Self::parse(first, after, None, None)
    }

    /// Rows to fetch: one more than the page has, which tells whether another page follows.
    #[must_use]
    pub const fn fetch(&self) -> u32 {
        self.limit + 1
    }
}

/// One page of a list, in the list's order.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Page<T> {
    /// The rows, each with its place.
    pub items: Vec<(CursorKey, T)>,
    /// Whether the list goes on behind this page.
    pub has_next: bool,
    /// Whether the list has rows before this page.
    pub has_previous: bool,
}

impl<T> Page<T> {
    /// The page that `args` asks for, from [up to `args.fetch()`](PageArgs::fetch) rows read in its
    /// direction.
    #[must_use]
    pub fn new(args: &PageArgs, mut rows: Vec<(CursorKey, T)>) -> Self {
        let limit = usize::try_from(args.limit).expect("a limit of at most a hundred");
        let more = rows.len() > limit;
        rows.truncate(limit);
        let behind = args.start.is_some();
        match args.direction {
            Direction::Forward => Self {
                items: rows,
                has_next: more,
                has_previous: behind,
            },
            Direction::Backward => {
                rows.reverse();
                Self {
                    items: rows,
                    has_next: behind,
                    has_previous: more,
                }
            }
        }
    }

    /// The same page of something made from each row.
    pub fn map<U>(self, mut make: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self
                .items
                .into_iter()
                .map(|(key, item)| (key, make(item)))
                .collect(),
            has_next: self.has_next,
            has_previous: self.has_previous,
        }
    }

    /// What the connection says about the page.
    #[must_use]
    pub fn info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.has_next,
            has_previous_page: self.has_previous,
            start_cursor: self.items.first().map(|(key, _)| key.to_cursor()),
            end_cursor: self.items.last().map(|(key, _)| key.to_cursor()),
        }
    }
}

pub use info::PageInfo;

#[expect(
    missing_docs,
    reason = "Relay's specification says it; a doc comment would enter the API"
)]
mod info {
    use super::SimpleObject;

    #[derive(Clone, Debug, Eq, PartialEq, SimpleObject)]
    #[graphql(shareable)]
    pub struct PageInfo {
        pub has_next_page: bool,
        pub has_previous_page: bool,
        pub start_cursor: Option<String>,
        pub end_cursor: Option<String>,
    }
}

/// Declares the GraphQL types of a connection, and how a [`Page`] becomes one.
///
/// ```
/// #[derive(async_graphql::SimpleObject)]
/// struct Note {
///     text: String,
/// }
/// kit::connection! {
///     /// Notes, newest first.
///     pub(crate) NoteConnection, NoteEdge of Note
/// }
/// ```
#[macro_export]
macro_rules! connection {
    ($(#[$meta:meta])* $vis:vis $connection:ident, $edge:ident of $node:ty) => {
        $(#[$meta])*
        #[derive(async_graphql::SimpleObject)]
        $vis struct $connection {
            edges: Vec<$edge>,
            page_info: $crate::page::PageInfo,
        }

        #[derive(async_graphql::SimpleObject)]
        $vis struct $edge {
            node: $node,
            cursor: String,
        }

        impl<T: Into<$node>> From<$crate::page::Page<T>> for $connection {
            fn from(page: $crate::page::Page<T>) -> Self {
                let page_info = page.info();
                let edges = page
                    .items
                    .into_iter()
                    .map(|(key, item)| $edge {
                        node: item.into(),
                        cursor: key.to_cursor(),
                    })
                    .collect();
                Self { edges, page_info }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(numbers: &[i64]) -> Vec<(CursorKey, i64)> {
        numbers
            .iter()
            .map(|&number| (CursorKey::new(number, "id"), number))
            .collect()
    }

    #[track_caller]
    fn check(args: &PageArgs, read: &[i64], shown: &[i64], has_next: bool, has_previous: bool) {
        let page = Page::new(args, rows(read));
        let items: Vec<i64> = page.items.iter().map(|&(_, item)| item).collect();
        assert_eq!(items, shown);
        assert_eq!((page.has_next, page.has_previous), (has_next, has_previous));
    }

    #[test]
    fn pages_know_whether_there_is_more_on_either_side() {
        let cursor = Some(CursorKey::new(5, "id").to_cursor());
        let first = PageArgs::parse(Some(2), None, None, None).unwrap();
        check(&first, &[1, 2, 3], &[1, 2], true, false);
        check(&first, &[1, 2], &[1, 2], false, false);
        let next = PageArgs::parse(Some(2), cursor.clone(), None, None).unwrap();
        check(&next, &[6], &[6], false, true);
        let before = PageArgs::parse(None, None, Some(2), cursor).unwrap();
        check(&before, &[4, 3, 2], &[3, 4], true, true);
        let last = PageArgs::parse(None, None, Some(2), None).unwrap();
        check(&last, &[9, 8], &[8, 9], false, false);
    }

    #[test]
    fn cursors_come_back_and_nonsense_is_refused() {
        let key = CursorKey::new("Ümit".to_owned(), "usr_1");
        assert_eq!(CursorKey::from_cursor(&key.to_cursor()).unwrap(), key);
        assert!(key.int().is_err());
        assert!(CursorKey::from_cursor("nonsense").is_err());
        assert!(CursorKey::from_cursor(&"a".repeat(5_000)).is_err());
    }

    #[test]
    fn counts_are_bounded_and_directions_exclude_each_other() {
        assert!(PageArgs::parse(Some(-1), None, None, None).is_err());
        assert!(PageArgs::parse(Some(101), None, None, None).is_err());
        assert!(PageArgs::parse(Some(1), None, Some(1), None).is_err());
        assert_eq!(PageArgs::forward(None, None).unwrap().limit, 25);
    }
}
