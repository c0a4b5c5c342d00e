//! `retold evaluate --ablate`: what each part of the score is worth, and what hangs on a constant.

use std::io::{self, Write};

use retold::evaluate::{chosen_without, other_constants, without_parts};
use retold::report::{SafeJson, clean};
use serde::Serialize;

use super::evaluate::{SCHEMA_VERSION, table};
use super::trials::{Measured, Trials};
use crate::args::EvaluateFormat;

/// What `--format json` gives: B-cubed F1 throughout.
#[derive(Serialize)]
struct Ablation {
    schema_version: u32,
    /// The inputs, in the order of all lists of figures.
    inputs: Vec<String>,
    /// The settings in force, then those that differ from them in one respect.
    rows: Vec<Row>,
    /// For each input what is best on the others.
    chosen: Vec<Chosen>,
    /// The mean of the figures in `chosen`.
    chosen_mean: f64,
}

#[derive(Serialize)]
struct Row {
    name: String,
    f1: Vec<f64>,
    mean: f64,
    /// Of all inputs together, where they are one corpus.
    #[serde(skip_serializing_if = "Option::is_none")]
    together: Option<f64>,
}

#[derive(Clone, Serialize)]
struct Chosen {
    row: String,
    f1: f64,
}

/// Runs every variant of the settings in force and prints the figures.
pub(super) fn run(trials: &Trials<'_>, format: EvaluateFormat) -> anyhow::Result<()> {
    let base = trials.run(&trials.config, 0)?;
    let inputs = base.inputs.iter().map(|input| input.name.clone()).collect();
    let mut rows = vec![Row::new("the settings in force".to_owned(), &base)];
    for variant in [without_parts(&trials.config), other_constants(&trials.config)].concat() {
        rows.push(Row::new(variant.name, &trials.run(&variant.config, 0)?));
    }
    let figures: Vec<Vec<f64>> = rows.iter().map(|row| row.f1.clone()).collect();
    let chosen = chosen_without(&figures).into_iter().enumerate();
    let chosen: Vec<Chosen> =
        chosen.map(|(input, row)| Chosen { row: rows[row].name.clone(), f1: rows[row].f1[input] }).collect();
    let chosen_mean = mean(&chosen.iter().map(|chosen| chosen.f1).collect::<Vec<f64>>());
    let ablation = Ablation { schema_version: SCHEMA_VERSION, inputs, rows, chosen, chosen_mean };
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    match format {
        EvaluateFormat::Table => print(&mut out, &ablation)?,
        EvaluateFormat::Json => {
            serde_json::to_writer_pretty(SafeJson(&mut out), &ablation)?;
            writeln!(out)?;
        }
    }
    Ok(out.flush()?)
}

impl Row {
    fn new(name: String, measured: &Measured) -> Self {
        let f1: Vec<f64> = measured.inputs.iter().map(|input| input.compared.measures.b_cubed.f1).collect();
        let together = measured.together.as_ref().map(|all| all.compared.measures.b_cubed.f1);
        Self { name, mean: mean(&f1), f1, together }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of inputs")]
fn mean(figures: &[f64]) -> f64 {
    if figures.is_empty() { 0.0 } else { figures.iter().sum::<f64>() / figures.len() as f64 }
}

/// Prints it to be read: a row a variant, with its mean and how far that is from the mean of the first.
fn print(out: &mut impl Write, ablation: &Ablation) -> io::Result<()> {
    let figure = |x: f64| format!("{x:.3}");
    let base = ablation.rows.first().map_or(0.0, |row| row.mean);
    let is_one_corpus = ablation.rows.iter().any(|row| row.together.is_some());
    let together = |cell: String| is_one_corpus.then_some(cell);
    let mut header = vec!["B-cubed F1".to_owned()];
    header.extend(ablation.inputs.iter().map(|name| clean(name).into_owned()));
    header.extend(["mean".to_owned(), "change".to_owned()]);
    header.extend(together("together".to_owned()));
    let mut rows = vec![header];
    for row in &ablation.rows {
        let mut cells = vec![row.name.clone()];
        cells.extend(row.f1.iter().map(|&f1| figure(f1)));
        cells.extend([figure(row.mean), format!("{:+.4}", row.mean - base)]);
        cells.extend(together(row.together.map_or(String::new(), figure)));
        rows.push(cells);
    }
    let mut cells = vec!["chosen on the other inputs".to_owned()];
    cells.extend(ablation.chosen.iter().map(|chosen| figure(chosen.f1)));
    cells.extend([figure(ablation.chosen_mean), format!("{:+.4}", ablation.chosen_mean - base)]);
    cells.extend(together(String::new()));
    rows.push(cells);
    table(out, &rows)?;
    writeln!(out)?;
    for (input, chosen) in ablation.inputs.iter().zip(&ablation.chosen) {
        writeln!(out, "without {}: {}", clean(input), chosen.row)?;
    }
    Ok(())
}
