//! `retold evaluate`: how well the stories agree with labels.

use std::io::{self, Write};
use std::path::Path;

use anyhow::bail;
use retold::evaluate::{Measures, Mistake, compare_labels};
use retold::ingest::{LabelKind, Labels, read_labels};
use retold::report::{SafeJson, clean};
use serde::Serialize;

use super::trials::{Measured, Scored, Trials};
use crate::Outcome;
use crate::args::{EvaluateArgs, EvaluateFormat};

/// Layout of the JSON form.
pub(super) const SCHEMA_VERSION: u32 = 1;

/// What `--format json` gives.
#[derive(Serialize)]
struct Evaluation {
    schema_version: u32,
    #[serde(flatten)]
    measured: Measured,
    #[serde(skip_serializing_if = "Option::is_none")]
    mean: Option<Mean>,
}

impl Evaluation {
    /// What was run as a whole: all inputs together, or each of them.
    fn whole(&self) -> &[Scored] {
        self.measured.together.as_ref().map_or(&self.measured.inputs, std::slice::from_ref)
    }
}

/// Means over inputs.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Mean {
    singletons: f64,
    b_cubed: Means,
    pairwise: Means,
    ari: f64,
}

/// Means of precision, recall and F1 (the mean of the F1, not that of the means).
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Means {
    precision: f64,
    recall: f64,
    f1: f64,
}

/// Runs it.
pub(crate) fn run(args: &EvaluateArgs) -> anyhow::Result<Outcome> {
    if let Some(folder) = &args.passages {
        return super::evaluate_passages::run(args, folder);
    }
    let gold = args.gold.as_deref().filter(|_| !args.input.dump_config);
    let labels = gold.map(|path| read_labels(path, LabelKind::Gold)).transpose()?;
    let (measured, outcome) = if let (Some(path), Some(gold)) = (&args.assignments, &labels) {
        (found_in_file(path, gold)?, Outcome::Done)
    } else {
        let Some(trials) = Trials::read(args, labels.as_ref())? else { return Ok(Outcome::Done) };
        if args.ablate {
            super::ablation::run(&trials, args.format)?;
            return Ok(trials.outcome);
        }
        (trials.run(&trials.config, args.errors)?, trials.outcome)
    };
    let mean = (measured.inputs.len() > 1).then(|| mean(&measured.inputs));
    let evaluation = Evaluation { schema_version: SCHEMA_VERSION, measured, mean };
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    match args.format {
        EvaluateFormat::Table => print(&mut out, &evaluation)?,
        EvaluateFormat::Json => {
            serde_json::to_writer_pretty(SafeJson(&mut out), &evaluation)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(if gate(&evaluation, args.min_f1) || outcome != Outcome::Done { outcome } else { Outcome::GateFailed })
}

/// Measures the stories of a file.
fn found_in_file(path: &Path, gold: &Labels) -> anyhow::Result<Measured> {
    let found = read_labels(path, LabelKind::Assignments)?;
    let compared = compare_labels(&found, gold);
    if compared.measures.articles == 0 {
        bail!("{} and --gold have no labelled id in common", path.display());
    }
    Ok(Measured { inputs: vec![Scored { name: name(path), compared, errors: None }], together: None })
}

/// An input as it is called in output: its name without the folders, `-` for standard input.
pub(super) fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn mean(inputs: &[Scored]) -> Mean {
    #[expect(clippy::cast_precision_loss, reason = "a count of inputs")]
    let n = inputs.len() as f64;
    let of = |value: fn(&Measures) -> f64| inputs.iter().map(|input| value(&input.compared.measures)).sum::<f64>() / n;
    Mean {
        singletons: of(|m| m.singletons),
        b_cubed: Means {
            precision: of(|m| m.b_cubed.precision),
            recall: of(|m| m.b_cubed.recall),
            f1: of(|m| m.b_cubed.f1),
        },
        pairwise: Means {
            precision: of(|m| m.pairwise.precision),
            recall: of(|m| m.pairwise.recall),
            f1: of(|m| m.pairwise.f1),
        },
        ari: of(|m| m.ari),
    }
}

/// Whether every B-cubed F1 reaches what was asked for; says which does not.
fn gate(evaluation: &Evaluation, min_f1: Option<f64>) -> bool {
    let Some(least) = min_f1 else { return true };
    let mut holds = true;
    for input in evaluation.whole() {
        let f1 = input.compared.measures.b_cubed.f1;
        if f1 < least {
            anstream::eprintln!("retold: {}: B-cubed F1 {f1:.4} is below --min-f1 {least}", clean(&input.name));
            holds = false;
        }
    }
    holds
}

/// Prints it to be read.
fn print(out: &mut impl Write, evaluation: &Evaluation) -> io::Result<()> {
    let ratio = |x: f64| format!("{x:.3}");
    let mut rows: Vec<[String; 13]> = vec![
        ["", "", "", "", "", "", "B-cubed", "", "", "pairs", "", "", ""].map(str::to_owned),
        ["input", "labelled", "gold", "stories", "largest", "alone", "prec", "rec", "F1", "prec", "rec", "F1", "ARI"]
            .map(str::to_owned),
    ];
    for input in evaluation.measured.inputs.iter().chain(&evaluation.measured.together) {
        let m = &input.compared.measures;
        let counts = [m.articles, m.gold_stories, m.stories, m.largest].map(|n| n.to_string());
        let [articles, gold, stories, largest] = counts;
        let [bp, br, bf, pp, pr, pf] = [
            m.b_cubed.precision,
            m.b_cubed.recall,
            m.b_cubed.f1,
            m.pairwise.precision,
            m.pairwise.recall,
            m.pairwise.f1,
        ]
        .map(ratio);
        let name = clean(&input.name).into_owned();
        rows.push([name, articles, gold, stories, largest, ratio(m.singletons), bp, br, bf, pp, pr, pf, ratio(m.ari)]);
    }
    if let Some(mean) = &evaluation.mean {
        let (b, p) = (mean.b_cubed, mean.pairwise);
        let [bp, br, bf, pp, pr, pf] = [b.precision, b.recall, b.f1, p.precision, p.recall, p.f1].map(ratio);
        let none = String::new;
        rows.push([
            "mean".to_owned(),
            none(),
            none(),
            none(),
            none(),
            ratio(mean.singletons),
            bp,
            br,
            bf,
            pp,
            pr,
            pf,
            ratio(mean.ari),
        ]);
    }
    table(out, &rows)?;
    for input in evaluation.whole() {
        notes(out, input)?;
    }
    for input in evaluation.whole() {
        let Some(errors) = &input.errors else { continue };
        mistakes(out, &format!("{}: labels put into one story", input.name), &errors.merges)?;
        mistakes(out, &format!("{}: labels torn apart", input.name), &errors.splits)?;
    }
    Ok(())
}

/// Prints rows of as many cells in columns: the first to the left, numbers to the right.
pub(super) fn table(out: &mut impl Write, rows: &[impl AsRef<[String]>]) -> io::Result<()> {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        widths.resize(widths.len().max(row.as_ref().len()), 0);
        for (width, cell) in widths.iter_mut().zip(row.as_ref()) {
            *width = (*width).max(cell.chars().count());
        }
    }
    for row in rows {
        let cells = row.as_ref().iter().zip(&widths).enumerate();
        let line: Vec<String> = cells
            .map(|(i, (cell, &width))| if i == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") })
            .collect();
        writeln!(out, "{}", line.join("  ").trim_end())?;
    }
    Ok(())
}

/// What could not be compared.
fn notes(out: &mut impl Write, input: &Scored) -> io::Result<()> {
    let (name, compared) = (clean(&input.name), &input.compared);
    if compared.unlabelled > 0 {
        let (n, s) = (compared.unlabelled, if compared.unlabelled == 1 { " has" } else { "s have" });
        writeln!(out, "{name}: {n} article{s} no label and no part in the score")?;
    }
    if compared.absent > 0 {
        let examples: Vec<_> = compared.examples.iter().map(|id| clean(id)).collect();
        let dots = if compared.absent > examples.len() { ", ..." } else { "" };
        let (n, s) = (compared.absent, if compared.absent == 1 { " is" } else { "s are" });
        writeln!(out, "{name}: {n} labelled id{s} not in the input: {}{dots}", examples.join(", "))?;
    }
    Ok(())
}

fn mistakes(out: &mut impl Write, title: &str, mistakes: &[Mistake]) -> io::Result<()> {
    writeln!(out, "\n{}", clean(title))?;
    if mistakes.is_empty() {
        writeln!(out, "  none")?;
    }
    for mistake in mistakes {
        let labels: Vec<_> = mistake.labels.iter().map(|label| clean(label)).collect();
        let pairs = if mistake.pairs == 1 { "pair" } else { "pairs" };
        writeln!(out, "  {} {pairs}  {}", mistake.pairs, labels.join(" | "))?;
        for example in &mistake.examples {
            writeln!(out, "    {}  {}", clean(&example.id), clean(&example.title))?;
        }
        match mistake.score {
            None => writeln!(out, "    one text")?,
            Some(score) => {
                let parts: Vec<String> =
                    mistake.parts.iter().map(|(name, value)| format!("{name} {value:+.3}")).collect();
                writeln!(out, "    score {score:.3} = {}", parts.join(", "))?;
            }
        }
    }
    Ok(())
}
