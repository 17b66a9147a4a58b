//! Events for other subgraphs.

use std::time::Duration;

use kit::events::{Bus, Consumer, Event, Log};
use kit::sql::Db;
use kit::testing::{Fresh, Redis};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{Subject, TOPIC, run, scope, stores};

/// A bus in one process, and one over Redis for both sides where that is installed. Both sides of
/// Redis have their own, as processes do.
fn buses() -> Vec<(Option<Redis>, Bus, Bus)> {
    let bus = Bus::in_process();
    let mut buses = vec![(None, bus.clone(), bus)];
    if let Some(redis) = Redis::new() {
        let (ours, theirs) = (over(&redis), over(&redis));
        buses.push((Some(redis), ours, theirs));
    }
    buses
}

fn over(redis: &Redis) -> Bus {
    Bus::redis(&redis.url()).expect("a URL")
}

/// A subgraph that reads; it tells a test what it handled.
async fn reader(store: &Fresh) -> Db {
    let db = Db::open(store.url(), "reader").await.expect("it opens");
    db.migrate(&[]).await.expect("it migrates");
    db
}

fn consume(
    bus: &Bus,
    own: impl Into<kit::events::Backing>,
    fails: &'static str,
) -> (Consumer, mpsc::UnboundedReceiver<Event>) {
    let (handled, seen) = mpsc::unbounded_channel();
    let consumer = bus.consume("things", &[TOPIC], "test", own, move |event: Event| {
        let handled = handled.clone();
        async move {
            if event.key == fails {
                return Err("it is poison".into());
            }
            Ok(handled.send(event)?)
        }
    });
    (consumer, seen)
}

fn start(consumer: Consumer) -> (JoinHandle<()>, CancellationToken) {
    let stop = CancellationToken::new();
    (tokio::spawn(consumer.run(stop.clone())), stop)
}

async fn next(seen: &mut mpsc::UnboundedReceiver<Event>) -> Event {
    tokio::time::timeout(Duration::from_secs(30), seen.recv())
        .await
        .expect("an event comes in time")
        .expect("the consumer goes on")
}

#[tokio::test]
async fn a_consumer_reads_everything_in_order_and_goes_on_where_it_was() {
    for store in stores().await {
        for (redis, ours, theirs) in buses() {
            // A log of its own for each bus.
            let fresh = Fresh::sqlite();
            let store = if redis.is_some() { &fresh } else { &store };
            let (subject, scope) = (Subject::open(store).await, scope());
            let log = Log::new(&subject);
            let (_task, _stop) = run(ours.register(&log));
            let kept = Fresh::sqlite();
            let own = reader(&kept).await;
            for number in 0..5 {
                subject.emit(&scope, &number.to_string()).await;
            }
            let (consumer, mut seen) = consume(&theirs, &own, "none");
            let (task, stop) = start(consumer);
            for number in 0..5 {
                let event = next(&mut seen).await;
                assert_eq!(
                    (event.key, event.position),
                    (number.to_string(), number + 1)
                );
                assert_eq!(event.tenant, scope.tenant());
            }
            stop.cancel();
            task.await.expect("it stops");

            subject.emit(&scope, "5").await;
            let (consumer, mut seen) = consume(&theirs, &own, "none");
            let (_task, _stop) = start(consumer);
            assert_eq!(next(&mut seen).await.key, "5");
        }
    }
}

#[tokio::test]
async fn a_poison_event_is_kept_and_passed() {
    for kept in stores().await {
        let store = Fresh::sqlite();
        let (subject, scope) = (Subject::open(&store).await, scope());
        let bus = Bus::in_process();
        let (_task, _stop) = run(bus.register(&Log::new(&subject)));
        for key in ["good", "bad", "better"] {
            subject.emit(&scope, key).await;
        }
        let own = Subject::open(&kept).await;
        let (consumer, mut seen) = consume(&bus, &own, "bad");
        let (_task, _stop) = start(consumer.tries(2));
        assert_eq!(next(&mut seen).await.key, "good");
        assert_eq!(next(&mut seen).await.key, "better");
        if let Subject::Documents(store, _) = &own {
            let letters = store
                .mongo()
                .expect("it is on MongoDB")
                .collection::<serde_json::Value>("kit_dead_letter");
            let letters = letters.count_documents(Default::default()).await;
            assert_eq!(letters.expect("it answers"), 1);
        }
        if let Subject::Sql(db) = &own {
            let letter = db
                .system("a test")
                .query("SELECT position, error, payload FROM kit_dead_letter")
                .one()
                .await
                .expect("one letter");
            assert_eq!(letter.get::<u64>("position").expect("a number"), 2);
            assert_eq!(
                letter.get::<String>("error").expect("a text"),
                "it is poison"
            );
        }
    }
}

#[tokio::test]
async fn of_two_instances_one_reads() {
    for kept in stores().await {
        let store = Fresh::sqlite();
        let (subject, scope) = (Subject::open(&store).await, scope());
        let bus = Bus::in_process();
        let (_task, _stop) = run(bus.register(&Log::new(&subject)));
        let own = Subject::open(&kept).await;
        let (first, mut seen) = consume(&bus, &own, "none");
        let (_first, stop) = start(first);
        subject.emit(&scope, "one").await;
        assert_eq!(next(&mut seen).await.key, "one");
        let (second, mut second_seen) = consume(&bus, &own, "none");
        let (_second, _stop) = start(second);
        subject.emit(&scope, "two").await;
        assert_eq!(next(&mut seen).await.key, "two");
        stop.cancel();
        subject.emit(&scope, "three").await;
        let three = tokio::select! {
            // It had read this before it heard of the stop.
            Some(event) = seen.recv() => event,
            event = next(&mut second_seen) => event,
        };
        assert_eq!(three.key, "three");
        assert!(second_seen.try_recv().is_err(), "nothing twice");
    }
}

#[tokio::test]
async fn an_emptied_redis_is_filled_again() {
    let Some(redis) = Redis::new() else {
        return;
    };
    let (store, kept) = (Fresh::sqlite(), Fresh::sqlite());
    let (subject, scope) = (Subject::open(&store).await, scope());
    let (_task, _stop) = run(over(&redis).register(&Log::new(&subject)));
    let own = reader(&kept).await;
    let (consumer, mut seen) = consume(&over(&redis), &own, "none");
    let (task, stop) = start(consumer);
    subject.emit(&scope, "1").await;
    assert_eq!(next(&mut seen).await.position, 1);
    stop.cancel();
    task.await.expect("it stops");

    // Nobody has read these two when they are gone.
    for key in ["2", "3"] {
        subject.emit(&scope, key).await;
    }
    redis.empty().await;
    let (consumer, mut seen) = consume(&over(&redis), &own, "none");
    let (_task, _stop) = start(consumer);
    for position in 2..=3 {
        assert_eq!(next(&mut seen).await.position, position);
    }
    // And once more, with an event that comes right after.
    redis.empty().await;
    subject.emit(&scope, "4").await;
    assert_eq!(next(&mut seen).await.position, 4);
}

#[tokio::test]
async fn a_redis_that_is_down_delays_events_and_loses_none() {
    let Some(mut redis) = Redis::new() else {
        return;
    };
    let (store, kept) = (Fresh::sqlite(), Fresh::sqlite());
    let (subject, scope) = (Subject::open(&store).await, scope());
    let log = Log::new(&subject);
    let (_task, _stop) = run(over(&redis).register(&log));
    let own = reader(&kept).await;
    let (consumer, mut seen) = consume(&over(&redis), &own, "none");
    let (_task, _stop) = start(consumer);
    subject.emit(&scope, "1").await;
    assert_eq!(next(&mut seen).await.position, 1);
    redis.stop();
    // The subgraph's own subscriptions do not notice.
    let mut local = Box::pin(
        log.subscribe(&scope, &[], None, None)
            .await
            .expect("it starts"),
    );
    for key in ["2", "3"] {
        subject.emit(&scope, key).await;
        assert_eq!(super::next(&mut local).await.key, key);
    }
    redis.start();
    assert_eq!(next(&mut seen).await.position, 2);
    assert_eq!(next(&mut seen).await.position, 3);
}

#[tokio::test]
async fn two_instances_fill_one_stream_without_holes() {
    let Some(redis) = Redis::new() else {
        return;
    };
    for store in stores().await {
        redis.empty().await;
        let scope = scope();
        let instances = [Subject::open(&store).await, Subject::open(&store).await];
        let (first, _stop) = run(over(&redis).register(&Log::new(&instances[0])));
        let (_second, _stop) = run(over(&redis).register(&Log::new(&instances[1])));
        let kept = Fresh::sqlite();
        let own = reader(&kept).await;
        let (consumer, mut seen) = consume(&over(&redis), &own, "none");
        let (_task, _stop) = start(consumer);
        for number in 1..=40_u64 {
            instances[number as usize % 2]
                .emit(&scope, &number.to_string())
                .await;
            if number == 15 {
                first.abort();
            }
        }
        for position in 1..=40 {
            assert_eq!(next(&mut seen).await.position, position);
        }
    }
}
