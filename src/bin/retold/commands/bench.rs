//! `retold bench`: what each stage of a run takes.

use std::io::Write;

use retold::pipeline::{analyse, copies_of_corpus, passages_of_corpus};
use retold::progress::Progress as _;
use retold::report::passages::{PassageFormat, PassageOptions, PassageRun, arrange, write};
use retold::report::{Format, Options, Output, Run, Target};
use serde::Serialize;

use super::{Links, TakenIn, counted, output, take_in};
use crate::Outcome;
use crate::args::{BenchArgs, BenchedCommand, EvaluateFormat};
use crate::laps::Lap;

/// A run, measured.
#[derive(Debug, Serialize)]
struct Bench {
    /// Articles that came in.
    articles: usize,
    /// Bytes of their texts.
    bytes: u64,
    /// Threads at work.
    threads: usize,
    /// Seconds on the clock, from the first byte read to the last one written.
    wall: f64,
    /// Seconds of all threads.
    cpu: f64,
    /// The most bytes that the process held.
    peak: u64,
    /// The stages in their order.
    stages: Vec<Lap>,
}

/// Runs it.
pub(crate) fn run(args: &BenchArgs) -> anyhow::Result<Outcome> {
    let Some(mut taken) = take_in(&args.input, |_| ())? else { return Ok(Outcome::Done) };
    let corpus = taken.corpus(Links::default(), args.input.quiet)?.0;
    let articles = corpus.len();
    let bytes = corpus.text_bytes();
    match args.only {
        BenchedCommand::Cluster => cluster(&taken, corpus)?,
        BenchedCommand::Passages => passages(&taken, corpus)?,
        BenchedCommand::Copies => {
            let found = copies_of_corpus(corpus, &taken.table, &taken.config, &taken.bar)?;
            taken.bar.count("copy groups", found.groups.len() as u64);
        }
    }
    if taken.spill.written() > 0 {
        taken.bar.count("bytes spilled", taken.spill.written());
    }
    let stages = taken.bar.laps.end();
    taken.bar.clear();
    let bench = Bench {
        articles,
        bytes,
        threads: rayon::current_num_threads(),
        wall: stages.iter().map(|lap| lap.wall).sum(),
        cpu: stages.iter().map(|lap| lap.cpu).sum(),
        peak: stages.iter().map(|lap| lap.peak).max().unwrap_or(0),
        stages,
    };
    let mut out = anstream::stdout().lock();
    let format = if args.json { EvaluateFormat::Json } else { args.format };
    match format {
        EvaluateFormat::Json => writeln!(out, "{}", serde_json::to_string_pretty(&bench)?)?,
        EvaluateFormat::Table => bench.print(&mut out)?,
    }
    taken.outcome(&args.input)
}

fn cluster(taken: &TakenIn, corpus: retold::corpus::Corpus) -> anyhow::Result<()> {
    let analysis = analyse(corpus, &taken.table, &taken.config, &taken.bar)?;
    taken.bar.stage("write", None);
    taken.bar.count("links", analysis.graph.links.len() as u64);
    taken.bar.count("stories", analysis.stories.len() as u64);
    let TakenIn { intake, left_out, config, .. } = taken;
    let options = Options { look: output::plain(None), ..Options::default() };
    let run = Run { analysis: &analysis, config, intake, left_out: *left_out };
    Ok(Output::open(Format::Json, options, Target::Writer(Box::new(std::io::sink())))?.write(&run)?)
}

fn passages(taken: &TakenIn, corpus: retold::corpus::Corpus) -> anyhow::Result<()> {
    let found = passages_of_corpus(corpus, &taken.table, &taken.config, &taken.bar)?;
    taken.bar.stage("write", None);
    let mut report = found.report(&taken.config.passages);
    arrange(&mut report, &[], 0, &found.corpus);
    taken.bar.count("passages", report.passages.len() as u64);
    let TakenIn { intake, left_out, config, .. } = taken;
    let run = PassageRun { found: &found, report: &report, config, intake, left_out: *left_out };
    let options = PassageOptions { look: output::plain(None), ..PassageOptions::default() };
    write(PassageFormat::Csv, &run, options, &mut std::io::sink())?;
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "to be read")]
impl Bench {
    fn print(&self, out: &mut impl Write) -> std::io::Result<()> {
        let megabytes = |bytes: u64| bytes as f64 / 1e6;
        let busy = |cpu: f64, wall: f64| 100.0 * cpu / (wall * self.threads as f64).max(1e-9);
        writeln!(
            out,
            "{:<12} {:>8} {:>8} {:>6} {:>11} {:>9}",
            "stage", "wall s", "CPU s", "busy", "memory MB", "peak MB"
        )?;
        for lap in &self.stages {
            let counts: Vec<String> = lap.counts.iter().map(|(what, n)| format!("{n} {what}")).collect();
            let line = format!(
                "{:<12} {:>8.1} {:>8.1} {:>4.0} % {:>11.0} {:>9.0}   {}",
                lap.stage,
                lap.wall,
                lap.cpu,
                busy(lap.cpu, lap.wall),
                megabytes(lap.memory),
                megabytes(lap.peak),
                counts.join(", ")
            );
            writeln!(out, "{}", line.trim_end())?;
        }
        writeln!(
            out,
            "{:<12} {:>8.1} {:>8.1} {:>4.0} % {:>11} {:>9.0}",
            "all",
            self.wall,
            self.cpu,
            busy(self.cpu, self.wall),
            "",
            megabytes(self.peak)
        )?;
        writeln!(
            out,
            "\n{} articles, {:.3} GB of text, {}: {:.0} articles a second, {:.4} GB a second",
            self.articles,
            self.bytes as f64 / 1e9,
            counted(self.threads, "thread"),
            self.articles as f64 / self.wall.max(1e-9),
            self.bytes as f64 / 1e9 / self.wall.max(1e-9)
        )
    }
}
