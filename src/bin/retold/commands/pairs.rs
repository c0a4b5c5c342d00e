//! `retold pairs`: articles with similar texts, pair by pair.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use retold::join::set_join::{SetJoin, set_join};
use retold::pairs::write::{self, PairFormat};
use retold::pairs::{self, Texts};
use retold::progress::Progress as _;
use retold::report::{Sink, Target};

use super::{Set, output, set_up, tell, to_the_end};
use crate::Outcome;
use crate::args::{InputArgs, PairsArgs, SimilarityArgs};

/// Runs it.
pub(crate) fn run(args: &PairsArgs) -> anyhow::Result<Outcome> {
    let path = output::path(args.output.as_deref());
    let format = format(args, path)?;
    let sink = match path {
        _ if args.input.dump_config => None,
        Some(path) => {
            output::spare_the_input(&args.input.inputs, &[path.to_path_buf()])?;
            Some(Sink::open(Target::Path(path.to_path_buf()))?)
        }
        None => Some(Sink::open(output::to_programs())?),
    };
    let (Some(set), Some(sink)) = (set_up(&args.input, |_| ())?, sink) else { return Ok(Outcome::Done) };
    let texts = to_the_end(take_in(&args.input, &set, false)?);
    let found = to_the_end(set_join(&texts.codes, &texts.texts, &join(&args.similarity), &set.bar));
    set.bar.stage("write", None);
    if path.is_none() {
        set.bar.clear();
    }
    sink.write(|out| {
        let write = if args.expand { write::write_expanded } else { write::write };
        write(&found, &texts.ids, format, out)
    })?;
    set.bar.clear();
    if !args.input.quiet {
        writeln!(anstream::stderr(), "retold: {}", write::told(&found))?;
    }
    Ok(super::outcome(&texts.intake, &args.input))
}

/// The join that was asked for.
pub(super) fn join(args: &SimilarityArgs) -> SetJoin {
    SetJoin::new(args.jaccard, args.shingle)
}

/// Reads the articles and says what was skipped.
pub(super) fn take_in(args: &InputArgs, set: &Set, heads: bool) -> anyhow::Result<Texts> {
    let texts = pairs::read(&args.inputs(), &set.config.ingest, &set.table, &args.selection(), heads, &set.bar)?;
    set.bar.aside(|| tell(&texts.intake, args.quiet));
    Ok(texts)
}

/// The form that is asked for by name or by the ending of the file.
fn format(args: &PairsArgs, path: Option<&Path>) -> anyhow::Result<PairFormat> {
    match (args.format, path) {
        (Some(format), _) => Ok(format.into()),
        (None, None) => Ok(PairFormat::Jsonl),
        (None, Some(path)) => PairFormat::of_path(path).with_context(|| {
            format!("-o {}: the ending says no form of output (.jsonl, .csv, .tsv); say --format", path.display())
        }),
    }
}
