//! What the reports of passages promise, on the invented newswire.

use std::collections::HashMap;
use std::path::Path;

use retold::config::Config;
use retold::corpus::Corpus;
use retold::ingest::{self, Input, Intake, LeftOut};
use retold::outlets::OutletTable;
use retold::passages::PassageKind;
use retold::pipeline::{FoundPassages, passages_of_corpus};
use retold::progress::Silent;
use retold::report::OffsetUnit;
use retold::report::passages::{PassageFormat, PassageOptions, PassageRun, arrange, write};
use serde_json::Value;

fn found(reverse: bool) -> FoundPassages {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/newswire");
    let (config, outlets) = (Config::default(), OutletTable::shipped());
    let intake = ingest::read(&[Input::Path(path)], &config.ingest, &outlets, &Silent).expect("it is there");
    let mut articles = intake.articles;
    if reverse {
        articles.reverse();
    }
    passages_of_corpus(Corpus::new(articles).expect("few enough"), &outlets, &config, &Silent)
}

fn written(found: &FoundPassages, format: PassageFormat, kinds: &[PassageKind], options: PassageOptions) -> String {
    let config = Config::default();
    let mut report = found.report(&config.passages);
    arrange(&mut report, kinds, 0, &found.corpus);
    let intake = Intake::default();
    let run = PassageRun { found, report: &report, config: &config, intake: &intake, left_out: LeftOut::default() };
    let mut out = Vec::new();
    write(format, &run, options, &mut out).expect("memory takes everything");
    String::from_utf8(out).expect("it is text")
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
}

#[test]
fn the_json_is_as_its_schema_says() {
    let schema = include_str!("../docs/schema/passages.schema.json");
    let schema = jsonschema::validator_for(&serde_json::from_str(schema).expect("JSON")).expect("a schema");
    for edits in [false, true] {
        let options = PassageOptions { edits, ..PassageOptions::default() };
        let text = written(&found(false), PassageFormat::Json, &[], options);
        let document: Value = serde_json::from_str(&text).expect("JSON");
        let wrong: Vec<String> = schema.iter_errors(&document).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert_eq!(wrong, Vec::<String>::new());
    }
}

#[test]
fn the_order_of_the_input_changes_no_byte() {
    let (one, other) = (found(false), found(true));
    for format in [PassageFormat::Terminal, PassageFormat::Json, PassageFormat::Jsonl, PassageFormat::Csv] {
        let [one, other] = [&one, &other].map(|found| written(found, format, &[], PassageOptions::default()));
        assert_eq!(one, other);
    }
}

#[test]
fn edits_and_common_words_make_up_both_sides() {
    let found = found(false);
    let texts: HashMap<&str, &str> =
        found.corpus.articles().iter().map(|article| (article.id.as_str(), article.text.as_str())).collect();
    let options = PassageOptions { edits: true, offsets: OffsetUnit::Bytes, ..PassageOptions::default() };
    let all = lines(&written(&found, PassageFormat::Jsonl, &[], options));
    assert!(all.len() > 20);
    for passage in &all {
        let number = |value: &Value, key: &str| value[key].as_u64().expect("a number") as usize;
        // What is left of each side when the edits are taken out, moved words apart, is the same text.
        let left = |side: &str| {
            let text = texts[passage[side].as_str().expect("an id")];
            let (begin, end) = (format!("{side}_begin"), format!("{side}_end"));
            let edits = passage["edits"].as_array().expect("a list");
            let mut cut: Vec<(usize, usize)> = edits.iter().map(|e| (number(e, &begin), number(e, &end))).collect();
            cut.sort_unstable();
            let (mut from, mut left) = (number(passage, &begin), String::new());
            for (begin, end) in cut {
                left.push_str(text.get(from..begin).unwrap_or_default());
                left.push(' ');
                from = from.max(end);
            }
            left.push_str(&text[from..number(passage, &end)]);
            let words: Vec<String> =
                left.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
            words.concat()
        };
        assert_eq!(left("a"), left("b"), "{passage}");
    }
}

#[test]
fn kinds_are_chosen() {
    let quotes = lines(&written(&found(false), PassageFormat::Jsonl, &[PassageKind::Quote], PassageOptions::default()));
    assert!(!quotes.is_empty() && quotes.iter().all(|passage| passage["kind"] == "quote"));
}
