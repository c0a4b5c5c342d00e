//! `retold cluster`: articles in, stories out.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use retold::corpus::Corpus;
use retold::pipeline::analyse;
use retold::progress::Progress as _;
use retold::report::{Format, Look, Options, Output, Run, Target};

use super::{TakenIn, take_in};
use crate::Outcome;
use crate::args::ClusterArgs;

/// Columns where nobody says how wide the terminal is.
const WIDTH: usize = 100;
/// Lines longer than this are hard to read.
const WIDEST: usize = 140;

/// Runs it.
pub(crate) fn run(args: &ClusterArgs) -> anyhow::Result<Outcome> {
    let path = args.output.as_deref().filter(|path| path.as_os_str() != "-");
    let format = format(args, path)?;
    // Opened first: whoever waits for an hour is not to be told then that there is no such folder.
    let output = if args.input.dump_config { None } else { Some(open(args, format, path)?) };
    let adjust = |config: &mut retold::config::Config| {
        args.adjust(config);
        config.ingest.keep_fields |= format.wants_fields();
    };
    let (Some(mut taken), Some(output)) = (take_in(&args.input, adjust)?, output) else { return Ok(Outcome::Done) };
    let corpus = Corpus::new(std::mem::take(&mut taken.intake.articles))?;
    let analysis = analyse(corpus, &taken.table, &taken.config, &taken.bar);
    taken.bar.stage("write", None);
    if path.is_none() {
        taken.bar.clear();
    }
    let TakenIn { intake, left_out, config, .. } = &taken;
    output.write(&Run { analysis: &analysis, config, intake, left_out: *left_out })?;
    taken.bar.clear();
    Ok(taken.outcome(&args.input))
}

/// The form that is asked for by name or by the ending of the file.
fn format(args: &ClusterArgs, path: Option<&Path>) -> anyhow::Result<Format> {
    match (args.format, path) {
        (Some(format), _) => Ok(format.into()),
        (None, None) => Ok(Format::Terminal),
        (None, Some(path)) => Format::of_path(path).with_context(|| {
            format!(
                "-o {}: the ending says no form of output (.json, .jsonl, .csv, .tsv, .txt); say --format",
                path.display()
            )
        }),
    }
}

fn open(args: &ClusterArgs, format: Format, path: Option<&Path>) -> anyhow::Result<Output> {
    let mut look = Look { width: WIDTH, colour: false, top: (!args.all).then_some(args.top) };
    let target = match path {
        Some(path) => {
            spare_the_input(&args.input.inputs, &Output::paths(format, path))?;
            Target::Path(path.to_path_buf())
        }
        None if format == Format::Terminal => {
            // Its only escape sequences are ours; they are dropped where the output is no terminal.
            look.colour = true;
            look.width = terminal_size::terminal_size_of(io::stdout())
                .map_or(WIDTH, |(width, _)| usize::from(width.0).min(WIDEST));
            Target::Writer(Box::new(anstream::stdout()))
        }
        None => Target::Writer(Box::new(io::stdout()) as Box<dyn Write>),
    };
    let options = Options { offsets: args.offsets.into(), look };
    Ok(Output::open(format, options, target)?)
}

/// Refuses to replace a file that is an input, or that would be read as one because it stands in a folder that is.
fn spare_the_input(inputs: &[PathBuf], outputs: &[PathBuf]) -> anyhow::Result<()> {
    for output in outputs {
        // One that is not there yet is no input.
        let Ok(whole) = output.canonicalize() else { continue };
        for input in inputs.iter().filter_map(|input| input.canonicalize().ok()) {
            if whole == input || input.is_dir() && whole.starts_with(&input) {
                bail!("-o {}: is part of the input; write elsewhere, or remove it first", output.display());
            }
        }
    }
    Ok(())
}
