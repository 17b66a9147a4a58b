//! `${env.NAME}` in a configuration stands for what the environment says, `${env.NAME:-text}` for
//! the text if it says nothing.

use anyhow::{Context as _, Result};

/// Puts in what the environment says; `environment` gives the value of a variable.
pub(super) fn expand(text: &str, environment: impl Fn(&str) -> Option<String>) -> Result<String> {
    const START: &str = "${env.";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(START) {
        let (name, after) = after
            .split_once('}')
            .with_context(|| format!("`{START}` is not closed by `}}`"))?;
        let (name, default) = match name.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (name, None),
        };
        let value = environment(name).or_else(|| default.map(str::to_owned));
        out.push_str(before);
        out.push_str(&value.with_context(|| format!("the environment has no {name}"))?);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expanded: Option<&str>) {
        let environment = |name: &str| (name == "PORT").then(|| "80".to_owned());
        assert_eq!(
            expand(text, environment).ok().as_deref(),
            expanded,
            "{text}"
        );
    }

    #[test]
    fn variables() {
        check("plain $x ${y}", Some("plain $x ${y}"));
        check("http://a:${env.PORT}/${env.PORT}", Some("http://a:80/80"));
        check("${env.PORT:-90}", Some("80"));
        check("${env.HOST:-b}:${env.PORT}", Some("b:80"));
        check("${env.HOST:-}", Some(""));
        check("${env.HOST}", None);
        check("${env.PORT", None);
    }
}
