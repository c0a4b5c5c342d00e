//! Near-duplicates through files: the order of the input, the number of threads and the form of the files change nothing, and
//! what is kept is kept byte for byte.

use std::path::{Path, PathBuf};
use std::process::Command;

use retold::config::Config;
use retold::corpus::Corpus;
use retold::ingest::{self, Input, Selection, write_kept};
use retold::join::set_join::{SetJoin, SimilarSets, brute_force, set_join};
use retold::outlets::OutletTable;
use retold::pairs::write::{PairFormat, write, write_expanded};
use retold::pairs::{self, Texts};
use retold::pipeline::{analyse, copies_of_corpus};
use retold::progress::Silent;

fn read(paths: &[PathBuf], selection: &Selection) -> Texts {
    let inputs: Vec<Input> = paths.iter().cloned().map(Input::Path).collect();
    let mut config = Config::default();
    config.ingest.min_words = 0;
    pairs::read(&inputs, &config.ingest, &OutletTable::shipped(), selection, false, &Silent).expect("it can be read")
}

fn found(texts: &Texts, jaccard: f64) -> SimilarSets {
    set_join(&texts.codes, &texts.texts, &SetJoin::new(jaccard, 5), &Silent)
}

fn lines(texts: &Texts, found: &SimilarSets, expanded: bool) -> String {
    let mut out = Vec::new();
    let write = if expanded { write_expanded } else { write };
    write(found, &texts.ids, PairFormat::Jsonl, &mut out).expect("memory");
    String::from_utf8(out).expect("UTF-8")
}

fn newswire() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/newswire")
}

#[test]
fn the_newswire_is_joined_exactly() {
    let texts = read(&[newswire()], &Selection::default());
    for (jaccard, shingle) in [(0.8, 5), (0.5, 5), (0.2, 3), (0.05, 1), (1.0, 2)] {
        let join = SetJoin::new(jaccard, shingle);
        let mut found = set_join(&texts.codes, &texts.texts, &join, &Silent);
        assert!(found.work.measured >= found.pairs.len() as u64);
        found.work = Default::default();
        assert_eq!(found, brute_force(&texts.codes, &texts.texts, &join), "{join:?}");
    }
}

#[test]
fn threads_and_the_order_of_the_input_change_no_byte() {
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(newswire())
        .into_iter()
        .map(|entry| entry.expect("the newswire").into_path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    let texts = read(&files, &Selection::default());
    let expected = [false, true].map(|expanded| lines(&texts, &found(&texts, 0.5), expanded));
    assert!(expected[0].lines().count() > 10 && expected[1].lines().count() > expected[0].lines().count());
    files.reverse();
    for threads in [1, 3, 16] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| {
            let texts = read(&files, &Selection::default());
            let found = found(&texts, 0.5);
            assert_eq!([false, true].map(|expanded| lines(&texts, &found, expanded)), expected);
        });
    }
}

#[test]
fn many_identical_texts_are_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("same.jsonl");
    let text: String = (0..50).map(|word| format!("word{word} ")).collect();
    let rows: String = (0..20_000).map(|id| format!("{{\"id\":\"{id}\",\"text\":\"{text}\"}}\n")).collect();
    std::fs::write(&path, rows + &format!("{{\"id\":\"near\",\"text\":\"{text} more\"}}\n")).expect("written");
    let texts = read(&[path], &Selection::default());
    let found = found(&texts, 0.8);
    assert_eq!((found.classes.len(), found.pairs.len()), (1, 1));
    assert_eq!(found.work.measured, 1);
    assert_eq!(lines(&texts, &found, false).lines().count(), 2);
}

#[test]
fn ids_are_given_and_told_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ids.jsonl");
    let row = |id: &str, text: &str| format!("{{{id}\"text\":\"{text} in the harbour of Elmford\"}}\n");
    let rows =
        [row("\"id\":\"a\",", "one"), row("\"id\":\"a\",", "two"), row("", "three"), row("\"id\":\"a#2\",", "four")];
    std::fs::write(&path, rows.concat()).expect("written");
    let texts = read(&[path], &Selection::default());
    assert_eq!(texts.ids.len(), 4);
    assert!(texts.ids.windows(2).all(|two| two[0] < two[1]), "{:?}", texts.ids);
    assert!(["a", "a#2", "a#3"].iter().all(|id| texts.ids.iter().any(|given| given == id)), "{:?}", texts.ids);
    assert_eq!(texts.intake.warnings.len(), 1);
}

/// Every format keeps the bytes of what is not left out.
#[test]
fn what_is_kept_is_kept_byte_for_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let prose = "the old swing bridge was closed";
    let json = format!(
        "{{\"id\":\"a\",\"text\":\"{prose}\"}}\r\n\n  {{\"text\" : \"{prose} two\", \"id\":\"b\"}}\nno json\n{{\"id\":\"c\",\"text\":\"{prose} three\"}}"
    );
    let table = format!("id,text\r\na,{prose}\r\n\r\nb,\"{prose},\n\"\"two\"\"\"\nodd\nc,{prose} three");
    for (name, text, kept) in [
        ("x.jsonl", &json, json.replace(&format!("  {{\"text\" : \"{prose} two\", \"id\":\"b\"}}\n"), "") + "\n"),
        ("x.csv", &table, table.replace(&format!("\r\nb,\"{prose},\n\"\"two\"\"\"\n"), "") + "\n"),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        let texts = read(std::slice::from_ref(&path), &Selection::default());
        assert_eq!(texts.ids, ["a", "b", "c"], "{name}");
        let dropped = texts.places[1].1;
        assert!(dropped.is_some());
        let copy = |leave_out: &dyn Fn(u32, Option<u64>) -> bool| {
            let (mut out, inputs) = (Vec::new(), [Input::Path(path.clone())]);
            let config = Config::default().ingest;
            write_kept(&inputs, &texts.intake.files, &config, leave_out, &Silent, &mut out).expect("memory");
            String::from_utf8(out).expect("UTF-8")
        };
        assert_eq!(copy(&|_, _| false), format!("{text}\n"), "{name}");
        assert_eq!(copy(&|_, line| line == dropped), kept, "{name}");
    }
}

#[test]
fn the_copy_groups_are_those_of_the_stories() {
    let (config, outlets) = (Config::default(), OutletTable::shipped());
    let corpus = || {
        let intake = ingest::read(&[Input::Path(newswire())], &config.ingest, &outlets, &Silent).expect("the newswire");
        Corpus::new(intake.articles).expect("few")
    };
    let found = copies_of_corpus(corpus(), &outlets, &config, &Silent).expect("memory");
    assert!(!found.groups.is_empty());
    assert_eq!(found.groups, analyse(corpus(), &outlets, &config, &Silent).expect("memory").copy_groups);
}

#[test]
fn the_report_is_the_same_in_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let [kept, report] = ["kept.jsonl", "report.jsonl"].map(|name| folder.path().join(name));
    let dedup = |report: &Path| {
        let mut run = Command::new(env!("CARGO_BIN_EXE_retold"));
        run.args(["dedup", "--quiet", "-o"])
            .arg(&kept)
            .arg("--report")
            .arg(report)
            .arg(newswire().join("english.jsonl"));
        let output = run.output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        (output.stdout, std::fs::read(&kept).expect("it is there"))
    };
    let (shown, beside_shown) = dedup(Path::new("-"));
    let (nothing, beside_file) = dedup(&report);
    assert!(!shown.is_empty() && nothing.is_empty() && beside_shown == beside_file);
    assert_eq!(std::fs::read(&report).expect("it is there"), shown);
}
