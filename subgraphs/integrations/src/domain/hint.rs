//! What may be shown of a credential.
//!
//! What must never happen: a secret part in a hint. Whatever does not look exactly as expected
//! becomes `***`.

use super::provider::Values;
use super::secret::Secret;

const HIDDEN: &str = "***";

/// Longer names than this are cut, since hints are for lists.
const CHARS_MAX: usize = 100;

/// A field that is no secret.
pub(super) fn plain(values: &Values, field: &str) -> String {
    let shown = values.get(field).map_or(HIDDEN, |value| value.expose());
    shown.chars().take(CHARS_MAX).collect()
}

/// `who@where`, of two fields that are no secrets.
pub(super) fn at(values: &Values, who: &str, place: &str) -> String {
    format!("{}@{}", plain(values, who), plain(values, place))
}

/// `https://host/***`; the path and what follows may be secret.
pub(super) fn host(values: &Values, field: &str) -> String {
    let host = values
        .get(field)
        .and_then(|value| host_of(value.expose(), &["https"]));
    host.map_or_else(|| HIDDEN.to_owned(), |host| format!("https://{host}/***"))
}

/// `mongodb+srv://***@hosts`.
pub(super) fn connection_string(values: &Values, field: &str) -> String {
    let Some(text) = values.get(field).map(Secret::expose) else {
        return HIDDEN.to_owned();
    };
    let scheme = text.split("://").next().unwrap_or_default();
    match host_of(text, &["mongodb", "mongodb+srv"]) {
        Some(hosts) if text.contains('@') => format!("{scheme}://{HIDDEN}@{hosts}"),
        Some(hosts) => format!("{scheme}://{hosts}"),
        None => HIDDEN.to_owned(),
    }
}

/// The bot's number, which everybody who talks to it knows.
pub(super) fn telegram(values: &Values, field: &str) -> String {
    let bot = values.get(field).and_then(|value| bot_of(value.expose()));
    bot.map_or_else(|| HIDDEN.to_owned(), |bot| format!("{bot}:{HIDDEN}"))
}

/// The account's address in a key file.
pub(super) fn service_account(values: &Values, field: &str) -> String {
    let email = values.get(field).and_then(|value| email_of(value.expose()));
    let email = email.unwrap_or_else(|| HIDDEN.to_owned());
    email.chars().take(CHARS_MAX).collect()
}

/// The hosts in a URL with one of these schemes.
///
/// Whatever stands before the last `@` may be a password, also one that was not escaped, so hosts
/// begin behind it.
pub(super) fn host_of<'t>(url: &'t str, schemes: &[&str]) -> Option<&'t str> {
    let (scheme, rest) = url.split_once("://")?;
    if !schemes.contains(&scheme) {
        return None;
    }
    let behind = rest.rsplit_once('@').map_or(rest, |(_, behind)| behind);
    let hosts = behind.split(['/', '?', '#']).next()?;
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:,[]".contains(&byte);
    (!hosts.is_empty() && hosts.bytes().all(is_host)).then_some(hosts)
}

/// The number of a bot in its token.
pub(super) fn bot_of(token: &str) -> Option<&str> {
    let (bot, secret) = token.split_once(':')?;
    let is_number = (1..=20).contains(&bot.len()) && bot.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && secret.len() >= 8).then_some(bot)
}

/// The address in a service account's key file, if the text is one.
pub(super) fn email_of(key_file: &str) -> Option<String> {
    let file: serde_json::Value = serde_json::from_str(key_file).ok()?;
    let has_key = file.get("private_key")?.is_string();
    let email = file.get("client_email")?.as_str()?;
    (has_key && file.get("type")? == "service_account").then(|| email.to_owned())
}
