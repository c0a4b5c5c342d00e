//! What the default settings must reach on labelled sets that are not part of the project: they belong to their publishers.
//! They are looked for in the folder that the environment variable `RETOLD_SHARED` names, else in `../shared` beside the
//! project; where they are not there, the tests say so and pass. `./check --gold` runs them and insists.

#![expect(clippy::print_stderr, reason = "the figures, and what was skipped")]

use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};

use retold::cluster::{Member, Origin, Story};
use retold::config::Config;
use retold::corpus::Corpus;
use retold::evaluate::Gold;
use retold::ingest::{self, Input};
use retold::outlets::OutletTable;
use retold::pipeline::{Analysis, analyse};
use retold::progress::Silent;

/// A file or folder of the shared data; `None`, with a word on standard error, if it is not there.
fn shared(name: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let path = std::env::var_os("RETOLD_SHARED").map_or_else(beside, PathBuf::from).join(name);
    if !path.exists() {
        eprintln!("skipped: {} is not there (RETOLD_SHARED names the folder it stands in)", path.display());
        return None;
    }
    Some(path)
}

fn run(paths: &[&Path]) -> Analysis {
    let (config, outlets) = (Config::default(), OutletTable::shipped());
    let inputs: Vec<Input> = paths.iter().map(|path| Input::Path(path.to_path_buf())).collect();
    let intake = ingest::read(&inputs, &config.ingest, &outlets, &Silent).expect("the input can be read");
    analyse(Corpus::new(intake.articles).expect("few enough"), &outlets, &config, &Silent).expect("all in memory")
}

/// The B-cubed F1 of a set is at least this.
fn reaches(set: &str, least: f64) {
    let Some(path) = shared(&format!("gold/{set}.jsonl")) else { return };
    let analysis = run(&[&path]);
    let compared = Gold::of_input(&analysis.corpus).compare(&analysis.stories);
    let m = &compared.measures;
    eprintln!(
        "{set}: {} labelled, B-cubed P {:.3} R {:.3} F1 {:.4}, pairs F1 {:.3}, largest {}",
        m.articles, m.b_cubed.precision, m.b_cubed.recall, m.b_cubed.f1, m.pairwise.f1, m.largest
    );
    assert!(m.articles > 0, "{set} has no labels");
    assert!(m.b_cubed.f1 >= least, "{set}: B-cubed F1 {:.4}, should be at least {least}", m.b_cubed.f1);
}

#[test]
#[ignore = "run by ./check --gold"]
fn rumours() {
    reaches("rumours", 0.94);
}

#[test]
#[ignore = "run by ./check --gold"]
fn headlines() {
    reaches("headlines", 0.93);
}

#[test]
#[ignore = "run by ./check --gold"]
fn lookalikes() {
    reaches("lookalikes", 0.93);
}

#[test]
#[ignore = "run by ./check --gold"]
fn triples() {
    reaches("triples", 0.99);
}

#[test]
#[ignore = "run by ./check --gold"]
fn incidents() {
    reaches("incidents", 0.94);
}

#[test]
#[ignore = "run by ./check --gold"]
fn politics() {
    reaches("politics", 0.88);
}

#[test]
#[ignore = "run by ./check --gold"]
fn vietnamese() {
    reaches("vietnamese", 0.96);
}

/// Two reports of one exclusive, one of them with a wrong date, and a look-alike about the same people.
fn the_seeds_are_told_apart(analysis: &Analysis) {
    let story_of = |prefix: &str| -> &Story {
        let seed = |story: &&Story| story.members.iter().any(|m| analysis.corpus.get(m.doc).id.starts_with(prefix));
        analysis.stories.iter().find(seed).unwrap_or_else(|| panic!("no seed {prefix}"))
    };
    let (first, second, other) = (story_of("000_"), story_of("001_"), story_of("004_"));
    assert_eq!(first.id, second.id, "000 and 001 are one story");
    assert_ne!(first.id, other.id, "004 is another");
    match &first.origin {
        Origin::Credited { outlet, evidence, .. } => {
            assert_eq!(outlet, "The Wall Street Journal");
            assert!(!evidence.is_empty(), "with the sentences that say so");
        }
        origin => panic!("the origin of 000 and 001 is {origin:?}"),
    }
    match &other.origin {
        Origin::Credited { outlet, evidence, .. } => {
            assert_eq!(outlet, "CNN");
            let seed = |doc| analysis.corpus.get(doc).id.starts_with("004_");
            assert!(evidence.iter().any(|said| seed(said.doc)), "with the sentence of 004");
        }
        origin => panic!("the origin of 004 is {origin:?}"),
    }
    let is_related = |one: &Story, to: &Story| one.related.iter().any(|r| analysis.stories[r.story].id == to.id);
    assert!(is_related(first, other) && is_related(other, first), "004 is related");
    let flagged = |prefix: &str| {
        let seed = |m: &&Member| analysis.corpus.get(m.doc).id.starts_with(prefix);
        first.members.iter().find(seed).map(|m| m.doubtful_date)
    };
    assert_eq!((flagged("000_"), flagged("001_")), (Some(true), Some(false)), "the date of 000 is in doubt");
}

#[test]
#[ignore = "run by ./check --gold"]
fn three_seeds_alone() {
    let Some(seeds) = shared("seeds") else { return };
    the_seeds_are_told_apart(&run(&[&seeds]));
}

#[test]
#[ignore = "run by ./check --gold"]
fn three_seeds_among_three_thousand() {
    let (Some(seeds), Some(news)) = (shared("seeds"), shared("scale/news-en.jsonl.zst")) else { return };
    let file = std::fs::File::open(news).expect("the news");
    let lines = BufReader::new(zstd::Decoder::new(file).expect("zstd")).lines().take(3000);
    let mut crowd = tempfile::Builder::new().suffix(".jsonl").tempfile().expect("a temporary file");
    for line in lines {
        writeln!(crowd, "{}", line.expect("a line")).expect("room for it");
    }
    the_seeds_are_told_apart(&run(&[&seeds, crowd.path()]));
}
