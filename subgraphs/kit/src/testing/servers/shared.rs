//! One server for all test processes, without an owner.
//!
//! Every process that uses the server holds a shared lock on a file until it ends, however it ends.
//! A small shell loop beside the server tries for the exclusive lock; once it has had it for some
//! seconds, nobody is left, and it stops the server.

use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to start on a busy machine.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// Runs the server and stops it when it was idle for eight seconds: longer than a linker takes to
/// make the next test binary of a run, mostly, and shorter than anybody waits for a quiet machine.
const KEEPER: &str = r#"
folder=$1 signal=$2
shift 2
"$@" >"$folder/log" 2>&1 </dev/null &
server=$!
exec 9>>"$folder/users.lock"
idle=0
while kill -0 $server 2>/dev/null; do
  sleep 1
  if flock -n -x 9; then
    idle=$((idle + 1))
    if [ $idle -ge 8 ]; then
      rm -f "$folder/port"
      kill -"$signal" $server
      wait $server
      rm -rf "$folder/data"
      exit 0
    fi
    flock -u 9
  else
    idle=0
  fi
done
rm -f "$folder/port"
"#;

type CommandFor = dyn Fn(u16, &Path) -> Vec<String>;

/// What to run.
pub(super) struct Server {
    pub(super) name: &'static str,
    /// How to ask it to stop at once: `INT`, `TERM`.
    pub(super) stop_signal: &'static str,
    /// What to do with the empty data folder before the start.
    pub(super) prepare: Box<dyn Fn(&Path)>,
    /// The command for a port and a data folder.
    pub(super) command: Box<CommandFor>,
    /// What the log says when the server is ready; a connection is enough if it is empty.
    pub(super) ready: &'static str,
}

/// The use of a shared server, until the process ends.
#[derive(Debug)]
pub(super) struct Using {
    pub(super) port: u16,
    /// Locked: the server runs as long as somebody has this open.
    _user: File,
}

impl Server {
    /// The running server, started if need be.
    pub(super) fn share(&self) -> Using {
        let folder = self.folder();
        fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
        let starting = lockable(&folder.join("start.lock"));
        starting.lock().expect("files can be locked here");
        let user = lockable(&folder.join("users.lock"));
        user.lock_shared().expect("files can be locked here");
        let port = running(&folder).unwrap_or_else(|| self.start(&folder));
        Using { port, _user: user }
    }

    fn folder(&self) -> PathBuf {
        let owner = std::env::var("USER").unwrap_or_else(|_| "tests".to_owned());
        std::env::temp_dir()
            .join(format!("tenon-test-servers-{owner}"))
            .join(self.name)
    }

    #[expect(
        clippy::zombie_processes,
        reason = "the keeper outlives this process, and ends by itself"
    )]
    fn start(&self, folder: &Path) -> u16 {
        let data = folder.join("data");
        // What a server left behind that was killed with its keeper.
        let _ = fs::remove_dir_all(&data);
        let _ = fs::remove_file(folder.join("log"));
        fs::create_dir_all(&data).expect("the folder for temporary files can be written");
        (self.prepare)(&data);
        let port = free_port();
        let mut keeper = Command::new("sh");
        keeper
            .args(["-c", KEEPER, "keeper"])
            .arg(folder)
            .arg(self.stop_signal)
            .args((self.command)(port, &data))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        // A group of its own: it outlives the test that happened to come first.
        std::os::unix::process::CommandExt::process_group(&mut keeper, 0);
        keeper.spawn().expect("there is a shell");
        self.await_ready(folder, port);
        fs::write(folder.join("port"), port.to_string())
            .expect("the folder for temporary files can be written");
        port
    }

    fn await_ready(&self, folder: &Path, port: u16) {
        let log = folder.join("log");
        let deadline = Instant::now() + START_TIMEOUT;
        loop {
            let said = fs::read_to_string(&log).unwrap_or_default();
            if said.contains(self.ready) && TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "{} did not start:\n{said}",
                self.name
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn running(folder: &Path) -> Option<u16> {
    let port = fs::read_to_string(folder.join("port")).ok()?.parse().ok()?;
    TcpStream::connect(("127.0.0.1", port)).ok()?;
    Some(port)
}

fn lockable(path: &Path) -> File {
    File::options()
        .create(true)
        .append(true)
        .open(path)
        .expect("the folder for temporary files can be written")
}

/// A port that nobody listens on at this moment.
pub(super) fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("it is bound").port()
}
