//! One suite for both document engines.

use kit::documents::{Document, Documents, Error, Find, Index, Order, Store};
use kit::id::TenantId;
use kit::page::PageArgs;
use kit::testing::Fresh;
use kit::time::Timestamp;
use kit::viewer::Scope;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Note {
    id: String,
    tenant: TenantId,
    version: i64,
    name: Option<String>,
    state: String,
    owner: Owner,
    #[serde(with = "kit::documents::micros")]
    at: Timestamp,
    free: serde_json::Value,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Owner {
    id: String,
}

impl Document for Note {
    const COLLECTION: &'static str = "note";
    const INDEXES: &'static [Index] = &[
        Index::unique(&["name"]),
        Index::on(&["state", "at"]),
        Index::on(&["owner.id"]),
        Index::across_tenants(&["at"]),
    ];

    fn id(&self) -> String {
        self.id.clone()
    }

    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn version(&self) -> i64 {
        self.version
    }
}

fn scope() -> Scope {
    Scope::system(TenantId::new(Timestamp::EPOCH), "a test's tenant")
}

fn note(scope: &Scope, id: &str, name: Option<&str>, at: i64) -> Note {
    Note {
        id: id.to_owned(),
        tenant: scope.tenant(),
        version: 1,
        name: name.map(str::to_owned),
        state: "open".to_owned(),
        owner: Owner {
            id: format!("owner of {id}"),
        },
        at: Timestamp::from_micros(at).expect("in range"),
        free: serde_json::json!({ "$date": "no instant", "a.b": [1, 2.5, null, { "x": true }] }),
    }
}

#[tokio::test]
async fn many_documents_are_one_statement() {
    for fresh in Fresh::documents() {
        let store = Store::open(fresh.url(), "notes").await.expect("it opens");
        let (notes, scope) = (
            store.documents::<Note>().await.expect("it is made"),
            scope(),
        );
        let ids: Vec<_> = (0..100).map(|number| format!("n{number}")).collect();
        for id in &ids {
            let made = note(&scope, id, None, 1);
            notes
                .insert(&scope, &made, vec![])
                .await
                .expect("it is written");
        }
        let before = store.statements();
        let found = notes.get_many(&scope, &ids).await.expect("they are read");
        assert_eq!((found.len(), store.statements() - before), (100, 1));
    }
}

async fn open(store: &Fresh) -> Documents<Note> {
    let store = Store::open(store.url(), "notes").await.expect("it opens");
    // Twice: a collection that exists is taken as it is.
    store.documents::<Note>().await.expect("it is made");
    store.documents::<Note>().await.expect("it is there")
}

fn ids(notes: &[Note]) -> Vec<&str> {
    notes.iter().map(|note| note.id.as_str()).collect()
}

#[tokio::test]
async fn a_document_comes_back_as_it_went() {
    for store in Fresh::documents() {
        let (notes, scope) = (open(&store).await, scope());
        let written = note(&scope, "n1", Some("first"), 1_700_000_000_123_456);
        notes
            .insert(&scope, &written, vec![])
            .await
            .expect("it is written");
        assert_eq!(
            notes.get(&scope, "n1").await.expect("it is read"),
            Some(written.clone())
        );
        assert_eq!(notes.get(&scope, "n2").await.expect("it is read"), None);
        let many = ["n2", "n1", "n1"].map(str::to_owned);
        let found = notes.get_many(&scope, &many).await.expect("they are read");
        assert_eq!(found, [written]);
    }
}

#[tokio::test]
async fn a_tenant_sees_its_own_documents_only() {
    for store in Fresh::documents() {
        let (notes, mine, theirs) = (open(&store).await, scope(), scope());
        notes
            .insert(&mine, &note(&mine, "n1", Some("same"), 1), vec![])
            .await
            .expect("it is written");
        notes
            .insert(&theirs, &note(&theirs, "n2", Some("same"), 2), vec![])
            .await
            .expect("names are a tenant's own");
        assert_eq!(notes.get(&mine, "n2").await.expect("it is read"), None);
        let all = notes
            .find(&mine, Find::all())
            .await
            .expect("they are found");
        assert_eq!(ids(&all), ["n1"]);
        let stolen = notes.delete(&mine, "n2", 1, vec![]).await;
        assert!(matches!(stolen, Err(Error::Conflict)), "{stolen:?}");
        let system = notes.system("a test");
        assert!(system.get("n2").await.expect("it is read").is_some());
        let late = Find::all().at_least("at", 2);
        assert_eq!(
            ids(&system.find(late).await.expect("they are found")),
            ["n2"]
        );
    }
}

#[tokio::test]
async fn what_is_taken_is_named_alike() {
    for store in Fresh::documents() {
        let (notes, scope) = (open(&store).await, scope());
        let first = note(&scope, "n1", Some("first"), 1);
        notes
            .insert(&scope, &first, vec![])
            .await
            .expect("it is written");
        let same_name = note(&scope, "n2", Some("first"), 1);
        match notes.insert(&scope, &same_name, vec![]).await {
            Err(Error::Unique { fields, .. }) => assert_eq!(fields, ["name"]),
            other => panic!("{other:?}"),
        }
        let same_id = note(&scope, "n1", Some("other"), 1);
        match notes.insert(&scope, &same_id, vec![]).await {
            Err(Error::Unique { fields, .. }) => assert_eq!(fields, ["id"]),
            other => panic!("{other:?}"),
        }
        for id in ["n3", "n4"] {
            let nameless = note(&scope, id, None, 1);
            notes
                .insert(&scope, &nameless, vec![])
                .await
                .expect("nulls are not compared");
        }
        let mut renamed = note(&scope, "n3", Some("first"), 1);
        renamed.version = 2;
        match notes.replace(&scope, &renamed, 1, vec![]).await {
            Err(Error::Unique { fields, .. }) => assert_eq!(fields, ["name"]),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn of_changes_at_once_one_wins() {
    for store in Fresh::documents() {
        let (notes, scope) = (open(&store).await, scope());
        let first = note(&scope, "n1", Some("first"), 1);
        notes
            .insert(&scope, &first, vec![])
            .await
            .expect("it is written");
        let writers = (0..10).map(|number| {
            let notes = notes.clone();
            let mut changed = first.clone();
            changed.version = 2;
            changed.state = format!("by {number}");
            tokio::spawn(async move { notes.replace(&scope, &changed, 1, vec![]).await })
        });
        let mut won = 0;
        for writer in writers.collect::<Vec<_>>() {
            match writer.await.expect("no panic") {
                Ok(()) => won += 1,
                Err(Error::Conflict) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(won, 1);
        let old = notes.delete(&scope, "n1", 1, vec![]).await;
        assert!(matches!(old, Err(Error::Conflict)), "{old:?}");
        notes
            .delete(&scope, "n1", 2, vec![])
            .await
            .expect("it is deleted");
        assert_eq!(notes.get(&scope, "n1").await.expect("it is read"), None);
        notes
            .insert(&scope, &first, vec![])
            .await
            .expect("id and name are free again");
    }
}

#[tokio::test]
async fn searches_find_alike() {
    for store in Fresh::documents() {
        let (notes, scope) = (open(&store).await, scope());
        for (id, name, at) in [("n1", "a.c", 3), ("n2", "abc", 1), ("n3", "xa.cx", 2)] {
            let mut made = note(&scope, id, Some(name), at);
            if id == "n3" {
                made.state = "done".to_owned();
            }
            notes
                .insert(&scope, &made, vec![])
                .await
                .expect("it is written");
        }
        notes
            .insert(&scope, &note(&scope, "n4", None, 3), vec![])
            .await
            .expect("it is written");
        for (find, expected) in [
            (Find::all(), vec!["n1", "n2", "n3", "n4"]),
            (Find::all().order(Order::Newest).limit(2), vec!["n4", "n3"]),
            (Find::all().limit(0), vec![]),
            (Find::all().equal("state", "done"), vec!["n3"]),
            (Find::all().equal("owner.id", "owner of n2"), vec!["n2"]),
            (Find::all().equal("name", None::<String>), vec!["n4"]),
            (Find::all().one_of("name", ["abc", "none"]), vec!["n2"]),
            (Find::all().one_of("name", [""; 0]), vec![]),
            (Find::all().contains("name", "a.c"), vec!["n1", "n3"]),
            (
                Find::all()
                    .equal("state", "open")
                    .order(Order::Ascending("at")),
                vec!["n2", "n1", "n4"],
            ),
            (
                Find::all()
                    .at_least("at", 2)
                    .below("at", 3)
                    .order(Order::Descending("at")),
                vec!["n3"],
            ),
        ] {
            let asked = format!("{find:?}");
            let found = notes.find(&scope, find).await.expect("they are found");
            assert_eq!(ids(&found), expected, "{asked}");
        }
    }
}

#[tokio::test]
async fn pages_follow_each_other_in_both_directions() {
    for store in Fresh::documents() {
        let (notes, scope) = (open(&store).await, scope());
        for (number, at) in [3, 1, 2, 2, 2].into_iter().enumerate() {
            let made = note(&scope, &format!("n{number}"), None, at);
            notes
                .insert(&scope, &made, vec![])
                .await
                .expect("it is written");
        }
        let sorted = ["n1", "n2", "n3", "n4", "n0"];
        for (order, expected) in [
            (Order::Ascending("at"), sorted.to_vec()),
            (Order::Descending("at"), sorted.into_iter().rev().collect()),
            (Order::Newest, vec!["n4", "n3", "n2", "n1", "n0"]),
        ] {
            let (mut forward, mut after) = (Vec::new(), None);
            loop {
                let args = PageArgs::parse(Some(2), after, None, None).expect("a page");
                let page = notes
                    .page(&scope, Find::all().order(order), &args)
                    .await
                    .expect("it is found");
                forward.extend(page.items.iter().map(|(_, note)| note.id.clone()));
                after = page.items.last().map(|(key, _)| key.to_cursor());
                if !page.has_next {
                    break;
                }
            }
            assert_eq!(forward, expected, "{order:?}");
            let args = PageArgs::parse(None, None, Some(2), after).expect("a page");
            let back = notes
                .page(&scope, Find::all().order(order), &args)
                .await
                .expect("it is found");
            let back: Vec<_> = back
                .items
                .iter()
                .map(|(_, note)| note.id.as_str())
                .collect();
            assert_eq!(back, expected[2..4], "{order:?}");
        }
    }
}
