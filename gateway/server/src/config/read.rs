//! Reads the sections of the configuration, one function each.

use std::collections::BTreeMap;
use std::path::PathBuf;

use http::Uri;

use super::section::{Problems, Section};
use super::{
    AuthConfig, Config, PUBLIC_URL_VARIABLE, SIGNING_KEY_VARIABLE, SchemaSource, SubgraphConfig,
};
use crate::auth::{InternalSigner, Jwks};
use crate::cors::Cors;
use crate::doors::Door;
use crate::gateway::{Introspection, Mode};
use crate::limits::Limits;
use crate::overrides::Percent;
use crate::transport::{HttpOptions, Instances};

pub(super) fn subgraphs(root: &mut Section<'_>) -> Vec<SubgraphConfig> {
    let mut subgraphs = Vec::new();
    for (name, mut section) in root.sections("subgraphs") {
        let urls = section.one_or_more("url", "the URL of its GraphQL endpoint");
        if let Some(Err(bad)) = urls.as_deref().map(Instances::check) {
            section.problem("url", &bad.to_string());
        }
        let schema = schema(&mut section);
        section.finish();
        let mut urls = urls.unwrap_or_default().into_iter();
        if let (Some(url), Some(schema)) = (urls.next(), schema) {
            subgraphs.push(SubgraphConfig {
                name,
                url,
                others: urls.collect(),
                schema,
            });
        }
    }
    subgraphs
}

fn schema(section: &mut Section<'_>) -> Option<SchemaSource> {
    let Some(mut schema) = section.section("schema") else {
        section.problem(
            "schema",
            "is missing: `{ file: … }` or `{ introspect: true }`",
        );
        return None;
    };
    let file: Option<PathBuf> = schema.parsed("file", "a path");
    let introspect = schema.parsed::<bool>("introspect", "true or false");
    let source = match (file, introspect) {
        (Some(file), None | Some(false)) => Some(SchemaSource::File(file)),
        (None, Some(true)) => Some(SchemaSource::Introspect),
        _ => {
            schema.problem("", "give either a file or introspect: true");
            None
        }
    };
    schema.finish();
    source
}

/// What the environment says counts; the file's word is checked all the same.
pub(super) fn public_url(
    root: &mut Section<'_>,
    variable: Option<String>,
    problems: &Problems,
) -> Option<Uri> {
    let written = root.parsed("public_url", "a URL");
    let Some(text) = variable else {
        return written;
    };
    let url = text.parse().ok();
    if url.is_none() {
        problems.push(PUBLIC_URL_VARIABLE, "is not a URL");
    }
    url
}

pub(super) fn auth(root: &mut Section<'_>, public_url: Option<&Uri>) -> AuthConfig {
    if root.take_word("auth", "off") {
        return AuthConfig::Off;
    }
    let Some(mut section) = root.section("auth") else {
        return AuthConfig::Unsaid;
    };
    let issuer = match public_url {
        None => section.required("issuer", "a text, or give a public_url"),
        Some(url) => section
            .parsed("issuer", "a text")
            .or_else(|| Some(url.to_string().trim_end_matches('/').to_owned())),
    };
    let jwks = section.required("jwks", "the URL of the issuer's keys");
    let audience = section.parsed("audience", "a text");
    section.finish();
    match (issuer, jwks) {
        (Some(issuer), Some(jwks)) => AuthConfig::Tokens {
            issuer,
            audience: audience.unwrap_or_else(|| Jwks::AUDIENCE.to_owned()),
            jwks,
        },
        _ => AuthConfig::Unsaid,
    }
}

pub(super) fn doors(root: &mut Section<'_>) -> Vec<Door> {
    let mut doors = Vec::new();
    let Some(mut section) = root.section("doors") else {
        return doors;
    };
    for prefix in section.keys() {
        let Some(subgraph) = section.required::<String>(&prefix, "the name of a subgraph") else {
            continue;
        };
        match Door::new(&prefix, &subgraph) {
            Ok(door) => doors.push(door),
            Err(bad) => section.problem(&prefix, &bad.to_string()),
        }
    }
    doors
}

pub(super) fn check_doors(config: &Config, problems: &Problems) {
    for door in &config.doors {
        let mut names = config.subgraphs.iter().map(|subgraph| &*subgraph.name);
        if !names.any(|name| name == door.subgraph()) {
            let message = format!("`{}` is no subgraph", door.subgraph());
            problems.push(&format!("doors.{}", door.prefix()), &message);
        }
    }
}

pub(super) fn override_labels(root: &mut Section<'_>) -> BTreeMap<String, Percent> {
    let Some(mut section) = root.section("override_labels") else {
        return BTreeMap::new();
    };
    let labels = section.keys().into_iter().filter_map(|label| {
        let share = section.parsed(&label, "a percentage from 0 to 100")?;
        Some((label, share))
    });
    let labels = labels.collect();
    section.finish();
    labels
}

pub(super) fn connections(root: &mut Section<'_>) -> HttpOptions {
    let mut options = HttpOptions::default();
    if let Some(mut section) = root.section("connections") {
        options.connect_deadline = section.duration("connect_deadline", options.connect_deadline);
        options.idle_max = section.duration("idle_max", options.idle_max);
        options.idle_connections_max =
            section.count("idle_connections_max", options.idle_connections_max);
        section.finish();
    }
    options
}

pub(super) fn limits(root: &mut Section<'_>) -> Limits {
    let d = Limits::default();
    let Some(mut section) = root.section("limits") else {
        return d;
    };
    let s = &mut section;
    let limits = Limits {
        body_bytes_max: s.size("body_bytes_max", d.body_bytes_max),
        body_deadline: s.duration("body_deadline", d.body_deadline),
        document_bytes_max: s.size("document_bytes_max", d.document_bytes_max),
        document_tokens_max: s.count("document_tokens_max", d.document_tokens_max),
        document_depth_max: s.count("document_depth_max", d.document_depth_max),
        document_selections_max: s.count("document_selections_max", d.document_selections_max),
        document_aliases_max: s.count("document_aliases_max", d.document_aliases_max),
        document_root_fields_max: s.count("document_root_fields_max", d.document_root_fields_max),
        operations_bytes_max: s.size("operations_bytes_max", d.operations_bytes_max),
        request_deadline: s.duration("request_deadline", d.request_deadline),
        requests_max: s.count("requests_max", d.requests_max),
        fetch_deadline: s.duration("fetch_deadline", d.fetch_deadline),
        fetch_bytes_max: s.size("fetch_bytes_max", d.fetch_bytes_max),
        event_bytes_max: s.size("event_bytes_max", d.event_bytes_max),
        subscriptions_max: s.count("subscriptions_max", d.subscriptions_max),
        sockets_max: s.count("sockets_max", d.sockets_max),
        socket_operations_max: s.count("socket_operations_max", d.socket_operations_max),
        socket_init_deadline: s.duration("socket_init_deadline", d.socket_init_deadline),
        write_deadline: s.duration("write_deadline", d.write_deadline),
        door_idle_max: s.duration("door_idle_max", d.door_idle_max),
    };
    section.finish();
    limits
}

pub(super) fn mode(root: &mut Section<'_>) -> Mode {
    match root.parsed::<String>("mode", "dev or serve").as_deref() {
        None | Some("serve") => Mode::Serve,
        Some("dev") => Mode::Dev,
        Some(_) => {
            root.problem("mode", "must be dev or serve");
            Mode::Serve
        }
    }
}

pub(super) fn introspection(root: &mut Section<'_>) -> Introspection {
    match root.parsed("introspection", "true or false") {
        None | Some(true) => Introspection::Everybody,
        Some(false) => Introspection::Inspectors,
    }
}

pub(super) fn cors(root: &mut Section<'_>) -> Option<Cors> {
    let mut section = root.section("cors")?;
    let origins = section.one_or_more("origins", "an exact origin such as https://app.example.com");
    let d = Cors::of(origins.unwrap_or_default());
    let s = &mut section;
    let cors = Cors {
        methods: s.list("methods", "a method such as POST", d.methods),
        headers: s.list("headers", "the name of a header", d.headers),
        exposed_headers: s.list("exposed_headers", "the name of a header", d.exposed_headers),
        credentials: s
            .parsed("credentials", "true or false")
            .unwrap_or(d.credentials),
        max_age: s.duration("max_age", d.max_age),
        origins: d.origins,
    };
    section.finish();
    Some(cors)
}

pub(super) fn signer(text: Option<String>, problems: &Problems) -> Option<InternalSigner> {
    match text?.parse() {
        Ok(signer) => Some(signer),
        Err(bad) => {
            problems.push(SIGNING_KEY_VARIABLE, &format!("{bad}"));
            None
        }
    }
}
