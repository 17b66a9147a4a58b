//! What went wrong, and at which paths of the answer it is told.
//!
//! A [`Cause`] is one thing that happened: an error that a subgraph gave, a request that failed, a
//! value that its type does not allow. It hangs at the values that it made null; the writer finds
//! it there and reports it at the path where it stands, in the client's own keys. A cause that
//! nobody came across (it belongs to a key that only the gateway asked for, say) is reported
//! without a path, so that nothing is lost.
//!
//! The subgraph's name stands in `extensions.serviceName`. Its own extensions are kept; its
//! `locations` are not, since they speak of a document that the client never saw.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::Arc;

use indexmap::IndexMap;
use planner::plan::SelectionId;
use serde_json::value::RawValue;

use crate::Code;
use crate::json;
use crate::overlay::{RowRef, SlotRef};

/// One cause is told at no more paths than a person reads; how many more there are stands in
/// `extensions.morePaths` of the last.
const PATHS_MAX: usize = 100;

/// All errors of an answer together: ten causes at all of their paths, a few hundred kilobytes.
const REPORTS_MAX: usize = 1_000;

/// Index into [`Errors::causes`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct CauseId(u32);

impl CauseId {
    /// Different of different causes.
    pub(crate) const fn to_bytes(self) -> [u8; 4] {
        self.0.to_ne_bytes()
    }
}

/// A step of a path in the answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Step<'a> {
    /// A response key of the client's.
    Key(&'a str),
    /// An index into a list.
    Index(u32),
}

/// What a cause hangs at.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Place {
    /// A value that is not an object.
    Slot(SlotRef),
    /// An object, wherever it is used.
    Row(RowRef),
}

/// Something that went wrong.
#[derive(Debug)]
struct Cause {
    message: String,
    extensions: IndexMap<String, Box<RawValue>>,
    code: Code,
    subgraph: Option<Arc<str>>,
    lost: Lost,
    /// At how many paths it occurred.
    paths: usize,
}

/// What becomes of a cause that the writer did not come across.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Lost {
    /// It is told without a path.
    Told,
    /// The client asked for nothing that it concerns.
    Dropped,
}

/// A step of a path below a place, as the subgraph has it: what clients call a field is another
/// matter, since several uses share it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Below {
    /// The slot of a field in its row.
    Slot(u32),
    /// An index into a list.
    Index(u32),
}

/// A cause at a place.
#[derive(Debug)]
pub(crate) struct Located {
    pub(crate) cause: CauseId,
    /// How its path goes on from there.
    pub(crate) below: Vec<Below>,
}

/// A cause at a path.
#[derive(Debug)]
struct Report<'a> {
    cause: CauseId,
    path: Option<Vec<Step<'a>>>,
    /// The last of a cause that is told.
    is_last: bool,
}

/// A fault of the values of one field.
#[derive(Debug, Eq, Hash, PartialEq)]
struct FieldFault<'a> {
    selection: SelectionId,
    response_key: &'a str,
    code: Code,
    subgraph: Option<Arc<str>>,
}

/// The errors of one answer.
#[derive(Debug, Default)]
pub(crate) struct Errors<'a> {
    causes: Vec<Cause>,
    located: HashMap<Place, Vec<Located>>,
    /// The causes of the executor's own making, one for each field, so that a thousand
    /// objects with the same fault count as one.
    fields: HashMap<FieldFault<'a>, CauseId>,
    mismatches: Vec<(Arc<str>, CauseId)>,
    reports: Vec<Report<'a>>,
    /// Reports beyond [`REPORTS_MAX`].
    more: usize,
    /// Errors that are complete as they are, as JSON.
    finished: Vec<String>,
}

impl<'a> Errors<'a> {
    /// A subgraph's own error.
    pub(crate) fn subgraph(
        &mut self,
        subgraph: &Arc<str>,
        message: String,
        extensions: IndexMap<String, Box<RawValue>>,
    ) -> CauseId {
        self.add(Cause {
            message,
            extensions,
            code: Code::SubgraphError,
            subgraph: Some(Arc::clone(subgraph)),
            lost: Lost::Told,
            paths: 0,
        })
    }

    /// A request that brought nothing. It is told at each field that it makes null; if there is
    /// none, the answer is complete without it.
    pub(crate) fn request(&mut self, subgraph: &Arc<str>, code: Code, what: &str) -> CauseId {
        self.add(Cause {
            message: format!("the subgraph `{subgraph}` {what}"),
            extensions: IndexMap::new(),
            code,
            subgraph: Some(Arc::clone(subgraph)),
            lost: Lost::Dropped,
            paths: 0,
        })
    }

    /// A response that does not fit what was asked, or another response.
    pub(crate) fn mismatch(&mut self, subgraph: &Arc<str>) -> CauseId {
        let known = self.mismatches.iter().find(|(name, _)| name == subgraph);
        if let Some(&(_, cause)) = known {
            return cause;
        }
        let cause = self.add(Cause {
            message: format!("the subgraph `{subgraph}` gave less than it was asked for"),
            extensions: IndexMap::new(),
            code: Code::SubgraphMismatch,
            subgraph: Some(Arc::clone(subgraph)),
            lost: Lost::Dropped,
            paths: 0,
        });
        self.mismatches.push((Arc::clone(subgraph), cause));
        cause
    }

    /// A value that cannot stand in a field of the answer.
    pub(crate) fn field(
        &mut self,
        field: (SelectionId, &'a str),
        code: Code,
        subgraph: Option<&Arc<str>>,
        message: impl FnOnce() -> String,
    ) -> CauseId {
        let key = FieldFault {
            selection: field.0,
            response_key: field.1,
            code,
            subgraph: subgraph.cloned(),
        };
        if let Some(&cause) = self.fields.get(&key) {
            return cause;
        }
        let cause = self.add(Cause {
            message: message(),
            extensions: IndexMap::new(),
            code,
            subgraph: subgraph.cloned(),
            lost: Lost::Dropped,
            paths: 0,
        });
        self.fields.insert(key, cause);
        cause
    }

    /// An error that already is what the client shall see.
    pub(crate) fn finished(&mut self, error: String) {
        self.finished.push(error);
    }

    /// Hangs a cause at a place; `below` is how its path goes on from there.
    pub(crate) fn locate(&mut self, place: Place, cause: CauseId, below: Vec<Below>) {
        let located = self.located.entry(place).or_default();
        located.push(Located { cause, below });
    }

    /// The first cause at a place.
    pub(crate) fn at(&self, place: Place) -> Option<CauseId> {
        self.located.get(&place).map(|located| located[0].cause)
    }

    /// All causes at a place.
    pub(crate) fn all_at(&self, place: Place) -> &[Located] {
        self.located.get(&place).map_or(&[], Vec::as_slice)
    }

    /// Whether anything hangs anywhere.
    pub(crate) fn has_located(&self) -> bool {
        !self.located.is_empty()
    }

    /// Reports a cause at a path.
    pub(crate) fn report(&mut self, cause: CauseId, path: &[Step<'a>]) {
        let paths = &mut self.causes[cause.0 as usize].paths;
        *paths += 1;
        let paths = *paths;
        if paths <= PATHS_MAX {
            self.push(cause, Some(path), paths == PATHS_MAX);
        }
    }

    /// Writes the list of errors; how many it has.
    pub(crate) fn write(mut self, out: &mut Vec<u8>) -> usize {
        self.report_lost();
        let mut written = 0;
        let mut separate = |out: &mut Vec<u8>| {
            out.push(if written == 0 { b'[' } else { b',' });
            written += 1;
        };
        for error in &self.finished {
            separate(out);
            out.extend_from_slice(error.as_bytes());
        }
        for report in &self.reports {
            separate(out);
            self.causes[report.cause.0 as usize].write(report, out);
        }
        if self.more > 0 {
            separate(out);
            let message = format!("{} more errors are not listed", self.more);
            write_head(&message, None, out);
            out.extend_from_slice(b",\"extensions\":{\"code\":");
            json::write_string(Code::TooManyErrors.as_str(), out);
            out.extend_from_slice(b"}}");
        }
        if written > 0 {
            out.push(b']');
        }
        written
    }

    fn report_lost(&mut self) {
        for cause in 0..self.causes.len() {
            if self.causes[cause].paths == 0 && self.causes[cause].lost == Lost::Told {
                let cause = CauseId(u32::try_from(cause).expect("ids are u32"));
                self.push(cause, None, false);
            }
        }
    }

    fn push(&mut self, cause: CauseId, path: Option<&[Step<'a>]>, is_last: bool) {
        if self.reports.len() == REPORTS_MAX {
            self.more += 1;
            return;
        }
        self.reports.push(Report {
            cause,
            path: path.map(<[Step]>::to_vec),
            is_last,
        });
    }

    fn add(&mut self, cause: Cause) -> CauseId {
        let id = u32::try_from(self.causes.len()).expect("responses hold far fewer errors");
        self.causes.push(cause);
        CauseId(id)
    }
}

impl Cause {
    fn write(&self, report: &Report<'_>, out: &mut Vec<u8>) {
        write_head(&self.message, report.path.as_deref(), out);
        out.extend_from_slice(b",\"extensions\":{");
        for (key, value) in &self.extensions {
            if key != "serviceName" {
                json::write_string(key, out);
                out.push(b':');
                out.extend_from_slice(value.get().as_bytes());
                out.push(b',');
            }
        }
        if !self.extensions.contains_key("code") {
            out.extend_from_slice(b"\"code\":");
            json::write_string(self.code.as_str(), out);
            out.push(b',');
        }
        if let Some(subgraph) = &self.subgraph {
            out.extend_from_slice(b"\"serviceName\":");
            json::write_string(subgraph, out);
            out.push(b',');
        }
        if report.is_last && self.paths > PATHS_MAX {
            let more = self.paths - PATHS_MAX;
            out.extend_from_slice(format!("\"morePaths\":{more},").as_bytes());
        }
        // There is a comma behind every entry; `code` makes at least one.
        out.pop();
        out.extend_from_slice(b"}}");
    }
}

/// The errors of an answer that has no more to say than one.
pub(crate) fn write_single(message: &str, code: Code, subgraph: Option<&str>, out: &mut Vec<u8>) {
    out.push(b'[');
    write_head(message, None, out);
    out.extend_from_slice(b",\"extensions\":{\"code\":");
    json::write_string(code.as_str(), out);
    if let Some(subgraph) = subgraph {
        out.extend_from_slice(b",\"serviceName\":");
        json::write_string(subgraph, out);
    }
    out.extend_from_slice(b"}}]");
}

fn write_head(message: &str, path: Option<&[Step<'_>]>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"message\":");
    json::write_string(message, out);
    if let Some(path) = path {
        out.extend_from_slice(b",\"path\":");
        json::write_list(path, out, |step, out| match step {
            Step::Key(key) => json::write_string(key, out),
            Step::Index(index) => write_display(index, out),
        });
    }
}

fn write_display(value: &impl Display, out: &mut Vec<u8>) {
    out.extend_from_slice(value.to_string().as_bytes());
}
