//! What a benchmark says about the machine, and the program as it runs beside the benchmark (Linux: `/proc`).

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use riscontro::config::Config;
use secrecy::ExposeSecret;

/// Processor and number of cores.
pub fn describe() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{}, {cores} cores", model.trim_start_matches(['\t', ' ', ':']))
}

/// The program, serving.
#[derive(Debug)]
pub struct Program(Child);

impl Program {
    /// Starts it on a data folder; it sends no letters.
    pub fn start(data: &Path, config: &Config) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_riscontro"))
            .current_dir(data)
            .env("RISCONTRO__DATA__DIR", data)
            .env("RISCONTRO__DATABASE__URL", config.database.url.expose_secret())
            .env("RISCONTRO__SERVER__ADDRESS", &config.server.address)
            .env("RISCONTRO__ACKNOWLEDGEMENT__PER_HOUR", config.acknowledgement.per_hour.to_string())
            .env("RISCONTRO__ACKNOWLEDGEMENT__PER_DAY", config.acknowledgement.per_day.to_string())
            .env("RISCONTRO__DELIVERY__CONCURRENCY", "0")
            .env("RISCONTRO__LOG__FILTER", "error")
            .stdout(Stdio::null())
            .spawn()
            .expect("the program");
        Self(child)
    }

    /// Processor time used so far, by all threads.
    pub fn cpu(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0.id())).expect("Linux");
        // Fields 14 and 15, counted after the name in parentheses, in hundredths of a second.
        let fields: Vec<&str> = stat.rsplit(')').next().expect("fields").split_whitespace().collect();
        let ticks: u64 =
            fields[11].parse::<u64>().expect("a number") + fields[12].parse::<u64>().expect("a number");
        Duration::from_millis(ticks * 10)
    }

    /// Resident memory now, in megabytes.
    pub fn resident_mb(&self) -> f64 {
        self.memory("VmRSS:")
    }

    /// Resident memory at most so far, in megabytes.
    pub fn peak_mb(&self) -> f64 {
        self.memory("VmHWM:")
    }

    fn memory(&self, field: &str) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id())).expect("Linux");
        let line = status.lines().find(|line| line.starts_with(field)).expect("a field");
        line.split_whitespace().nth(1).expect("a number").parse::<f64>().expect("a number") / 1024.0
    }

    /// Ends it.
    pub fn stop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.stop();
    }
}
