//! Writes the answer: walks what the client selected and copies bytes out of the responses.
//!
//! Null propagates by cutting the answer back to where the null object began. The rest of such an
//! object is walked all the same, so that its errors are told as if each field had been resolved
//! on its own.

mod failure;
mod leaf;
mod located;

use apollo_compiler::response::JsonMap;
use planner::plan::{
    AnswerField, AnswerValue, NodeId, Nullability, SelectionId, Supplier, Wrapping,
};

use self::located::Described;
use crate::Code;
use crate::errors::{CauseId, Errors, Step};
use crate::json;
use crate::overlay::{Held, Object, Overlay, SlotRef, Supplied, has_type};
use crate::table::Slot;

/// More than anyone reads or any browser parses in one piece. Nested lists multiply, so the
/// limits on responses do not limit the answer.
const ANSWER_BYTES_MAX: usize = 128 * 1024 * 1024;

/// What became of a value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Written {
    /// It stands in the answer.
    Value,
    /// It is null and nothing was written; if its type does not allow that, an error says why.
    Null,
}

/// The answer is larger than [`ANSWER_BYTES_MAX`].
#[derive(Debug)]
pub(crate) struct TooLarge;

/// Writes the value of `data`.
///
/// # Errors
///
/// When it becomes too large.
pub(crate) fn write<'a>(
    overlay: &Overlay<'a>,
    errors: &mut Errors<'a>,
    introspection: Option<&JsonMap>,
    out: &mut Vec<u8>,
) -> Result<(), TooLarge> {
    let mut writer = Writer {
        overlay,
        errors,
        introspection,
        out,
        path: Vec::new(),
        told: Vec::new(),
        is_too_large: false,
    };
    let written = writer.object(overlay.plan.root, 0);
    if writer.is_too_large {
        return Err(TooLarge);
    }
    if written == Written::Null {
        out.extend_from_slice(b"null");
    }
    Ok(())
}

struct Writer<'w, 'a> {
    overlay: &'w Overlay<'a>,
    errors: &'w mut Errors<'a>,
    introspection: Option<&'w JsonMap>,
    out: &'w mut Vec<u8>,
    /// Where the value that is being written stands.
    path: Vec<Step<'a>>,
    /// What was told of the objects around it.
    told: Vec<CauseId>,
    is_too_large: bool,
}

/// A field of the answer, as its values need to know it.
#[derive(Clone, Copy)]
struct Field<'a> {
    selection: SelectionId,
    response_key: &'a str,
}

impl<'a> Writer<'_, 'a> {
    fn object(&mut self, id: SelectionId, object: u32) -> Written {
        let told = self.told.len();
        let written = self.fields(id, object);
        self.told.truncate(told);
        written
    }

    fn fields(&mut self, id: SelectionId, object: u32) -> Written {
        let selection = &self.overlay.plan.selections[id.index()];
        let typename = self.overlay.typename(selection.node, object);
        if typename.is_none() && self.overlay.asks_typename(selection.node) {
            self.report_sources(id, object, None);
            let field = Field {
                selection: id,
                response_key: "",
            };
            self.fail(field, Code::UnexpectedType, None, || {
                "the type of an object is not known".to_owned()
            });
            return Written::Null;
        }
        // Where nobody was asked for the type, what is left of all groups is the same.
        let group = match typename {
            Some(name) => selection
                .groups
                .iter()
                .find(|group| has_type(&group.types, name)),
            None => selection.groups.first(),
        };
        let typename = typename.unwrap_or_default();
        let group = group.map_or(&[][..], std::slice::from_ref);
        self.report_sources(id, object, Some(group));
        let fields = group.iter().flat_map(|group| &group.fields);
        let start = self.out.len();
        let mut is_null = false;
        for field in fields {
            if !self.is_wanted(field) {
                continue;
            }
            self.is_too_large |= self.out.len() > ANSWER_BYTES_MAX;
            if self.is_too_large {
                return Written::Null;
            }
            self.out.push(b',');
            json::write_key(&field.response_key, self.out);
            self.path.push(Step::Key(&field.response_key));
            let written = self.field(id, selection.node, object, typename, field);
            self.path.pop();
            is_null |= self.close(written, nullability(&field.value));
        }
        if is_null {
            self.out.truncate(start);
            return Written::Null;
        }
        match self.out.get_mut(start) {
            Some(comma) => *comma = b'{',
            None => self.out.push(b'{'),
        }
        self.out.push(b'}');
        Written::Value
    }

    /// Whether conditions let a field stand in its object.
    fn is_wanted(&self, field: &AnswerField) -> bool {
        let stands_above = |unless| self.overlay.holds(unless);
        self.overlay.holds(field.condition) && !field.unless.is_some_and(stands_above)
    }

    /// Writes null where it may stand; whether it may not.
    fn close(&mut self, written: Written, nullability: Nullability) -> bool {
        match (written, nullability) {
            (Written::Value, _) => false,
            (Written::Null, Nullability::Nullable) => {
                self.out.extend_from_slice(b"null");
                false
            }
            (Written::Null, Nullability::NonNull) => true,
        }
    }

    fn field(
        &mut self,
        selection: SelectionId,
        node: NodeId,
        object: u32,
        typename: &str,
        field: &'a AnswerField,
    ) -> Written {
        let key = Field {
            selection,
            response_key: &field.response_key,
        };
        match &field.value {
            AnswerValue::Typename => {
                json::write_string(typename, self.out);
                Written::Value
            }
            AnswerValue::Introspection { key } => self.introspect(key),
            AnswerValue::Leaf {
                from,
                wrapping,
                leaf,
            } => match self.overlay.supplied(node, object, from) {
                Supplied::Nothing(nothing) => self.nothing(nothing, wrapping, key),
                Supplied::Slot(slot) => self.leaf(slot, wrapping, leaf, key),
            },
            AnswerValue::Object {
                from,
                wrapping,
                selection,
            } => {
                let child = self.overlay.plan.selections[selection.index()].node;
                let link = self.overlay.link(child, object);
                match link.held {
                    Held::Always => self.object(*selection, link.first),
                    Held::Nothing(nothing) => {
                        let nothing = self.why(nothing, node, object, from);
                        self.nothing(nothing, wrapping, key)
                    }
                    Held::Slot(slot) => {
                        let mut walk = Walk {
                            selection: *selection,
                            described: self.described_in(slot, *selection, node, object),
                            next: link.first,
                            field: key,
                        };
                        self.objects(&mut walk, slot, &wrapping.lists, wrapping.item)
                    }
                }
            }
        }
    }

    /// What the supplier says, where the first source says nothing.
    fn why(&self, nothing: Object, node: NodeId, object: u32, from: &[Supplier]) -> Object {
        match (nothing, self.overlay.supplied(node, object, from)) {
            (Object::Absent, Supplied::Nothing(nothing)) => nothing,
            (nothing, _) => nothing,
        }
    }

    /// An object, or lists of objects.
    fn objects(
        &mut self,
        walk: &mut Walk<'a>,
        slot: SlotRef,
        lists: &[Nullability],
        item: Nullability,
    ) -> Written {
        let is_told = self.report_value(slot, walk.described);
        let own = lists.first().copied().unwrap_or(item);
        let response = Some(slot.response);
        match (self.overlay.slot(slot), lists.split_first()) {
            (Slot::Missing | Slot::Null, _) => self.null(own, is_told, response, walk.field),
            (Slot::Row { .. }, None) => {
                walk.next += 1;
                self.object(walk.selection, walk.next - 1)
            }
            (Slot::List { start, len }, Some((_, lists))) => {
                let inner = lists.first().copied().unwrap_or(item);
                self.list(inner, |writer, index| {
                    let slot = slot.sibling(start + index);
                    (index < len).then(|| writer.objects(walk, slot, lists, item))
                })
            }
            (Slot::Row { .. } | Slot::List { .. } | Slot::Leaf { .. }, _) => {
                let rows = self.overlay.table(slot.response).rows(slot.slot);
                walk.next += u32::try_from(rows).expect("objects are limited");
                self.unexpected(response, walk.field)
            }
        }
    }

    /// A list, each item by `write`, until that has none.
    fn list(
        &mut self,
        item: Nullability,
        mut write: impl FnMut(&mut Self, u32) -> Option<Written>,
    ) -> Written {
        let start = self.out.len();
        let mut is_null = false;
        self.out.push(b'[');
        for index in 0.. {
            self.path.push(Step::Index(index));
            let written = write(self, index);
            self.path.pop();
            let Some(written) = written else { break };
            is_null |= self.close(written, item);
            self.out.push(b',');
        }
        if is_null {
            self.out.truncate(start);
            return Written::Null;
        }
        if self.out.len() > start + 1 {
            self.out.pop();
        }
        self.out.push(b']');
        Written::Value
    }

    fn introspect(&mut self, key: &str) -> Written {
        match self.introspection.and_then(|data| data.get(key)) {
            Some(value) if !value.is_null() => {
                serde_json::to_writer(&mut *self.out, value).expect("a value goes into memory");
                Written::Value
            }
            _ => Written::Null,
        }
    }
}

/// The objects of one field of one object.
struct Walk<'a> {
    selection: SelectionId,
    /// What is wanted of them, if errors need to know.
    described: Option<Described<'a>>,
    /// The number of the next.
    next: u32,
    field: Field<'a>,
}

/// Who supplies the value of a field.
fn suppliers(value: &AnswerValue) -> &[Supplier] {
    match value {
        AnswerValue::Leaf { from, .. } | AnswerValue::Object { from, .. } => from,
        AnswerValue::Typename | AnswerValue::Introspection { .. } => &[],
    }
}

/// Whether the whole value of a field may be null.
fn nullability(value: &AnswerValue) -> Nullability {
    match value {
        AnswerValue::Typename => Nullability::NonNull,
        AnswerValue::Introspection { .. } => Nullability::Nullable,
        AnswerValue::Leaf { wrapping, .. } | AnswerValue::Object { wrapping, .. } => {
            outermost(wrapping)
        }
    }
}

fn outermost(wrapping: &Wrapping) -> Nullability {
    wrapping.lists.first().copied().unwrap_or(wrapping.item)
}
