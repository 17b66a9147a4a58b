//! The console as a browser gets it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write as _;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use web_console::Console;

const PAGE: &str = r#"<!doctype html><meta property="csp-nonce" nonce="__CSP_NONCE__">
<script type="module" nonce="__CSP_NONCE__" src="/console/assets/app-1.js"></script>"#;

const SCRIPT: &str = "export const a = 1;";

fn gzip(text: &str) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap().into()
}

fn router() -> Router {
    let file =
        |path: &str, bytes: &'static str| (path.to_owned(), Bytes::from_static(bytes.as_bytes()));
    let files = [
        file("index.html", PAGE),
        file("assets/app-1.js.br", "packed"),
        ("assets/app-1.js.gz".to_owned(), gzip(SCRIPT)),
        file("favicon.svg", "<svg/>"),
    ];
    Console::of_files(files).unwrap().router()
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

async fn get(path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    let (parts, body) = router().oneshot(request).await.unwrap().into_parts();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: body.collect().await.unwrap().to_bytes(),
    }
}

#[tokio::test]
async fn every_path_of_the_console_is_the_page() {
    for path in [
        "/",
        "/console",
        "/console/",
        "/console/explore",
        "/console/customers/cus_1",
    ] {
        let answer = get(path, &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.header("cache-control"), "no-cache");
        assert!(answer.text().contains("app-1.js"), "{path}");
    }
    for path in ["/console/assets/none.js", "/console/none.js", "/elsewhere"] {
        assert_eq!(get(path, &[]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn every_answer_has_a_nonce_of_its_own() {
    let mut seen = Vec::new();
    for _ in 0..3 {
        let answer = get("/", &[("host", "example.com:4000")]).await;
        let policy = answer.header("content-security-policy").to_owned();
        let nonce = policy.split("'nonce-").nth(1).unwrap();
        let nonce = nonce.split('\'').next().unwrap().to_owned();
        assert_eq!(
            answer.text().matches(&nonce).count(),
            2,
            "{}",
            answer.text()
        );
        assert!(!answer.text().contains("__CSP_NONCE__"));
        assert!(!seen.contains(&nonce));
        seen.push(nonce);
    }
}

#[tokio::test]
async fn the_policy_lets_nothing_in_from_elsewhere() {
    let answer = get("/", &[("host", "example.com:4000")]).await;
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    let sockets = "connect-src 'self' ws://example.com:4000 wss://example.com:4000;";
    assert!(policy.contains(sockets), "{policy}");
    for directive in policy.split("; ") {
        let loose = directive.contains("unsafe") || directive.contains('*');
        assert!(
            !loose || directive == "style-src-attr 'unsafe-inline'",
            "{directive}"
        );
    }
    for forged in ["a; script-src *", "a b", "a'b"] {
        let answer = get("/", &[("host", forged)]).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("connect-src 'self';"), "{policy}");
    }
}

#[tokio::test]
async fn files_are_sent_as_they_were_compressed() {
    let path = "/console/assets/app-1.js";
    let brotli = get(path, &[("accept-encoding", "gzip, br")]).await;
    assert_eq!(brotli.header("content-encoding"), "br");
    assert_eq!(
        brotli.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    assert_eq!(brotli.header("vary"), "accept-encoding");
    assert_eq!(brotli.text(), "packed");
    let gzipped = get(path, &[("accept-encoding", "gzip")]).await;
    assert_eq!(gzipped.header("content-encoding"), "gzip");
    assert_eq!(gzipped.body, gzip(SCRIPT));
    let plain = get(path, &[]).await;
    assert_eq!(plain.header("content-encoding"), "");
    assert_eq!(plain.text(), SCRIPT);
}

#[tokio::test]
async fn hashed_files_are_kept_for_good_and_others_are_asked_for_again() {
    let hashed = get("/console/assets/app-1.js", &[("accept-encoding", "gzip")]).await;
    assert!(hashed.header("cache-control").ends_with("immutable"));
    let icon = get("/console/favicon.svg", &[]).await;
    assert_eq!(icon.header("cache-control"), "no-cache");
    assert_eq!(icon.header("content-type"), "image/svg+xml");
    let etag = icon.header("etag");
    let again = get("/console/favicon.svg", &[("if-none-match", etag)]).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert!(again.body.is_empty());
    let other = get("/console/favicon.svg", &[("if-none-match", "\"other\"")]).await;
    assert_eq!(other.status, StatusCode::OK);
}

#[test]
fn without_a_page_there_is_no_console() {
    let files = [("assets/app-1.js".to_owned(), Bytes::from_static(b"1"))];
    assert!(Console::of_files(files).is_none());
}

#[test]
fn the_binary_has_the_console_that_was_built_before_it() {
    let dist = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist");
    let is_there = dist.join("index.html").is_file();
    assert_eq!(Console::built().is_some(), is_there);
}
