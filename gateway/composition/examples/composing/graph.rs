//! Graphs like real ones, of any size: entities that three subgraphs share, with requirements among
//! them, value types that two share, interfaces, unions, enums and inputs.

use std::fmt::Write;

use composition::SubgraphInput;

const HEAD: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.9\", \
    import: [\"@key\", \"@shareable\", \"@external\", \"@requires\", \"@tag\", \"@inaccessible\"])\n";

/// Types come in groups of ten, with sixty fields; four of them are entities.
const GROUP: usize = 10;
const ENTITIES: usize = 4;

/// Makes a graph of so many subgraphs and so many types, with six times as many fields.
pub(crate) fn generate(subgraphs: usize, types: usize) -> Vec<SubgraphInput> {
    let mut drafts: Vec<Draft> = (0..subgraphs).map(|_| Draft::default()).collect();
    for group in 0..types / GROUP {
        for slot in 0..ENTITIES {
            entity(&mut drafts, group, slot);
        }
        values(&mut drafts, group);
    }
    drafts
        .into_iter()
        .enumerate()
        .map(|(index, draft)| SubgraphInput {
            name: format!("s{index:03}"),
            url: format!("http://s{index:03}/graphql"),
            sdl: format!("{HEAD}type Query {{\n{}}}\n{}", draft.queries, draft.types),
        })
        .collect()
}

#[derive(Default)]
struct Draft {
    queries: String,
    types: String,
}

/// An entity in three subgraphs: the first has it, the second computes from it, the third adds to it.
fn entity(drafts: &mut [Draft], group: usize, slot: usize) {
    let count = drafts.len();
    let (home, step) = (group % count, 1 + slot % 3);
    let name = format!("Entity{group}x{slot}");
    let sibling = format!("Entity{group}x{}", (slot + 1) % ENTITIES);
    let _ = writeln!(
        drafts[home].queries,
        "  entity{group}x{slot}(id: ID!): {name}"
    );
    let _ = writeln!(
        drafts[home].types,
        "type {name} @key(fields: \"id\") {{\n  id: ID!\n  name: String! @tag(name: \"public\")\n  weight: Int\n  sibling: {sibling}\n  list(first: Int = 10, after: String): [{sibling}!]!\n}}"
    );
    let _ = writeln!(
        drafts[(home + step) % count].types,
        "type {name} @key(fields: \"id\") {{\n  id: ID!\n  weight: Int @external\n  price: Int @requires(fields: \"weight\")\n  notes: [Note{group}!]\n}}"
    );
    let _ = writeln!(
        drafts[(home + 2 * step) % count].types,
        "type {name} @key(fields: \"id\") {{\n  id: ID!\n  rating: Float @deprecated(reason: \"use votes\")\n  votes: Int\n  secret: Int @inaccessible\n}}"
    );
}

/// An interface with an implementation, a union, an enum, an input that uses it, and a value type
/// that every subgraph with an entity of the group shares.
fn values(drafts: &mut [Draft], group: usize) {
    let count = drafts.len();
    let home = group % count;
    let _ = writeln!(
        drafts[home].queries,
        "  search{group}(filter: Filter{group}!): [Result{group}!]!\n  node{group}: Node{group}"
    );
    let _ = writeln!(
        drafts[home].types,
        "interface Node{group} {{\n  id: ID!\n  name: String!\n  label: String\n}}\n\
         type Leaf{group} implements Node{group} {{\n  id: ID!\n  name: String!\n  label: String\n  a: Int\n  b: [String!]\n  c: Boolean\n  owner: Entity{group}x0\n}}\n\
         union Result{group} = Leaf{group} | Entity{group}x0 | Entity{group}x1\n\
         enum Order{group} {{\n  NAME\n  PRICE\n}}\n\
         input Filter{group} {{\n  text: String\n  order: Order{group} = NAME\n  first: Int\n  after: String\n  tags: [String!]\n}}"
    );
    for step in 1..=3 {
        let _ = writeln!(
            drafts[(home + step) % count].types,
            "type Note{group} @shareable {{\n  text: String\n  at: Int\n  by: String\n}}"
        );
    }
}
