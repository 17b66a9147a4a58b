//! The web console's files and the router that serves them.
//!
//! The console is built by `make console` into `web-console/dist`; a release binary carries that
//! folder, a debug binary reads it when it starts. Without it there is no console, and
//! [`Console::built`] says so.
//!
//! ```text
//! /                     the page, with a nonce of its own
//! /console/…            the page as well: its script reads the path
//! /console/assets/…     hashed files, which a browser keeps for good
//! /console/name.ext     other files
//! ```
//!
//! What must never happen here: work for each request (files were compressed when they were built),
//! a script or style from elsewhere, a file that is not the console's.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use http::{HeaderMap, StatusCode, Uri};
use rust_embed::RustEmbed;

use crate::encoding::Encoding;
use crate::file::File;
use crate::page::Page;

mod page;

mod file;

mod encoding;

#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Dist;

/// A console that was built.
#[derive(Debug)]
pub struct Console {
    page: Page,
    /// By path below `/console/`.
    files: HashMap<Box<str>, File>,
}

impl Console {
    /// The console of this binary, if it was built with one.
    #[must_use]
    pub fn built() -> Option<Self> {
        let files = Dist::iter().filter_map(|path| {
            let file = Dist::get(&path)?;
            let bytes = match file.data {
                std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                std::borrow::Cow::Owned(bytes) => bytes.into(),
            };
            Some((path.into_owned(), bytes))
        });
        Self::of_files(files)
    }

    /// A console of these files, by their paths; none if there is no `index.html` among them.
    /// `name.br` and `name.gz` are `name` in a compressed form.
    #[must_use]
    pub fn of_files(files: impl IntoIterator<Item = (String, Bytes)>) -> Option<Self> {
        let mut page = None;
        let mut found: HashMap<Box<str>, File> = HashMap::new();
        for (path, bytes) in files {
            if path == "index.html" {
                page = Some(Page::new(&bytes));
                continue;
            }
            let (path, encoding) = Encoding::of_path(&path);
            found
                .entry(path.into())
                .or_insert_with(|| File::named(path))
                .add(encoding, bytes);
        }
        Some(Self {
            page: page?,
            files: found,
        })
    }

    /// Serves the console.
    pub fn router(self) -> Router {
        Router::new()
            .route("/", get(page))
            .route("/console", get(page))
            .route("/console/", get(page))
            .route("/console/{*path}", get(below))
            .with_state(Arc::new(self))
    }
}

async fn page(State(console): State<Arc<Console>>, uri: Uri, headers: HeaderMap) -> Response {
    console.page.answer(&uri, &headers)
}

/// A file, or the page for whatever looks like no file.
async fn below(
    State(console): State<Arc<Console>>,
    Path(path): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if let Some(file) = console.files.get(&*path) {
        return file.answer(&headers);
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    if path.starts_with("assets/") || name.contains('.') {
        return StatusCode::NOT_FOUND.into_response();
    }
    console.page.answer(&uri, &headers)
}
