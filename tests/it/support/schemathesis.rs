//! `schemathesis`, which `tests/schemathesis.sh` installs and names in `SCHEMATHESIS`: too large a guest for the suite in the loop,
//! but `tests/run` brings it along.

use std::{ffi::OsString, process::Command};

use super::skip_without;

/// A run that is about to begin.
pub struct Run {
    program: OsString,
    document: String,
    arguments: Vec<String>,
}

impl Run {
    /// Of an `OpenAPI` document (address or path) against the server at `address`; `None`: it is not installed, and may be missing.
    pub fn of(document: &str, address: &str) -> Option<Self> {
        let Some(program) = std::env::var_os("SCHEMATHESIS") else {
            skip_without("schemathesis");
            return None;
        };
        let arguments = vec!["--url".to_owned(), address.to_owned()];
        Some(Self { program, document: document.to_owned(), arguments })
    }

    /// With more options.
    pub fn with(mut self, options: &[&str]) -> Self {
        self.arguments.extend(options.iter().map(|&option| option.to_owned()));
        self
    }

    /// Whether it found nothing; what it found is printed. Its settings are those of a `schemathesis.toml`.
    pub async fn finds_nothing(self, settings: &str) -> bool {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("schemathesis.toml");
        std::fs::write(&file, settings).unwrap();
        let mut command = Command::new(self.program);
        // It keeps notes of its failures where it runs.
        command.current_dir(folder.path()).arg("--config-file").arg(file);
        command.arg("run").arg(self.document).args(self.arguments);
        tokio::task::spawn_blocking(move || command.status().unwrap()).await.unwrap().success()
    }
}
