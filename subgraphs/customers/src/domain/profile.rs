//! What is known of a person beside their identities.

use async_graphql::Enum;
use serde_json::{Map, Value};

use super::identity::{email, phone};

/// Whether a customer is a customer of their own
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
pub(crate) enum CustomerStatus {
    Active,
    /// Turned out to be another customer, to whom the id now leads
    Merged,
    Erasing,
    Erased,
}

/// The most characters of a name; the longest that registries of persons have seen are shorter.
const NAME_CHARS_MAX: usize = 200;
/// The most tags of a customer: more than anybody reads.
const TAGS_MAX: usize = 50;
/// The most characters of a tag: a label, not a note.
const TAG_CHARS_MAX: usize = 64;
/// The most attributes of a customer, and the most bytes of all of them as JSON: a profile, not a
/// document store.
const ATTRIBUTES_MAX: usize = 100;
const ATTRIBUTES_BYTES_MAX: usize = 16 * 1024;

/// What is known of a person. Every part is valid.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Profile {
    pub(crate) display_name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) attributes: Map<String, Value>,
    /// Sorted, each once.
    pub(crate) tags: Vec<String>,
}

/// A change of a profile, as a client wrote it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Change {
    pub(crate) display_name: Edit,
    pub(crate) email: Edit,
    pub(crate) phone: Edit,
    /// Merged into the attributes; a null takes one away.
    pub(crate) attributes: Map<String, Value>,
    pub(crate) add_tags: Vec<String>,
    pub(crate) remove_tags: Vec<String>,
}

/// What happens to one part of a profile.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) enum Edit {
    #[default]
    Keep,
    Clear,
    Set(String),
}

/// What is wrong with a change, and in which of its members.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct BadChange {
    pub(crate) member: &'static str,
    pub(crate) message: String,
}

impl BadChange {
    fn new(member: &'static str, message: impl Into<String>) -> Self {
        Self {
            member,
            message: message.into(),
        }
    }
}

impl Profile {
    /// The profile after a change.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the change; the profile is then unchanged.
    pub(crate) fn changed(&self, change: Change) -> Result<Self, Vec<BadChange>> {
        let mut bad = Vec::new();
        let mut part =
            |member, edit, old: &Option<String>, parse: fn(&str) -> Result<String, String>| {
                match edit {
                    Edit::Keep => old.clone(),
                    Edit::Clear => None,
                    Edit::Set(text) => parse(&text)
                        .map_err(|message| bad.push(BadChange::new(member, message)))
                        .ok(),
                }
            };
        let display_name = part("displayName", change.display_name, &self.display_name, name);
        let email = part("email", change.email, &self.email, |text| {
            email(text).ok_or_else(|| "use an address such as `ada@example.com`".to_owned())
        });
        let phone = part("phone", change.phone, &self.phone, |text| {
            phone(text)
                .ok_or_else(|| "use the international form, such as `+4922112345`".to_owned())
        });
        let attributes = self
            .attributes_with(change.attributes)
            .map_err(|error| bad.push(error));
        let tags = self
            .tags_with(&change.add_tags, &change.remove_tags)
            .map_err(|error| bad.push(error));
        match (attributes, tags, bad.is_empty()) {
            (Ok(attributes), Ok(tags), true) => Ok(Self {
                display_name,
                email,
                phone,
                attributes,
                tags,
            }),
            _ => Err(bad),
        }
    }

    fn attributes_with(&self, merged: Map<String, Value>) -> Result<Map<String, Value>, BadChange> {
        let bad = |message: String| BadChange::new("attributes", message);
        let mut attributes = self.attributes.clone();
        for (name, value) in merged {
            if !is_label(&name) {
                return Err(bad(format!("use names of 1 to {TAG_CHARS_MAX} characters")));
            }
            if value.is_null() {
                attributes.remove(&name);
            } else {
                attributes.insert(name, value);
            }
        }
        let bytes = serde_json::to_vec(&attributes).map_or(usize::MAX, |json| json.len());
        if attributes.len() > ATTRIBUTES_MAX || bytes > ATTRIBUTES_BYTES_MAX {
            return Err(bad(format!(
                "a customer has at most {ATTRIBUTES_MAX} attributes of {ATTRIBUTES_BYTES_MAX} bytes in all"
            )));
        }
        Ok(attributes)
    }

    fn tags_with(&self, add: &[String], remove: &[String]) -> Result<Vec<String>, BadChange> {
        if !add.iter().all(|tag| is_label(tag.trim())) {
            let message = format!("use tags of 1 to {TAG_CHARS_MAX} characters");
            return Err(BadChange::new("addTags", message));
        }
        let mut tags: Vec<String> = self
            .tags
            .iter()
            .map(String::as_str)
            .chain(add.iter().map(|tag| tag.trim()))
            .filter(|tag| !remove.iter().any(|removed| removed.trim() == *tag))
            .map(str::to_owned)
            .collect();
        tags.sort_unstable();
        tags.dedup();
        if tags.len() > TAGS_MAX {
            let message = format!("a customer has at most {TAGS_MAX} tags");
            return Err(BadChange::new("addTags", message));
        }
        Ok(tags)
    }

    /// What a search for a text compares, in lower case, so that both engines agree on letters
    /// beyond ASCII.
    pub(crate) fn search_text(&self) -> String {
        let parts = [&self.display_name, &self.email, &self.phone];
        let parts: Vec<String> = parts
            .into_iter()
            .flatten()
            .map(|part| part.to_lowercase())
            .collect();
        parts.join(" ")
    }
}

impl Change {
    /// What an observation of a person says: `displayName`, `email` and `phone` are parts of the
    /// profile, everything else is an attribute.
    ///
    /// # Errors
    ///
    /// If the traits are no object, or a part of the profile is no text.
    pub(crate) fn of_traits(traits: Value) -> Result<Self, BadChange> {
        let mut members = match traits {
            Value::Null => Map::new(),
            Value::Object(members) => members,
            _ => return Err(BadChange::new("traits", "use an object")),
        };
        let mut part = |name| match members.remove(name) {
            None => Ok(Edit::Keep),
            Some(Value::Null) => Ok(Edit::Clear),
            Some(Value::String(text)) => Ok(Edit::Set(text)),
            Some(_) => Err(BadChange::new("traits", format!("`{name}` is a text"))),
        };
        Ok(Self {
            display_name: part("displayName")?,
            email: part("email")?,
            phone: part("phone")?,
            attributes: members,
            ..Self::default()
        })
    }
}

fn name(text: &str) -> Result<String, String> {
    let name = text.trim();
    let legal = !name.is_empty()
        && name.chars().count() <= NAME_CHARS_MAX
        && !name.chars().any(char::is_control);
    if legal {
        Ok(name.to_owned())
    } else {
        Err(format!("use one line of 1 to {NAME_CHARS_MAX} characters"))
    }
}

fn is_label(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= TAG_CHARS_MAX && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ada() -> Profile {
        Profile {
            display_name: Some("Ada".to_owned()),
            tags: vec!["b".to_owned()],
            ..Profile::default()
        }
    }

    fn object(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    #[test]
    fn a_change_touches_only_what_it_names() {
        let change = Change {
            email: Edit::Set("ADA@example.com".to_owned()),
            add_tags: vec![" a ".to_owned(), "b".to_owned()],
            attributes: object(json!({ "plan": "gold" })),
            ..Change::default()
        };
        let changed = ada().changed(change).expect("a profile");
        assert_eq!(changed.display_name.as_deref(), Some("Ada"));
        assert_eq!(changed.email.as_deref(), Some("ada@example.com"));
        assert_eq!(changed.tags, ["a", "b"]);

        let change = Change {
            display_name: Edit::Clear,
            remove_tags: vec!["b".to_owned()],
            attributes: object(json!({ "plan": null })),
            ..Change::default()
        };
        let cleared = changed.changed(change).expect("a profile");
        assert_eq!(
            (cleared.display_name, cleared.tags),
            (None, vec!["a".to_owned()])
        );
        assert!(cleared.attributes.is_empty());
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let change = Change {
            display_name: Edit::Set("two\nlines".to_owned()),
            email: Edit::Set("ada".to_owned()),
            phone: Edit::Set("0221".to_owned()),
            attributes: object(json!({ "": 1 })),
            add_tags: (0..51).map(|number| number.to_string()).collect(),
            ..Change::default()
        };
        let bad = ada().changed(change).expect_err("a bad change");
        let members: Vec<&str> = bad.iter().map(|bad| bad.member).collect();
        assert_eq!(
            members,
            ["displayName", "email", "phone", "attributes", "addTags"]
        );
    }

    #[test]
    fn traits_are_parts_of_the_profile_or_attributes() {
        let change = Change::of_traits(json!({ "displayName": "Ada", "email": null, "plan": 1 }))
            .expect("traits");
        assert_eq!(change.display_name, Edit::Set("Ada".to_owned()));
        assert_eq!(change.email, Edit::Clear);
        assert_eq!(change.attributes, object(json!({ "plan": 1 })));
        assert!(Change::of_traits(json!([])).is_err());
        assert!(Change::of_traits(json!({ "email": 1 })).is_err());
    }
}
