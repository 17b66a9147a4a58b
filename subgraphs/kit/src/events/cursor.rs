//! Where a reader of a log goes on.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The place behind one event of one log. Clients see an opaque text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cursor {
    log: Cow<'static, str>,
    position: u64,
}

/// A text that no log has given out.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a cursor of this list: use one that an earlier answer gave")]
pub struct BadCursor;

impl Cursor {
    /// The place behind the event at `position`; 0 is the beginning.
    #[must_use]
    pub const fn new(log: &'static str, position: u64) -> Self {
        Self {
            log: Cow::Borrowed(log),
            position,
        }
    }

    /// The position, if the cursor is of this log.
    pub(crate) fn in_log(&self, log: &str) -> Result<u64, BadCursor> {
        if self.log == log {
            Ok(self.position)
        } else {
            Err(BadCursor)
        }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = format!("{}:{}", self.log, self.position);
        f.write_str(&URL_SAFE_NO_PAD.encode(plain))
    }
}

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let plain = URL_SAFE_NO_PAD.decode(text).map_err(|_| BadCursor)?;
        let plain = String::from_utf8(plain).map_err(|_| BadCursor)?;
        let (log, position) = plain.split_once(':').ok_or(BadCursor)?;
        let cursor = Self {
            log: Cow::Owned(log.to_owned()),
            position: position.parse().map_err(|_| BadCursor)?,
        };
        // `+7` and `007` parse as well; a cursor has one text.
        if cursor.to_string() == text {
            Ok(cursor)
        } else {
            Err(BadCursor)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(plain: &str, legal: bool) {
        let text = URL_SAFE_NO_PAD.encode(plain);
        assert_eq!(text.parse::<Cursor>().is_ok(), legal, "{plain:?}");
    }

    #[test]
    fn a_cursor_has_exactly_one_text() {
        check("apps:7", true);
        check("apps:0", true);
        check("apps:007", false);
        check("apps:+7", false);
        check("apps:-7", false);
        check("apps", false);
        check("apps:18446744073709551616", false);
        assert_eq!("not base64!".parse::<Cursor>(), Err(BadCursor));
    }

    #[test]
    fn a_cursor_of_another_log_is_refused() {
        let cursor: Cursor = Cursor::new("apps", 7)
            .to_string()
            .parse()
            .expect("a cursor");
        assert_eq!(cursor.in_log("apps"), Ok(7));
        assert_eq!(cursor.in_log("files"), Err(BadCursor));
    }
}
