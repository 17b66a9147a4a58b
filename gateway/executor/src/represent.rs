//! Prints what stands for an entity, and the values of context arguments, out of the responses.

use planner::plan::{
    ContextArgument, ContextSetter, NodeId, Representation, RepresentationField,
    RepresentationTypename, RepresentationValue, Supplier, TypeFilter,
};

use crate::errors::{CauseId, Errors, Place};
use crate::json;
use crate::overlay::{Held, Object, Overlay, SlotRef, Supplied, has_type};
use crate::table::Slot;

/// Why an entity is not asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Refusal {
    /// A field of its key is null, or its type is unknown: there is nothing to ask for.
    NullKey,
    /// What it needs failed, for this reason.
    Failed(CauseId),
}

/// What becomes of null.
#[derive(Clone, Copy)]
enum Null {
    /// It is sent.
    Sent,
    /// It is sent, even if an error says why there is no value.
    SentWhateverFailed,
    /// It ends the representation.
    Refused,
}

/// What becomes of a requirement that failed.
#[derive(Clone, Copy)]
pub(crate) enum Failed {
    /// It ends the representation.
    Refused,
    /// Null is sent: no field is asked that needs it.
    SentAsNull,
}

/// How objects are printed.
#[derive(Clone, Copy)]
enum Objects {
    /// With their fields.
    Whole,
    /// As the value of their only field: what is selected on a context is one value.
    AsTheirValue,
}

/// Prints out of an overlay.
pub(crate) struct Printer<'o, 'a> {
    overlay: &'o Overlay<'a>,
    errors: &'o Errors<'a>,
    objects: Objects,
}

impl<'o, 'a> Printer<'o, 'a> {
    pub(crate) const fn new(overlay: &'o Overlay<'a>, errors: &'o Errors<'a>) -> Self {
        Self {
            overlay,
            errors,
            objects: Objects::Whole,
        }
    }

    /// Appends the representation of an object to `out`. After an error, `out` ends with a part
    /// of it.
    pub(crate) fn representation(
        &self,
        node: NodeId,
        object: u32,
        representation: &Representation,
        failed: Failed,
        out: &mut Vec<u8>,
    ) -> Result<(), Refusal> {
        self.key_of(node, object, representation, out)?;
        let null = match failed {
            Failed::Refused => Null::Sent,
            Failed::SentAsNull => Null::SentWhateverFailed,
        };
        self.fields(node, object, &representation.requires, null, out)?;
        out.push(b'}');
        Ok(())
    }

    /// Appends what a representation begins with: the type and the key.
    pub(crate) fn key_of(
        &self,
        node: NodeId,
        object: u32,
        representation: &Representation,
        out: &mut Vec<u8>,
    ) -> Result<(), Refusal> {
        out.extend_from_slice(b"{\"__typename\":");
        match &representation.typename {
            RepresentationTypename::Fixed(name) => json::write_string(name, out),
            RepresentationTypename::Runtime => self.typename(node, object, Null::Refused, out)?,
        }
        for field in &representation.key {
            let is_same = |other: &&RepresentationField| {
                other.name == field.name && self.has(node, object, other)
            };
            match representation.requires.iter().find(is_same) {
                // More is sent of it, of which null is no reason not to ask.
                Some(_) => self.key(node, object, field, &mut Vec::new())?,
                None => self.key(node, object, field, out)?,
            }
        }
        Ok(())
    }

    fn key(
        &self,
        node: NodeId,
        object: u32,
        field: &RepresentationField,
        out: &mut Vec<u8>,
    ) -> Result<(), Refusal> {
        let field = std::slice::from_ref(field);
        self.fields(node, object, field, Null::Refused, out)
    }

    /// Appends fields that are required of an object.
    pub(crate) fn required(
        &self,
        node: NodeId,
        object: u32,
        fields: &[RepresentationField],
        out: &mut Vec<u8>,
    ) -> Result<(), Refusal> {
        self.fields(node, object, fields, Null::Sent, out)
    }

    /// Appends the value that an argument takes from the nearest object around one that sets it.
    pub(crate) fn context(
        &self,
        node: NodeId,
        object: u32,
        argument: &ContextArgument,
        out: &mut Vec<u8>,
    ) -> Result<(), Refusal> {
        let inner = Self {
            objects: Objects::AsTheirValue,
            ..*self
        };
        for ContextSetter { at, types, values } in &argument.setters {
            let ancestor = self.overlay.ancestor(node, object, *at);
            if self.is_one_of(types, *at, ancestor) {
                let mut values = values.iter();
                return match values.find(|field| self.has(*at, ancestor, field)) {
                    Some(field) => inner.value(*at, ancestor, &field.value, Null::Sent, out),
                    None => self.nothing(Object::Absent, Null::Sent, out),
                };
            }
            if let Refusal::Failed(cause) = self.other_type(*at, ancestor) {
                return Err(Refusal::Failed(cause));
            }
        }
        self.nothing(Object::Absent, Null::Sent, out)
    }

    /// Each field with a comma before it.
    fn fields(
        &self,
        node: NodeId,
        object: u32,
        fields: &[RepresentationField],
        null: Null,
        out: &mut Vec<u8>,
    ) -> Result<(), Refusal> {
        for field in fields {
            if self.has(node, object, field) {
                out.push(b',');
                json::write_key(&field.name, out);
                self.value(node, object, &field.value, null, out)?;
            } else if let Refusal::Failed(cause) = self.other_type(node, object)
                && !matches!(null, Null::SentWhateverFailed)
            {
                return Err(Refusal::Failed(cause));
            }
        }
        Ok(())
    }

    /// Why an object is not known to be of a type that it should have: it is of another, or an
    /// error says why nobody knows.
    pub(crate) fn other_type(&self, node: NodeId, object: u32) -> Refusal {
        match self.overlay.typename(node, object) {
            Some(_) => Refusal::NullKey,
            None => self
                .overlay
                .why_untyped(node, object, self.errors)
                .map_or(Refusal::NullKey, Refusal::Failed),
        }
    }

    fn has(&self, node: NodeId, object: u32, field: &RepresentationField) -> bool {
        self.is_one_of(&field.types, node, object)
    }

    fn is_one_of(&self, types: &TypeFilter, node: NodeId, object: u32) -> bool {
        match types {
            TypeFilter::Any => true,
            filter => self
                .overlay
                .typename(node, object)
                .is_some_and(|name| has_type(filter, name)),
        }
    }

    fn value(
        &self,
        node: NodeId,
        object: u32,
        value: &RepresentationValue,
        null: Null,
        out: &mut Vec<u8>,
    ) -> Result<(), Refusal> {
        match value {
            RepresentationValue::Typename => self.typename(node, object, null, out),
            RepresentationValue::Leaf(from) => self.leaf(node, object, from, null, out),
            RepresentationValue::Object {
                from: _,
                node: child,
                fields,
            } => {
                let link = self.overlay.link(*child, object);
                let mut next = link.first;
                match link.held {
                    Held::Nothing(nothing) => self.nothing(nothing, null, out),
                    Held::Always => self.object(*child, next, fields, null, out),
                    Held::Slot(slot) => {
                        let walk = Walk {
                            child: *child,
                            fields,
                            response: slot.response,
                        };
                        self.objects(&walk, slot.slot, &mut next, null, out)
                    }
                }
            }
        }
    }

    fn typename(
        &self,
        node: NodeId,
        object: u32,
        null: Null,
        out: &mut Vec<u8>,
    ) -> Result<(), Refusal> {
        match self.overlay.typename(node, object) {
            Some(name) => json::write_string(name, out),
            None => {
                let cause = self.overlay.why_untyped(node, object, self.errors);
                self.nothing(cause.map_or(Object::Absent, Object::Failed), null, out)?;
            }
        }
        Ok(())
    }

    fn leaf(
        &self,
        node: NodeId,
        object: u32,
        from: &[Supplier],
        null: Null,
        out: &mut Vec<u8>,
    ) -> Result<(), Refusal> {
        let slot = match self.overlay.supplied(node, object, from) {
            Supplied::Slot(slot) => slot,
            Supplied::Nothing(nothing) => return self.nothing(nothing, null, out),
        };
        match self.overlay.slot(slot) {
            Slot::Leaf { start, end } => {
                let table = self.overlay.table(slot.response);
                out.extend_from_slice(table.bytes(start, end));
                Ok(())
            }
            Slot::Missing | Slot::Null => self.nothing(Object::Null(slot), null, out),
            Slot::Row { .. } | Slot::List { .. } => self.nothing(Object::Absent, null, out),
        }
    }

    /// The objects in a value, in its lists.
    fn objects(
        &self,
        walk: &Walk<'_>,
        slot: u32,
        next: &mut u32,
        null: Null,
        out: &mut Vec<u8>,
    ) -> Result<(), Refusal> {
        let table = self.overlay.table(walk.response);
        match table.slot(slot) {
            Slot::Row { .. } => {
                *next += 1;
                self.object(walk.child, *next - 1, walk.fields, null, out)
            }
            Slot::List { start, len } => {
                out.push(b'[');
                for item in start..start + len {
                    if item > start {
                        out.push(b',');
                    }
                    // A list is a value, whatever its items are.
                    let null = match null {
                        Null::Sent | Null::Refused => Null::Sent,
                        Null::SentWhateverFailed => Null::SentWhateverFailed,
                    };
                    self.objects(walk, item, next, null, out)?;
                }
                out.push(b']');
                Ok(())
            }
            Slot::Missing | Slot::Null | Slot::Leaf { .. } => {
                let slot = SlotRef {
                    response: walk.response,
                    slot,
                };
                self.nothing(Object::Null(slot), null, out)
            }
        }
    }

    fn object(
        &self,
        node: NodeId,
        object: u32,
        fields: &[RepresentationField],
        null: Null,
        out: &mut Vec<u8>,
    ) -> Result<(), Refusal> {
        if let Objects::AsTheirValue = self.objects {
            // The type only says which field it is.
            let is_value = |field: &&RepresentationField| {
                !matches!(field.value, RepresentationValue::Typename)
            };
            let mut values = fields.iter().filter(is_value);
            return match values.find(|field| self.has(node, object, field)) {
                Some(field) => self.value(node, object, &field.value, null, out),
                None => self.nothing(Object::Absent, null, out),
            };
        }
        let start = out.len();
        self.fields(node, object, fields, null, out)?;
        match out.get_mut(start) {
            Some(comma) => *comma = b'{',
            None => out.push(b'{'),
        }
        out.push(b'}');
        Ok(())
    }

    /// There is no value: null, unless an error says why.
    fn nothing(&self, nothing: Object, null: Null, out: &mut Vec<u8>) -> Result<(), Refusal> {
        let cause = match nothing {
            Object::Row(_) | Object::Absent => None,
            Object::Null(slot) => self.errors.at(Place::Slot(slot)),
            Object::Below(cause) | Object::Failed(cause) => Some(cause),
        };
        match (cause, null) {
            (Some(cause), Null::Sent | Null::Refused) => Err(Refusal::Failed(cause)),
            (None, Null::Refused) => Err(Refusal::NullKey),
            (None, Null::Sent) | (_, Null::SentWhateverFailed) => {
                out.extend_from_slice(b"null");
                Ok(())
            }
        }
    }
}

/// What stays the same while the lists around objects are walked.
struct Walk<'w> {
    child: NodeId,
    fields: &'w [RepresentationField],
    response: u32,
}
