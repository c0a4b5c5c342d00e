//! `retold evaluate --passages`: how well copied passages are found.

use std::io::{self, Write};
use std::path::Path;

use retold::config::Config;
use retold::corpus::Corpus;
use retold::evaluate::{PassageComparison, PassageErrors, PassageGold, PassageRow, compare_passages};
use retold::ingest::{CaseFolder, read_cases};
use retold::pipeline::passages_of_corpus;
use retold::report::{SafeJson, clean};
use serde::Serialize;

use super::evaluate::{SCHEMA_VERSION, name, table};
use super::take_in;
use crate::Outcome;
use crate::args::{EvaluateArgs, EvaluateFormat, InputArgs};

/// What `--format json` gives.
#[derive(Serialize)]
struct Evaluation<'a> {
    schema_version: u32,
    name: &'a str,
    rows: &'a [PassageRow],
    unjudged_pairs: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<&'a PassageErrors>,
}

/// Runs it.
pub(super) fn run(args: &EvaluateArgs, path: &Path) -> anyhow::Result<Outcome> {
    let folder = if args.input.dump_config { CaseFolder::default() } else { read_cases(path)? };
    let input = InputArgs { inputs: vec![folder.docs.clone()], ..args.input.clone() };
    // The labels count in the texts as they came.
    let as_they_came = |config: &mut Config| {
        config.ingest.markup = false;
        args.search.adjust(config);
    };
    let Some(mut taken) = take_in(&input, as_they_came)? else { return Ok(Outcome::Done) };
    let corpus = Corpus::bounded(std::mem::take(&mut taken.intake.articles), taken.spill.clone())?;
    // Before the work, so that a wrong label is told at once.
    let gold = PassageGold::new(&corpus, &folder)?;
    let found = passages_of_corpus(corpus, &taken.table, &taken.config, &taken.bar)?;
    let compared = compare_passages(&found, &gold);
    let errors = (args.errors > 0).then(|| compared.errors(&gold, &found.corpus, args.errors));
    taken.bar.clear();

    let name = name(path);
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    match args.format {
        EvaluateFormat::Table => print(&mut out, &name, &compared, errors.as_ref())?,
        EvaluateFormat::Json => {
            let evaluation = Evaluation {
                schema_version: SCHEMA_VERSION,
                name: &name,
                rows: &compared.rows,
                unjudged_pairs: compared.unjudged,
                errors: errors.as_ref(),
            };
            serde_json::to_writer_pretty(SafeJson(&mut out), &evaluation)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    let outcome = taken.outcome(&input)?;
    Ok(if gate(&name, compared.whole.plagdet, args.min_plagdet) || outcome != Outcome::Done {
        outcome
    } else {
        Outcome::GateFailed
    })
}

/// Whether plagdet reaches what was asked for; says if it does not.
fn gate(name: &str, plagdet: f64, min_plagdet: Option<f64>) -> bool {
    let Some(least) = min_plagdet.filter(|least| plagdet < *least) else { return true };
    anstream::eprintln!("retold: {}: plagdet {plagdet:.4} is below --min-plagdet {least}", clean(name));
    false
}

/// Prints it to be read.
fn print(
    out: &mut impl Write,
    name: &str,
    compared: &PassageComparison,
    errors: Option<&PassageErrors>,
) -> io::Result<()> {
    let count = |n: Option<usize>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
    let ratio = |x: Option<f64>| x.map_or_else(|| "-".to_owned(), |x| format!("{x:.3}"));
    let clean_name = clean(name);
    let mut rows: Vec<[String; 11]> = vec![
        [&clean_name, "pairs", "hit", "false", "cases", "found", "detections", "prec", "rec", "gran", "plagdet"]
            .map(str::to_owned),
    ];
    rows.extend(compared.rows.iter().map(|row| {
        [
            clean(&row.name).into_owned(),
            row.pairs.to_string(),
            row.hit.to_string(),
            count(row.false_pairs),
            row.cases.to_string(),
            row.found.to_string(),
            count(row.detections),
            ratio(row.precision),
            ratio(row.recall),
            ratio(row.granularity),
            ratio(row.plagdet),
        ]
    }));
    table(out, &rows)?;
    if compared.unjudged > 0 {
        let (n, s) = (compared.unjudged, if compared.unjudged == 1 { "" } else { "s" });
        writeln!(out, "{clean_name}: {n} more pair{s} with passages that no label speaks of and no part in the score")?;
    }
    let Some(errors) = errors else { return Ok(()) };
    writeln!(out, "\n{clean_name}: passages that were missed most")?;
    if errors.missed.is_empty() {
        writeln!(out, "  none")?;
    }
    for case in &errors.missed {
        let (dst, src) = (&case.dst_range, &case.src_range);
        let place = |id: &str, range: &std::ops::Range<u32>| format!("{} {}..{}", clean(id), range.start, range.end);
        let (kind, times) = (clean(&case.kind), if case.detections == 1 { "detection" } else { "detections" });
        let (found, from) = (place(&case.dst, dst), place(&case.src, src));
        writeln!(out, "  {:.3}  {kind}, {} {times}  {found} from {from}", case.recall, case.detections)?;
        writeln!(out, "    {}", clean(&case.text))?;
    }
    writeln!(out, "\n{clean_name}: pairs with false passages")?;
    if errors.false_pairs.is_empty() {
        writeln!(out, "  none")?;
    }
    for pair in &errors.false_pairs {
        let (n, s) = (pair.detections, if pair.detections == 1 { "" } else { "s" });
        let (a, b) = (clean(&pair.a), clean(&pair.b));
        writeln!(out, "  {n} detection{s}, {} characters  {a} | {b}", pair.characters)?;
    }
    Ok(())
}
