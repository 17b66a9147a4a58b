//! Downloads, with ranges and conditions as
//! [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110) has them.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use headers::{
    AcceptRanges, ContentLength, ContentRange, ETag, HeaderMapExt as _, IfMatch, IfModifiedSince,
    IfNoneMatch, IfRange, IfUnmodifiedSince, LastModified,
};
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, RANGE,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use kit::time::Timestamp;
use kit::viewer::Scope;

use super::Doors;
use super::answer::Problem;
use crate::content;
use crate::domain::FileId;
use crate::domain::file::File;
use crate::domain::signature::Purpose;
use crate::domain::tus::parse_count;

/// Media types that a browser shows without running anything in them.
const SHOWN_INLINE: [&str; 12] = [
    "application/pdf",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "image/avif",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "text/plain",
    "video/mp4",
    "video/webm",
];

/// `GET` and `HEAD /files/{id}`
pub(super) async fn get(
    State(doors): State<Arc<Doors>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (scope, opened) =
        admit(&doors, &id, query.as_deref(), &headers).ok_or_else(Problem::not_found)?;
    let id = FileId::parse(&id).ok_or_else(Problem::not_found)?;
    let file = doors
        .platform
        .store
        .file(&scope, id)
        .await
        .map_err(|error| Problem::fault(&error))?;
    // A link that never ends is that of a file without protection; once it is protected the link
    // opens nothing any more.
    let file = file.filter(|file| opened.ends == Ends::Ever || !file.require_auth);
    let file = file.ok_or_else(Problem::not_found)?;
    answer(&doors, &file, opened.purpose, &method, &headers)
}

/// How a file was opened.
struct Opened {
    purpose: Purpose,
    ends: Ends,
}

/// Whether the right to open a file ends at some time.
#[derive(Eq, PartialEq)]
enum Ends {
    Ever,
    Never,
}

fn admit(
    doors: &Doors,
    id: &str,
    query: Option<&str>,
    headers: &HeaderMap,
) -> Option<(Scope, Opened)> {
    if let Some((scope, link)) = doors.by_link(id, query, &[Purpose::Attachment, Purpose::Inline]) {
        let ends = if link.expires.is_some() {
            Ends::Ever
        } else {
            Ends::Never
        };
        return Some((
            scope,
            Opened {
                purpose: link.purpose,
                ends,
            },
        ));
    }
    let scope = doors.by_token(headers, "files:read")?;
    Some((
        scope,
        Opened {
            purpose: Purpose::Attachment,
            ends: Ends::Ever,
        },
    ))
}

fn answer(
    doors: &Doors,
    file: &File,
    purpose: Purpose,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let etag: ETag = format!("\"{}\"", file.sha256)
        .parse()
        .expect("hexadecimal digits are a tag");
    let modified = LastModified::from(system_time(file.created_at));
    let part = match conditions(headers, method, &etag, modified) {
        Condition::Failed => return Ok(bare(StatusCode::PRECONDITION_FAILED, &etag, modified)),
        Condition::NotModified => return Ok(bare(StatusCode::NOT_MODIFIED, &etag, modified)),
        Condition::Whole => Part::Whole,
        Condition::Ranged(range) => part(&range, file.size),
    };
    let (status, start, end) = match part {
        Part::Whole => (StatusCode::OK, 0, file.size),
        Part::Range(start, end) => (StatusCode::PARTIAL_CONTENT, start, end),
        Part::Unsatisfiable => {
            let mut response = bare(StatusCode::RANGE_NOT_SATISFIABLE, &etag, modified);
            response
                .headers_mut()
                .typed_insert(ContentRange::unsatisfied_bytes(file.size));
            return Ok(response);
        }
    };
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        Body::from_stream(content::read(
            doors.platform.blobs.clone(),
            &file.segments,
            start,
            end,
        ))
    };
    let mut response = bare(status, &etag, modified);
    *response.body_mut() = body;
    let answer = response.headers_mut();
    answer.typed_insert(ContentLength(end - start));
    if status == StatusCode::PARTIAL_CONTENT {
        let range = ContentRange::bytes(start..end, file.size).expect("a range within the file");
        answer.typed_insert(range);
    }
    let shown = purpose == Purpose::Inline && SHOWN_INLINE.contains(&file.mime_type.as_str());
    let media_type = if file.mime_type == "text/plain" {
        "text/plain; charset=utf-8"
    } else {
        &file.mime_type
    };
    answer.insert(
        CONTENT_TYPE,
        HeaderValue::from_str(media_type).expect("a media type is ASCII"),
    );
    answer.insert(CONTENT_DISPOSITION, disposition(&file.name, shown));
    Ok(response)
}

/// A response without a body, with what every answer about a file says.
fn bare(status: StatusCode, etag: &ETag, modified: LastModified) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.typed_insert(etag.clone());
    headers.typed_insert(modified);
    headers.typed_insert(AcceptRanges::bytes());
    // A browser asks again each time, and mostly hears that nothing has changed.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("sandbox; default-src 'none'"),
    );
    response
}

enum Condition {
    Failed,
    NotModified,
    Whole,
    Ranged(String),
}

/// The order of [RFC 9110, 13.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2).
fn conditions(
    headers: &HeaderMap,
    method: &Method,
    etag: &ETag,
    modified: LastModified,
) -> Condition {
    let modified_at = SystemTime::from(modified);
    if let Some(wanted) = headers.typed_get::<IfMatch>() {
        if !wanted.precondition_passes(etag) {
            return Condition::Failed;
        }
    } else if let Some(since) = headers.typed_get::<IfUnmodifiedSince>()
        && !since.precondition_passes(modified_at)
    {
        return Condition::Failed;
    }
    if let Some(known) = headers.typed_get::<IfNoneMatch>() {
        if !known.precondition_passes(etag) {
            return Condition::NotModified;
        }
    } else if let Some(since) = headers.typed_get::<IfModifiedSince>()
        && !since.is_modified(modified_at)
    {
        return Condition::NotModified;
    }
    let fresh = headers
        .typed_get::<IfRange>()
        .is_none_or(|known| !known.is_modified(Some(etag), Some(&modified)));
    match headers.get(RANGE).and_then(|range| range.to_str().ok()) {
        Some(range) if fresh && method == Method::GET => Condition::Ranged(range.to_owned()),
        _ => Condition::Whole,
    }
}

#[derive(Debug, Eq, PartialEq)]
enum Part {
    Whole,
    /// From the first up to and without the second byte.
    Range(u64, u64),
    Unsatisfiable,
}

/// The one range that is asked for. Several at once, and what is no range of bytes, answer the whole
/// file, as the standard allows. (The typed header of the `headers` crate forgets a suffix that is
/// longer than the file.)
fn part(range: &str, size: u64) -> Part {
    let Some((first, last)) = range
        .strip_prefix("bytes=")
        .filter(|spec| !spec.contains(','))
        .and_then(|spec| spec.trim().split_once('-'))
    else {
        return Part::Whole;
    };
    let (start, end) = match (parse_count(first), parse_count(last)) {
        (Some(start), Some(last)) if start <= last => (start, last.saturating_add(1).min(size)),
        (Some(start), None) if last.is_empty() => (start, size),
        (None, Some(length)) if first.is_empty() => (size.saturating_sub(length), size),
        _ => return Part::Whole,
    };
    if start < end {
        Part::Range(start, end)
    } else {
        Part::Unsatisfiable
    }
}

/// `Content-Disposition` of [RFC 6266](https://www.rfc-editor.org/rfc/rfc6266): a name in ASCII for
/// old clients and the whole name for others.
fn disposition(name: &str, shown: bool) -> HeaderValue {
    const ATTR_CHAR: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
        .remove(b'!')
        .remove(b'#')
        .remove(b'$')
        .remove(b'&')
        .remove(b'+')
        .remove(b'-')
        .remove(b'.')
        .remove(b'^')
        .remove(b'_')
        .remove(b'`')
        .remove(b'|')
        .remove(b'~');
    let kind = if shown { "inline" } else { "attachment" };
    let plain: String = name
        .chars()
        .map(|letter| {
            if letter.is_ascii_graphic() && !"\"\\%".contains(letter) || letter == ' ' {
                letter
            } else {
                '_'
            }
        })
        .collect();
    let whole = percent_encoding::utf8_percent_encode(name, ATTR_CHAR);
    HeaderValue::from_str(&format!(
        "{kind}; filename=\"{plain}\"; filename*=UTF-8''{whole}"
    ))
    .expect("both names are printable ASCII")
}

fn system_time(at: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(u64::try_from(at.as_micros()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(range: &str, size: u64, expected: &Part) {
        assert_eq!(&part(range, size), expected, "{range}");
    }

    #[test]
    fn ranges() {
        check("bytes=0-0", 10, &Part::Range(0, 1));
        check("bytes=2-", 10, &Part::Range(2, 10));
        check("bytes=-3", 10, &Part::Range(7, 10));
        check("bytes=-30", 10, &Part::Range(0, 10));
        check("bytes=2-100", 10, &Part::Range(2, 10));
        check("bytes=10-", 10, &Part::Unsatisfiable);
        check("bytes=-0", 10, &Part::Unsatisfiable);
        check("bytes=0-", 0, &Part::Unsatisfiable);
        check("bytes=0-1,4-5", 10, &Part::Whole);
        check("bytes=5-2", 10, &Part::Whole);
        check("bytes=a-b", 10, &Part::Whole);
        check("lines=0-1", 10, &Part::Whole);
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        let header = disposition("a\"b é;\u{202e}.txt", false);
        let text = header.to_str().expect("ASCII");
        assert_eq!(
            text,
            "attachment; filename=\"a_b _;_.txt\"; filename*=UTF-8''a%22b%20%C3%A9%3B%E2%80%AE.txt"
        );
    }
}
