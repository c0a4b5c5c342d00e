//! `retold cluster`: articles in, stories out.

use std::path::Path;

use anyhow::Context as _;
use retold::pipeline::analyse_constrained;
use retold::progress::Progress as _;
use retold::report::html::Folder;
use retold::report::{Format, Options, Output, Run, Target};

use super::{TakenIn, output, read_links, take_in, to_the_end};
use crate::Outcome;
use crate::args::ClusterArgs;

/// Runs it.
pub(crate) fn run(args: &ClusterArgs) -> anyhow::Result<Outcome> {
    let path = output::path(args.output.as_deref());
    let format = format(args, path)?;
    // Opened first: whoever waits for an hour is not to be told then that there is no such folder.
    let opened = if args.input.dump_config { None } else { Some(open(args, format, path)?) };
    let links = read_links(&args.stories)?;
    let adjust = |config: &mut retold::config::Config| {
        args.adjust(config);
        config.ingest.keep_fields |= format.wants_fields();
    };
    let (Some(mut taken), Some(opened)) = (take_in(&args.input, adjust)?, opened) else { return Ok(Outcome::Done) };
    let (corpus, constraints) = taken.corpus(links, args.input.quiet)?;
    let analysis = to_the_end(analyse_constrained(corpus, constraints, &taken.table, &taken.config, &taken.bar)?);
    taken.bar.stage("write", None);
    if path.is_none() {
        taken.bar.clear();
    }
    let TakenIn { intake, left_out, config, .. } = &taken;
    opened.write(&Run { analysis: &analysis, config, intake, left_out: *left_out })?;
    taken.bar.clear();
    taken.outcome(&args.input)
}

/// The form that is asked for by name or by the ending of the file.
fn format(args: &ClusterArgs, path: Option<&Path>) -> anyhow::Result<Format> {
    match (args.format, path) {
        (Some(format), _) => Ok(format.into()),
        (None, None) => Ok(Format::Terminal),
        (None, Some(path)) if Folder::is_meant(path) => Ok(Format::Html),
        (None, Some(path)) => Format::of_path(path).with_context(|| {
            format!(
                "-o {}: the ending says no form of output (.json, .jsonl, .csv, .tsv, .txt, .html, .svg); say --format",
                path.display()
            )
        }),
    }
}

fn open(args: &ClusterArgs, format: Format, path: Option<&Path>) -> anyhow::Result<Output> {
    let top = (!args.all).then_some(args.top);
    let (target, look) = match path {
        Some(path) => {
            output::spare_the_input(&args.input.inputs, &Output::paths(format, path))?;
            (Target::Path(path.to_path_buf()), output::plain(top))
        }
        None if format == Format::Terminal => (output::to_people(), output::painted(top, output::WIDEST)),
        None => (output::to_programs(), output::plain(top)),
    };
    let options = Options { offsets: args.offsets.into(), look };
    Ok(Output::open(format, options, target)?)
}
