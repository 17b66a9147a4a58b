//! Documents that are meant to take long to plan: a thousand of them, each made from a number.

use std::fmt::Write as _;

/// What every supergraph carries.
pub(crate) const MACHINERY: &str = r#"
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
{ query: Query }
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, overrideLabel: String) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
scalar link__Import
scalar join__FieldSet
enum link__Purpose { SECURITY EXECUTION }
"#;

/// One kind of hostile documents.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) count: u64,
    types: fn() -> String,
    pub(crate) document: fn(u64) -> String,
}

impl Kind {
    /// The supergraph that the documents are for.
    pub(crate) fn graph(&self) -> String {
        format!("{MACHINERY}{}", (self.types)())
    }
}

/// All kinds, together a thousand documents.
pub(crate) const KINDS: &[Kind] = &[
    Kind {
        name: "fragments that double",
        count: 150,
        types: everywhere,
        document: doubling,
    },
    Kind {
        name: "floods of aliases",
        count: 150,
        types: everywhere,
        document: aliases,
    },
    Kind {
        name: "ten subgraphs that answer everything",
        count: 150,
        types: everywhere,
        document: tree,
    },
    Kind {
        name: "floods of conditions",
        count: 100,
        types: everywhere,
        document: conditions,
    },
    Kind {
        name: "unions of a hundred members",
        count: 150,
        types: crowded,
        document: members,
    },
    Kind {
        name: "abstract types in each other",
        count: 150,
        types: abstracts,
        document: nested,
    },
    Kind {
        name: "wide requirements",
        count: 150,
        types: requirements,
        document: required,
    },
];

/// Numbers that look random and are the same everywhere (xorshift).
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// Below `bound`.
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound.max(1)
    }

    /// From `low` to `high`.
    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        let count = u64::try_from(of.len()).expect("lists are short");
        let index = usize::try_from(self.below(count)).expect("lists are short");
        of[index]
    }
}

const TEN: [&str; 10] = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];

fn graphs(names: &[&str]) -> String {
    let graph = |name: &&str| {
        let lower = name.to_lowercase();
        format!(" {name} @join__graph(name: \"{lower}\", url: \"\")")
    };
    let graphs: String = names.iter().map(graph).collect();
    format!("enum join__Graph {{{graphs} }}\n")
}

fn joins(names: &[&str], key: &str) -> String {
    let join = |name: &&str| match key {
        "" => format!(" @join__type(graph: {name})"),
        key => format!(" @join__type(graph: {name}, key: \"{key}\")"),
    };
    names.iter().map(join).collect()
}

/// Every field can be asked of ten subgraphs, of entities and of values.
fn everywhere() -> String {
    let (plain, keyed) = (joins(&TEN, ""), joins(&TEN, "id"));
    format!(
        "{}
        type Query {plain} {{ t: T v: V }}
        type T {keyed} {{ id: ID! n: Int m(a: Int): Int t(a: Int): T v: V ts: [T] }}
        type V {plain} {{ n: Int v: V t: T }}
        ",
        graphs(&TEN)
    )
}

fn doubling(seed: u64) -> String {
    let mut random = Random::new(seed);
    let levels = random.between(8, 60);
    let bodies = [
        "NEXT NEXT",
        "t { NEXT } t { NEXT }",
        "x: t { NEXT } y: t { NEXT }",
        "x: t(a: 1) { NEXT } y: t(a: 2) { NEXT }",
        "v { t { NEXT } } ts { NEXT n }",
        "t { ... on T { NEXT } NEXT }",
        "ts { id NEXT } NEXT",
        "NEXT ... @include(if: $c) { NEXT } t { NEXT }",
    ];
    let mut text = String::from("query ($c: Boolean!) { t { ...F0 n @include(if: $c) } }\n");
    let alternate = random.below(2) == 0;
    let first = random.pick(&bodies);
    for level in 0..levels {
        let body = if alternate {
            random.pick(&bodies)
        } else {
            first
        };
        let next = format!("...F{}", level + 1);
        let body = body.replace("NEXT", &next);
        let _ = writeln!(text, "fragment F{level} on T {{ {body} }}");
    }
    let _ = writeln!(text, "fragment F{levels} on T {{ n m(a: 1) v {{ n }} }}");
    text
}

fn aliases(seed: u64) -> String {
    let mut random = Random::new(seed);
    let count = random.between(100, 6000);
    let bodies = [
        "m(a: NUMBER)",
        "t(a: NUMBER) { n }",
        "t(a: NUMBER) { n v { n t { n } } }",
        "ts { id t { m(a: NUMBER) } }",
        "v { n v { v { t { n } } } }",
        "t { t { t(a: NUMBER) { id } } }",
    ];
    let body = random.pick(&bodies);
    let mut text = String::from("{ t {");
    for number in 0..count {
        let body = body.replace("NUMBER", &number.to_string());
        let _ = write!(text, " a{number}: {body}");
    }
    text.push_str(" } }");
    text
}

/// A tree of selections, as wide and deep as its size lets it be.
fn tree(seed: u64) -> String {
    let mut random = Random::new(seed);
    let mut left = random.between(200, 5000);
    let mut text = String::from("{ t {");
    grow(&mut random, &mut left, true, 0, &mut text);
    text.push_str(" } }");
    text
}

fn grow(random: &mut Random, left: &mut u64, on_t: bool, depth: u64, text: &mut String) {
    text.push_str(" n");
    let children = random.between(1, 4);
    for child in 0..children {
        if *left == 0 || depth > 60 {
            return;
        }
        *left -= 1;
        let fields: &[&str] = if on_t { &["t", "v", "ts"] } else { &["v", "t"] };
        let field = random.pick(fields);
        let _ = write!(text, " c{child}: {field} {{");
        grow(random, left, field != "v", depth + 1, text);
        text.push_str(" }");
    }
}

fn conditions(seed: u64) -> String {
    let mut random = Random::new(seed);
    let variables = random.between(3, 60);
    let mut head = String::new();
    for number in 0..variables {
        let _ = write!(head, " $c{number}: Boolean!");
    }
    let mut text = format!("query ({head}) {{ t {{");
    for _ in 0..random.between(20, 800) {
        let (a, b) = (random.below(variables), random.below(variables));
        let field = random.pick(&["n", "id", "v { n }", "t { n }", "m(a:1)", "ts { id n }"]);
        let (name, rest) = field.split_once(' ').unwrap_or((field, ""));
        let conditions = match random.below(3) {
            0 => format!("@include(if: $c{a})"),
            1 => format!("@skip(if: $c{a})"),
            _ => format!("@include(if: $c{a}) @skip(if: $c{b})"),
        };
        let _ = match random.below(3) {
            0 => write!(
                text,
                " ... @include(if: $c{b}) {{ {name} {conditions} {rest} }}"
            ),
            _ => write!(text, " {name} {conditions} {rest}"),
        };
    }
    text.push_str(" n } }");
    text
}

const MEMBERS: u64 = 100;

/// A union of a hundred members, each with fields of two subgraphs.
fn crowded() -> String {
    let mut types = graphs(&["A", "B"]);
    types.push_str(
        "type Query @join__type(graph: A) @join__type(graph: B) { all: U @join__field(graph: A) }\n",
    );
    let (mut union, mut joins) = (String::new(), String::new());
    for index in 0..MEMBERS {
        let _ = writeln!(
            types,
            "type M{index} @join__type(graph: A, key: \"id\") @join__type(graph: B, key: \"id\") {{
              id: ID! a: Int @join__field(graph: A) b: Int @join__field(graph: B)
              all: U @join__field(graph: A) one: M{} @join__field(graph: B) }}",
            (index + 1) % MEMBERS
        );
        let _ = write!(union, "{} M{index}", if index == 0 { "" } else { " |" });
        let _ = write!(joins, " @join__unionMember(graph: A, member: \"M{index}\")");
    }
    let _ = writeln!(types, "union U @join__type(graph: A){joins} = {union}");
    types
}

fn members(seed: u64) -> String {
    let mut random = Random::new(seed);
    let levels = random.between(1, 3);
    let body = random.pick(&[
        "a b",
        "a",
        "b",
        "id one { a b }",
        "b one { one { one { b } } }",
    ]);
    let some = random.between(1, MEMBERS);
    let mut inner = String::from("__typename");
    for _ in 0..levels {
        let mut set = String::new();
        for _ in 0..some.min(40_000 / (inner.len() as u64 + 20) + 1) {
            let member = random.below(MEMBERS);
            let _ = write!(set, " ... on M{member} {{ {body} all {{ {inner} }} }}");
        }
        inner = set;
    }
    format!("{{ all {{ {inner} }} }}")
}

/// Interfaces with thirty implementations, whose fields three subgraphs share out among them.
fn abstracts() -> String {
    let names = ["A", "B", "C"];
    let mut types = graphs(&names);
    types.push_str(
        "type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) {
          i: I @join__field(graph: A) j: J @join__field(graph: A) }
        interface I @join__type(graph: A) @join__type(graph: B) { id: ID! i: I j: J x: Int @join__field(graph: B) }
        interface J @join__type(graph: A) @join__type(graph: B) { id: ID! i: I j: J y: Int @join__field(graph: B) }\n",
    );
    for index in 0..30 {
        let keyed = joins(&names, "id");
        let interfaces = if index % 3 == 0 { "I & J" } else { "I" };
        let implements = if index % 3 == 0 {
            "@join__implements(graph: A, interface: \"I\") @join__implements(graph: A, interface: \"J\") @join__implements(graph: B, interface: \"I\") @join__implements(graph: B, interface: \"J\")"
        } else {
            "@join__implements(graph: A, interface: \"I\") @join__implements(graph: B, interface: \"I\")"
        };
        // Who resolves what differs from type to type.
        let (own, other) = (names[index % 2], names[(index + 1) % 2]);
        let _ = writeln!(
            types,
            "type O{index} implements {interfaces} {implements} {keyed} {{
              id: ID! i: I @join__field(graph: {own}) j: J @join__field(graph: {other})
              x: Int @join__field(graph: B) y: Int @join__field(graph: B)
              z{index}: Int @join__field(graph: C) }}"
        );
    }
    types
}

fn nested(seed: u64) -> String {
    let mut random = Random::new(seed);
    let depth = random.between(2, 12);
    let mut inner = String::from("__typename id");
    for _ in 0..depth {
        let mut set = format!("id i {{ {inner} }}");
        for _ in 0..random.between(0, 12) {
            if set.len() > 30_000 {
                break;
            }
            let own = random.below(30);
            let field = random.pick(&["i", "j"]);
            let _ = match random.below(4) {
                0 => write!(set, " ... on O{own} {{ z{own} {field} {{ {inner} }} }}"),
                1 => write!(set, " ... on J {{ y j {{ {inner} }} }}"),
                2 => write!(set, " ... on I {{ x }} ... on O{own} {{ z{own} }}"),
                _ => write!(
                    set,
                    " ... on O{own} {{ {field} {{ id ... on I {{ x }} }} }}"
                ),
            };
        }
        inner = set;
    }
    format!("{{ i {{ {inner} }} }}")
}

/// Fields that require forty others, which lie in ten subgraphs and require more.
fn requirements() -> String {
    let mut types = graphs(&TEN);
    let _ = writeln!(
        types,
        "type Query{} {{ t: T @join__field(graph: A) ts: [T] @join__field(graph: A) }}",
        joins(&TEN, "")
    );
    let _ = writeln!(types, "type T{} {{ id: ID!", joins(&TEN, "id"));
    for field in 0..40 {
        let owner = TEN[field % 10];
        let others = TEN.iter().filter(|other| **other != owner);
        let external: String = others
            .map(|other| format!(" @join__field(graph: {other}, external: true)"))
            .collect();
        let _ = writeln!(
            types,
            "x{field}: Int @join__field(graph: {owner}){external}"
        );
    }
    let all: Vec<String> = (0..40).map(|field| format!("x{field}")).collect();
    for field in 0..60 {
        let owner = TEN[field % 10];
        let required = match field {
            // A chain: each needs the one before it, in another subgraph.
            1..=20 => format!("r{}", field - 1),
            _ => all.join(" "),
        };
        let external = match field {
            0..=19 => format!(
                " @join__field(graph: {}, external: true)",
                TEN[(field + 1) % 10]
            ),
            _ => String::new(),
        };
        let _ = writeln!(
            types,
            "r{field}: Int @join__field(graph: {owner}, requires: \"{required}\"){external}"
        );
    }
    let _ = writeln!(types, "next: T @join__field(graph: J) }}");
    types
}

fn required(seed: u64) -> String {
    let mut random = Random::new(seed);
    let depth = random.between(1, 20);
    let mut text = String::from("{ ts {");
    for level in 0..depth {
        for _ in 0..random.between(1, 60) {
            let _ = write!(text, " r{}", random.below(60));
        }
        if level + 1 < depth {
            text.push_str(" next {");
        }
    }
    text.push_str(&" }".repeat(usize::try_from(depth).expect("it is small")));
    text.push_str(" }");
    text
}
