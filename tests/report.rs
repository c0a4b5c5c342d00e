//! What the reports promise, on the invented newswire and on a small awkward corpus.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use retold::article::{Article, DocId};
use retold::config::Config;
use retold::constraints::{ConstraintKind, ConstraintLine, Constraints};
use retold::corpus::Corpus;
use retold::error::Place;
use retold::ingest::{self, Input, Intake, LeftOut};
use retold::outlets::OutletTable;
use retold::pipeline::{Analysis, analyse, analyse_constrained};
use retold::progress::Silent;
use retold::report::clean::is_hostile;
use retold::report::{Format, Look, OffsetUnit, Options, Output, Run, Target, read_id};
use serde_json::{Value, json};

const UNITS: [OffsetUnit; 3] = [OffsetUnit::CodePoints, OffsetUnit::Bytes, OffsetUnit::Utf16];

fn config() -> Config {
    let mut config = Config::default();
    config.ingest.keep_fields = true;
    config
}

fn read(path: &Path) -> Intake {
    ingest::read(&[Input::Path(path.to_path_buf())], &config().ingest, &OutletTable::shipped(), &Silent)
        .expect("it is there")
}

fn newswire() -> Intake {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/newswire"))
}

/// Articles that come as JSON lines.
fn from_lines(lines: &[Value]) -> Intake {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("in.jsonl");
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    std::fs::write(&path, text).expect("written");
    let mut intake = read(&path);
    for place in intake.skipped.iter_mut().map(|s| &mut s.place).chain(intake.warnings.iter_mut().map(|w| &mut w.place))
    {
        place.file = "in.jsonl".to_owned();
    }
    intake
}

fn found(articles: Vec<Article>) -> Analysis {
    let corpus = Corpus::new(articles).expect("few enough");
    analyse(corpus, &OutletTable::shipped(), &config(), &Silent).expect("all in memory")
}

/// Must-links and cannot-links by turns between articles that follow each other.
fn corrected(articles: Vec<Article>) -> Analysis {
    let corpus = Corpus::new(articles).expect("few enough");
    let ids: Vec<&str> = corpus.articles().iter().map(|article| article.id.as_str()).collect();
    let line = |(at, pair): (u64, &[&str])| ConstraintLine {
        a: pair[0].to_owned(),
        b: pair[1].to_owned(),
        kind: if at % 2 == 0 { ConstraintKind::Must } else { ConstraintKind::Cannot },
        place: Place { file: "links.tsv".to_owned(), line: Some(at + 1) },
    };
    let lines: Vec<ConstraintLine> = (0u64..).zip(ids.windows(2)).map(line).collect();
    let (constraints, _) = Constraints::resolve(&lines, &corpus).expect("they do not touch");
    analyse_constrained(corpus, constraints, &OutletTable::shipped(), &config(), &Silent).expect("all in memory")
}

/// Keeps what is written.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl io::Write for Kept {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("one thread").extend_from_slice(buf);
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn report(format: Format, options: Options, analysis: &Analysis, intake: &Intake) -> String {
    let kept = Kept::default();
    let output = Output::open(format, options, Target::Writer(Box::new(kept.clone()))).expect("memory");
    let config = config();
    output.write(&Run { analysis, config: &config, intake, left_out: LeftOut::default() }).expect("memory");
    let bytes = kept.0.lock().expect("one thread").clone();
    String::from_utf8(bytes).expect("it is text")
}

fn document(analysis: &Analysis, intake: &Intake, offsets: OffsetUnit) -> Value {
    let options = Options { offsets, ..Options::default() };
    serde_json::from_str(&report(Format::Json, options, analysis, intake)).expect("it is JSON")
}

/// Everything that a run writes: every form, the tables, drawings and pages in their files.
fn everything(analysis: &Analysis, intake: &Intake) -> BTreeMap<String, Vec<u8>> {
    let everywhere = Options { look: Look { colour: true, top: None, width: 90 }, ..Options::default() };
    let mut all: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for format in Format::ALL {
        all.insert(format.name().to_owned(), report(format, everywhere, analysis, intake).into_bytes());
    }
    let folder = tempfile::tempdir().expect("a folder");
    for (format, name) in [(Format::Csv, "x.csv"), (Format::Svg, "x.svg"), (Format::Html, "report/")] {
        let output = Output::open(format, everywhere, Target::Path(folder.path().join(name))).expect("a new file");
        output.write(&Run { analysis, config: &config(), intake, left_out: LeftOut::default() }).expect("written");
    }
    let files = walkdir::WalkDir::new(folder.path()).into_iter().map(|entry| entry.expect("a file"));
    for entry in files.filter(|entry| entry.file_type().is_file()) {
        let name = entry.path().strip_prefix(folder.path()).expect("inside").to_string_lossy().into_owned();
        all.insert(name, std::fs::read(entry.path()).expect("a file"));
    }
    assert!(all.contains_key("report/index.html") && all.len() > Format::ALL.len() + 4 + 2 + 3);
    all
}

/// The same order every time, and another one for every seed.
fn shuffled(articles: &[Article], seed: u64) -> Vec<Article> {
    let mut state = seed;
    let mut keyed: Vec<(u64, &Article)> = articles
        .iter()
        .map(|article| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33, article)
        })
        .collect();
    keyed.sort_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, article)| article.clone()).collect()
}

#[test]
fn threads_and_the_order_of_the_input_change_no_byte() {
    for intake in [newswire(), awkward()] {
        let expected = everything(&found(intake.articles.clone()), &intake);
        for (threads, seed) in [(1, 1), (2, 2), (8, 3), (8, 4)] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            let got = pool.install(|| everything(&found(shuffled(&intake.articles, seed)), &intake));
            for (name, bytes) in &expected {
                assert!(got[name] == *bytes, "{name} differs with {threads} threads and order {seed}");
            }
        }
    }
}

#[test]
fn every_article_is_a_member_of_exactly_one_story() {
    for intake in [newswire(), awkward()] {
        let count = intake.articles.len();
        let analysis = found(intake.articles.clone());
        let document = document(&analysis, &intake, OffsetUnit::CodePoints);
        let stories = document["stories"].as_array().expect("a list");
        let members = stories.iter().flat_map(|story| story["articles"].as_array().expect("a list"));
        let ids: Vec<&str> = members.map(|article| article["id"].as_str().expect("an id")).collect();
        let distinct: BTreeSet<&str> = ids.iter().copied().collect();
        let expected: BTreeSet<&str> = analysis.corpus.articles().iter().map(|article| article.id.as_str()).collect();
        assert_eq!(ids.len(), count);
        assert_eq!(distinct, expected);

        let lines = report(Format::Assignments, Options::default(), &analysis, &intake);
        let assigned: Vec<_> =
            lines.lines().map(|line| line.rsplit_once('\t').expect("two columns").0).map(read_id).collect();
        let assigned: Vec<&str> = assigned.iter().map(AsRef::as_ref).collect();
        assert_eq!(assigned, expected.into_iter().collect::<Vec<_>>(), "sorted by id, each once");
    }
}

fn cut(text: &str, begin: u64, end: u64, unit: OffsetUnit) -> String {
    let (begin, end) = (usize::try_from(begin).expect("small"), usize::try_from(end).expect("small"));
    match unit {
        OffsetUnit::CodePoints => text.chars().skip(begin).take(end - begin).collect(),
        OffsetUnit::Bytes => text[begin..end].to_owned(),
        OffsetUnit::Utf16 => {
            let units: Vec<u16> = text.encode_utf16().collect();
            String::from_utf16(&units[begin..end]).expect("whole characters")
        }
    }
}

#[test]
fn offsets_lead_to_the_same_words_in_both_texts() {
    for intake in [newswire(), awkward()] {
        let analysis = found(intake.articles.clone());
        let text = |id: &Value| analysis.corpus.text(analysis.corpus.find(id.as_str().expect("an id")).expect("known"));
        // The words of a stretch, as the analysis folds them.
        let words = |stretch: &str| -> Vec<String> {
            let article = Article { text: stretch.into(), ..Article::default() };
            let one = found(vec![article]);
            one.normalised
                .stream(DocId(0))
                .body
                .words
                .iter()
                .map(|&word| one.normalised.lexicon.word(word).to_owned())
                .collect()
        };
        let mut seen = 0;
        for unit in UNITS {
            let document = document(&analysis, &intake, unit);
            for story in document["stories"].as_array().expect("a list") {
                let groups = story["copy_groups"].as_array().expect("a list");
                let lists = groups.iter().map(|group| &group["passages"]).chain([&story["passages"]]);
                for passage in lists.flat_map(|list| list.as_array().expect("a list")) {
                    let at = |name: &str| passage[name].as_u64().expect("an offset");
                    let a = cut(&text(&passage["a"]), at("a_begin"), at("a_end"), unit);
                    let b = cut(&text(&passage["b"]), at("b_begin"), at("b_end"), unit);
                    let (x, y) = (words(&a), words(&b));
                    if passage["density"] == 1.0 {
                        assert_eq!(x, y, "{passage}");
                    }
                    assert_eq!([x.len() as u64, y.len() as u64], [at("a_tokens"), at("b_tokens")], "{passage}");
                    assert_eq!((x.first(), x.last()), (y.first(), y.last()), "{passage}");
                    seen += 1;
                }
                for sentence in story["articles"].as_array().expect("a list").iter().flat_map(|article| {
                    article["credits"].as_array().expect("a list").iter().map(|credit| (&article["id"], credit))
                }) {
                    let (id, credit) = sentence;
                    let at = |name: &str| credit[name].as_u64().expect("an offset");
                    assert_eq!(credit["sentence"], cut(&text(id), at("begin"), at("end"), unit));
                }
            }
        }
        assert!(seen > 0);
    }
}

#[test]
fn the_json_is_as_its_schema_says() {
    let schema = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema/cluster.schema.json"));
    let schema: Value = serde_json::from_str(&schema.expect("it is there")).expect("it is JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("it is a schema");
    let nothing = Intake::default();
    let runs = [newswire(), awkward(), nothing, newswire()].into_iter().zip([false, false, false, true]);
    for (intake, links) in runs {
        let analysis = if links { corrected(intake.articles.clone()) } else { found(intake.articles.clone()) };
        for unit in UNITS {
            let document = document(&analysis, &intake, unit);
            let errors: Vec<String> =
                validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert!(errors.is_empty(), "{errors:#?}");
        }
        // Every key that it describes is required and no other is allowed, so the two cannot drift apart.
        let document = document(&analysis, &intake, OffsetUnit::CodePoints);
        for story in 0..document["stories"].as_array().map_or(0, Vec::len) {
            let mut spoiled = document.clone();
            spoiled["stories"][story]["articles"][0]["news"] = json!(1);
            assert!(!validator.is_valid(&spoiled));
        }
        let lines = report(Format::Jsonl, Options::default(), &analysis, &intake);
        let mut lines = lines.lines();
        for story in document["stories"].as_array().expect("a list") {
            let mut line: Value = serde_json::from_str(lines.next().expect("a line a story")).expect("it is JSON");
            let line = line.as_object_mut().expect("an object");
            assert_eq!(line.shift_remove("schema_version"), Some(document["schema_version"].clone()));
            assert_eq!(line.shift_remove("offsets"), Some(document["offsets"].clone()));
            assert_eq!(story.as_object(), Some(&*line));
        }
        assert_eq!(lines.next(), None);
    }
}

const LONG: &str = "The harbour master of Elmford closed the old swing bridge on Tuesday after divers found a crack \
    in its northern pier, and forty lorries a day will have to take the road around the bay until a steel \
    collar has been fitted by the yard that built the bridge ninety years ago";

/// Texts, ids and fields that make trouble.
fn awkward() -> Intake {
    let hostile = "Bridge \u{1b}[31mclosed\u{1b}]0;owned\u{7} \u{9b}2J \u{202e}desrever\u{202c} 😀";
    from_lines(&[
        json!({"id": "tab\there", "title": hostile, "text": format!("{LONG}."), "outlet": "Evil \u{1b}[2JGazette",
            "date": "2031-03-04", "story_id": "mine", "role": 7, "nested": {"a": [1, 2.50, null]}, "\u{1b}key": "\u{9b}"}),
        json!({"id": "line\nbreak", "title": "Bridge closed", "text": format!("{}  .", LONG.replace(' ', "  ")),
            "outlet": "The Elmford Courier", "date": "2031-03-05"}),
        json!({"id": "emoji 😀", "title": "😀 Bridge", "text": format!("😀😀 — Ünïcödé first. {LONG}. 語語語 And more of our own, \
            said nobody at all, on a day like any other day in the year."), "outlet": "Post \u{202e}", "date": "2031-03-06"}),
        json!({"id": "\"quoted\"", "title": "", "text": "😀 \u{1b}[31m", "outlet": "x"}),
        json!({"title": "No id and no text but a title", "outlet": "The Elmford Courier"}),
        json!({"title": "No id and no text but a title", "outlet": "The Elmford Courier"}),
        json!({"id": "twice", "text": format!("{LONG}.")}),
        json!({"id": "twice", "text": "Something else happened altogether, in another town, to other people, long ago."}),
        json!({"id": "plain\\back", "text": "Der Hafenmeister hat die alte Drehbrücke am Dienstag wegen eines Risses gesperrt.",
            "outlet": "Elmforder Bote", "date": "2031-03-04T25:61"}),
    ])
}

#[test]
fn no_output_carries_what_a_terminal_would_obey() {
    let intake = awkward();
    assert!(!intake.skipped.is_empty() && !intake.warnings.is_empty());
    let analysis = found(intake.articles.clone());
    let plain = |colour: bool| Options { look: Look { width: 80, colour, top: None }, ..Options::default() };
    for format in Format::ALL {
        let text = report(format, plain(false), &analysis, &intake);
        let separators = |c: &char| !matches!(c, '\n' | '\t');
        let bad: Vec<char> = text.chars().filter(separators).filter(|&c| is_hostile(c)).collect();
        assert!(bad.is_empty(), "{}: {bad:?}", format.name());
    }
    // With colours there is nothing but colours.
    let text = report(Format::Terminal, plain(true), &analysis, &intake);
    for escape in text.split('\u{1b}').skip(1) {
        let (sequence, _) = escape.split_once('m').expect("it ends");
        assert!(
            sequence.starts_with('[') && sequence[1..].chars().all(|c| c.is_ascii_digit() || c == ';'),
            "{sequence:?}"
        );
    }
    assert!(text.contains("Bridge") && text.contains("copy"));
}

#[test]
fn articles_keep_their_fields() {
    let intake = awkward();
    let analysis = found(intake.articles.clone());
    let text = report(Format::Articles, Options::default(), &analysis, &intake);
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    assert_eq!(lines.len(), intake.articles.len());
    let first = lines.iter().find(|line| line["id"] == "tab\there").expect("it is there");
    assert_eq!(first["nested"], json!({"a": [1, 2.50, null]}));
    assert_eq!(first["\u{1b}key"], "\u{9b}");
    assert_eq!(first["article_id"], "tab\there");
    assert_eq!(first["role"], "original");
    let story = first["story_id"].as_str().expect("an id");
    assert!(story.starts_with('s') && story.len() == 17, "ours wins: {story}");
    let keys: Vec<&String> = first.as_object().expect("an object").keys().collect();
    let ours = ["article_id", "story_id", "copy_group_id", "role"];
    assert_eq!(keys[keys.len() - 4..], ours);
    assert_eq!(keys[..3], ["id", "title", "text"], "in the order of the input");

    // Everything that the newswire has comes out again.
    let intake = newswire();
    let analysis = found(intake.articles.clone());
    let text = report(Format::Articles, Options::default(), &analysis, &intake);
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).expect("it is JSON");
        let doc = analysis.corpus.find(line["article_id"].as_str().expect("an id")).expect("known");
        let article = analysis.corpus.get(doc);
        match &article.fields {
            Some(fields) => {
                let fields: serde_json::Map<String, Value> = serde_json::from_str(&fields.read()).expect("JSON");
                assert!(fields.iter().all(|(name, value)| line[name] == *value));
            }
            None => assert_eq!(line["text"], *article.text.read()),
        }
    }
}

#[test]
fn the_tables_fit_together() {
    let intake = newswire();
    let analysis = found(intake.articles.clone());
    let all = everything(&analysis, &intake);
    let table = |name: &str| -> Vec<BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_reader(all[name].as_slice());
        reader.deserialize().map(|row| row.expect("every row is as wide as the header")).collect()
    };
    let column = |rows: &[BTreeMap<String, String>], name: &str| -> BTreeSet<String> {
        rows.iter().map(|row| row[name].clone()).collect()
    };
    let [articles, stories, links, passages] =
        ["x.articles.csv", "x.stories.csv", "x.links.csv", "x.passages.csv"].map(table);
    assert_eq!(articles.len(), intake.articles.len());
    assert_eq!(column(&articles, "story_id"), column(&stories, "story_id"));
    let ids = column(&articles, "article_id");
    for rows in [&links, &passages] {
        assert!(!rows.is_empty());
        assert!(column(rows, "a").is_subset(&ids) && column(rows, "b").is_subset(&ids));
    }
    assert_eq!(all["csv"], all["x.articles.csv"]);
}

#[test]
fn retellings_show_the_quotations_that_they_share() {
    let intake = newswire();
    let analysis = found(intake.articles.clone());
    let document = document(&analysis, &intake, OffsetUnit::CodePoints);
    let stories = document["stories"].as_array().expect("a list");
    let has = |story: &&Value, id: &str| {
        story["articles"].as_array().expect("a list").iter().any(|article| article["id"] == id)
    };
    let story = stories.iter().find(|story| has(story, "courier-skerrin-closure")).expect("it is there");
    assert!(has(&story, "tribune-skerrin-submarines"));
    assert_eq!(story["copy_groups"], json!([]));
    let passages = story["passages"].as_array().expect("a list");
    assert!(passages.iter().filter(|passage| passage["kind"] == "quote").count() >= 3, "{passages:#?}");
}
