//! What is told of values that are not there.

use planner::plan::{AnswerField, NodeId, Nullability, Wrapping};

use super::{Field, Writer, Written, outermost, suppliers};
use crate::Code;
use crate::errors::{Place, Wanted};
use crate::overlay::Object;

impl<'a> Writer<'_, 'a> {
    /// A field without a value.
    pub(super) fn nothing(
        &mut self,
        nothing: Object,
        wrapping: &Wrapping,
        field: Field<'a>,
    ) -> Written {
        let is_told = match nothing {
            Object::Row(_) | Object::Absent => false,
            Object::Null(slot) => self.errors.at(Place::Slot(slot)).is_some(),
            Object::Below(cause) if self.told.contains(&cause) => true,
            Object::Below(cause) | Object::Failed(cause) => {
                self.errors.report(cause, &self.path);
                true
            }
        };
        self.null(outermost(wrapping), is_told, None, field)
    }

    /// Null, which is an error where it may not stand, unless an error is told already.
    pub(super) fn null(
        &mut self,
        nullability: Nullability,
        is_told: bool,
        response: Option<u32>,
        field: Field<'a>,
    ) -> Written {
        if nullability == Nullability::NonNull && !is_told {
            self.fail(field, Code::UnexpectedNull, response, || {
                format!(
                    "`{}` is null, which its type does not allow",
                    field.response_key
                )
            });
        }
        Written::Null
    }

    /// A value that its type does not allow.
    pub(super) fn unexpected(&mut self, response: Option<u32>, field: Field<'a>) -> Written {
        self.fail(field, Code::UnexpectedValue, response, || {
            format!(
                "`{}` has a value that its type does not allow",
                field.response_key
            )
        });
        Written::Null
    }

    pub(super) fn fail(
        &mut self,
        field: Field<'a>,
        code: Code,
        response: Option<u32>,
        message: impl FnOnce() -> String,
    ) {
        let subgraph = response.map(|response| self.overlay.subgraph(response));
        let field = (field.selection, field.response_key);
        let cause = self.errors.field(field, code, subgraph, message);
        self.errors.report(cause, &self.path);
    }

    /// Reports what hangs at the rows that describe an object; `fields` are those that are wanted
    /// of it here, if that is known.
    ///
    /// Positions with different fields share rows. What hangs below a row is told where its field
    /// is wanted, or where the row that it made null should have supplied another.
    pub(super) fn report_sources(
        &mut self,
        node: NodeId,
        object: u32,
        fields: Option<&'a [AnswerField]>,
    ) {
        if !self.errors.has_located() {
            return;
        }
        for source in 0..self.overlay.sources(node) {
            let place = match self.overlay.object(node, source, object) {
                Object::Row(row) => Place::Row(row),
                Object::Null(slot) => Place::Slot(slot),
                Object::Absent | Object::Below(_) | Object::Failed(_) => continue,
            };
            let Some(fields) = fields else {
                self.report_object(place, None);
                continue;
            };
            let supplied: Vec<Wanted<'a>> = fields
                .iter()
                .filter_map(|field| {
                    let mut from = suppliers(&field.value).iter();
                    let supplier = from.find(|supplier| self.overlay.holds(supplier.condition))?;
                    let is_supplied = supplier.source == source;
                    (is_supplied && self.is_wanted(field)).then_some(Wanted {
                        slot: supplier.slot,
                        response_key: &field.response_key,
                    })
                })
                .collect();
            self.report_object(place, Some(&supplied));
        }
    }

    fn report_object(&mut self, place: Place, supplied: Option<&[Wanted<'a>]>) {
        let told = self.errors.report_object(place, &self.path, supplied);
        self.told.extend(told);
    }
}
