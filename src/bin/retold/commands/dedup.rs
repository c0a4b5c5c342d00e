//! `retold dedup`: one article for many.

use std::collections::HashSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::bail;
use retold::corpus::Corpus;
use retold::ingest::{self, FileReport, Format, Gathered, Languages};
use retold::join::set_join::{SetJoin, set_join};
use retold::outlets::unify;
use retold::pairs::Texts;
use retold::pairs::dedup::{self, Candidate, Keep, StandIn};
use retold::pipeline::copies_of_corpus;
use retold::progress::Progress as _;
use retold::report::{Sink, Target};

use super::{Set, output, pairs, set_up, tell};
use crate::Outcome;
use crate::args::{CliKeep, DedupArgs};

/// Where an article stands in the input.
type Place = (u32, Option<u64>);

/// What was chosen.
struct Chosen {
    ids: Vec<String>,
    places: Vec<Place>,
    stand_ins: Vec<Option<StandIn>>,
    not_chosen: Vec<Place>,
    intake: ingest::Intake,
}

/// Runs it.
pub(crate) fn run(args: &DedupArgs) -> anyhow::Result<Outcome> {
    let path = output::path(args.output.as_deref());
    let sinks = if args.input.dump_config { None } else { Some(open(args, path)?) };
    let (Some(set), Some((kept, report))) = (set_up(&args.input, |_| ())?, sinks) else { return Ok(Outcome::Done) };
    let keep = match args.keep {
        CliKeep::First => Keep::First,
        CliKeep::Earliest => Keep::Earliest,
        CliKeep::Longest => Keep::Longest,
        CliKeep::OutletOrder => Keep::OutletOrder(args.outlet_order.clone()),
    };
    let chosen = match args.jaccard {
        Some(jaccard) => of_similar(args, &SetJoin::new(jaccard, args.shingle), &keep, &set)?,
        None => of_groups(args, &keep, &set)?,
    };
    let left = chosen.places.iter().zip(&chosen.stand_ins).filter(|(_, stand_in)| stand_in.is_some());
    let left: HashSet<Place> = left.map(|(place, _)| *place).chain(chosen.not_chosen.iter().copied()).collect();
    set.bar.stage("write", None);
    if path.is_none() {
        set.bar.clear();
    }
    let leave_out = |file: u32, line: Option<u64>| left.contains(&(file, line));
    let (inputs, files) = (args.input.inputs(), &chosen.intake.files);
    kept.write(|out| ingest::write_kept(&inputs, files, &set.config.ingest, leave_out, &set.bar, out))?;
    set.bar.clear();
    if let Some(report) = report {
        report.write(|out| dedup::write_report(&chosen.stand_ins, &chosen.ids, &chosen.places, out))?;
    }
    if !args.input.quiet {
        writeln!(anstream::stderr(), "retold: {}", dedup::told(&chosen.stand_ins))?;
    }
    Ok(super::outcome(&chosen.intake, &args.input))
}

/// Opens what is written, and refuses what cannot be read twice.
fn open(args: &DedupArgs, path: Option<&Path>) -> anyhow::Result<(Sink, Option<Sink>)> {
    for input in &args.input.inputs {
        let plain = std::fs::metadata(input).map_or(true, |meta| meta.is_file() || meta.is_dir());
        if input.as_os_str() == "-" || !plain {
            bail!("{}: dedup reads its input twice, which this cannot be; write it to a file first", input.display());
        }
    }
    let report = args.report.as_deref().map(|report| output::path(Some(report)));
    if path.is_none() && report == Some(None) {
        bail!("--report -: standard output has what is kept; write one of the two to a file");
    }
    let outputs: Vec<PathBuf> = path.into_iter().chain(report.flatten()).map(Path::to_path_buf).collect();
    output::spare_the_input(&args.input.inputs, &outputs)?;
    let sink = |path: Option<&Path>| {
        Sink::open(path.map_or_else(output::to_programs, |path| Target::Path(path.to_path_buf())))
    };
    let report = report.map(sink).transpose()?;
    Ok((sink(path)?, report))
}

/// Refuses input whose lines do not go together in one output.
fn one_form(files: &[FileReport]) -> anyhow::Result<()> {
    let mut forms: Vec<(&str, &str)> = Vec::new();
    for file in files {
        let form = match file.format {
            None => continue,
            Some(Format::Json) => bail!(
                "{}: is a JSON document, whose articles are no lines; make JSON lines of it (jq -c '.[]')",
                file.file
            ),
            Some(Format::Jsonl) => "lines of JSON",
            Some(Format::Csv | Format::Tsv) => "rows of a table",
            Some(Format::Text) => "texts",
        };
        forms.push((form, &file.file));
    }
    match forms.iter().find(|(form, _)| *form != forms[0].0) {
        Some((form, file)) => {
            bail!("{} holds {}, {file} {form}: what is kept of them cannot stand in one output", forms[0].1, forms[0].0)
        }
        None => Ok(()),
    }
}

/// Chooses among texts with similar sets of shingles.
fn of_similar(args: &DedupArgs, join: &SetJoin, keep: &Keep, set: &Set) -> anyhow::Result<Chosen> {
    let texts = pairs::take_in(&args.input, set, keep.wants_heads())?;
    one_form(&texts.intake.files)?;
    let found = set_join(&texts.codes, &texts.texts, join, &set.bar);
    let Texts { ids, texts, places, not_chosen, heads, intake, .. } = texts;
    let candidate = |(at, &place): (usize, &Place)| Candidate { place, words: texts[at].words, head: heads.get(at) };
    let candidates: Vec<Candidate<'_>> = places.iter().enumerate().map(candidate).collect();
    let stand_ins = dedup::of_similar(&found, &keep.order(&candidates, &set.table));
    Ok(Chosen { ids, places, stand_ins, not_chosen, intake })
}

/// Chooses among the members of copy groups.
fn of_groups(args: &DedupArgs, keep: &Keep, set: &Set) -> anyhow::Result<Chosen> {
    let (inputs, ingest_config, table) = (args.input.inputs(), &set.config.ingest, &set.table);
    let mut gathered =
        ingest::each(&inputs, ingest_config, table, Languages::Identified, &set.spill, &set.bar, &|article| article)?;
    gathered.warn_of_repeated_ids(|article| &article.id);
    let Gathered { mut articles, places, skipped, warnings, files } = gathered;
    one_form(&files)?;
    unify(&mut articles);
    // Copies ask for no label, so that it can carry the place through the numbering of the corpus.
    for (at, article) in articles.iter_mut().enumerate() {
        article.label = Some(at.to_string());
    }
    args.input.selection().apply(&mut articles, table);
    let intake = ingest::Intake { skipped, warnings, files, ..ingest::Intake::default() };
    set.bar.aside(|| tell(&intake, args.input.quiet));
    let found = copies_of_corpus(Corpus::bounded(articles, set.spill.clone())?, table, &set.config, &set.bar)?;
    let number = |label: Option<&String>| label.and_then(|at| at.parse::<usize>().ok()).unwrap_or(0);
    let mut not_chosen: HashSet<Place> = places.iter().copied().collect();
    let (mut ids, mut chosen_places, mut candidates) = (Vec::new(), Vec::new(), Vec::new());
    for article in found.corpus.articles() {
        let place = places[number(article.label.as_ref())];
        not_chosen.remove(&place);
        ids.push(article.id.clone());
        chosen_places.push(place);
        let words = u32::try_from(article.text.read().split_whitespace().count()).unwrap_or(u32::MAX);
        candidates.push(Candidate { place, words, head: Some(article) });
    }
    let stand_ins = dedup::of_groups(&found, &keep.order(&candidates, table));
    let not_chosen = not_chosen.into_iter().collect();
    Ok(Chosen { ids, places: chosen_places, stand_ins, not_chosen, intake })
}
