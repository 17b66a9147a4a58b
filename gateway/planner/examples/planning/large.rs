//! Large operations: entities of many subgraphs that lead to one another.

use std::fmt::Write as _;

/// Each subgraph owns one type of entities, has some fields of another's, and leads to others.
const LEAVES: usize = 8;

/// A supergraph, and an operation of about so many fields that asks all of its subgraphs.
pub(crate) fn generate(subgraphs: usize, fields: usize) -> (String, String) {
    (graph(subgraphs), operation(subgraphs, fields))
}

fn graph(subgraphs: usize) -> String {
    let mut sdl = String::from(super::hostile::MACHINERY);
    sdl.push_str("enum join__Graph {");
    for index in 0..subgraphs {
        let _ = write!(sdl, " S{index} @join__graph(name: \"s{index}\", url: \"\")");
    }
    sdl.push_str(" }\ntype Query");
    for index in 0..subgraphs {
        let _ = write!(sdl, " @join__type(graph: S{index})");
    }
    sdl.push_str(" {");
    for index in 0..subgraphs {
        let _ = write!(sdl, " e{index}: [E{index}] @join__field(graph: S{index})");
    }
    sdl.push_str(" }\n");
    for own in 0..subgraphs {
        // The owner, one that adds fields, and one that only refers to it.
        let (adds, refers) = ((own + 1) % subgraphs, (own + 2) % subgraphs);
        let _ = write!(sdl, "type E{own}");
        for graph in [own, adds, refers] {
            let _ = write!(sdl, " @join__type(graph: S{graph}, key: \"id\")");
        }
        sdl.push_str(" { id: ID!");
        for leaf in 0..LEAVES {
            let _ = write!(sdl, " own{leaf}: String @join__field(graph: S{own})");
            let _ = write!(sdl, " more{leaf}: Int @join__field(graph: S{adds})");
        }
        // What an owner refers to lies in a subgraph that knows it.
        let below = (own + subgraphs - 2) % subgraphs;
        let _ = write!(sdl, " next: E{below} @join__field(graph: S{own})");
        let _ = write!(sdl, " list: [E{below}!] @join__field(graph: S{own})");
        sdl.push_str(" }\n");
    }
    sdl
}

fn operation(subgraphs: usize, fields: usize) -> String {
    let mut text = String::from("{");
    let mut left = fields;
    let mut round = 0;
    while left > 0 {
        for root in 0..subgraphs {
            if left == 0 {
                break;
            }
            let _ = write!(text, " a{round}_{root}: e{root} {{ id");
            left = left.saturating_sub(2);
            let mut open = 1;
            for level in 0..3 {
                for leaf in 0..4 {
                    let kind = if (leaf + round) % 2 == 0 {
                        "own"
                    } else {
                        "more"
                    };
                    let _ = write!(text, " {kind}{}", (leaf + round + level) % LEAVES);
                    left = left.saturating_sub(1);
                }
                if level < 2 {
                    let below = if level == 0 { "next" } else { "list" };
                    let _ = write!(text, " {below} {{");
                    left = left.saturating_sub(1);
                    open += 1;
                }
            }
            text.push_str(&" }".repeat(open));
        }
        round += 1;
    }
    text.push_str(" }");
    text
}
