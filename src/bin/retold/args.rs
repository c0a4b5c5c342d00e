//! The command line: what may be said on it, and how it becomes a configuration.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Args, Parser, Subcommand, ValueEnum};
use retold::config::Config;
use retold::ingest::{Input, Selection};
use retold::language::Lang;
use retold::spill::Spill;

mod choices;
mod help;
mod values;

pub(crate) use choices::{
    CliDeletion, CliFormat, CliKeep, CliKind, CliOffsets, CliOutput, CliPairFormat, CliPassageFormat,
};

/// Groups news articles into stories, finds the copies inside them, and shows the evidence.
#[derive(Debug, Parser)]
#[command(name = "retold", version, about, arg_required_else_help = true, after_help = help::RETOLD)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Group articles into stories, and show copies, origins and the evidence.
    #[command(after_help = help::CLUSTER)]
    Cluster(ClusterArgs),
    /// Find the passages that articles of different outlets share, and say who had them first.
    #[command(after_help = help::PASSAGES)]
    Passages(PassagesArgs),
    /// List the pairs of articles whose texts are nearly the same, exactly: the Jaccard similarity of their sets of words in a row.
    #[command(after_help = help::PAIRS)]
    Pairs(PairsArgs),
    /// Keep one article of every copy group, or of those that are nearly the same, and say what stands for what.
    #[command(after_help = help::DEDUP)]
    Dedup(DedupArgs),
    /// Show two articles side by side, with the passages that they share, copied or rewritten.
    #[command(
        override_usage = "retold compare [OPTIONS] <FILE> <FILE>\n       retold compare [OPTIONS] <INPUT>... <A> <B>",
        after_help = help::COMPARE,
        mut_arg("inputs", |arg| arg.help(
            "Two files of one article each; or files and folders, `-` being standard input, and behind them the ids of the two articles (unless --a and --b are given)"
        )),
    )]
    Compare(CompareArgs),
    /// Say what the input holds: formats, fields, languages, dates, outlets, and what cannot be used.
    #[command(after_help = help::INSPECT)]
    Inspect(InspectArgs),
    /// Say why two articles are in one story, or what keeps them apart: the parts of their score, what they share, and the
    /// links that join them.
    #[command(
        override_usage = "retold explain [OPTIONS] <INPUT>... <A> <B>",
        after_help = help::EXPLAIN,
        mut_arg("inputs", |arg| arg.help(
            "Files and folders, `-` being standard input, and behind them the ids of the two articles (unless --a and --b are given)"
        )),
    )]
    Explain(ExplainArgs),
    /// Measure how well the stories agree with labels, or the passages with labelled ones.
    #[command(after_help = help::EVALUATE, mut_arg("inputs", |arg| {
        arg.required(false).required_unless_present_any(["dump_config", "assignments", "passages"])
    }), mut_arg("granularity", |arg| {
        arg.conflicts_with_all(["assignments", "passages"])
    }), mut_arg("links", |arg| {
        arg.conflicts_with_all(["assignments", "passages"])
    }))]
    Evaluate(EvaluateArgs),
    /// Make a background table: how frequent the terms of a language are in news at large.
    #[command(after_help = help::BACKGROUND, mut_arg("inputs", |arg| {
        arg.required(false).required_unless_present_any(["dump_config", "frequencies"])
    }))]
    Background(BackgroundArgs),
    /// Run everything on the input, write nothing, and say what each stage took.
    #[command(after_help = help::BENCH)]
    Bench(BenchArgs),
}

/// Arguments of `bench`.
#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// What to read, and how.
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Which command is run.
    #[arg(long, value_enum, default_value = "cluster")]
    pub(crate) only: BenchedCommand,
    /// Form of the output.
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: EvaluateFormat,
    /// The same as `--format json`.
    #[arg(long, conflicts_with = "format")]
    pub(crate) json: bool,
}

/// What `bench` runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BenchedCommand {
    /// All that `retold cluster --format json` does.
    Cluster,
    /// All that `retold passages --format csv` does.
    Passages,
    /// All that `retold dedup` does to find copies; nothing is written.
    Copies,
}

/// Two articles of an input.
#[derive(Debug, Args)]
pub(crate) struct TwoIds {
    /// The id of the one article, if it is not given behind the inputs.
    #[arg(long, value_name = "ID", requires = "b")]
    pub(crate) a: Option<String>,
    /// The id of the other.
    #[arg(long, value_name = "ID", requires = "a")]
    pub(crate) b: Option<String>,
}

/// Arguments of `compare`.
#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// What to read, and how.
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Which two articles.
    #[command(flatten)]
    pub(crate) two: TwoIds,
    /// Show both texts whole, what they do not share too.
    #[arg(long)]
    pub(crate) all: bool,
    /// Form of the output; the ending of the file decides if it is not said.
    #[arg(long, value_enum)]
    pub(crate) format: Option<CompareFormat>,
    /// Write to a file (.txt, .html) instead of standard output (`-`). It appears when it is complete.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Forms of the output of `compare`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompareFormat {
    /// To be read.
    Terminal,
    /// A page for a browser.
    Html,
}

/// Arguments of `passages`.
#[derive(Debug, Args)]
pub(crate) struct PassagesArgs {
    /// What to read, and how.
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Form of the output; the ending of the file decides if it is not said.
    #[arg(long, value_enum, help_heading = "Output")]
    pub(crate) format: Option<CliPassageFormat>,
    /// Write to a file instead of standard output (`-`). It appears when it is complete.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
    /// What offsets into texts count.
    #[arg(long, value_enum, default_value = "codepoints", help_heading = "Output")]
    pub(crate) offsets: CliOffsets,
    /// Say in json and jsonl what was changed in each passage, word by word.
    #[arg(long, help_heading = "Output")]
    pub(crate) edits: bool,
    /// Only passages of this kind; may be given several times.
    #[arg(long = "kind", value_name = "KIND", value_enum, help_heading = "Output")]
    pub(crate) kinds: Vec<CliKind>,
    /// Passages that are shown on a terminal, those in most articles first.
    #[arg(long, value_name = "N", default_value_t = 20, help_heading = "Output")]
    pub(crate) top: usize,
    /// Show all passages whole, and all pairs.
    #[arg(long, conflicts_with = "top", help_heading = "Output")]
    pub(crate) all: bool,

    /// What is looked for.
    #[command(flatten)]
    pub(crate) search: SearchArgs,
}

/// Arguments of `pairs`.
#[derive(Debug, Args)]
pub(crate) struct PairsArgs {
    /// What to read, and how.
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// What is similar.
    #[command(flatten)]
    pub(crate) similarity: SimilarityArgs,

    /// List every pair of articles: identical ones too, and with each other's partners.
    #[arg(long, help_heading = "Output")]
    pub(crate) expand: bool,
    /// Form of the output; the ending of the file decides if it is not said.
    #[arg(long, value_enum, help_heading = "Output")]
    pub(crate) format: Option<CliPairFormat>,
    /// Write to a file instead of standard output (`-`). It appears when it is complete.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
}

/// Arguments of `dedup`.
#[derive(Debug, Args)]
pub(crate) struct DedupArgs {
    /// What to read, and how.
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Which article is kept; ties go to the first in the input.
    #[arg(long, value_enum, value_name = "WHICH", default_value = "first", help_heading = "Choice")]
    pub(crate) keep: CliKeep,
    /// For --keep outlet-order: outlets by name or domain, the best first, with commas between them.
    #[arg(
        long,
        value_name = "NAMES",
        value_delimiter = ',',
        required_if_eq("keep", "outlet-order"),
        help_heading = "Choice"
    )]
    pub(crate) outlet_order: Vec<String>,
    /// Choose among articles whose texts have at least this Jaccard similarity (see `retold pairs`), not of copy groups.
    #[arg(long, value_name = "X", value_parser = values::jaccard, help_heading = "Similarity")]
    pub(crate) jaccard: Option<f64>,
    /// How many words in a row are compared with --jaccard.
    #[arg(long, value_name = "WORDS", value_parser = values::shingle, default_value = "5", requires = "jaccard", help_heading = "Similarity")]
    pub(crate) shingle: usize,
    /// Write to a file instead of standard output (`-`). It appears when it is complete.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
    /// Write what stands for what to a file or, with `-o FILE`, to standard output (`-`): an object a line for every article that
    /// stands for others.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) report: Option<PathBuf>,
}

/// Which texts are similar.
#[derive(Debug, Args)]
#[command(next_help_heading = "Similarity")]
pub(crate) struct SimilarityArgs {
    /// The least Jaccard similarity, above 0 and up to 1, in millionths at the finest.
    #[arg(long, value_name = "X", value_parser = values::jaccard, default_value = "0.8")]
    pub(crate) jaccard: f64,
    /// How many words in a row are compared.
    #[arg(long, value_name = "WORDS", value_parser = values::shingle, default_value = "5")]
    pub(crate) shingle: usize,
}

/// Which passages are looked for.
#[derive(Debug, Args)]
#[command(next_help_heading = "Search")]
pub(crate) struct SearchArgs {
    /// Only passages with at least so many words in common (passages.least-words).
    #[arg(long, value_name = "N")]
    pub(crate) min_words: Option<u32>,
    /// Compare articles of one outlet with each other too (passages.same-outlet). Those of unknown outlets always are.
    #[arg(long)]
    pub(crate) same_outlet: bool,
    /// Look for lightly rewritten passages everywhere (passages.thorough.everywhere).
    #[arg(long)]
    pub(crate) thorough: bool,
}

impl SearchArgs {
    /// Enters what is looked for.
    pub(crate) fn adjust(&self, config: &mut Config) {
        let passages = &mut config.passages;
        passages.least_words = self.min_words.unwrap_or(passages.least_words);
        passages.same_outlet |= self.same_outlet;
        passages.thorough.everywhere |= self.thorough;
    }
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// What to read, and how.
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Which two articles.
    #[command(flatten)]
    pub(crate) two: TwoIds,
    /// How stories are made.
    #[command(flatten)]
    pub(crate) stories: StoryArgs,
    /// Form of the output.
    #[arg(long, value_enum, default_value = "terminal")]
    pub(crate) format: ExplainFormat,
}

/// Forms of the output of `explain`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// To be read; long lists are cut.
    Terminal,
    /// Everything.
    Json,
}

/// Arguments of `evaluate`.
#[derive(Debug, Args)]
pub(crate) struct EvaluateArgs {
    /// What to read, and how.
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// How stories are made.
    #[command(flatten)]
    pub(crate) stories: StoryArgs,
    /// Take the labels from this file instead of the input.
    #[arg(long, value_name = "FILE", help_heading = "Labels")]
    pub(crate) gold: Option<PathBuf>,
    /// Run nothing: measure the stories in this file (`retold cluster --format assignments`) against --gold.
    #[arg(long, value_name = "FILE", help_heading = "Labels", requires = "gold", conflicts_with_all = ["inputs", "each", "chunks", "without", "ablate", "errors"])]
    pub(crate) assignments: Option<PathBuf>,
    /// Measure the passages instead: read the articles and the labelled passages of this folder.
    #[arg(long, value_name = "DIR", help_heading = "Labels", conflicts_with_all = ["inputs", "gold", "assignments", "each", "chunks", "without", "ablate", "min_f1"])]
    pub(crate) passages: Option<PathBuf>,
    /// Measure every input by itself, with one configuration, and give the mean beside.
    #[arg(long, help_heading = "Corpora")]
    pub(crate) each: bool,
    /// Cut every input into corpora of about N labelled stories, run each of them by itself, and measure the input over all
    /// of its corpora. Articles without a label are left out.
    #[arg(long, value_name = "N", help_heading = "Corpora", conflicts_with_all = ["gold", "errors"])]
    pub(crate) chunks: Option<std::num::NonZeroUsize>,
    /// Delete this from every article before the run; may be given several times.
    #[arg(long, value_name = "WHAT", value_enum, help_heading = "Corpora")]
    pub(crate) without: Vec<CliDeletion>,
    /// Repeat it with each part of the score switched off in turn, and with each main constant lower and higher; then say
    /// what would have been chosen without knowing an input.
    #[arg(long, conflicts_with_all = ["errors", "min_f1"])]
    pub(crate) ablate: bool,
    /// Exit with 1 if a B-cubed F1 is below this (0 to 1): with --each or --chunks that of any input.
    #[arg(long, value_name = "X", value_parser = values::share)]
    pub(crate) min_f1: Option<f64>,
    /// With --passages: what is looked for.
    #[command(flatten)]
    pub(crate) search: SearchArgs,
    /// Exit with 1 if the plagdet of --passages, over all kinds, is below this (0 to 1).
    #[arg(long, value_name = "X", value_parser = values::share, requires = "passages", conflicts_with_all = ["inputs", "assignments"])]
    pub(crate) min_plagdet: Option<f64>,
    /// Show the N worst wrong merges and the N worst wrong splits, with the parts of their scores; with --passages the N
    /// passages that were missed most and N pairs of articles with false ones.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) errors: usize,
    /// Form of the output.
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: EvaluateFormat,
}

/// Forms of the output of `evaluate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EvaluateFormat {
    /// To be read.
    Table,
    /// Everything.
    Json,
}

/// Arguments of `background`.
#[derive(Debug, Args)]
pub(crate) struct BackgroundArgs {
    /// What to read, and how; give the language with --lang.
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Make the table of this list of word frequencies instead of articles.
    #[arg(long, value_name = "FILE", conflicts_with = "inputs")]
    pub(crate) frequencies: Option<PathBuf>,
    /// Where to write the table.
    #[arg(short, long, value_name = "FILE", required_unless_present = "dump_config")]
    pub(crate) output: Option<PathBuf>,
}

/// Arguments of `cluster`.
#[derive(Debug, Args)]
pub(crate) struct ClusterArgs {
    /// What to read, and how.
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Form of the output; the ending of the file decides if it is not said.
    #[arg(long, value_enum, help_heading = "Output")]
    pub(crate) format: Option<CliOutput>,
    /// Write to a file instead of standard output (`-`). It appears when it is complete.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
    /// What offsets into texts count.
    #[arg(long, value_enum, default_value = "codepoints", help_heading = "Output")]
    pub(crate) offsets: CliOffsets,
    /// Stories that are shown on a terminal, the largest first.
    #[arg(long, value_name = "N", default_value_t = 20, help_heading = "Output")]
    pub(crate) top: usize,
    /// Show all stories of two or more articles, with all their members.
    #[arg(long, conflicts_with = "top", help_heading = "Output")]
    pub(crate) all: bool,

    /// How stories are made.
    #[command(flatten)]
    pub(crate) stories: StoryArgs,
    /// The share of an article's own words, 0 to 1, that stands in another from which on it is a copy (copies.copy).
    #[arg(long, value_name = "SHARE", value_parser = values::share, help_heading = "Thresholds")]
    pub(crate) copy_share: Option<f64>,
    /// The same for a partial copy (copies.partial-copy).
    #[arg(long, value_name = "SHARE", value_parser = values::share, help_heading = "Thresholds")]
    pub(crate) partial_copy_share: Option<f64>,
}

impl ClusterArgs {
    /// Enters the thresholds.
    pub(crate) fn adjust(&self, config: &mut Config) {
        self.stories.adjust(config);
        let thresholds =
            [(&mut config.copies.copy, self.copy_share), (&mut config.copies.partial_copy, self.partial_copy_share)];
        for (setting, flag) in thresholds {
            *setting = flag.unwrap_or(*setting);
        }
    }
}

/// How stories are made.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Stories")]
pub(crate) struct StoryArgs {
    /// How much one story takes in: broad (0.10), default (0.13), strict (0.17), or the least score that joins two articles
    /// or groups, 0 to 1. Higher makes more and smaller stories (cluster.least-link).
    #[arg(long, value_name = "broad|default|strict|NUMBER", value_parser = values::granularity)]
    pub(crate) granularity: Option<f64>,
    /// Pairs of articles that are in one story, whatever the scores, or never in one: lines of id, tab, id, tab, `must` or
    /// `cannot`; a table with the columns a, b and link; or JSON lines with these fields.
    #[arg(long, value_name = "FILE")]
    pub(crate) links: Option<PathBuf>,
}

impl StoryArgs {
    /// Enters the granularity.
    pub(crate) fn adjust(&self, config: &mut Config) {
        let least = &mut config.cluster.least_link;
        *least = self.granularity.unwrap_or(*least);
    }
}

/// Arguments of `inspect`.
#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// What to read, and how.
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Show what each outlet repeats, which counts for nothing: lines of its texts, titles of its columns, and the beginnings and
    /// endings of its titles.
    #[arg(long)]
    pub(crate) furniture: bool,
    /// Form of the output.
    #[arg(long, value_enum, default_value = "terminal")]
    pub(crate) format: InspectFormat,
}

/// Forms of the output of `inspect`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum InspectFormat {
    /// To be read; long lists are cut.
    Terminal,
    /// Everything.
    Json,
}

/// What every subcommand that reads articles takes.
#[derive(Clone, Debug, Args)]
pub(crate) struct InputArgs {
    /// Files and folders; `-` is standard input.
    #[arg(value_name = "INPUT", required_unless_present = "dump_config")]
    pub(crate) inputs: Vec<PathBuf>,

    /// Read the input as this instead of looking at its content.
    #[arg(long, value_name = "FORMAT", value_enum, help_heading = "Input")]
    pub(crate) input_format: Option<CliFormat>,
    /// Where one of our fields stands (text=body, date=meta.day); may be given several times.
    #[arg(long = "field", value_name = "OURS=THEIRS", help_heading = "Input")]
    pub(crate) fields: Vec<String>,
    /// A table of outlets that wins over the one that comes with retold.
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) outlets: Option<PathBuf>,
    /// The largest article that is taken in, for example 16MiB.
    #[arg(long, value_name = "SIZE", value_parser = values::size, help_heading = "Input")]
    pub(crate) max_article: Option<u64>,

    /// Only articles of this day or later; undated ones stay.
    #[arg(long, value_name = "DATE", value_parser = Selection::day, help_heading = "Selection")]
    pub(crate) since: Option<i64>,
    /// Only articles of this day or earlier; undated ones stay.
    #[arg(long, value_name = "DATE", value_parser = Selection::day, help_heading = "Selection")]
    pub(crate) until: Option<i64>,
    /// Only articles in this language (en, de, ...); may be given several times.
    #[arg(long = "lang", value_name = "CODE", value_parser = values::lang, help_heading = "Selection")]
    pub(crate) langs: Vec<Lang>,
    /// Only articles of this outlet, by name or domain; may be given several times.
    #[arg(long = "outlet", value_name = "NAME", help_heading = "Selection")]
    pub(crate) only_outlets: Vec<String>,

    /// Exit with 2 if anything was skipped or could not be read.
    #[arg(long, help_heading = "Run")]
    pub(crate) strict: bool,
    /// How many threads; all cores if it is not said.
    #[arg(long, value_name = "N", help_heading = "Run")]
    pub(crate) threads: Option<std::num::NonZeroUsize>,
    /// About how much memory to take, for example 2GB; what does not fit goes to temporary files, and the outcome is the
    /// same. Three quarters of what the machine has if it is not said.
    #[arg(long, value_name = "SIZE", value_parser = values::size, help_heading = "Run")]
    pub(crate) memory: Option<u64>,
    /// The folder for temporary files; that of the system if it is not said.
    #[arg(long, value_name = "DIR", help_heading = "Run")]
    pub(crate) temp_dir: Option<PathBuf>,
    /// A file of settings (TOML); flags win over it.
    #[arg(long, value_name = "FILE", help_heading = "Run")]
    pub(crate) config: Option<PathBuf>,
    /// Any setting by name (score.floor=0.4); may be given several times. --dump-config lists them.
    #[arg(long = "set", value_name = "SECTION.KEY=VALUE", help_heading = "Run")]
    pub(crate) settings: Vec<String>,
    /// Print the settings that are in force and stop.
    #[arg(long, help_heading = "Run")]
    pub(crate) dump_config: bool,
    /// Say nothing but errors, and what was skipped in one line.
    #[arg(short, long, help_heading = "Run")]
    pub(crate) quiet: bool,
}

impl InputArgs {
    /// The memory that the run may take, and where it puts what does not fit.
    pub(crate) fn spill(&self) -> Result<Spill, retold::error::Error> {
        Spill::of_machine_or(self.memory, self.temp_dir.as_deref())
    }

    /// Defaults, then the file, then `--set`, then flags.
    pub(crate) fn to_config(&self) -> anyhow::Result<Config> {
        let mut config = match &self.config {
            None => Config::default(),
            Some(path) => {
                let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
                toml::from_str(&text).with_context(|| path.display().to_string())?
            }
        };
        for setting in &self.settings {
            config = values::set(&config, setting).with_context(|| format!("--set {setting}"))?;
        }
        let ingest = &mut config.ingest;
        for field in &self.fields {
            match field.split_once('=') {
                Some((ours, theirs)) if !ours.is_empty() && !theirs.is_empty() => {
                    ingest.fields.insert(ours.to_owned(), theirs.to_owned());
                }
                _ => bail!("--field {field}: write OURS=THEIRS, for example --field text=body"),
            }
        }
        if let Some(format) = self.input_format {
            ingest.input_format = format.into();
        }
        if let Some(limit) = self.max_article {
            ingest.max_article = limit;
        }
        Ok(config)
    }

    /// What to read.
    pub(crate) fn inputs(&self) -> Vec<Input> {
        let input = |path: &PathBuf| if path.as_os_str() == "-" { Input::Stdin } else { Input::Path(path.clone()) };
        self.inputs.iter().map(input).collect()
    }

    /// Which articles of it.
    pub(crate) fn selection(&self) -> Selection {
        Selection {
            since: self.since,
            until: self.until,
            langs: self.langs.clone(),
            outlets: self.only_outlets.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
