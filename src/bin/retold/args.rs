//! The command line: what may be said on it, and how it becomes a configuration.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Args, Parser, Subcommand, ValueEnum};
use retold::config::{Config, InputFormat};
use retold::evaluate::Deletion;
use retold::ingest::{Input, Selection};
use retold::language::Lang;
use retold::pairs::write::PairFormat;
use retold::passages::PassageKind;
use retold::report::passages::PassageFormat;
use retold::report::{Format, OffsetUnit};
use retold::spill::Spill;

/// Groups news articles into stories, finds the copies inside them, and shows the evidence.
#[derive(Debug, Parser)]
#[command(name = "retold", version, about, arg_required_else_help = true, after_help = EXAMPLES)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  retold cluster news/                         the stories of a folder, to read
  retold cluster articles.jsonl -o found.json  all of it with the evidence, as JSON
  retold passages news/                        the text that articles share, and who had it first
  retold compare a.txt b.txt                   two articles side by side
  retold inspect articles.jsonl.gz             what is in a file, and what is wrong with it
  retold inspect news/ --lang en               a folder of texts, English ones only
  retold explain news/ article-1 article-2     why two articles are in one story, or not
  retold evaluate labelled.jsonl               how well the stories agree with labels
  zcat dump.gz | retold inspect -              standard input
  retold inspect export.csv --field text=Body  a column with an unusual name

Exit codes: 0 done, 1 a gate that was asked for did not hold, 2 error.";

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Group articles into stories, and show copies, origins and the evidence.
    #[command(after_help = "\
Examples:
  retold cluster news/
  retold cluster articles.jsonl.gz -o found.json
  retold cluster export.csv --format articles > with-stories.jsonl
  retold cluster a.jsonl b.jsonl -o tables.csv          four tables: tables.articles.csv and so on
  retold cluster news/ -o report.html                   pages for a browser in one file
  retold cluster dump.jsonl.gz -o report/               the same as a folder, for many articles
  retold cluster news/ -o figure.svg                    drawings: figure.timeline.svg, figure.matrix.svg
  retold cluster dump.jsonl --format assignments --granularity strict
  retold cluster news/ --set join.nearest=100 --dump-config

Without --format the ending of the file decides: .json, .jsonl (a story a line), .csv, .tsv (assignments), .txt,
.html, .svg; a folder is html.")]
    Cluster(ClusterArgs),
    /// Find the passages that articles of different outlets share, and say who had them first.
    #[command(after_help = PASSAGES_EXAMPLES)]
    Passages(PassagesArgs),
    /// List the pairs of articles whose texts are nearly the same, exactly: the Jaccard similarity of their sets of words in a row.
    #[command(after_help = PAIRS_EXAMPLES)]
    Pairs(PairsArgs),
    /// Keep one article of every copy group, or of those that are nearly the same, and say what stands for what.
    #[command(after_help = DEDUP_EXAMPLES)]
    Dedup(DedupArgs),
    /// Show two articles side by side, with the passages that they share, copied or rewritten.
    #[command(
        override_usage = "retold compare [OPTIONS] <FILE> <FILE>\n       retold compare [OPTIONS] <INPUT>... <A> <B>",
        after_help = COMPARE_EXAMPLES,
        mut_arg("inputs", |arg| arg.help(
            "Two files of one article each; or files and folders, `-` being standard input, and behind them the ids of the two articles (unless --a and --b are given)"
        )),
    )]
    Compare(CompareArgs),
    /// Say what the input holds: formats, fields, languages, dates, outlets, and what cannot be used.
    #[command(after_help = "\
Examples:
  retold inspect news/
  retold inspect a.jsonl b.csv --format json
  retold inspect news/ --furniture                  what each outlet repeats
  retold inspect export.tsv --field text=Body --field date=Day")]
    Inspect(InspectArgs),
    /// Say why two articles are in one story, or what keeps them apart: the parts of their score, what they share, and the
    /// links that join them.
    #[command(
        override_usage = "retold explain [OPTIONS] <INPUT>... <A> <B>",
        after_help = EXPLAIN_EXAMPLES,
        mut_arg("inputs", |arg| arg.help(
            "Files and folders, `-` being standard input, and behind them the ids of the two articles (unless --a and --b are given)"
        )),
    )]
    Explain(ExplainArgs),
    /// Measure how well the stories agree with labels, or the passages with labelled ones.
    #[command(after_help = EVALUATE_EXAMPLES, mut_arg("inputs", |arg| {
        arg.required(false).required_unless_present_any(["dump_config", "assignments", "passages"])
    }), mut_arg("granularity", |arg| {
        arg.conflicts_with_all(["assignments", "passages"])
    }), mut_arg("links", |arg| {
        arg.conflicts_with_all(["assignments", "passages"])
    }))]
    Evaluate(EvaluateArgs),
    /// Make a background table: how frequent the terms of a language are in news at large.
    #[command(after_help = BACKGROUND_HELP, mut_arg("inputs", |arg| {
        arg.required(false).required_unless_present_any(["dump_config", "frequencies"])
    }))]
    Background(BackgroundArgs),
    /// Run everything on the input, write nothing, and say what each stage took.
    #[command(after_help = BENCH_HELP)]
    Bench(BenchArgs),
}

const BENCH_HELP: &str = "\
CPU is that of all threads; `busy` is CPU over wall time and threads, so 100 % is every thread at work. `memory` is what the
process holds when the stage is over, `peak` the most so far. What went to temporary files
is counted in the last stage.

Examples:
  retold bench articles.jsonl.zst
  retold bench articles.jsonl.zst --only passages
  retold bench articles.jsonl.zst --threads 1 --format json";

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
}

/// What `bench` runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BenchedCommand {
    /// All that `retold cluster --format json` does.
    Cluster,
    /// All that `retold passages --format csv` does.
    Passages,
}

const PASSAGES_EXAMPLES: &str = "\
Examples:
  retold passages news/
  retold passages articles.jsonl.gz -o passages.jsonl            a passage a line
  retold passages dump.jsonl --format csv --kind prose --min-words 20
  retold passages agency.jsonl papers.jsonl --edits -o all.json  pairs, articles and groups, with what was changed
  retold passages news/ --thorough                               lightly rewritten passages too; takes longer

Without --format the ending of the file decides: .json, .jsonl, .csv, .txt, .html.";

const PAIRS_EXAMPLES: &str = "\
The set of an article holds every run of --shingle words of its text (the title apart), or the one run of all its words where
it has fewer. The similarity of two is the number of runs that both have, divided by the number that one of them has. All
pairs from --jaccard on are found, in any language, and no others: nothing is estimated.

Articles with the same set are one class, listed once (`same`); pairs are between the first articles of classes.

Examples:
  retold pairs articles.jsonl                                  a pair a line
  retold pairs articles.jsonl --jaccard 0.5 --shingle 8 -o near.csv
  retold pairs dump.jsonl.zst --expand | wc -l                 every pair, those of identical texts too
  retold pairs news/ --lang de --since 2031-01-01

Without --format the ending of the file decides: .jsonl, .csv, .tsv.";

const DEDUP_EXAMPLES: &str = "\
Without --jaccard one article of every copy group is kept: a copy group is a text with its republications, shortened or
wrapped as they may be (`copies.copy`, `copies.partial-copy`: --set copies.partial-copy=0.5 leaves partial copies alone).

With --jaccard the best article by --keep is kept and stands for all that are at least so similar to it; then the best of
those that are left, and so on. What is left out is always that similar to what stands for it: there are no chains.

The kept lines of JSON lines and rows of tables are written unchanged and in their order, also those that hold no article
(they are told on standard error); of a folder of text files the names of the kept ones, one a line. The input is read
twice, so it cannot be standard input.

Examples:
  retold dedup articles.jsonl -o kept.jsonl --report stand-ins.jsonl
  retold dedup articles.jsonl --jaccard 0.8 --keep longest > kept.jsonl
  retold dedup a.csv b.csv --keep outlet-order --outlet-order \"Meridian Wire,Vale Gazette\" -o kept.csv
  retold dedup news/ --keep earliest | xargs -d '\\n' cp -t kept/";

const COMPARE_EXAMPLES: &str = "\
Examples:
  retold compare agency.txt paper.txt
  retold compare news/ harbour-fire-1 harbour-fire-7
  retold compare news.jsonl --a harbour-fire-1 --b harbour-fire-7 --all
  retold compare agency.txt paper.txt -o both.html               a page for a browser

In the texts a passage stands between [1: and :1]. Inside it {-words-} that only A has and {+words+} that only B has are
underlined where there are colours, and {~words~} that stand elsewhere in the passage are in italics.

A text file's id is its name without the ending; `retold cluster INPUT --format assignments` lists all ids.";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  retold explain news/ harbour-fire-1 harbour-fire-7
  retold explain news.jsonl --a harbour-fire-1 --b harbour-fire-7 --format json

A text file's id is its name without the ending; `retold cluster INPUT --format assignments` lists all ids.";

const EVALUATE_EXAMPLES: &str = "\
Labels are taken from the input (the fields story, cluster, cluster_id, label and others), or from a file: JSON lines, a
table with a header line, or lines of id, tab, label. Articles without a label take part in the run but not in the score.
Several inputs are one corpus, measured together and input by input; with --each every input is a corpus of its own.

Examples:
  retold evaluate labelled.jsonl
  retold evaluate news/ --gold labels.tsv --min-f1 0.9
  retold evaluate set-a.jsonl set-b.jsonl --each --format json
  retold evaluate set-a.jsonl set-b.jsonl unlabelled.jsonl       one corpus with other news in it
  retold evaluate set-a.jsonl --chunks 15                        many small corpora
  retold evaluate set-a.jsonl --without dates                    as if nothing were dated
  retold evaluate set-a.jsonl set-b.jsonl --each --ablate        what each part of the score is worth
  retold evaluate --assignments stories.tsv --gold labels.tsv    two files, nothing is run
  retold evaluate labelled.jsonl --errors 10                     the worst mistakes
  retold evaluate --passages copied/ --min-plagdet 0.8           the copied passages of a folder

The folder of --passages holds the articles (docs.jsonl or docs.jsonl.zst) and the labelled passages (gold.jsonl: an object
a line with the ids `dst` and `src`, the later and the earlier article, dst_b, dst_e, src_b and src_e, where the passage
begins and ends in their texts in Unicode code points, the end exclusive, and its kind). If pairs.tsv is there (lines of
type, tab, dst, tab, src), only those pairs are judged, and there is a row for each type; otherwise a detection between two
articles that no passage joins is false if their texts share no six words in a row, and left out if they do.

Exit codes: 0 done, 1 a B-cubed F1 below --min-f1 or a plagdet below --min-plagdet, 2 error.";

const BACKGROUND_HELP: &str = "\
The table is a text compressed with zstd. Its first line is `retold-background`, the version of the layout, the language
and the number of articles; each further line is a term (a stem), the number of articles whose title or first 400 words
have it, and its mean weight in their term vectors in millionths, all parted by tabs. Terms in fewer than 8 articles are
left out. It holds counts only, no text. Ten thousand articles of a year or more make a good one; where no news is at hand,
a list of word frequencies (lines of word, tab, occurrences a word of running text, 0 to 1) will do.

Examples:
  retold background news-2030.jsonl.zst --lang en -o en.tsv.zst
  retold background --frequencies words.tsv --lang nl -o nl.tsv.zst";

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
    #[arg(long, value_name = "X", value_parser = jaccard, help_heading = "Similarity")]
    pub(crate) jaccard: Option<f64>,
    /// How many words in a row are compared with --jaccard.
    #[arg(long, value_name = "WORDS", value_parser = shingle, default_value = "5", requires = "jaccard", help_heading = "Similarity")]
    pub(crate) shingle: usize,
    /// Write to a file instead of standard output (`-`). It appears when it is complete.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
    /// Write what stands for what: an object a line for every article that stands for others.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) report: Option<PathBuf>,
}

/// Which article is kept, on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CliKeep {
    /// The first in the input.
    First,
    /// The earliest by date; undated ones last.
    Earliest,
    /// The one with most words.
    Longest,
    /// The one whose outlet comes first in --outlet-order.
    OutletOrder,
}

/// Which texts are similar.
#[derive(Debug, Args)]
#[command(next_help_heading = "Similarity")]
pub(crate) struct SimilarityArgs {
    /// The least Jaccard similarity, above 0 and up to 1, in millionths at the finest.
    #[arg(long, value_name = "X", value_parser = jaccard, default_value = "0.8")]
    pub(crate) jaccard: f64,
    /// How many words in a row are compared.
    #[arg(long, value_name = "WORDS", value_parser = shingle, default_value = "5")]
    pub(crate) shingle: usize,
}

/// [`PairFormat`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CliPairFormat {
    /// An object a line.
    Jsonl,
    /// A table.
    Csv,
    /// A table with tabs.
    Tsv,
}

impl From<CliPairFormat> for PairFormat {
    fn from(format: CliPairFormat) -> Self {
        match format {
            CliPairFormat::Jsonl => Self::Jsonl,
            CliPairFormat::Csv => Self::Csv,
            CliPairFormat::Tsv => Self::Tsv,
        }
    }
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

/// [`PassageFormat`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CliPassageFormat {
    /// To be read.
    Terminal,
    /// One document: pairs with their passages, shares of articles, groups of passages.
    Json,
    /// A passage a line.
    Jsonl,
    /// A passage a row.
    Csv,
    /// A page for a browser.
    Html,
}

impl From<CliPassageFormat> for PassageFormat {
    fn from(format: CliPassageFormat) -> Self {
        match format {
            CliPassageFormat::Terminal => Self::Terminal,
            CliPassageFormat::Json => Self::Json,
            CliPassageFormat::Jsonl => Self::Jsonl,
            CliPassageFormat::Csv => Self::Csv,
            CliPassageFormat::Html => Self::Html,
        }
    }
}

/// [`PassageKind`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CliKind {
    /// Running text in an article's own words.
    Prose,
    /// Inside quotation marks in both articles.
    Quote,
    /// Sentences that carry a credit.
    Attributed,
    /// A title standing in the text.
    Headline,
    /// Short lines, or mostly numbers.
    List,
    /// Text that an outlet repeats.
    Furniture,
}

impl From<CliKind> for PassageKind {
    fn from(kind: CliKind) -> Self {
        match kind {
            CliKind::Prose => Self::Prose,
            CliKind::Quote => Self::Quote,
            CliKind::Attributed => Self::Attributed,
            CliKind::Headline => Self::Headline,
            CliKind::List => Self::List,
            CliKind::Furniture => Self::Furniture,
        }
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
    #[arg(long, value_name = "X", value_parser = share)]
    pub(crate) min_f1: Option<f64>,
    /// With --passages: what is looked for.
    #[command(flatten)]
    pub(crate) search: SearchArgs,
    /// Exit with 1 if the plagdet of --passages, over all kinds, is below this (0 to 1).
    #[arg(long, value_name = "X", value_parser = share, requires = "passages", conflicts_with_all = ["inputs", "assignments"])]
    pub(crate) min_plagdet: Option<f64>,
    /// Show the N worst wrong merges and the N worst wrong splits, with the parts of their scores; with --passages the N
    /// passages that were missed most and N pairs of articles with false ones.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) errors: usize,
    /// Form of the output.
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: EvaluateFormat,
}

/// [`Deletion`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CliDeletion {
    /// The dates of the articles, wherever they came from.
    Dates,
    /// The texts: only titles are left, and articles without one go.
    Bodies,
}

impl From<CliDeletion> for Deletion {
    fn from(deletion: CliDeletion) -> Self {
        match deletion {
            CliDeletion::Dates => Self::Dates,
            CliDeletion::Bodies => Self::Bodies,
        }
    }
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
    #[arg(long, value_name = "SHARE", value_parser = share, help_heading = "Thresholds")]
    pub(crate) copy_share: Option<f64>,
    /// The same for a partial copy (copies.partial-copy).
    #[arg(long, value_name = "SHARE", value_parser = share, help_heading = "Thresholds")]
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
    #[arg(long, value_name = "broad|default|strict|NUMBER", value_parser = granularity)]
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

/// [`Format`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CliOutput {
    /// To be read.
    Terminal,
    /// One document with everything.
    Json,
    /// A story a line.
    Jsonl,
    /// An article a line, with every field of the input and its story, copy group and role.
    Articles,
    /// A line `id<TAB>story_id` an article.
    Assignments,
    /// Tables of articles, stories, links and passages; on standard output that of the articles.
    Csv,
    /// Pages for a browser: one file, or, where -o ends with a slash or is a folder, a page a story.
    Html,
    /// Drawings of the stories in time and of who republishes whom; on standard output the first.
    Svg,
}

impl From<CliOutput> for Format {
    fn from(format: CliOutput) -> Self {
        match format {
            CliOutput::Terminal => Self::Terminal,
            CliOutput::Json => Self::Json,
            CliOutput::Jsonl => Self::Jsonl,
            CliOutput::Articles => Self::Articles,
            CliOutput::Assignments => Self::Assignments,
            CliOutput::Csv => Self::Csv,
            CliOutput::Html => Self::Html,
            CliOutput::Svg => Self::Svg,
        }
    }
}

/// [`OffsetUnit`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CliOffsets {
    /// Unicode code points, as in Python.
    Codepoints,
    /// Bytes of UTF-8.
    Bytes,
    /// UTF-16 code units, as in JavaScript and Java.
    Utf16,
}

impl From<CliOffsets> for OffsetUnit {
    fn from(unit: CliOffsets) -> Self {
        match unit {
            CliOffsets::Codepoints => Self::CodePoints,
            CliOffsets::Bytes => Self::Bytes,
            CliOffsets::Utf16 => Self::Utf16,
        }
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
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = "Input")]
    pub(crate) max_article: Option<u64>,

    /// Only articles of this day or later; undated ones stay.
    #[arg(long, value_name = "DATE", value_parser = Selection::day, help_heading = "Selection")]
    pub(crate) since: Option<i64>,
    /// Only articles of this day or earlier; undated ones stay.
    #[arg(long, value_name = "DATE", value_parser = Selection::day, help_heading = "Selection")]
    pub(crate) until: Option<i64>,
    /// Only articles in this language (en, de, ...); may be given several times.
    #[arg(long = "lang", value_name = "CODE", value_parser = lang, help_heading = "Selection")]
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
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = "Run")]
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

/// [`InputFormat`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CliFormat {
    /// By content.
    Auto,
    /// An article a file.
    Text,
    /// A JSON document.
    Json,
    /// A JSON object a line.
    Jsonl,
    /// A table.
    Csv,
    /// A table with tabs.
    Tsv,
}

impl From<CliFormat> for InputFormat {
    fn from(format: CliFormat) -> Self {
        match format {
            CliFormat::Auto => Self::Auto,
            CliFormat::Text => Self::Text,
            CliFormat::Json => Self::Json,
            CliFormat::Jsonl => Self::Jsonl,
            CliFormat::Csv => Self::Csv,
            CliFormat::Tsv => Self::Tsv,
        }
    }
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
            config = set(&config, setting).with_context(|| format!("--set {setting}"))?;
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

/// A configuration with one setting changed, read as a file with that one line would be.
fn set(config: &Config, setting: &str) -> anyhow::Result<Config> {
    let Some((path, value)) = setting.split_once('=') else {
        bail!("write SECTION.KEY=VALUE, for example --set cluster.least-link=0.2");
    };
    // What is no TOML value is text.
    let value = toml::from_str::<toml::Table>(&format!("value = {value}")).ok();
    let value = value.filter(|table| table.len() == 1).and_then(|mut table| table.remove("value"));
    let value = value.unwrap_or_else(|| toml::Value::String(setting[path.len() + 1..].to_owned()));
    let mut all = toml::Table::try_from(config)?;
    let mut table = &mut all;
    let mut names: Vec<&str> = path.split('.').map(str::trim).collect();
    let last = names.pop().unwrap_or_default();
    for name in names {
        let section = table.entry(name).or_insert_with(|| toml::Value::Table(toml::Table::new()));
        table = section.as_table_mut().with_context(|| format!("{name} is no section"))?;
    }
    table.insert(last.to_owned(), value);
    Ok(all.try_into()?)
}

fn lang(code: &str) -> Result<Lang, String> {
    Lang::parse(code).ok_or_else(|| "not a language code such as en".to_owned())
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "not a number from 0 to 1".to_owned())
}

fn jaccard(text: &str) -> Result<f64, String> {
    let given = text.parse::<f64>().ok().filter(|given| (0.000_001..=1.0).contains(given));
    given.ok_or_else(|| "not a number above 0 and up to 1".to_owned())
}

fn shingle(text: &str) -> Result<usize, String> {
    let given = text.parse::<usize>().ok().filter(|given| (1..=1000).contains(given));
    given.ok_or_else(|| "not a number of words, 1 to 1000".to_owned())
}

fn granularity(text: &str) -> Result<f64, String> {
    let named = retold::config::ClusterConfig::GRANULARITIES.into_iter().find(|(name, _)| *name == text);
    let value = named.map(|(_, value)| value).or_else(|| share(text).ok());
    value.ok_or_else(|| "not broad, default, strict or a number from 0 to 1".to_owned())
}

/// Reads `500`, `64k`, `16MiB`, `1 GB`; the prefixes are powers of 1024.
fn size(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let unit = text[end..].trim().to_ascii_lowercase();
    let factor: u64 = match unit.trim_end_matches('b').trim_end_matches('i') {
        "" => 1,
        "k" => 1 << 10,
        "m" => 1 << 20,
        "g" => 1 << 30,
        _ => return Err("not a size such as 16MiB".to_owned()),
    };
    let number: u64 = text[..end].parse().map_err(|_| "not a size such as 16MiB".to_owned())?;
    number.checked_mul(factor).ok_or_else(|| "too large".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn any_setting_can_be_set() {
        let config = Config::default();
        let changed = |setting: &str| set(&config, setting).map_err(|error| format!("{error:#}"));
        assert_eq!(changed("cluster.least-link=0").map(|c| c.cluster.least_link), Ok(0.0));
        assert_eq!(changed("join.nearest = 7").map(|c| c.join.nearest), Ok(7));
        assert_eq!(changed("ingest.fields.text=body").map(|c| c.ingest.fields["text"].clone()), Ok("body".to_owned()));
        assert_eq!(changed("ingest.input-format=csv").map(|c| c.ingest.input_format), Ok(InputFormat::Csv));
        for (setting, says) in [
            ("cluster", "SECTION.KEY=VALUE"),
            ("cluster.least-lnk=1", "least-lnk"),
            ("clutser.least-link=1", "clutser"),
            ("join.nearest=many", "many"),
            ("join.nearest.x=1", "no section"),
            ("join.nearest=1\n[score]", "expected"),
        ] {
            let error = changed(setting).expect_err("it is wrong");
            assert!(error.contains(says), "{setting}: {error}");
        }
    }

    #[test]
    fn sizes_are_read() {
        assert_eq!(size("16MiB"), Ok(16 << 20));
        assert_eq!(size("500"), Ok(500));
        assert_eq!(size("2 k"), Ok(2048));
        assert!(size("").is_err() && size("x").is_err() && size("99999999999999999999").is_err());
        assert!(size("99999999999G").is_err());
    }
}
