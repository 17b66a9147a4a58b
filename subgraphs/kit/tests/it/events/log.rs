//! A subgraph's own log.

use std::collections::BTreeSet;
use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt as _;
use kit::events::{Bus, Cursor, Error, Log, Retention};
use kit::testing::Fresh;

use super::{Subject, TOPIC, event, next, run, scope, stores};

#[tokio::test]
async fn a_subscription_sees_what_comes_and_with_a_cursor_what_came() {
    for store in stores().await {
        let (subject, mine, theirs) = (Subject::open(&store).await, scope(), scope());
        let log = Log::new(&subject);
        let (_task, _stop) = run(Bus::in_process().register(&log));
        subject.emit(&mine, "before").await;
        let mut seen = pin!(
            log.subscribe(&mine, &[TOPIC], None, Some(Cursor::new("things", 0)))
                .await
                .expect("it starts")
        );
        let before = next(&mut seen).await;
        assert_eq!((before.key.as_str(), before.position), ("before", 1));
        assert_eq!(
            before.payload.to_string(),
            event("before").payload.to_string()
        );

        let mut new = pin!(
            log.subscribe(&mine, &[], None, None)
                .await
                .expect("it starts")
        );
        let mut other = pin!(
            log.subscribe(&mine, &["other"], None, None)
                .await
                .expect("it starts")
        );
        let mut keyed = pin!(
            log.subscribe(&mine, &[TOPIC], Some("two".to_owned()), None)
                .await
                .expect("it starts")
        );
        subject.emit(&theirs, "theirs").await;
        for key in ["one", "two"] {
            subject.emit(&mine, key).await;
        }
        assert_eq!(next(&mut new).await.key, "one");
        let two = next(&mut new).await;
        assert_eq!((two.key.as_str(), two.position), ("two", 4));
        assert_eq!(next(&mut keyed).await.position, 4);
        let nothing = tokio::time::timeout(Duration::from_millis(50), other.next()).await;
        assert!(nothing.is_err(), "another topic stays silent");

        let again = before.cursor().to_string().parse().expect("a cursor");
        let mut again = pin!(
            log.subscribe(&mine, &[TOPIC], None, Some(again))
                .await
                .expect("it starts")
        );
        assert_eq!(next(&mut again).await.key, "one");
        assert_eq!(next(&mut again).await.key, "two");
    }
}

#[tokio::test]
async fn a_cursor_misses_nothing_when_transactions_commit_in_reverse() {
    let Some(store) = Fresh::postgres().await else {
        return;
    };
    let (subject, scope) = (Subject::open(&store).await, scope());
    let Subject::Sql(db) = &subject else {
        panic!("a relational store");
    };
    let log = Log::new(db);
    let (_task, _stop) = run(Bus::in_process().register(&log));
    let mut seen = pin!(
        log.subscribe(&scope, &[TOPIC], None, None)
            .await
            .expect("it starts")
    );
    let mut first = db.begin(&scope).await.expect("it begins");
    first
        .emit(event("begun first"))
        .await
        .expect("it is written");
    let mut second = db.begin(&scope).await.expect("it begins");
    second
        .emit(event("begun second"))
        .await
        .expect("it is written");

    second.commit().await.expect("it commits");
    let early = next(&mut seen).await;
    assert_eq!((early.key.as_str(), early.position), ("begun second", 1));
    let cursor = early.cursor();
    first.commit().await.expect("it commits");
    assert_eq!(next(&mut seen).await.key, "begun first");
    let mut later = pin!(
        log.subscribe(&scope, &[TOPIC], None, Some(cursor))
            .await
            .expect("it starts")
    );
    assert_eq!(next(&mut later).await.key, "begun first");
}

#[tokio::test]
async fn a_killed_dispatcher_is_followed_without_a_gap_or_a_repetition() {
    // At once, since each waits for a lease to end.
    let engines = stores().await.into_iter().map(|store| async move {
        let (subject, scope) = (Subject::open(&store).await, scope());
        // Two instances of a subgraph: two logs over the same store.
        let other = Subject::open(&store).await;
        let (log, other_log) = (Log::new(&subject), Log::new(&other));
        let (killed, _stop) = run(Bus::in_process().register(&log));
        subject.emit(&scope, "0").await;
        let from_start = Some(Cursor::new("things", 0));
        let mut seen = pin!(
            other_log
                .subscribe(&scope, &[TOPIC], None, from_start.clone())
                .await
                .expect("it starts")
        );
        let (_task, _stop) = run(Bus::in_process().register(&other_log));
        let mut keys = BTreeSet::from([next(&mut seen).await.key]);
        // It dies somewhere in the middle of its work, and holds the lease.
        for number in 1..60 {
            subject.emit(&scope, &number.to_string()).await;
            if number == 20 {
                killed.abort();
            }
        }
        for position in 2..=60 {
            let event = next(&mut seen).await;
            assert_eq!(event.position, position);
            assert!(keys.insert(event.key), "every event once");
        }
        let mut all = pin!(
            log.subscribe(&scope, &[], None, from_start)
                .await
                .expect("it starts")
        );
        for position in 1..=60 {
            assert_eq!(next(&mut all).await.position, position);
        }
    });
    futures_util::future::join_all(engines).await;
}

#[tokio::test]
async fn two_instances_publish_under_load_without_a_gap() {
    for store in stores().await {
        let scope = scope();
        let instances = [Subject::open(&store).await, Subject::open(&store).await];
        let logs = instances.each_ref().map(Log::new);
        let _running = logs
            .each_ref()
            .map(|log| run(Bus::in_process().register(log)));
        let mut seen = pin!(
            logs[1]
                .subscribe(&scope, &[TOPIC], None, None)
                .await
                .expect("it starts")
        );
        let writers = (0..4).map(|writer| {
            let subject = instances[writer % 2].clone();
            tokio::spawn(async move {
                for number in 0..25 {
                    subject.emit(&scope, &format!("{writer} {number}")).await;
                }
            })
        });
        let writers: Vec<_> = writers.collect();
        let mut last = [None; 4];
        for position in 1..=100 {
            let event = next(&mut seen).await;
            assert_eq!(event.position, position);
            let (writer, number) = event.key.split_once(' ').expect("two numbers");
            let (writer, number): (usize, u32) = (
                writer.parse().expect("a number"),
                number.parse().expect("a number"),
            );
            assert!(last[writer] < Some(number), "in the order of commits");
            last[writer] = Some(number);
        }
        for writer in writers {
            writer.await.expect("no panic");
        }
    }
}

#[tokio::test]
async fn a_cursor_older_than_what_is_kept_is_expired() {
    for store in stores().await {
        let (subject, scope) = (Subject::open(&store).await, scope());
        let retention = Retention {
            count: 3,
            ..Retention::default()
        };
        let log = Log::with_retention(&subject, retention);
        for number in 0..10 {
            subject.emit(&scope, &number.to_string()).await;
        }
        let (_task, _stop) = run(Bus::in_process().register(&log));
        let expired = loop {
            let old = Some(Cursor::new("things", 6));
            match log.subscribe(&scope, &[], None, old).await {
                Err(Error::Expired) => break true,
                // Not published, or not trimmed yet.
                Err(Error::BadCursor(_)) | Ok(_) => tokio::task::yield_now().await,
                Err(other) => panic!("{other}"),
            }
        };
        assert!(expired);
        let kept = Some(Cursor::new("things", 7));
        let mut kept = pin!(
            log.subscribe(&scope, &[], None, kept)
                .await
                .expect("it is kept")
        );
        for position in 8..=10 {
            assert_eq!(next(&mut kept).await.position, position);
        }
    }
}

#[tokio::test]
async fn a_cursor_that_no_event_gave_is_refused() {
    let store = Fresh::sqlite();
    let (subject, scope) = (Subject::open(&store).await, scope());
    let log = Log::new(&subject);
    for cursor in [Cursor::new("others", 0), Cursor::new("things", 1)] {
        let refused = log.subscribe(&scope, &[], None, Some(cursor)).await.err();
        assert!(matches!(refused, Some(Error::BadCursor(_))));
    }
}

#[tokio::test]
async fn a_subscription_ends_when_the_subgraph_stops() {
    let store = Fresh::sqlite();
    let (subject, scope) = (Subject::open(&store).await, scope());
    let log = Log::new(&subject);
    let (task, stop) = run(Bus::in_process().register(&log));
    let mut seen = pin!(
        log.subscribe(&scope, &[], None, None)
            .await
            .expect("it starts")
    );
    subject.emit(&scope, "last").await;
    assert_eq!(next(&mut seen).await.key, "last");
    stop.cancel();
    task.await.expect("it stops");
    assert!(matches!(seen.next().await, Some(Err(Error::Stopping))));
    assert!(seen.next().await.is_none());
}
