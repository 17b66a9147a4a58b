//! What is told of values that are not there.

use planner::plan::{Nullability, Wrapping};

use super::{Field, Writer, Written, outermost};
use crate::Code;
use crate::errors::Place;
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
}
