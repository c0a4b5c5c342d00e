//! Whole files through [`super::read`]: what is bad is told with its place, and nothing else is lost.

use std::io::Write as _;

use super::*;
use crate::article::Provenance;
use crate::progress::Silent;

const PROSE: &str = "The bridge over the Elm was closed on Tuesday.";

fn line(id: &str) -> String {
    format!("{{\"id\":\"{id}\",\"title\":\"Bridge closed at Elmford\",\"text\":\"{PROSE}\",\"date\":\"2031-03-04\"}}\n")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn intake(files: &[(&str, &[u8])], config: &IngestConfig) -> Intake {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, bytes).expect("written");
    }
    let input = Input::Path(folder.path().to_path_buf());
    let mut intake = read(&[input], config, &OutletTable::shipped(), &Silent).expect("a folder can be read");
    let root = format!("{}{}", folder.path().display(), std::path::MAIN_SEPARATOR);
    let short = |text: &mut String| *text = text.replace(&root, "");
    for skipped in &mut intake.skipped {
        short(&mut skipped.place.file);
    }
    for warning in &mut intake.warnings {
        short(&mut warning.place.file);
        short(&mut warning.reason);
    }
    intake
}

/// Ids and what was told of one file with the default settings.
fn told(name: &str, bytes: &[u8]) -> (Vec<String>, Vec<String>) {
    let intake = intake(&[(name, bytes)], &IngestConfig::default());
    let ids = intake.articles.iter().map(|a| a.id.clone()).collect();
    let skipped = intake.skipped.iter().map(|s| format!("{}: {}", s.place, s.reason));
    let warnings = intake.warnings.iter().map(|w| format!("{}: {}", w.place, w.reason));
    (ids, skipped.chain(warnings).collect())
}

#[test]
fn each_bad_input_is_told_and_the_rest_is_kept() {
    let (a, b) = (line("a"), line("b"));
    let noise = (0..4000u32).map(|i| line(&i.wrapping_mul(2_654_435_761).to_string())).collect::<String>();
    let packed = gzip(noise.as_bytes());
    let both = |bad: &str| format!("{a}{bad}\n{b}").into_bytes();
    let long = line("x").replace(PROSE, &"word ".repeat(4_000_000));
    let wide = "w".repeat(65_537);
    for (name, bytes, ids, why) in [
        ("x.jsonl", both("no json"), 2, "x.jsonl:2: not JSON: expected ident at column 2"),
        ("x", both("no json"), 2, "x:2: not JSON"),
        ("x.jsonl", both("[1,2]"), 2, "x.jsonl:2: JSON, but not an object"),
        ("x.jsonl", both("{\"id\":\"c\",\"text\":\" \",\"title\":\"None\"}"), 2, "x.jsonl:2: neither text nor title"),
        ("x.jsonl", both("{\"text\":\"two words\"}"), 2, "x.jsonl:2: only 2 words"),
        ("x.jsonl", both(&long), 2, "x.jsonl:2: 20000000 bytes of text, above the limit"),
        (
            "x.jsonl",
            both(&line("x").replace("Bridge", &wide)),
            2,
            "x.jsonl:2: 65555 bytes of title, above the limit of 65536",
        ),
        ("x.jsonl", both(&line(&wide)), 2, "x.jsonl:2: 65537 bytes of id, above the limit"),
        ("x.jsonl", both(&line("a")), 3, "x.jsonl:2: the id \"a\" stands already at x.jsonl:1"),
        (
            "x.jsonl",
            both(&line("c").replace("2031-", "20245-")),
            3,
            "x.jsonl:2: date not used: date (published) is \"20245",
        ),
        ("x.jsonl", both(&line("c").replace("2031-03-04", "03/04/2031")), 3, "ambiguous"),
        ("x.jsonl", [a.as_bytes(), b"{\"text\":\"a b c \xe9\"}\n", b.as_bytes()].concat(), 3, "not valid UTF-8"),
        ("x.json", format!("[{},\n{},\n{{\"id\":", a.trim(), b.trim()).into_bytes(), 2, "x.json:3: not JSON"),
        ("x.csv", format!("id,title,text\na,T,{PROSE}\nb,T\nc,T,{PROSE}\n").into_bytes(), 2, "x.csv:3: 2 cells where"),
        (
            "x.csv",
            format!("id,title,text\na,T,\"{PROSE}\nb,T,{PROSE}\nc,T,{PROSE}\n").into_bytes(),
            2,
            "x.csv:2: a quote in",
        ),
        ("x.csv", b"a,b\n1,2\n".to_vec(), 0, "no column of the header line"),
        ("x.jsonl.gz", gzip(both("no json").as_slice()), 2, "x.jsonl.gz:2: not JSON"),
        ("x.txt", b"ab\0cd and more words".to_vec(), 0, "x.txt: binary data"),
        ("x.txt", b"%PDF-1.7".to_vec(), 0, "x.txt: a PDF document"),
        ("x.txt", b"  \n ".to_vec(), 0, "x.txt: empty"),
        ("x.txt", b"".to_vec(), 0, "x.txt: empty file"),
        ("x.txt", b"two words".to_vec(), 0, "x.txt: only 2 words"),
        ("x.jsonl.gz", packed[..packed.len() / 2].to_vec(), 1, "the gzip stream is damaged or cut off"),
        ("x.zst", b"\x28\xb5\x2f\xfd nonsense".to_vec(), 0, "the zstd stream is damaged"),
    ] {
        let (found, told) = told(name, &bytes);
        assert_eq!(told.len(), 1, "{why}: {told:?}");
        assert!(told[0].contains(why), "{why}: {told:?}");
        if why.contains("gzip") {
            assert!(found.len() > 500 && told[0].contains(&format!(":{}:", found.len() + 1)), "{told:?}");
        } else {
            assert_eq!(found.len(), ids, "{why}: {found:?}");
        }
    }
}

#[test]
fn every_container_gives_the_same_articles() {
    let (a, b) = (line("a"), line("b"));
    let (x, y) = (a.trim(), b.trim());
    let lines = format!("{a}\r\n{b}");
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(lines.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let table = |mark: char| {
        format!("ID,Title,Body,Date\na,Bridge closed at Elmford,{PROSE},2031-03-04\nb,Bridge closed at Elmford,{PROSE},2031-03-04\n")
            .replace(',', &mark.to_string())
    };
    for (name, bytes) in [
        ("x", lines.clone().into_bytes()),
        ("x", lines.trim_end().as_bytes().to_vec()),
        ("x", wide),
        ("x", gzip(lines.as_bytes())),
        ("x", [gzip(a.as_bytes()), gzip(b.as_bytes())].concat()),
        ("x", zstd::encode_all(lines.as_bytes(), 1).expect("memory")),
        ("x", format!("[{x},{y}]").into_bytes()),
        ("x", format!("{{\"status\":\"ok\",\"articles\":[{x},{y}]}}").into_bytes()),
        ("x", format!("{{\"articles\":{{\"results\":[{x},{y}],\"page\":1}}}}").into_bytes()),
        (
            "x",
            format!("{{\"clusters\":[{{\"title\":\"A cluster\",\"articles\":[{x}]}},{{\"articles\":[{y}]}}]}}")
                .into_bytes(),
        ),
        ("x", format!("{x}\n{y}").replace(",\"title", ",\n\"title").into_bytes()),
        ("x", table(',').into_bytes()),
        ("x", table(';').into_bytes()),
        ("x", table('\t').into_bytes()),
    ] {
        let intake = intake(&[(name, &bytes)], &IngestConfig::default());
        assert_eq!((intake.skipped, intake.warnings), (vec![], vec![]), "{}", String::from_utf8_lossy(&bytes));
        let ids: Vec<_> = intake
            .articles
            .iter()
            .map(|a| (a.id.as_str(), a.text.read().into_owned(), a.date.map(crate::article::Date::day)))
            .collect();
        assert_eq!(ids, [("a", PROSE.to_owned(), Some(22342)), ("b", PROSE.to_owned(), Some(22342))]);
    }
}

#[test]
fn a_folder_is_walked_in_order_and_hidden_files_are_left_alone() {
    let files: [(&str, &[u8]); 4] = [
        ("b/two.txt", PROSE.as_bytes()),
        ("a.txt", PROSE.as_bytes()),
        (".hidden/c.txt", PROSE.as_bytes()),
        ("b/.d", b"x"),
    ];
    let intake = intake(&files, &IngestConfig::default());
    let ids: Vec<_> = intake.articles.iter().map(|a| a.id.as_str()).collect();
    assert_eq!(ids, ["a", "two"]);
    assert_eq!(intake.files.len(), 2);
    let gone = Input::Path(PathBuf::from("/nowhere/at/all"));
    let error = read(&[gone], &IngestConfig::default(), &OutletTable::default(), &Silent).expect_err("it is not there");
    assert!(matches!(error.kind(), ErrorKind::Io { .. }));
}

#[test]
fn fields_come_from_where_they_stand_best() {
    let json = r#"{"headline":"A &amp; B meet","content_html":"<p>One two.</p><p>Three four.</p>","date_publish":"None",
        "url":"https://www.bbc.co.uk/news/2031/03/04/x","date_download":"2031-05-05 10:00:00","language":"en","x":[1]}"#;
    let mut config = IngestConfig { keep_fields: true, ..IngestConfig::default() };
    let intake = intake(&[("x.json", json.as_bytes())], &config);
    let article = &intake.articles[0];
    assert_eq!(article.title.as_deref(), Some("A & B meet"));
    assert_eq!(article.text.read(), "One two.\nThree four.");
    assert_eq!(article.outlet_name(), Some("BBC News"));
    assert_eq!(article.date.map(|d| (d.provenance, d.day())), Some((Provenance::Url, 22342)));
    assert_eq!(article.fields.as_ref().map(|fields| fields.read().matches("\":").count()), Some(7));
    assert_eq!(intake.files[0].fields["outlet"]["(domain of the url)"], 1);
    config.fields.insert("nonsense".to_owned(), "x".to_owned());
    let error = read(&[], &config, &OutletTable::default(), &Silent).expect_err("no field of ours");
    assert!(error.to_string().contains("nonsense"), "{error}");
}

#[test]
fn batches_and_threads_change_nothing() {
    let many: String =
        (0..40_000).map(|i| if i % 997 == 0 { "{\n".to_owned() } else { line(&i.to_string()) }).collect();
    assert!(many.len() > 4 << 20);
    let read = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let all = pool.install(|| intake(&[("x.jsonl", many.as_bytes())], &IngestConfig::default()));
        (all.articles.into_iter().map(|a| a.id).collect::<Vec<_>>(), all.skipped)
    };
    let (ids, skipped) = read(1);
    assert_eq!((ids.len() + skipped.len(), skipped.len()), (40_000, 41));
    assert_eq!(skipped[2].place.line, Some(2 * 997 + 1));
    assert_eq!((ids, skipped), read(3));
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(64))]

    #[test]
    fn no_bytes_panic(
        bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300),
        format in proptest::sample::select(vec![
            InputFormat::Auto, InputFormat::Text, InputFormat::Json, InputFormat::Jsonl, InputFormat::Csv, InputFormat::Tsv,
        ]),
    ) {
        let config = IngestConfig { input_format: format, min_words: 0, ..IngestConfig::default() };
        intake(&[("x", &bytes)], &config);
    }

    #[test]
    fn no_mutilated_record_panics(
        at in 0..2000usize, length in 0..40usize, with in proptest::collection::vec(proptest::num::u8::ANY, 0..4),
        container in 0..4usize, packed in proptest::bool::ANY,
    ) {
        let (a, b) = (line("a"), line("b"));
        let whole = match container {
            0 => format!("{a}{b}"),
            1 => format!("{{\"articles\":[{a},{b}]}}"),
            2 => format!("id;title;text;date\na;\"T \"\"q\"\"\";\"{PROSE}\n{PROSE}\";2031-03-04\nb;T;{PROSE};1\n"),
            _ => format!("| 4 March 2031 |\n\nBridge closed at Elmford\n\n{PROSE} {PROSE}\n\n • BBC\n"),
        };
        let mut bytes = if packed { gzip(whole.as_bytes()) } else { whole.into_bytes() };
        let at = at % bytes.len();
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, with);
        intake(&[("x", &bytes)], &IngestConfig::default());
    }
}
