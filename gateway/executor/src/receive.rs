//! From the bytes of a response to what each part of the fetch brought.

mod locate;
mod subgraph_error;

use std::sync::Arc;

use planner::plan::{Fetch, PartKind, Plan, Shape, ShapeField, ShapeId};

use self::subgraph_error::SubgraphError;
use crate::decode::{Decoded, Malformed, decode};
use crate::errors::{CauseId, Errors, Place};
use crate::overlay::{Brought, Object, Overlay, RowRef, SlotRef};
use crate::request::{Asked, Attempt, Group, alias};
use crate::table::{Slot, Table};
use crate::{Code, FetchError, Response};

/// Why a request brought nothing. The text is for the log.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("status {0}")]
    Status(u16),
    #[error("content type `{0}`")]
    ContentType(String),
    #[error(transparent)]
    Malformed(#[from] Malformed),
    #[error("neither data nor errors")]
    Empty,
}

impl Failure {
    /// What a client reads.
    fn what(&self) -> (Code, &'static str) {
        match self {
            Self::Fetch(error) => match error.code() {
                Code::SubrequestTimeout => (Code::SubrequestTimeout, "did not answer in time"),
                code => (code, "cannot be reached"),
            },
            Self::Status(_) => (Code::SubrequestFailed, "refused to answer"),
            Self::ContentType(_) | Self::Malformed(_) | Self::Empty => {
                (Code::SubrequestFailed, "gave no GraphQL response")
            }
        }
    }
}

/// A response that can be used.
#[derive(Debug)]
pub(crate) struct Received {
    table: Table,
    errors: Vec<SubgraphError>,
    /// What `data` was decoded by.
    shape: DataShape,
}

/// The shape of `data`.
#[derive(Debug)]
enum DataShape {
    /// A root fetch's.
    Root(ShapeId),
    /// A list for each call to `_entities`.
    Calls(Shape),
}

impl DataShape {
    fn of(fetch: &Fetch, asked: &[Asked], attempt: Attempt) -> Self {
        let mut fields = Vec::new();
        for (index, part) in fetch.parts.iter().enumerate() {
            match &part.kind {
                PartKind::Root => return Self::Root(part.shape),
                PartKind::Entities(entities) => {
                    let groups = calls(asked[index].groups(index, attempt));
                    fields.extend((0..groups).map(|group| ShapeField {
                        key: alias(&entities.response_key, group).into(),
                        object: Some(part.shape),
                    }));
                }
            }
        }
        Self::Calls(Shape {
            fields,
            typename: None,
        })
    }
}

/// How many keys of `data` belong to a part. One that is not asked may still stand in the text,
/// with an empty list.
fn calls(groups: &[Group]) -> usize {
    groups.len().max(1)
}

impl Received {
    /// Whether `data` is an object.
    pub(crate) fn has_data(&self) -> bool {
        matches!(self.table.slot(self.table.data()), Slot::Row { .. })
    }

    pub(crate) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }
}

/// Takes a response apart.
///
/// # Errors
///
/// When it is not a GraphQL response. A bad status with a GraphQL response is one.
pub(crate) fn receive(
    plan: &Plan,
    fetch: &Fetch,
    asked: &[Asked],
    attempt: Attempt,
    response: Result<Response, FetchError>,
) -> Result<Received, Failure> {
    let response = response?;
    let is_success = (200..300).contains(&response.status);
    if let Some(given) = &response.content_type
        && !is_json(given)
    {
        return Err(if is_success {
            Failure::ContentType(given.clone())
        } else {
            Failure::Status(response.status)
        });
    }
    let shape = DataShape::of(fetch, asked, attempt);
    let data = match &shape {
        DataShape::Root(shape) => &plan.shapes[shape.index()],
        DataShape::Calls(shape) => shape,
    };
    let body = response.body;
    let decoded = decode(body.clone(), &plan.shapes, data);
    if decoded.is_err() && !is_success {
        return Err(Failure::Status(response.status));
    }
    let Decoded { table, errors } = decoded?;
    let errors = errors.map_or_else(Vec::new, |(start, end)| {
        subgraph_error::parse(&body[start as usize..end as usize])
    });
    let received = Received {
        table,
        errors,
        shape,
    };
    if !received.has_data() && !received.has_errors() {
        return Err(if is_success {
            Failure::Empty
        } else {
            Failure::Status(response.status)
        });
    }
    Ok(received)
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    ["application/json", "application/graphql-response+json"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(essence))
}

/// A fetch whose response is taken in.
pub(crate) struct Receiver<'r, 'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) fetch: &'a Fetch,
    pub(crate) asked: &'r [Asked],
    pub(crate) attempt: Attempt,
    pub(crate) overlay: &'r mut Overlay<'a>,
    pub(crate) errors: &'r mut Errors<'a>,
}

impl<'a> Receiver<'_, 'a> {
    /// What each part that the attempt asked brought.
    pub(crate) fn take(mut self, received: Result<Received, Failure>) -> Vec<(usize, Brought)> {
        let subgraph = &self.fetch.subgraph;
        let received = match received {
            Ok(received) => received,
            Err(failure) => {
                let (code, what) = failure.what();
                let cause = self.errors.request(subgraph, code, what);
                return self.each(|part| failed(part, cause));
            }
        };
        let Received {
            table,
            errors,
            shape,
        } = received;
        let data = table.data();
        let response = self.overlay.add(subgraph, table);
        let data = SlotRef {
            response,
            slot: data,
        };
        let mut first = None;
        for error in errors {
            let below = self.locate(&shape, response, &error.path);
            let cause = self
                .errors
                .subgraph(subgraph, error.message, error.extensions);
            first.get_or_insert(cause);
            if let Some((place, below)) = below {
                self.errors.locate(place, cause, below);
            }
        }
        match self.overlay.slot(data) {
            Slot::Row { base } => {
                let row = RowRef { response, base };
                let mut next = 0;
                let mut parts = Vec::new();
                for (index, asked) in self.asked.iter().enumerate() {
                    let slot = next;
                    if let PartKind::Entities(_) = self.fetch.parts[index].kind {
                        let groups = calls(asked.groups(index, self.attempt));
                        next += u32::try_from(groups).expect("groups are limited");
                    }
                    if self.attempt.has(index) {
                        parts.push((index, self.part(index, asked, row, slot, first)));
                    }
                }
                parts
            }
            _ => {
                // A place that a path leads to is told there; what has none, at every field.
                let cause = first.unwrap_or_else(|| self.errors.mismatch(subgraph));
                let has_paths = self.errors.at(Place::Slot(data)).is_some();
                self.each(|asked| match asked {
                    Asked::Root if has_paths => Brought::One(Object::Null(data)),
                    asked => failed(asked, cause),
                })
            }
        }
    }

    fn each(&self, brought: impl Fn(&Asked) -> Brought) -> Vec<(usize, Brought)> {
        self.asked
            .iter()
            .enumerate()
            .filter(|&(index, _)| self.attempt.has(index))
            .map(|(index, asked)| (index, brought(asked)))
            .collect()
    }

    /// What a part brought that stands in `row`, from `slot` on.
    fn part(
        &mut self,
        part: usize,
        asked: &Asked,
        row: RowRef,
        slot: u32,
        first: Option<CauseId>,
    ) -> Brought {
        match asked {
            Asked::Nothing => Brought::Nothing,
            Asked::Root => Brought::One(Object::Row(row)),
            Asked::Entities(asked) => {
                let groups: Vec<Vec<Object>> = (slot..)
                    .zip(&asked.groups)
                    .map(|(slot, group)| {
                        let mut objects = self.group(group, row.slot(slot), first);
                        self.locate_lost(part, group, &mut objects);
                        objects
                    })
                    .collect();
                Brought::Each(asked.spread(|group, index| groups[group as usize][index as usize]))
            }
        }
    }

    /// Says of the fields that were not asked for, why. That holds also where the entity was not
    /// found, which is no error of its own.
    fn locate_lost(&mut self, part: usize, group: &Group, objects: &mut [Object]) {
        let part = &self.fetch.parts[part];
        let PartKind::Entities(entities) = &part.kind else {
            return;
        };
        if !group.has_lost() {
            return;
        }
        let is_missing = |object: &Object| match object {
            Object::Null(slot) => self.errors.at(Place::Slot(*slot)).is_none(),
            _ => false,
        };
        let missing: Vec<&mut Object> = objects.iter_mut().filter(|one| is_missing(one)).collect();
        let width = self.plan.shapes[part.shape.index()].fields.len();
        let rows = self
            .overlay
            .empty_rows(&self.fetch.subgraph, width, missing.len());
        for (object, row) in missing.into_iter().zip(rows) {
            *object = Object::Row(row);
        }
        for (index, object) in objects.iter().enumerate() {
            let Object::Row(row) = object else { continue };
            for lost in group.lost(index) {
                for &slot in &entities.representation.needs[lost.need].slots {
                    let place = Place::Slot(row.slot(slot));
                    self.errors.locate(place, lost.cause, Vec::new());
                }
            }
        }
    }

    /// The entities of one list, by representation.
    fn group(&mut self, group: &Group, list: SlotRef, first: Option<CauseId>) -> Vec<Object> {
        let subgraph = Arc::clone(&self.fetch.subgraph);
        let count = u32::try_from(group.len()).expect("objects are limited");
        let Slot::List { start, len } = self.overlay.slot(list) else {
            let located = self.errors.at(Place::Slot(list)).or(first);
            let cause = located.unwrap_or_else(|| self.errors.mismatch(&subgraph));
            return vec![Object::Failed(cause); group.len()];
        };
        (0..count)
            .map(|index| {
                if index >= len {
                    return Object::Failed(self.errors.mismatch(&subgraph));
                }
                let item = list.sibling(start + index);
                match self.overlay.slot(item) {
                    Slot::Row { base } => Object::Row(RowRef {
                        response: item.response,
                        base,
                    }),
                    Slot::Null => Object::Null(item),
                    Slot::Missing | Slot::Leaf { .. } | Slot::List { .. } => {
                        Object::Failed(self.errors.mismatch(&subgraph))
                    }
                }
            })
            .collect()
    }
}

/// What a part brings of which nothing came.
fn failed(asked: &Asked, cause: CauseId) -> Brought {
    match asked {
        Asked::Nothing => Brought::Nothing,
        Asked::Root => Brought::One(Object::Failed(cause)),
        Asked::Entities(asked) => Brought::Each(asked.spread(|_, _| Object::Failed(cause))),
    }
}
