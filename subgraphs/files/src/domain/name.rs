//! Names that people give to files.

/// The longest name in bytes: what the common file systems take.
pub(crate) const NAME_BYTES_MAX: usize = 255;

/// Why a text is no name of a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a name has 1 to 255 bytes, no control characters, no `/` and no `\\`")]
pub(crate) struct BadName;

/// A file's name as it was given, fit to stand in a header and in a folder.
pub(crate) fn parse(text: &str) -> Result<String, BadName> {
    let name = text.trim();
    let legal = !name.is_empty()
        && name.len() <= NAME_BYTES_MAX
        && name != "."
        && name != ".."
        && !name
            .chars()
            .any(|letter| letter.is_control() || letter == '/' || letter == '\\');
    if legal {
        Ok(name.to_owned())
    } else {
        Err(BadName)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, legal: bool) {
        assert_eq!(parse(text).is_ok(), legal, "{text:?}");
    }

    #[test]
    fn names() {
        check("report.pdf", true);
        check("  Überblick 2026.xlsx ", true);
        check("", false);
        check("   ", false);
        check("..", false);
        check("a/b", false);
        check("a\\b", false);
        check("a\r\nset-cookie: x", false);
        check(&"a".repeat(255), true);
        check(&"a".repeat(256), false);
    }
}
