//! `retold passages`: the text that articles share.

use std::path::Path;

use anyhow::Context as _;
use retold::corpus::Corpus;
use retold::pipeline::passages_of_corpus;
use retold::progress::Progress as _;
use retold::report::passages::{PassageFormat, PassageOptions, PassageRun, arrange, write};
use retold::report::{Sink, Target};

use super::{TakenIn, output, take_in, to_the_end};
use crate::Outcome;
use crate::args::PassagesArgs;

/// Runs it.
pub(crate) fn run(args: &PassagesArgs) -> anyhow::Result<Outcome> {
    let path = output::path(args.output.as_deref());
    let format = format(args, path)?;
    // Opened first: whoever waits for an hour is not to be told then that there is no such folder.
    let opened = if args.input.dump_config { None } else { Some(open(args, format, path)?) };
    let taken = take_in(&args.input, |config| args.search.adjust(config))?;
    let (Some(mut taken), Some((sink, options))) = (taken, opened) else { return Ok(Outcome::Done) };
    let corpus = Corpus::bounded(std::mem::take(&mut taken.intake.articles), taken.spill.clone())?;
    let found = to_the_end(passages_of_corpus(corpus, &taken.table, &taken.config, &taken.bar)?);
    let mut report = to_the_end(found.report(&taken.config.passages));
    let kinds: Vec<_> = args.kinds.iter().map(|&kind| kind.into()).collect();
    arrange(&mut report, &kinds, args.search.min_words.unwrap_or(0), &found.corpus);
    taken.bar.stage("write", None);
    if path.is_none() {
        taken.bar.clear();
    }
    let TakenIn { intake, left_out, config, .. } = &taken;
    let run = PassageRun { found: &found, report: &report, config, intake, left_out: *left_out };
    sink.write(|out| {
        write(format, &run, options, out)?;
        found.corpus.spill().check().map_err(std::io::Error::other)
    })?;
    taken.bar.clear();
    taken.outcome(&args.input)
}

/// The form that is asked for by name or by the ending of the file.
fn format(args: &PassagesArgs, path: Option<&Path>) -> anyhow::Result<PassageFormat> {
    match (args.format, path) {
        (Some(format), _) => Ok(format.into()),
        (None, None) => Ok(PassageFormat::Terminal),
        (None, Some(path)) => PassageFormat::of_path(path).with_context(|| {
            format!(
                "-o {}: the ending says no form of output (.json, .jsonl, .csv, .txt, .html); say --format",
                path.display()
            )
        }),
    }
}

fn open(args: &PassagesArgs, format: PassageFormat, path: Option<&Path>) -> anyhow::Result<(Sink, PassageOptions)> {
    let top = (!args.all).then_some(args.top);
    let (target, look) = match path {
        Some(path) => {
            output::spare_the_input(&args.input.inputs, &[path.to_path_buf()])?;
            (Target::Path(path.to_path_buf()), output::plain(top))
        }
        None if format == PassageFormat::Terminal => (output::to_people(), output::painted(top, output::WIDEST)),
        None => (output::to_programs(), output::plain(top)),
    };
    let options = PassageOptions { offsets: args.offsets.into(), edits: args.edits, look };
    Ok((Sink::open(target)?, options))
}
