//! Leaves: copied as they are, after a look at what kind of JSON they are.

use planner::plan::{Leaf, Nullability, Wrapping};

use super::{Field, Writer, Written, outermost};
use crate::decode::Scanner;
use crate::overlay::SlotRef;
use crate::table::Slot;

/// A value that is not what its type allows.
struct Mismatch;

impl<'a> Writer<'_, 'a> {
    /// A leaf, or lists of leaves.
    pub(super) fn leaf(
        &mut self,
        slot: SlotRef,
        wrapping: &Wrapping,
        leaf: &Leaf,
        field: Field<'a>,
    ) -> Written {
        let is_told = self.report_value(slot, None);
        let overlay = self.overlay;
        let response = slot.response;
        let bytes = match overlay.slot(slot) {
            Slot::Leaf { start, end } => overlay.table(response).bytes(start, end),
            Slot::Missing | Slot::Null => {
                return self.null(outermost(wrapping), is_told, Some(response), field);
            }
            Slot::Row { .. } | Slot::List { .. } => {
                return self.unexpected(Some(response), field);
            }
        };
        if wrapping.lists.is_empty() {
            return self.one(bytes, leaf, response, field);
        }
        let mut items = Items {
            scanner: Scanner::new(bytes),
            bytes,
            response,
            is_told,
            leaf,
            field,
        };
        self.items(&mut items, &wrapping.lists, wrapping.item)
    }

    /// The next value of `items`, and all in it.
    fn items(
        &mut self,
        items: &mut Items<'_, 'a>,
        lists: &[Nullability],
        item: Nullability,
    ) -> Written {
        let own = lists.first().copied().unwrap_or(item);
        match (items.peek(), lists.split_first()) {
            (b'n', _) => {
                items.skip();
                self.null(own, items.is_told, Some(items.response), items.field)
            }
            (_, None) => {
                let value = items.skip();
                self.one(value, items.leaf, items.response, items.field)
            }
            (b'[', Some((_, lists))) => {
                let inner = lists.first().copied().unwrap_or(item);
                let mut more = items.open();
                self.list(inner, |writer, _| {
                    more.then(|| {
                        let written = writer.items(items, lists, item);
                        more = items.next();
                        written
                    })
                })
            }
            (_, Some(_)) => {
                items.skip();
                self.unexpected(Some(items.response), items.field)
            }
        }
    }

    /// One value that is not null.
    fn one(&mut self, value: &[u8], leaf: &Leaf, response: u32, field: Field<'a>) -> Written {
        match write_one(value, leaf, self.out) {
            Ok(()) => Written::Value,
            Err(Mismatch) => self.unexpected(Some(response), field),
        }
    }
}

/// Lists of leaves, from left to right. The bytes have been checked when the response was
/// decoded, so nothing here can fail.
struct Items<'i, 'a> {
    scanner: Scanner<'i>,
    bytes: &'i [u8],
    response: u32,
    /// Whether errors hang at the field.
    is_told: bool,
    leaf: &'i Leaf,
    field: Field<'a>,
}

impl<'i> Items<'i, '_> {
    fn peek(&mut self) -> u8 {
        self.scanner.peek().expect(CHECKED)
    }

    fn skip(&mut self) -> &'i [u8] {
        let (start, end) = self.scanner.skip().expect(CHECKED);
        &self.bytes[start as usize..end as usize]
    }

    fn open(&mut self) -> bool {
        self.scanner.open(b']').expect(CHECKED)
    }

    fn next(&mut self) -> bool {
        self.scanner.next(b']').expect(CHECKED)
    }
}

const CHECKED: &str = "the decoder lets only well-formed JSON pass";

/// Writes a value that is neither null nor a list, if its type allows it.
fn write_one(value: &[u8], leaf: &Leaf, out: &mut Vec<u8>) -> Result<(), Mismatch> {
    let first = value.first().copied().unwrap_or_default();
    let is_number = first == b'-' || first.is_ascii_digit();
    match leaf {
        Leaf::Custom => {}
        Leaf::String if first == b'"' => {}
        Leaf::Boolean if first == b't' || first == b'f' => {}
        Leaf::Float if is_number => {}
        Leaf::Int if is_number => match int(value).ok_or(Mismatch)? {
            Int::AsWritten => {}
            Int::Respelled(int) => {
                out.extend_from_slice(int.to_string().as_bytes());
                return Ok(());
            }
        },
        Leaf::Id if first == b'"' => {}
        Leaf::Id if is_number && is_whole(value) => {
            out.push(b'"');
            out.extend_from_slice(value);
            out.push(b'"');
            return Ok(());
        }
        Leaf::Enum(values) if first == b'"' => {
            let known = |name: &[u8]| {
                values
                    .binary_search_by(|known| known.as_bytes().cmp(name))
                    .is_ok()
            };
            if !known(&value[1..value.len() - 1]) {
                return Err(Mismatch);
            }
        }
        Leaf::String | Leaf::Boolean | Leaf::Float | Leaf::Int | Leaf::Id | Leaf::Enum(_) => {
            return Err(Mismatch);
        }
    }
    out.extend_from_slice(value);
    Ok(())
}

/// A number without fraction and exponent.
fn is_whole(number: &[u8]) -> bool {
    number
        .iter()
        .all(|byte| byte.is_ascii_digit() || *byte == b'-')
}

/// A whole number of 32 bits.
enum Int {
    AsWritten,
    /// `1.0`, `1e2` and `-0` are whole numbers in a spelling that some subgraphs' languages
    /// choose and some clients' do not read; they get the usual one.
    Respelled(i32),
}

fn int(number: &[u8]) -> Option<Int> {
    let number = str::from_utf8(number).ok()?;
    if number.parse::<i32>().is_ok() && number != "-0" {
        return Some(Int::AsWritten);
    }
    let float: f64 = number.parse().ok()?;
    // Every whole number of 32 bits is exact in a double, so the way back tells.
    #[expect(clippy::cast_possible_truncation, reason = "it is compared afterwards")]
    let int = float as i32;
    (f64::from(int) == float).then_some(Int::Respelled(int))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(leaf: &Leaf, value: &str, expected: Option<&str>) {
        let mut out = Vec::new();
        let written = write_one(value.as_bytes(), leaf, &mut out).is_ok();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(written.then_some(&*text), expected, "{leaf:?} {value}");
    }

    #[test]
    fn ints_are_whole_and_have_32_bits() {
        check(&Leaf::Int, "2147483647", Some("2147483647"));
        check(&Leaf::Int, "-2147483648", Some("-2147483648"));
        check(&Leaf::Int, "2147483648", None);
        check(&Leaf::Int, "-2147483649", None);
        check(&Leaf::Int, "99999999999999999999999999", None);
        check(&Leaf::Int, "1.0", Some("1"));
        check(&Leaf::Int, "-0", Some("0"));
        check(&Leaf::Int, "1e2", Some("100"));
        check(&Leaf::Int, "1.5", None);
        check(&Leaf::Int, "1e400", None);
        check(&Leaf::Int, "\"1\"", None);
    }

    #[test]
    fn floats_keep_their_bytes() {
        check(&Leaf::Float, "9007199254740993", Some("9007199254740993"));
        check(
            &Leaf::Float,
            "0.10000000000000000001",
            Some("0.10000000000000000001"),
        );
        check(&Leaf::Float, "-1E+2", Some("-1E+2"));
        check(&Leaf::Float, "\"1\"", None);
    }

    #[test]
    fn ids_are_strings() {
        check(&Leaf::Id, "\"a\"", Some("\"a\""));
        check(
            &Leaf::Id,
            "18446744073709551616",
            Some("\"18446744073709551616\""),
        );
        check(&Leaf::Id, "1.5", None);
        check(&Leaf::Id, "true", None);
    }

    #[test]
    fn strings_booleans_and_custom_scalars_pass_by_kind() {
        check(&Leaf::String, "\"a\\u0062\"", Some("\"a\\u0062\""));
        check(&Leaf::String, "1", None);
        check(&Leaf::String, "[\"a\"]", None);
        check(&Leaf::Boolean, "false", Some("false"));
        check(&Leaf::Boolean, "0", None);
        check(&Leaf::Custom, "{\"a\": [1 , 2]}", Some("{\"a\": [1 , 2]}"));
    }

    #[test]
    fn enum_values_that_the_api_hides_do_not_pass() {
        let leaf = Leaf::Enum(["A".into(), "B".into()].into());
        check(&leaf, "\"B\"", Some("\"B\""));
        check(&leaf, "\"C\"", None);
        check(&leaf, "1", None);
    }
}
