//! The server's process and its home directory.
//!
//! Both belong to a small shell that waits for the end of its input. So they go away with the test process even when
//! that is killed and no destructor runs, and no test waits for the second or more that Dovecot takes to stop.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use super::configuration::{self, Settings};
use crate::support::certificate;

/// Runs the server `$1` with its home `$2` until it ends by itself or the input does, then clears away. Signals to the
/// whole group (the keyboard, `timeout`) end the test process, and thereby the input; they must not end this first.
const KEEPER: &str = r#"
trap '' HUP INT TERM
exec 3<&0
"$1" -F -c "$2/dovecot.conf" 3<&- >"$2/words" 2>&1 & server=$!
{ read -r _ <&3; kill $server 2>/dev/null; } &
wait $server && rm -rf "$2"
"#;

/// Long enough for a machine that compiles at the same time.
const PATIENCE: Duration = Duration::from_secs(20);

/// The owner of the mail when tests run as root: Dovecot refuses to read mail as root, any other number will do.
const MAIL_OWNER_UNDER_ROOT: Owner = Owner { uid: 8, gid: 8 };

/// Whose files the mails are.
#[derive(Clone, Copy)]
pub struct Owner {
    pub uid: u32,
    pub gid: u32,
}

/// A running Dovecot.
pub struct Process {
    pub home: PathBuf,
    pub mail_owner: Owner,
    /// IMAP with STARTTLS, IMAP over TLS.
    pub ports: [u16; 2],
    keeper: Child,
}

impl Process {
    /// Starts the server on free ports.
    pub fn start(program: &Path, password: &str, introspection: Option<&str>) -> Self {
        // Between choosing a port and Dovecot's listening on it, somebody else may take it: then, other ports.
        let mut words = String::new();
        for _ in 0..5 {
            match Self::try_start(program, password, introspection) {
                Ok(process) => return process,
                Err(said) => words = said,
            }
        }
        panic!("dovecot does not start: {words}")
    }

    /// The error is what the server said.
    fn try_start(program: &Path, password: &str, introspection: Option<&str>) -> Result<Self, String> {
        let home = make_home();
        let own = fs::metadata(&home).expect("our own directory");
        let under_root = own.uid() == 0;
        let mail_owner =
            if under_root { MAIL_OWNER_UNDER_ROOT } else { Owner { uid: own.uid(), gid: own.gid() } };
        chown(home.join("mail"), Some(mail_owner.uid), Some(mail_owner.gid)).expect("our own directory");

        let ports = free_ports();
        let settings = Settings { home: &home, ports, mail_owner, password, introspection, under_root };
        let configuration = configuration::for_version_of(program, &settings);
        fs::write(home.join("dovecot.conf"), configuration).expect("our own directory");
        fs::write(home.join("oauth2.conf"), configuration::oauth2(&settings)).expect("our own directory");

        let mut keeper = Command::new("/bin/sh");
        keeper.args(["-c", KEEPER, "keeper"]).args([program, &home]).stdin(Stdio::piped());
        let keeper = keeper.spawn().expect("/bin/sh runs");
        Self { home, mail_owner, ports, keeper }.ready()
    }

    /// Waits until the server listens: it writes down its process number when it does.
    fn ready(mut self) -> Result<Self, String> {
        let started = Instant::now();
        while !self.home.join("run/master.pid").exists() {
            let ended = self.keeper.try_wait().expect("our own child").is_some();
            if ended || started.elapsed() > PATIENCE {
                let words = fs::read_to_string(self.home.join("words")).unwrap_or_default();
                let _ = fs::remove_dir_all(&self.home);
                return Err(words);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(self)
    }

    /// Runs an administrator's command and gives what it prints.
    pub fn doveadm(&self, arguments: &[&str]) -> String {
        let output = self.try_doveadm(arguments);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "doveadm {arguments:?}: {} {complaint}", output.status);
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Runs an administrator's command that may fail.
    pub fn try_doveadm(&self, arguments: &[&str]) -> Output {
        let program = find("doveadm").expect("doveadm comes with dovecot");
        let mut command = Command::new(program);
        command.arg("-c").arg(self.home.join("dovecot.conf")).args(arguments);
        command.output().expect("doveadm runs")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
    }
}

/// A program of the system's administrator, whose directories are not in everybody's `PATH`.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let more = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"].map(PathBuf::from);
    std::env::split_paths(&path)
        .chain(more)
        .map(|directory| directory.join(program))
        .find(|path| path.is_file())
}

/// In /tmp because the path of a socket may have 107 bytes; open to all because the mail may have another owner.
fn make_home() -> PathBuf {
    let home =
        tempfile::Builder::new().prefix("dovecot-").tempdir_in("/tmp").expect("/tmp can be written").keep();
    fs::set_permissions(&home, fs::Permissions::from_mode(0o755)).expect("our own directory");
    fs::create_dir(home.join("mail")).expect("our own directory");
    let certificate = certificate::localhost();
    fs::write(home.join("cert.pem"), &certificate.pem).expect("our own directory");
    fs::write(home.join("key.pem"), &certificate.key_pem).expect("our own directory");
    home
}

/// Both are held until both are known.
fn free_ports() -> [u16; 2] {
    let listeners = [(); 2].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port"));
    listeners.map(|listener| listener.local_addr().expect("bound").port())
}
