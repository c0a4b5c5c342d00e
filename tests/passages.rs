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
    passages_of_corpus(Corpus::new(articles).expect("few enough"), &outlets, &config, &Silent).expect("all in memory")
}

fn written(found: &FoundPassages, format: PassageFormat, kinds: &[PassageKind], options: PassageOptions) -> String {
    written_with(found, format, kinds, options, &Config::default())
}

fn written_with(
    found: &FoundPassages,
    format: PassageFormat,
    kinds: &[PassageKind],
    options: PassageOptions,
    config: &Config,
) -> String {
    let mut report = found.report(&config.passages);
    arrange(&mut report, kinds, 0, &found.corpus);
    let intake = Intake::default();
    let run = PassageRun { found, report: &report, config, intake: &intake, left_out: LeftOut::default() };
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
    let texts: HashMap<&str, std::borrow::Cow<str>> =
        found.corpus.articles().iter().map(|article| (article.id.as_str(), article.text.read())).collect();
    let options = PassageOptions { edits: true, offsets: OffsetUnit::Bytes, ..PassageOptions::default() };
    let all = lines(&written(&found, PassageFormat::Jsonl, &[], options));
    assert!(all.len() > 20);
    for passage in &all {
        let number = |value: &Value, key: &str| value[key].as_u64().expect("a number") as usize;
        // What is left of each side when the edits are taken out, moved words apart, is the same text.
        let left = |side: &str| {
            let text = &texts[passage[side].as_str().expect("an id")];
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

/// The cases of tests/passage_cases: articles, settings, and the passages that are to be found; of each passage what the case
/// names (`a_text` and `b_text` are its words in the texts).
#[test]
fn cases() {
    let cases = include_str!("passage_cases/cases.jsonl");
    for case in lines(cases) {
        let name = &case["name"];
        let mut config = Config::default();
        config.passages.same_outlet = !case["settings"]["passages.same-outlet"].is_null();
        config.passages.thorough.everywhere = !case["settings"]["passages.thorough.everywhere"].is_null();
        let folder = tempfile::tempdir().expect("a folder");
        let articles: Vec<String> = list(&case["articles"]).iter().map(ToString::to_string).collect();
        let path = folder.path().join("case.jsonl");
        std::fs::write(&path, articles.join("\n")).expect("a file");
        let outlets = OutletTable::shipped();
        let intake = ingest::read(&[Input::Path(path)], &config.ingest, &outlets, &Silent).expect("it is there");
        let corpus = Corpus::new(intake.articles).expect("few enough");
        let found = passages_of_corpus(corpus, &outlets, &config, &Silent).expect("all in memory");
        let options = PassageOptions::default();
        let got = lines(&written_with(&found, PassageFormat::Jsonl, &[], options, &config));
        let mut got: Vec<Value> = got.into_iter().map(by_id).collect();
        got.sort_by_key(|one| (one["a"].to_string(), one["b"].to_string(), one["a_begin"].as_u64()));
        let want = list(&case["passages"]);
        assert_eq!(got.len(), want.len(), "{name}: {got:?}");
        for (got, want) in got.iter().zip(want) {
            for (field, value) in want.as_object().expect("a passage") {
                let text = |side: &str| {
                    let id = got[side].as_str().expect("an id");
                    let text = found.corpus.text(found.corpus.find(id).expect("known"));
                    let at = |end: &str| got[format!("{side}_{end}")].as_u64().expect("an offset") as usize;
                    text.chars().take(at("end")).skip(at("begin")).collect::<String>()
                };
                match field.as_str() {
                    "a_text" => assert_eq!(Value::String(text("a")), *value, "{name}"),
                    "b_text" => assert_eq!(Value::String(text("b")), *value, "{name}"),
                    _ => assert_eq!(got[field], *value, "{name}: {field} of {got}"),
                }
            }
        }
    }
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

/// A passage with the smaller id as `a`: which of the two is the first follows from the content of articles, not from ids.
fn by_id(mut passage: Value) -> Value {
    if passage["a"].as_str() < passage["b"].as_str() {
        return passage;
    }
    for (x, y) in [("a", "b"), ("a_begin", "b_begin"), ("a_end", "b_end"), ("a_tokens", "b_tokens")] {
        let (old, new) = (passage[x].take(), passage[y].take());
        (passage[x], passage[y]) = (new, old);
    }
    passage["direction"] = match passage["direction"].as_str() {
        Some("a-to-b") => "b-to-a".into(),
        Some("b-to-a") => "a-to-b".into(),
        _ => passage["direction"].take(),
    };
    passage
}
