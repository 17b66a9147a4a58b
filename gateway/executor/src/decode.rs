//! One forward pass over a response's bytes, directed by the shape that the plan expects.
//!
//! Keys that come in the order in which they were asked cost one comparison each. Keys in another
//! order, unknown keys, escaped keys and repeated keys (the last one counts) are searched. Every
//! byte is checked, asked for or not, because leaves are passed on as they are.

mod scan;

use bytes::Bytes;
use planner::plan::{Shape, ShapeField, ShapeId};

pub(crate) use self::scan::Scanner;
use crate::table::{Slot, Table};

/// A table's memory is its slots: this is 48 MB. A row costs a slot for each key that was asked,
/// even if the response spends only `{}` on it, so a limit on bytes alone would not hold it.
const SLOTS_MAX: usize = 4_000_000;

/// Nested deeper than any client's or subgraph's parser likes (serde_json stops at 128), and
/// shallow enough for the stack, since values are scanned recursively.
const DEPTH_MAX: u32 = 200;

/// Why a body is not a GraphQL response. The text is for the log.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum Malformed {
    #[error("not UTF-8")]
    NotUtf8,
    #[error("not JSON at byte {0}")]
    NotJson(usize),
    #[error("not a JSON object")]
    NotAnObject,
    #[error("nested deeper than {DEPTH_MAX} levels")]
    TooDeep,
    #[error("more than {SLOTS_MAX} values")]
    TooManyValues,
    #[error("more than 4 GiB")]
    TooLarge,
}

/// A response, taken apart.
#[derive(Debug)]
pub(crate) struct Decoded {
    /// `data` and what is below it.
    pub(crate) table: Table,
    /// Where the value of `errors` stands in the body.
    pub(crate) errors: Option<(u32, u32)>,
}

/// Takes `body` apart; `data` has the shape `data`.
pub(crate) fn decode(body: Bytes, shapes: &[Shape], data: &Shape) -> Result<Decoded, Malformed> {
    if u32::try_from(body.len()).is_err() {
        return Err(Malformed::TooLarge);
    }
    if std::str::from_utf8(&body).is_err() {
        return Err(Malformed::NotUtf8);
    }
    let mut decoder = Decoder {
        scanner: Scanner::new(&body),
        shapes,
        slots: Vec::new(),
        items: Vec::new(),
    };
    let (data, errors) = decoder.response(data)?;
    let mut slots = decoder.slots;
    let at = index(slots.len());
    slots.push(data);
    Ok(Decoded {
        table: Table::new(body, slots, at),
        errors,
    })
}

struct Decoder<'a> {
    scanner: Scanner<'a>,
    shapes: &'a [Shape],
    slots: Vec<Slot>,
    /// The items of the lists that are open; a list's items move to `slots` when it ends, so that
    /// they stand together.
    items: Vec<Slot>,
}

impl Decoder<'_> {
    fn response(&mut self, shape: &Shape) -> Result<(Slot, Option<(u32, u32)>), Malformed> {
        let mut data = Slot::Missing;
        let mut errors = None;
        if self.scanner.peek()? != b'{' {
            return Err(Malformed::NotAnObject);
        }
        let mut more = self.scanner.open(b'}')?;
        while more {
            let key = self.scanner.key()?;
            if key.is("data") {
                data = self.object(shape)?;
            } else if key.is("errors") {
                errors = Some(self.scanner.skip()?);
            } else {
                self.scanner.skip()?;
            }
            more = self.scanner.next(b'}')?;
        }
        self.scanner.end()?;
        Ok((data, errors))
    }

    /// A value that should be an object, or lists of objects.
    fn object(&mut self, shape: &Shape) -> Result<Slot, Malformed> {
        match self.scanner.peek()? {
            b'{' => self.row(shape),
            b'[' => self.list(shape),
            _ => self.leaf(),
        }
    }

    fn row(&mut self, shape: &Shape) -> Result<Slot, Malformed> {
        let base = self.slots.len();
        self.reserve(shape.fields.len())?;
        self.slots.resize(base + shape.fields.len(), Slot::Missing);
        let mut expected = 0;
        let mut more = self.scanner.open(b'}')?;
        while more {
            let slot = match shape.fields.get(expected) {
                Some(field) if self.scanner.key_is(&field.key)? => Some(expected),
                _ => self.search(&shape.fields, expected)?,
            };
            match slot {
                Some(slot) => {
                    self.slots[base + slot] = self.field(&shape.fields[slot])?;
                    expected = slot + 1;
                }
                None => {
                    self.scanner.skip()?;
                }
            }
            more = self.scanner.next(b'}')?;
        }
        Ok(Slot::Row { base: index(base) })
    }

    /// The slot of a key that is not the expected one; most often it stands a little further on,
    /// because other types' keys are left out.
    fn search(&mut self, fields: &[ShapeField], from: usize) -> Result<Option<usize>, Malformed> {
        let key = self.scanner.key()?;
        let (before, after) = fields.split_at(from.min(fields.len()));
        let ahead = after.iter().position(|field| key.is(&field.key));
        let slot = ahead.map(|place| place + before.len());
        Ok(slot.or_else(|| before.iter().position(|field| key.is(&field.key))))
    }

    fn field(&mut self, field: &ShapeField) -> Result<Slot, Malformed> {
        match field.object {
            Some(ShapeId(shape)) => self.object(&self.shapes[shape as usize]),
            None => self.leaf(),
        }
    }

    fn list(&mut self, shape: &Shape) -> Result<Slot, Malformed> {
        let first = self.items.len();
        let mut more = self.scanner.open(b']')?;
        while more {
            let item = self.object(shape)?;
            self.items.push(item);
            self.reserve(self.items.len())?;
            more = self.scanner.next(b']')?;
        }
        let start = self.slots.len();
        self.slots.extend(self.items.drain(first..));
        Ok(Slot::List {
            start: index(start),
            len: index(self.slots.len() - start),
        })
    }

    fn leaf(&mut self) -> Result<Slot, Malformed> {
        if self.scanner.peek()? == b'n' {
            self.scanner.skip()?;
            return Ok(Slot::Null);
        }
        let (start, end) = self.scanner.skip()?;
        Ok(Slot::Leaf { start, end })
    }

    const fn reserve(&self, slots: usize) -> Result<(), Malformed> {
        if self.slots.len() + slots > SLOTS_MAX {
            return Err(Malformed::TooManyValues);
        }
        Ok(())
    }
}

/// An index into the slots. INVARIANT: below [`SLOTS_MAX`], see [`Decoder::reserve`], and one more
/// for `data`.
fn index(slot: usize) -> u32 {
    u32::try_from(slot).expect("slots are limited to far fewer")
}

#[cfg(test)]
mod tests;
