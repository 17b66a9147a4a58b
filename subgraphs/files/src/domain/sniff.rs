//! What a file is, judged by its first bytes and never by what its sender says.

/// As many first bytes as any signature needs.
pub(crate) const SNIFF_BYTES: usize = 8 * 1024;

/// The media type of a file that begins with `head`.
///
/// Text is what is valid UTF-8 without control characters; markup is deliberately plain text, so
/// that no browser runs what somebody uploaded.
pub(crate) fn media_type(head: &[u8]) -> &'static str {
    if let Some(kind) = infer::get(head) {
        return match kind.mime_type() {
            "text/html" | "text/xml" | "text/x-shellscript" => "text/plain",
            other => other,
        };
    }
    if is_text(head) {
        "text/plain"
    } else {
        "application/octet-stream"
    }
}

fn is_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The head may end in the middle of a letter.
        Err(error) if error.error_len().is_none() => {
            let (valid, _) = head.split_at(error.valid_up_to());
            std::str::from_utf8(valid).expect("valid up to there")
        }
        Err(_) => return false,
    };
    !text.is_empty()
        && !text
            .chars()
            .any(|letter| letter.is_control() && !"\t\n\r\u{c}".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &[u8], expected: &str) {
        assert_eq!(media_type(head), expected, "{head:?}");
    }

    #[test]
    fn types_come_from_the_bytes() {
        check(b"\x89PNG\r\n\x1a\n....", "image/png");
        check(b"%PDF-1.7\n", "application/pdf");
        check(b"a,b\n1,2\n", "text/plain");
        check("Gr\u{fc}\u{df}e".as_bytes(), "text/plain");
        check(&"é".as_bytes()[..1], "application/octet-stream");
        check(b"abc\xc3", "text/plain");
        check(b"<html><script>", "text/plain");
        check(b"\x00\x01\x02", "application/octet-stream");
        check(b"", "application/octet-stream");
    }
}
