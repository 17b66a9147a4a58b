//! A Redis for one test, which the test may empty, stop and start again.

use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::shared::free_port;
use super::{missing, program};

/// How long a Redis may take to start on a busy machine.
const START_TIMEOUT: Duration = Duration::from_secs(20);

/// A Redis with nothing in it, stopped when it is dropped. It starts in some milliseconds, so every
/// test has its own.
#[derive(Debug)]
pub struct Redis {
    port: u16,
    server: Option<Child>,
}

impl Redis {
    /// Starts one; `None` if there is no Redis.
    ///
    /// # Panics
    ///
    /// If Redis is there and does not start, or is missing where it is required.
    #[must_use]
    pub fn new() -> Option<Self> {
        if program("redis-server", "TENON_TEST_REDIS").is_none() {
            missing("Redis");
            return None;
        }
        let mut redis = Self {
            port: free_port(),
            server: None,
        };
        redis.start();
        Some(redis)
    }

    /// Where it is, as a process is told in its environment.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Starts it, after [`stop`](Self::stop), on the same port and with nothing in it.
    ///
    /// # Panics
    ///
    /// If it does not start.
    pub fn start(&mut self) {
        let program = program("redis-server", "TENON_TEST_REDIS").expect("it was there before");
        // It ends with the thread that started it, should that be killed.
        let server = Command::new("setpriv")
            .args(["--pdeathsig", "KILL"])
            .arg(program)
            .args(["--port", &self.port.to_string(), "--bind", "127.0.0.1"])
            .args(["--save", "", "--appendonly", "no"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("setpriv runs");
        self.server = Some(server);
        let deadline = Instant::now() + START_TIMEOUT;
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < deadline, "Redis did not start");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Kills it, with all that is in it.
    pub fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            // It may have ended by itself.
            let _ = server.kill();
            let _ = server.wait();
        }
    }

    /// Removes all that is in it.
    ///
    /// # Panics
    ///
    /// If it does not answer.
    pub async fn empty(&self) {
        let client = redis::Client::open(self.url()).expect("made here");
        let mut connection = client
            .get_multiplexed_async_connection()
            .await
            .expect("Redis answers");
        redis::cmd("FLUSHALL")
            .exec_async(&mut connection)
            .await
            .expect("Redis empties itself");
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.stop();
    }
}
