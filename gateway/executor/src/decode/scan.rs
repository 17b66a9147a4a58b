//! A cursor over JSON text that checks all that it passes.

use super::{DEPTH_MAX, Malformed};

/// A cursor over JSON text.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: u32,
}

/// A key as it is written, with its quotes.
pub(crate) struct Key<'a> {
    raw: &'a [u8],
    escaped: bool,
}

impl Key<'_> {
    /// Whether the key means `name`.
    pub(crate) fn is(&self, name: &str) -> bool {
        if self.escaped {
            serde_json::from_slice::<String>(self.raw).is_ok_and(|key| key == name)
        } else {
            &self.raw[1..self.raw.len() - 1] == name.as_bytes()
        }
    }
}

impl<'a> Scanner<'a> {
    /// At the beginning of `bytes`, which are UTF-8.
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            depth: 0,
        }
    }

    /// The first byte of the next value.
    pub(crate) fn peek(&mut self) -> Result<u8, Malformed> {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                _ => return Ok(byte),
            }
        }
        Err(self.wrong())
    }

    /// Enters the object or list that [`Scanner::peek`] saw; whether it has a first entry.
    pub(crate) fn open(&mut self, close: u8) -> Result<bool, Malformed> {
        if self.depth == DEPTH_MAX {
            return Err(Malformed::TooDeep);
        }
        self.depth += 1;
        self.at += 1;
        if self.peek()? == close {
            self.leave();
            return Ok(false);
        }
        Ok(true)
    }

    /// Behind an entry: whether there is another. If not, the object or list has been left.
    pub(crate) fn next(&mut self, close: u8) -> Result<bool, Malformed> {
        match self.peek()? {
            b',' => {
                self.at += 1;
                Ok(true)
            }
            byte if byte == close => {
                self.leave();
                Ok(false)
            }
            _ => Err(self.wrong()),
        }
    }

    /// Passes a key and its colon if it is written exactly so; otherwise stays where it is.
    pub(crate) fn key_is(&mut self, name: &str) -> Result<bool, Malformed> {
        self.peek()?;
        let quoted = self.bytes[self.at..]
            .strip_prefix(b"\"")
            .and_then(|rest| rest.strip_prefix(name.as_bytes()));
        if quoted.is_none_or(|rest| rest.first() != Some(&b'"')) {
            return Ok(false);
        }
        self.at += name.len() + 2;
        self.colon()?;
        Ok(true)
    }

    /// Passes any key and its colon.
    pub(crate) fn key(&mut self) -> Result<Key<'a>, Malformed> {
        if self.peek()? != b'"' {
            return Err(self.wrong());
        }
        let start = self.at;
        let escaped = self.string()?;
        let raw = &self.bytes[start..self.at];
        self.colon()?;
        Ok(Key { raw, escaped })
    }

    /// Passes one value and says where it stands.
    pub(crate) fn skip(&mut self) -> Result<(u32, u32), Malformed> {
        let first = self.peek()?;
        let start = self.at;
        match first {
            b'"' => {
                self.string()?;
            }
            b'{' => {
                let mut more = self.open(b'}')?;
                while more {
                    self.key()?;
                    self.skip()?;
                    more = self.next(b'}')?;
                }
            }
            b'[' => {
                let mut more = self.open(b']')?;
                while more {
                    self.skip()?;
                    more = self.next(b']')?;
                }
            }
            b't' => self.word(b"true")?,
            b'f' => self.word(b"false")?,
            b'n' => self.word(b"null")?,
            _ => self.number()?,
        }
        Ok((offset(start), offset(self.at)))
    }

    /// Nothing but white space may follow.
    pub(crate) fn end(&mut self) -> Result<(), Malformed> {
        match self.peek() {
            Ok(_) => Err(self.wrong()),
            Err(_) => Ok(()),
        }
    }

    const fn leave(&mut self) {
        self.depth -= 1;
        self.at += 1;
    }

    fn colon(&mut self) -> Result<(), Malformed> {
        if self.peek()? != b':' {
            return Err(self.wrong());
        }
        self.at += 1;
        Ok(())
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Malformed> {
        if !self.bytes[self.at..].starts_with(word) {
            return Err(self.wrong());
        }
        self.at += word.len();
        Ok(())
    }

    /// Passes a string; whether it has escapes.
    fn string(&mut self) -> Result<bool, Malformed> {
        let mut escaped = false;
        self.at += 1;
        loop {
            self.at = plain_end(self.bytes, self.at);
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(escaped);
                }
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                _ => return Err(self.wrong()),
            }
        }
    }

    fn escape(&mut self) -> Result<(), Malformed> {
        let length = match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
            Some(b'u') => {
                let digits = self.bytes.get(self.at + 2..self.at + 6);
                if !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
                    return Err(self.wrong());
                }
                6
            }
            _ => return Err(self.wrong()),
        };
        self.at += length;
        Ok(())
    }

    fn number(&mut self) -> Result<(), Malformed> {
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        if self.bytes.get(self.at) == Some(&b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
            if let Some(b'+' | b'-') = self.bytes.get(self.at) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    /// One digit or more.
    fn digits(&mut self) -> Result<(), Malformed> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.wrong());
        }
        Ok(())
    }

    const fn wrong(&self) -> Malformed {
        Malformed::NotJson(self.at)
    }
}

/// Where a string's run of plain bytes ends: at a quote, a backslash, a control character (which
/// JSON forbids), or the end of the text. Eight bytes at a time.
fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGHS: u64 = ONES << 7;
    // The high bit of each byte that is below `limit`. A borrow spoils only bytes above such a
    // byte, so the lowest bit that is set is right, and only that one is used.
    let below = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word & HIGHS;
    while let Some(chunk) = bytes[at..].first_chunk::<8>() {
        let word = u64::from_le_bytes(*chunk);
        let quotes = below(word ^ (ONES * u64::from(b'"')), 1);
        let backslashes = below(word ^ (ONES * u64::from(b'\\')), 1);
        let special = quotes | backslashes | below(word, 0x20);
        if special != 0 {
            return at + special.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let plain = |byte: &u8| *byte >= 0x20 && *byte != b'"' && *byte != b'\\';
    at + bytes[at..].iter().take_while(|byte| plain(byte)).count()
}

/// INVARIANT: texts are at most 4 GiB, see [`super::decode`].
fn offset(at: usize) -> u32 {
    u32::try_from(at).expect("longer texts are refused")
}
