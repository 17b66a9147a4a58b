//! What a fetch asks: for which objects, with which values, in which bytes.

mod body;
mod groups;
mod rest;

use std::collections::HashMap;

use planner::plan::{Entities, Fetch, NodeId, Part, PartKind, TypeFilter};

use crate::Code;
use crate::errors::{CauseId, Errors};
use crate::overlay::{Brought, Object, Overlay, has_type};
use crate::represent::{Failed, Printer, Refusal};

pub(crate) use self::body::body;
pub(crate) use self::groups::alias;
use self::rest::Lost;
pub(crate) use self::rest::place;

/// Objects under so many different context values, or with so many different failures in what
/// they need, are asked in one request; each repeats the selection in its text. The others fail.
const GROUPS_MAX: usize = 100;

/// What one part of a fetch asks.
#[derive(Debug)]
pub(crate) enum Asked {
    /// The part is not asked: its condition does not hold.
    Nothing,
    /// The whole response.
    Root,
    /// Entities.
    Entities(AskedEntities),
}

/// Which entities a part asks for.
#[derive(Debug)]
pub(crate) struct AskedEntities {
    /// By object at the part's node.
    objects: Vec<AskedObject>,
    /// Objects that are not asked for since all of their fields are lost, for various reasons.
    nothing_left: Vec<(usize, Vec<Lost>)>,
    /// Objects with the same context values of which the same is asked; the first is of those of
    /// which all is asked, if there is no context.
    pub(crate) groups: Vec<Group>,
}

/// How one object's entity is asked for.
#[derive(Clone, Copy, Debug)]
enum AskedObject {
    /// By the representation with this index in this group.
    As { group: u32, index: u32 },
    /// Not at all; this is what the part says about it.
    Not(Object),
}

/// The representations that share a call. Equal ones are asked once, unless what is not asked of
/// them failed for different reasons.
#[derive(Debug, Default)]
pub(crate) struct Group {
    /// By context argument, as JSON.
    context: Vec<Vec<u8>>,
    /// The needs whose fields are not asked, as indexes into the representation's needs.
    lost: Vec<usize>,
    /// By representation and then by lost need, why it is lost.
    causes: Vec<CauseId>,
    /// Separated by commas.
    representations: Vec<u8>,
    /// By representation, with the causes behind it.
    known: HashMap<Box<[u8]>, u32>,
}

impl Group {
    /// How many representations there are.
    pub(crate) fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether there is anything that is not asked.
    pub(crate) fn has_lost(&self) -> bool {
        !self.lost.is_empty()
    }

    /// What is not asked of the entity with this index.
    pub(crate) fn lost(&self, index: usize) -> impl Iterator<Item = Lost> {
        let causes = self.causes.iter().skip(index * self.lost.len());
        let lost = self.lost.iter().zip(causes);
        lost.map(|(&need, &cause)| Lost { need, cause })
    }

    /// The index of the representation that has been appended at `start`, or of one that is equal
    /// and was known before.
    fn note(&mut self, start: usize, lost: &[Lost]) -> u32 {
        let first = start + usize::from(start > 0);
        let end = self.representations.len();
        for lost in lost {
            self.representations.extend(lost.cause.to_bytes());
        }
        let known = &self.representations[first..];
        if let Some(&index) = self.known.get(known) {
            self.representations.truncate(start);
            return index;
        }
        let index = u32::try_from(self.known.len()).expect("objects are limited");
        self.known.insert(known.into(), index);
        self.representations.truncate(end);
        self.causes.extend(lost.iter().map(|lost| lost.cause));
        index
    }
}

impl Asked {
    /// The groups that an attempt asks of this part, which has this index.
    pub(crate) fn groups(&self, part: usize, attempt: Attempt) -> &[Group] {
        match self {
            Self::Entities(asked) if attempt.has(part) => &asked.groups,
            Self::Entities(_) | Self::Nothing | Self::Root => &[],
        }
    }

    /// What the part brings if no request is made, or no request has asked it yet.
    pub(crate) fn without_request(&self) -> Brought {
        match self {
            Self::Nothing | Self::Root => Brought::Nothing,
            Self::Entities(asked) => Brought::Each(asked.spread(|_, _| Object::Absent)),
        }
    }

    /// Whether there is anything to ask.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Root => false,
            Self::Entities(entities) => entities.groups.iter().all(|group| group.len() == 0),
        }
    }
}

/// Whether the objects that `fetch` is about are known, but for those that conditions exclude:
/// they may stand below what it brings itself.
pub(crate) fn is_askable(fetch: &Fetch, overlay: &Overlay<'_>) -> bool {
    fetch.parts.iter().all(|part| match &part.kind {
        PartKind::Root => true,
        PartKind::Entities(entities) => {
            !overlay.holds(entities.condition) || overlay.len(part.at).is_some()
        }
    })
}

/// What each part of `fetch` asks, as far as the responses so far tell.
pub(crate) fn ask<'a>(fetch: &Fetch, overlay: &Overlay<'a>, errors: &mut Errors<'a>) -> Vec<Asked> {
    let ask = |part: &Part| match &part.kind {
        // Where there is no object, nobody will see what the part brings.
        PartKind::Root if overlay.len(part.at) == Some(0) => Asked::Nothing,
        PartKind::Root => Asked::Root,
        PartKind::Entities(entities) if overlay.holds(entities.condition) => {
            Asked::Entities(ask_entities(fetch, part.at, entities, overlay, errors))
        }
        PartKind::Entities(_) => Asked::Nothing,
    };
    fetch.parts.iter().map(ask).collect()
}

fn ask_entities<'a>(
    fetch: &Fetch,
    node: NodeId,
    entities: &Entities,
    overlay: &Overlay<'a>,
    errors: &mut Errors<'a>,
) -> AskedEntities {
    let count = overlay.len(node).expect("a fetch is askable first");
    let mut asked = AskedEntities {
        objects: Vec::with_capacity(count),
        nothing_left: Vec::new(),
        groups: Vec::new(),
    };
    if entities.context.is_empty() {
        asked.groups.push(Group::default());
    }
    let mut too_many = None;
    for object in 0..count {
        let object = u32::try_from(object).expect("objects are limited");
        let state = match asked.ask(node, object, entities, overlay, errors) {
            Ok((group, index)) => AskedObject::As { group, index },
            Err(Unasked::Refused(Refusal::NullKey)) => AskedObject::Not(Object::Absent),
            Err(Unasked::Refused(Refusal::Failed(cause))) => {
                AskedObject::Not(Object::Failed(cause))
            }
            Err(Unasked::Lost(lost)) => {
                asked.nothing_left.push((asked.objects.len(), lost));
                AskedObject::Not(Object::Absent)
            }
            Err(Unasked::TooManyGroups) => {
                let what = "would be asked in too many different ways";
                let cause = *too_many.get_or_insert_with(|| {
                    errors.request(&fetch.subgraph, Code::SubrequestFailed, what)
                });
                AskedObject::Not(Object::Failed(cause))
            }
        };
        asked.objects.push(state);
    }
    asked
}

/// Why an object's entity is not asked for.
enum Unasked {
    Refused(Refusal),
    /// Each of its fields for a reason of its own.
    Lost(Vec<Lost>),
    TooManyGroups,
}

impl AskedEntities {
    /// From representations, by group and index, to the objects that they stand for.
    pub(crate) fn spread(&self, entity: impl Fn(u32, u32) -> Object) -> Vec<Object> {
        let objects = self.objects.iter().map(|object| match *object {
            AskedObject::As { group, index } => entity(group, index),
            AskedObject::Not(object) => object,
        });
        objects.collect()
    }

    fn ask(
        &mut self,
        node: NodeId,
        object: u32,
        entities: &Entities,
        overlay: &Overlay<'_>,
        errors: &Errors<'_>,
    ) -> Result<(u32, u32), Unasked> {
        let printer = Printer::new(overlay, errors);
        if entities.types != TypeFilter::Any {
            let name = overlay.typename(node, object);
            if !name.is_some_and(|name| has_type(&entities.types, name)) {
                return Err(Unasked::Refused(printer.other_type(node, object)));
            }
        }
        match self.ask_but(&[], node, object, entities, &printer) {
            Err(Unasked::Refused(Refusal::Failed(cause))) => {
                // Where there is nothing to ask for, nothing has failed.
                printer
                    .key_of(node, object, &entities.representation, &mut Vec::new())
                    .map_err(Unasked::Refused)?;
                let losses = rest::losses(node, object, entities, overlay, &printer)
                    .ok_or(Unasked::Refused(Refusal::Failed(cause)))?;
                if losses.is_any_left {
                    return self.ask_but(&losses.lost, node, object, entities, &printer);
                }
                Err(match losses.cause() {
                    Some(cause) => Unasked::Refused(Refusal::Failed(cause)),
                    None => Unasked::Lost(losses.lost),
                })
            }
            asked => asked,
        }
    }

    /// Asks for all of an object but what is lost.
    fn ask_but(
        &mut self,
        lost: &[Lost],
        node: NodeId,
        object: u32,
        entities: &Entities,
        printer: &Printer<'_, '_>,
    ) -> Result<(u32, u32), Unasked> {
        let group = self.group(lost, node, object, entities, printer)?;
        let known = &mut self.groups[group];
        let start = known.representations.len();
        if start > 0 {
            known.representations.push(b',');
        }
        let printed = printer.representation(
            node,
            object,
            &entities.representation,
            if lost.is_empty() {
                Failed::Refused
            } else {
                Failed::SentAsNull
            },
            &mut known.representations,
        );
        if let Err(refusal) = printed {
            known.representations.truncate(start);
            return Err(Unasked::Refused(refusal));
        }
        let index = known.note(start, lost);
        let group = u32::try_from(group).expect("groups are limited");
        Ok((group, index))
    }

    /// The group with the object's context values of which the same is lost.
    fn group(
        &mut self,
        lost: &[Lost],
        node: NodeId,
        object: u32,
        entities: &Entities,
        printer: &Printer<'_, '_>,
    ) -> Result<usize, Unasked> {
        if entities.context.is_empty() && lost.is_empty() {
            return Ok(0);
        }
        let lost: Vec<usize> = lost.iter().map(|lost| lost.need).collect();
        let mut context = Vec::with_capacity(entities.context.len());
        for (index, argument) in (0..).zip(&entities.context) {
            if rest::is_lost(index, &lost, entities) {
                context.push(Vec::new());
                continue;
            }
            let mut value = Vec::new();
            printer
                .context(node, object, argument, &mut value)
                .map_err(Unasked::Refused)?;
            context.push(value);
        }
        let known = self
            .groups
            .iter()
            .position(|group| group.context == context && group.lost == lost);
        if let Some(group) = known {
            return Ok(group);
        }
        if self.groups.len() == GROUPS_MAX {
            return Err(Unasked::TooManyGroups);
        }
        self.groups.push(Group {
            context,
            lost,
            ..Group::default()
        });
        Ok(self.groups.len() - 1)
    }
}

/// Which parts of a fetch a request asks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Attempt {
    /// All of them.
    Whole,
    /// This one; the others get no representations.
    Part(usize),
}

impl Attempt {
    pub(crate) fn has(self, part: usize) -> bool {
        match self {
            Self::Whole => true,
            Self::Part(only) => only == part,
        }
    }
}
