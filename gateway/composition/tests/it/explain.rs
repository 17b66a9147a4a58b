//! Explanations are true: the examples do what they are said to do.

use composition::explain::{explain, subgraphs};
use composition::{Code, compose};

#[test]
fn every_breaking_example_gives_its_code() {
    for code in Code::ALL {
        let Some(example) = explain(*code).example else {
            continue;
        };
        let errors = compose(&subgraphs(example.breaks)).expect_err(example.breaks);
        assert!(errors.iter().any(|error| error.code == *code), "{code}");
    }
}

#[test]
fn every_obeying_example_composes() {
    for code in Code::ALL {
        let Some(example) = explain(*code).example else {
            continue;
        };
        if let Err(errors) = compose(&subgraphs(example.obeys)) {
            let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
            panic!("{code}: {}\n{}", example.obeys, lines.join("\n"));
        }
    }
}

#[test]
fn every_code_has_a_rule_and_says_where_it_is_written() {
    for code in Code::ALL {
        let explained = explain(*code);
        assert!(explained.rule.ends_with('.'), "{code}: {}", explained.rule);
        assert!(explained.specification.starts_with("https://"), "{code}");
    }
}
