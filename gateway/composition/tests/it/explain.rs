//! Explanations are true: the examples do what they are said to do.

use composition::compose;
use composition::explain::{Published, explain, subgraphs};

/// Whether composing the text gives the code.
fn gives(text: &str, code: Published) -> bool {
    match (compose(&subgraphs(text)), code) {
        (Ok(composed), Published::Hint(code)) => {
            composed.hints.iter().any(|hint| hint.code == code)
        }
        (Err(errors), Published::Error(code)) => errors.iter().any(|error| error.code == code),
        _ => false,
    }
}

#[test]
fn every_breaking_example_gives_its_code() {
    for code in Published::all() {
        if let Some(example) = explain(code).example {
            assert!(gives(example.breaks, code), "{code}");
        }
    }
}

#[test]
fn every_obeying_example_composes() {
    for code in Published::all() {
        let Some(example) = explain(code).example else {
            continue;
        };
        if let Err(errors) = compose(&subgraphs(example.obeys)) {
            let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
            panic!("{code}: {}\n{}", example.obeys, lines.join("\n"));
        }
        assert!(!gives(example.obeys, code), "{code}");
    }
}

#[test]
fn every_code_has_a_rule_and_says_where_it_is_written() {
    for code in Published::all() {
        let explained = explain(code);
        assert!(explained.rule.ends_with('.'), "{code}: {}", explained.rule);
        assert!(explained.specification.starts_with("https://"), "{code}");
    }
}
