//! Time and memory of a run by stage, as docs/performance.md shows them:
//! `cargo run --release --example stage_times -- FILE...`
#![allow(clippy::print_stdout, reason = "it is a program that prints")]

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Instant;

use retold::config::Config;
use retold::corpus::Corpus;
use retold::ingest::{self, Input};
use retold::outlets::OutletTable;
use retold::pipeline::analyse;
use retold::progress::Progress;

/// Prints a line whenever a stage ends.
struct Watch(Mutex<(&'static str, Instant, f64)>);

impl Progress for Watch {
    fn stage(&self, name: &'static str, _total: Option<u64>) {
        let Ok(mut last) = self.0.lock() else { return };
        let (stage, begun, cpu) = *last;
        let now = (name, Instant::now(), cpu_seconds());
        if !stage.is_empty() {
            let (wall, cpu) = ((now.1 - begun).as_secs_f64(), now.2 - cpu);
            println!(
                "{stage:<10} wall {wall:6.1} s   cpu {cpu:6.1} s   now {:5.0} MB   most so far {:5.0} MB",
                megabytes("VmRSS:"),
                megabytes("VmHWM:")
            );
        }
        *last = now;
    }

    fn advance(&self, _n: u64) {}
}

/// CPU time of the process in seconds; 0 where /proc does not say.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or("").split_whitespace().skip(11).take(2);
    fields.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// A line of /proc/self/status, in megabytes; 0 where there is none.
fn megabytes(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).and_then(|rest| rest.split_whitespace().next());
    line.and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(0.0) * 1024.0 / 1e6
}

fn main() -> Result<(), retold::error::Error> {
    let inputs: Vec<Input> = std::env::args_os().skip(1).map(|path| Input::Path(PathBuf::from(path))).collect();
    let (config, outlets) = (Config::default(), OutletTable::shipped());
    let watch = Watch(Mutex::new(("", Instant::now(), 0.0)));
    let intake = ingest::read(&inputs, &config.ingest, &outlets, &watch)?;
    let analysis = analyse(Corpus::new(intake.articles)?, &outlets, &config, &watch)?;
    watch.stage("", None);
    println!(
        "{} articles, {} voices, {} links, {} stories",
        analysis.corpus.len(),
        analysis.voices.speakers.len(),
        analysis.graph.links.len(),
        analysis.stories.len()
    );
    Ok(())
}
