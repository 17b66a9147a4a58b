//! The decoder against serde_json, on documents made from a seed.

use bytes::Bytes;
use planner::plan::{Shape, ShapeField, ShapeId};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{Malformed, decode};
use crate::table::{Slot, Table};

const DOCUMENTS: u64 = 400;

/// SplitMix64: small, and good enough to shuffle.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit).unwrap()).unwrap()
    }

    fn one_in(&mut self, limit: usize) -> bool {
        self.below(limit) == 0
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

/// Three shapes that contain each other, with keys that are prefixes of others.
fn shapes() -> Vec<Shape> {
    let field = |key: &str, object: Option<u32>| ShapeField {
        key: key.into(),
        object: object.map(ShapeId),
    };
    let shape = |fields: Vec<ShapeField>| Shape {
        fields,
        typename: None,
    };
    vec![
        shape(vec![
            field("a", None),
            field("ab", Some(1)),
            field("abc", Some(2)),
            field("b", None),
        ]),
        shape(vec![
            field("x", None),
            field("self", Some(1)),
            field("y", Some(2)),
        ]),
        shape(vec![field("id", None), field("up", Some(0))]),
    ]
}

/// Writes random JSON that resembles a shape.
struct Writer {
    random: Random,
    shapes: Vec<Shape>,
    out: String,
}

impl Writer {
    fn space(&mut self) {
        let space = self.random.pick(&["", "", "", " ", "\n\t", "\r\n "]);
        self.out.push_str(space);
    }

    fn string(&mut self) {
        let parts = [
            "a",
            "long enough to be scanned by words",
            "ä",
            "𝄞",
            "\\n",
            "\\\"",
            "\\\\",
            "\\u00e4",
            "\\ud834\\udd1e",
            "\\/",
            "\u{7f}",
            "",
        ];
        self.out.push('"');
        for _ in 0..self.random.below(5) {
            let part = self.random.pick(&parts);
            self.out.push_str(part);
        }
        self.out.push('"');
    }

    fn key(&mut self, name: &str) {
        if self.random.one_in(8) && !name.is_empty() {
            let escaped: String = name
                .chars()
                .map(|letter| format!("\\u{:04x}", u32::from(letter)))
                .collect();
            self.out.push_str(&format!("\"{escaped}\""));
        } else {
            self.out.push_str(&format!("\"{name}\""));
        }
    }

    fn leaf(&mut self, depth: usize) {
        match self.random.below(if depth > 6 { 4 } else { 6 }) {
            0 => self.out.push_str("null"),
            1 => self.string(),
            2 => {
                let numbers = ["0", "-1", "2.50", "1e3", "9007199254740993", "-0.0E-2"];
                let number = self.random.pick(&numbers);
                self.out.push_str(number);
            }
            3 => {
                let word = self.random.pick(&["true", "false"]);
                self.out.push_str(word);
            }
            4 => self.list(|writer| writer.leaf(depth + 1)),
            _ => self.object(&["k", "id", "a"], |writer, _| writer.leaf(depth + 1)),
        }
    }

    fn list(&mut self, mut item: impl FnMut(&mut Self)) {
        self.out.push('[');
        for index in 0..self.random.below(4) {
            if index > 0 {
                self.out.push(',');
            }
            self.space();
            item(self);
            self.space();
        }
        self.out.push(']');
    }

    fn object(&mut self, keys: &[&str], mut value: impl FnMut(&mut Self, &str)) {
        self.out.push('{');
        self.space();
        for (index, key) in keys.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
                self.space();
            }
            self.key(key);
            self.space();
            self.out.push(':');
            self.space();
            value(self, key);
            self.space();
        }
        self.out.push('}');
    }

    /// An object of a shape: keys left out, doubled, shuffled, unknown.
    fn row(&mut self, shape: usize, depth: usize) {
        let fields = self.shapes[shape].fields.clone();
        let mut keys: Vec<&str> = fields.iter().map(|field| &*field.key).collect();
        keys.retain(|_| !self.random.one_in(6));
        for extra in ["zz", "", "a", "id", "x"] {
            if self.random.one_in(8) {
                keys.push(extra);
            }
        }
        if self.random.one_in(3) {
            for index in (1..keys.len()).rev() {
                keys.swap(index, self.random.below(index + 1));
            }
        }
        self.object(&keys, |writer, key| {
            let field = fields.iter().find(|field| *field.key == *key);
            match field.and_then(|field| field.object) {
                Some(ShapeId(shape)) => writer.rows(shape as usize, depth + 1),
                None => writer.leaf(depth),
            }
        });
    }

    fn rows(&mut self, shape: usize, depth: usize) {
        match self.random.below(8) {
            0 => self.leaf(depth),
            1..4 if depth < 5 => self.list(|writer| writer.rows(shape, depth + 1)),
            _ if depth > 5 => self.out.push_str("null"),
            _ => self.row(shape, depth),
        }
    }
}

fn document(seed: u64) -> String {
    let mut writer = Writer {
        random: Random(seed),
        shapes: shapes(),
        out: String::new(),
    };
    let keys: &[&str] = match writer.random.below(4) {
        0 => &["errors", "data", "extensions"],
        1 => &["data", "data"],
        _ => &["data"],
    };
    writer.space();
    writer.object(keys, |writer, key| match key {
        "data" => writer.row(0, 0),
        _ => writer.leaf(0),
    });
    writer.space();
    writer.out
}

/// What the table says, as a tree.
fn view(table: &Table, shapes: &[Shape], shape: &Shape, slot: u32) -> Option<Value> {
    Some(match table.slot(slot) {
        Slot::Missing => return None,
        Slot::Null => Value::Null,
        Slot::Leaf { start, end } => serde_json::from_slice(table.bytes(start, end)).unwrap(),
        Slot::List { start, len } => (start..start + len)
            .map(|item| view(table, shapes, shape, item).unwrap())
            .collect(),
        Slot::Row { base } => {
            let mut object = Map::new();
            for (slot, field) in (base..).zip(&shape.fields) {
                let below = field.object.map_or(shape, |id| &shapes[id.index()]);
                if let Some(value) = view(table, shapes, below, slot) {
                    object.insert(field.key.to_string(), value);
                }
            }
            Value::Object(object)
        }
    })
}

/// The same out of a tree: only the keys of the shape, in its order.
fn expect(shapes: &[Shape], shape: &Shape, value: &Value) -> Value {
    match value {
        Value::Array(items) => items
            .iter()
            .map(|item| expect(shapes, shape, item))
            .collect(),
        Value::Object(object) => {
            let fields = shape.fields.iter().filter_map(|field| {
                let value = object.get(&*field.key)?;
                let value = match field.object {
                    Some(id) => expect(shapes, &shapes[id.index()], value),
                    None => value.clone(),
                };
                Some((field.key.to_string(), value))
            });
            Value::Object(fields.collect())
        }
        leaf => leaf.clone(),
    }
}

fn decode_text(text: &[u8]) -> Result<Table, Malformed> {
    let shapes = shapes();
    let decoded = decode(Bytes::copy_from_slice(text), &shapes, &shapes[0])?;
    Ok(decoded.table)
}

#[track_caller]
fn check(text: &str, seed: u64) {
    let shapes = shapes();
    let table = decode_text(text.as_bytes()).unwrap_or_else(|error| panic!("{seed}: {error}"));
    let seen = view(&table, &shapes, &shapes[0], table.data()).unwrap();
    let tree: Value = serde_json::from_str(text).unwrap();
    assert_eq!(
        seen,
        expect(&shapes, &shapes[0], &tree["data"]),
        "{seed}: {text}"
    );
}

#[test]
fn documents_read_as_serde_json_reads_them() {
    for seed in 0..DOCUMENTS * 10 {
        check(&document(seed), seed);
    }
}

#[test]
fn documents_that_are_cut_off_are_refused_at_every_byte() {
    for seed in 0..DOCUMENTS / 4 {
        let text = document(seed);
        let whole = text.trim_end().len();
        for end in 0..whole {
            assert!(
                decode_text(&text.as_bytes()[..end]).is_err(),
                "{seed}, {end}: {text}"
            );
        }
    }
}

#[test]
fn damaged_documents_are_refused_exactly_when_they_are_not_json() {
    let mut random = Random(7);
    for seed in 0..DOCUMENTS {
        let mut bytes = document(seed).into_bytes();
        for _ in 0..20 {
            let place = random.below(bytes.len());
            let known = b"{}[]:,\"\\0123456789-+.eEtfnul \n\x00\x1f\xc3\xa4";
            let byte = known[random.below(known.len())];
            let before = std::mem::replace(&mut bytes[place], byte);
            let is_json = str::from_utf8(&bytes)
                .is_ok_and(|text| serde_json::from_str::<&RawValue>(text).is_ok());
            let is_object = bytes.trim_ascii_start().first() == Some(&b'{');
            let refused = decode_text(&bytes).err();
            assert_eq!(
                refused.is_none(),
                is_json && is_object,
                "{refused:?}: {}",
                String::from_utf8_lossy(&bytes)
            );
            if random.one_in(2) {
                bytes[place] = before;
            }
        }
    }
}

#[test]
fn random_bytes_never_panic() {
    let mut random = Random(11);
    for _ in 0..DOCUMENTS * 10 {
        let length = random.below(64);
        let bytes: Vec<u8> = (0..length)
            .map(|_| u8::try_from(random.below(256)).unwrap())
            .collect();
        let _ = decode_text(&bytes);
        let _ = decode_text(&[b"{\"data\":", &bytes[..]].concat());
    }
}

#[test]
fn the_last_of_equal_keys_counts() {
    check(
        r#"{"data":{"a":1,"ab":{"x":1},"a":2,"ab":{"self":{"x":3}}}}"#,
        0,
    );
    check(r#"{"data":{"a":1},"data":{"b":2}}"#, 0);
}

#[test]
fn nesting_has_a_limit() {
    let nested = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        decode_text(format!("{{\"data\":{{\"a\":{open}{close}}}}}").as_bytes()).err()
    };
    assert_eq!(nested(198), None);
    assert_eq!(nested(199), Some(Malformed::TooDeep));
    assert_eq!(nested(1_000_000), Some(Malformed::TooDeep));
}

#[test]
fn small_bodies_cannot_make_huge_tables() {
    let rows = "{},".repeat(1_500_000);
    let text = format!("{{\"data\":{{\"ab\":[{rows}{{}}]}}}}");
    assert_eq!(
        decode_text(text.as_bytes()).err(),
        Some(Malformed::TooManyValues)
    );
}

#[test]
fn what_is_not_a_response_is_refused() {
    for text in ["", " ", "null", "[]", "\"data\"", "1"] {
        assert!(decode_text(text.as_bytes()).is_err(), "{text}");
    }
    assert_eq!(
        decode_text(b"{\"data\":\"\xff\"}").err(),
        Some(Malformed::NotUtf8)
    );
    assert_eq!(
        decode_text(b"{\"data\":{}} x").err(),
        Some(Malformed::NotJson(12))
    );
}
