//! Downloads: ranges, conditions and links.

use axum::http::StatusCode;
use serde_json::json;

use crate::world::{World, owner, stranger};

#[tokio::test]
async fn ranges_and_conditions() {
    for world in World::on_all_engines().await {
        let bytes: Vec<u8> = (0..6_000_000_u32).map(|n| (n % 253) as u8).collect();
        let file = world.upload("film.bin", &bytes).await;
        let url = file["signedUrl"]["url"].as_str().unwrap().to_owned();
        let get = async |headers: &[(&str, &str)]| world.send("GET", &url, headers, b"").await;

        let (status, headers, body) = get(&[]).await;
        assert_eq!((status, body == bytes), (StatusCode::OK, true));
        assert_eq!(headers["accept-ranges"], "bytes");
        let etag = headers["etag"].to_str().unwrap().to_owned();
        let modified = headers["last-modified"].to_str().unwrap().to_owned();

        let (status, headers, body) = get(&[("range", "bytes=4194300-4194309")]).await;
        assert_eq!(
            (status, &body[..]),
            (StatusCode::PARTIAL_CONTENT, &bytes[4_194_300..4_194_310])
        );
        assert_eq!(headers["content-range"], "bytes 4194300-4194309/6000000");
        assert_eq!(headers["content-length"], "10");
        assert_eq!(get(&[("range", "bytes=-5")]).await.2, bytes[5_999_995..]);
        let (status, headers, _) = get(&[("range", "bytes=6000000-")]).await;
        assert_eq!(status, StatusCode::RANGE_NOT_SATISFIABLE);
        assert_eq!(headers["content-range"], "bytes */6000000");

        assert_eq!(
            get(&[("if-none-match", &etag)]).await.0,
            StatusCode::NOT_MODIFIED
        );
        assert_eq!(
            get(&[("if-none-match", "\"other\"")]).await.0,
            StatusCode::OK
        );
        assert_eq!(
            get(&[("if-modified-since", &modified)]).await.0,
            StatusCode::NOT_MODIFIED
        );
        assert_eq!(
            get(&[("if-match", "\"other\"")]).await.0,
            StatusCode::PRECONDITION_FAILED
        );
        let ranged = |known| [("range", "bytes=0-3"), ("if-range", known)];
        assert_eq!(get(&ranged(&etag)).await.0, StatusCode::PARTIAL_CONTENT);
        assert_eq!(get(&ranged("\"other\"")).await.0, StatusCode::OK);

        let (status, headers, body) = world.send("HEAD", &url, &[], b"").await;
        assert_eq!((status, body.len()), (StatusCode::OK, 0));
        assert_eq!(headers["content-length"], "6000000");
        world.stop().await;
    }
}

#[tokio::test]
async fn only_a_signature_or_a_token_opens_a_protected_file() {
    let world = World::new().await;
    let file = world.upload("secret.txt", b"secret").await;
    let plain = file["downloadUrl"].as_str().unwrap();
    assert_eq!(
        world.send("GET", plain, &[], b"").await.0,
        StatusCode::NOT_FOUND
    );
    let own = world.gateway.token(&owner());
    assert_eq!(
        world
            .send("GET", plain, &[("x-tenon-internal", &own)], b"")
            .await
            .0,
        StatusCode::OK
    );
    let foreign = world.gateway.token(&stranger());
    let unknown = plain.replace(
        file["id"].as_str().unwrap(),
        "fil_01h2xcejqtf2nbrexx3vqjhp41",
    );
    let (status, _, body) = world
        .send("GET", plain, &[("x-tenon-internal", &foreign)], b"")
        .await;
    let nobody = world
        .send("GET", &unknown, &[("x-tenon-internal", &foreign)], b"")
        .await;
    assert_eq!(
        (status, body),
        (nobody.0, nobody.2),
        "foreign and unknown look alike"
    );

    let signed = file["signedUrl"]["url"].as_str().unwrap();
    assert_eq!(world.send("GET", signed, &[], b"").await.0, StatusCode::OK);
    let other_tenant = signed.replace(
        &kit::demo::TENANT.to_string(),
        &kit::demo::OTHER_TENANT.to_string(),
    );
    assert_eq!(
        world.send("GET", &other_tenant, &[], b"").await.0,
        StatusCode::NOT_FOUND
    );
    let inline = signed.replace("for=attachment", "for=inline");
    assert_eq!(
        world.send("GET", &inline, &[], b"").await.0,
        StatusCode::NOT_FOUND
    );
    world.clock.advance(std::time::Duration::from_secs(301));
    assert_eq!(
        world.send("GET", signed, &[], b"").await.0,
        StatusCode::NOT_FOUND,
        "its time is over"
    );
    world.stop().await;
}

#[tokio::test]
async fn nothing_that_was_uploaded_runs_in_a_browser() {
    let world = World::new().await;
    let file = world
        .upload("page.html", b"<html><script>alert(1)</script>")
        .await;
    let inline = file["inline"]["url"].as_str().unwrap();
    let (_, headers, _) = world.send("GET", inline, &[], b"").await;
    assert_eq!(headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert!(
        headers["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("sandbox")
    );
    let svg = world
        .upload(
            "x.svg",
            b"<?xml version=\"1.0\"?><svg onload=\"alert(1)\"/>",
        )
        .await;
    let (_, headers, _) = world
        .send("GET", svg["inline"]["url"].as_str().unwrap(), &[], b"")
        .await;
    assert!(!headers["content-type"].to_str().unwrap().contains("svg"));
    world.stop().await;
}

#[tokio::test]
async fn a_file_without_protection_opens_by_its_link_until_it_is_protected() {
    let world = World::new().await;
    let file = world.upload("logo.txt", b"logo").await;
    let update = "mutation($input: UpdateFileInput!) { updateFile(input: $input) { file { downloadUrl version } errors { __typename } } }";
    let input = json!({ "id": file["id"], "requireAuth": false, "expectedVersion": 1 });
    let updated = world.data(update, json!({ "input": input })).await;
    let open = updated["updateFile"]["file"]["downloadUrl"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(world.send("GET", &open, &[], b"").await.0, StatusCode::OK);
    let again = world.data(update, json!({ "input": input })).await;
    assert_eq!(
        again["updateFile"]["errors"][0]["__typename"],
        "ConflictError"
    );
    let protect = json!({ "id": file["id"], "requireAuth": true });
    world.data(update, json!({ "input": protect })).await;
    assert_eq!(
        world.send("GET", &open, &[], b"").await.0,
        StatusCode::NOT_FOUND
    );
    world.stop().await;
}
