//! Connections, below HTTP.

use std::net::SocketAddr;

use axum::Router;
use axum::routing::post;
use http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::graph::start;

/// Refuses whatever it is sent, without a look at it.
fn refusing() -> Router {
    Router::new().route("/", post(|| async { StatusCode::NOT_FOUND }))
}

#[tokio::test(start_paused = true)]
async fn a_connection_without_a_request_is_ended() {
    let listening = start(refusing()).await;
    for begun in ["", "P", "PRI * HT", "POST / HTTP/1.1\r\nhost: a"] {
        let mut stream = TcpStream::connect(listening.address).await.unwrap();
        stream.write_all(begun.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        // It ends, or the test never does.
        let _ = stream.read_to_end(&mut answer).await;
    }
}

#[tokio::test]
async fn who_is_refused_while_sending_sees_why() {
    const BYTES: usize = 16 * 1024 * 1024;
    let listening = start(refusing()).await;
    let status = |answer: &[u8]| String::from_utf8_lossy(answer).contains("404 Not Found");
    for head in [
        format!("content-length: {BYTES}\r\n\r\n"),
        format!("transfer-encoding: chunked\r\n\r\n{BYTES:x}\r\n"),
    ] {
        let mut stream = connect(listening.address, &head).await;
        stream.write_all(&vec![b'x'; BYTES]).await.unwrap();
        let mut answer = [0; 512];
        if head.contains("chunked") {
            stream.write_all(b"\r\n0\r\n\r\n").await.unwrap();
        }
        let length = stream.read(&mut answer).await.unwrap();
        assert!(status(&answer[..length]), "{head}");
    }
}

#[tokio::test]
async fn who_waits_for_leave_is_refused_at_once() {
    let listening = start(refusing()).await;
    let head = "expect: 100-continue\r\ncontent-length: 16777216\r\n\r\n";
    let mut stream = connect(listening.address, head).await;
    let mut answer = [0; 512];
    let length = stream.read(&mut answer).await.unwrap();
    assert!(
        answer[..length].starts_with(b"HTTP/1.1 404"),
        "not asked for the body"
    );
}

async fn connect(address: SocketAddr, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("POST / HTTP/1.1\r\nhost: a\r\n{head}");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}
