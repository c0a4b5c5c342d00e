//! The subcommands, one a file, and what they share: taking the input in and saying what is wrong with it.

mod ablation;
pub(crate) mod background;
pub(crate) mod bench;
pub(crate) mod cluster;
pub(crate) mod compare;
pub(crate) mod dedup;
pub(crate) mod evaluate;
mod evaluate_passages;
pub(crate) mod explain;
pub(crate) mod inspect;
mod output;
pub(crate) mod pairs;
pub(crate) mod passages;
mod trials;
mod two;

use std::io::Write as _;
use std::mem::ManuallyDrop;

use anyhow::Context as _;
use retold::config::Config;
use retold::constraints::{ConstraintLine, Constraints};
use retold::corpus::Corpus;
use retold::error::Warning;
use retold::ingest::{self, Intake, LeftOut};
use retold::outlets::OutletTable;
use retold::report::clean;
use retold::spill::Spill;

use crate::Outcome;
use crate::args::{InputArgs, StoryArgs};
use crate::terminal::Bar;

/// Lines about skipped input before the rest is only counted.
const SHOWN: usize = 10;

/// What a command has found last, which is not dropped: the system takes back the memory of a process at once, and one part in
/// fifty of a run would go into freeing it piece by piece.
pub(super) fn to_the_end<T>(found: T) -> ManuallyDrop<T> {
    ManuallyDrop::new(found)
}

/// What a command works on.
pub(crate) struct TakenIn {
    /// The articles that were chosen, and what is to be said of the input.
    pub(crate) intake: Intake,
    /// How many articles were not chosen.
    pub(crate) left_out: LeftOut,
    /// The settings in force.
    pub(crate) config: Config,
    /// Names of outlets.
    pub(crate) table: OutletTable,
    /// The memory that there is.
    pub(crate) spill: Spill,
    /// Shows how far the work is.
    pub(crate) bar: Bar,
}

/// Reads the input as the command line says, `adjust` being the command's own settings, and tells on standard error what
/// was skipped. `None` if `--dump-config` was given: then the settings have been printed and there is nothing more to do.
pub(crate) fn take_in(args: &InputArgs, adjust: impl FnOnce(&mut Config)) -> anyhow::Result<Option<TakenIn>> {
    let taken = read(args, adjust)?;
    if let Some(taken) = &taken {
        taken.bar.aside(|| tell(&taken.intake, args.quiet));
    }
    Ok(taken)
}

/// The same without telling what was skipped, for a command whose output says it.
pub(crate) fn read(args: &InputArgs, adjust: impl FnOnce(&mut Config)) -> anyhow::Result<Option<TakenIn>> {
    let Some(Set { config, table, spill, bar }) = set_up(args, adjust)? else { return Ok(None) };
    let mut intake = ingest::read_bounded(&args.inputs(), &config.ingest, &table, &spill, &bar)?;
    let left_out = args.selection().apply(&mut intake.articles, &table);
    Ok(Some(TakenIn { intake, left_out, config, table, spill, bar }))
}

/// What is needed before anything is read.
pub(crate) struct Set {
    pub(crate) config: Config,
    pub(crate) table: OutletTable,
    pub(crate) spill: Spill,
    pub(crate) bar: Bar,
}

/// Makes the settings, `adjust` being the command's own. `None` if they were only to be printed.
pub(crate) fn set_up(args: &InputArgs, adjust: impl FnOnce(&mut Config)) -> anyhow::Result<Option<Set>> {
    let mut config = args.to_config()?;
    adjust(&mut config);
    config.check()?;
    if args.dump_config {
        let text = toml::to_string(&config).context("the settings as TOML")?;
        anstream::stdout().write_all(text.as_bytes())?;
        return Ok(None);
    }
    if let Some(threads) = args.threads {
        rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build_global().context("--threads")?;
    }
    let mut table = OutletTable::shipped();
    if let Some(path) = &args.outlets {
        table.extend(path)?;
    }
    Ok(Some(Set { config, table, spill: args.spill()?, bar: Bar::new(args.quiet) }))
}

/// What a file of links says, and which of its lines cannot be used.
type Links = (Vec<ConstraintLine>, Vec<Warning>);

/// Reads the file of `--links`, if there is one.
fn read_links(args: &StoryArgs) -> anyhow::Result<Links> {
    Ok(args.links.as_deref().map(ingest::read_links).transpose()?.unwrap_or_default())
}

impl TakenIn {
    /// The articles, and what a file of links says of them. What cannot be used of it is told on standard error and added to the
    /// warnings.
    pub(crate) fn corpus(
        &mut self,
        (lines, mut warnings): Links,
        quiet: bool,
    ) -> anyhow::Result<(Corpus, Constraints)> {
        let corpus = Corpus::bounded(std::mem::take(&mut self.intake.articles), self.spill.clone())?;
        let (constraints, unknown) = Constraints::resolve(&lines, &corpus)?;
        warnings.extend(unknown);
        warnings.sort_unstable();
        self.bar.aside(|| tell_unused(&warnings, quiet));
        self.intake.warnings.append(&mut warnings);
        Ok((corpus, constraints))
    }

    /// How the command ends, `--strict` considered.
    ///
    /// # Errors
    /// Something that was spilled could not be read while the outcome was being written.
    pub(crate) fn outcome(&self, args: &InputArgs) -> anyhow::Result<Outcome> {
        self.spill.check()?;
        Ok(outcome(&self.intake, args))
    }
}

/// How a command ends with this input.
pub(crate) fn outcome(intake: &Intake, args: &InputArgs) -> Outcome {
    let clean = intake.skipped.is_empty() && intake.warnings.is_empty();
    if args.strict && !clean { Outcome::NotStrict } else { Outcome::Done }
}

/// Says what was skipped and what could not be read: the first few in full, the rest as a number.
fn tell(intake: &Intake, quiet: bool) {
    let (skipped, warnings) = (&intake.skipped, &intake.warnings);
    if skipped.is_empty() && warnings.is_empty() {
        return;
    }
    if !quiet {
        for line in skipped.iter().take(SHOWN) {
            anstream::eprintln!("skipped {}: {}", clean(&line.place.to_string()), clean(&line.reason));
        }
        more(skipped.len());
    }
    tell_warnings(warnings, quiet);
    let taken = intake.files.iter().map(|f| f.articles).sum::<u64>();
    anstream::eprintln!("retold: {taken} articles read, {} skipped, {} warnings", skipped.len(), warnings.len());
}

/// Says which lines of a file of links are not used.
fn tell_unused(warnings: &[Warning], quiet: bool) {
    tell_warnings(warnings, quiet);
    if !warnings.is_empty() {
        anstream::eprintln!("retold: {} of --links not used", counted(warnings.len(), "line"));
    }
}

fn tell_warnings(warnings: &[Warning], quiet: bool) {
    if quiet {
        return;
    }
    for line in warnings.iter().take(SHOWN) {
        anstream::eprintln!("warning {}: {}", clean(&line.place.to_string()), clean(&line.reason));
    }
    more(warnings.len());
}

/// `1 line`, `2 lines`.
fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn more(count: usize) {
    if count > SHOWN {
        anstream::eprintln!("... and {} more", count - SHOWN);
    }
}
