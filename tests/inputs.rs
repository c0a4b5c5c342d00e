//! Inputs that are not a heap of long reports in one language: nothing, one article, three, headlines, a few words, many
//! languages, and thousands of reports of one affair in one week. What comes out is sensible and every form can be written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use retold::article::{Article, DAY, Date, Outlet, Provenance, Resolution, Text};
use retold::config::{ClusterConfig, Config};
use retold::corpus::Corpus;
use retold::evaluate::Gold;
use retold::ingest::{self, Input, Intake, LeftOut};
use retold::language::Lang;
use retold::outlets::OutletTable;
use retold::pipeline::{Analysis, analyse, passages_of_corpus};
use retold::progress::Silent;
use retold::report::{Format, Options, Output, Run, Target};

fn newswire() -> Vec<Article> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/newswire");
    let (config, outlets) = (Config::default(), OutletTable::shipped());
    ingest::read(&[Input::Path(folder)], &config.ingest, &outlets, &Silent).expect("the newswire").articles
}

/// Runs, writes every form, and checks what holds of any input.
fn run(articles: Vec<Article>) -> Analysis {
    let (config, count) = (Config::default(), articles.len());
    let analysis = analyse(Corpus::new(articles).expect("few enough"), &OutletTable::shipped(), &config, &Silent)
        .expect("all in memory");
    let members: Vec<_> = analysis.stories.iter().flat_map(|story| &story.members).map(|member| member.doc).collect();
    assert_eq!(members.len(), count);
    assert_eq!(members.iter().collect::<BTreeSet<_>>().len(), count, "each article is in one story");
    for story in &analysis.stories {
        let langs: BTreeSet<Lang> = story.members.iter().map(|m| analysis.corpus.get(m.doc).lang).collect();
        assert_eq!(langs.len(), 1, "nothing is linked between languages: {}", story.headline);
    }
    for format in Format::ALL {
        let output =
            Output::open(format, Options::default(), Target::Writer(Box::new(std::io::sink()))).expect("memory");
        let intake = Intake::default();
        output
            .write(&Run { analysis: &analysis, config: &config, intake: &intake, left_out: LeftOut::default() })
            .expect("nothing fails");
    }
    analysis
}

/// By id: its story.
fn stories(analysis: &Analysis) -> BTreeMap<&str, &str> {
    let members =
        analysis.stories.iter().flat_map(|story| story.members.iter().map(move |m| (m.doc, story.id.as_str())));
    members.map(|(doc, story)| (analysis.corpus.get(doc).id.as_str(), story)).collect()
}

fn several(analysis: &Analysis) -> usize {
    analysis.stories.iter().filter(|story| story.members.len() > 1).count()
}

#[test]
fn nothing_one_and_three() {
    assert!(run(Vec::new()).stories.is_empty());
    let wanted = ["courier-skerrin-closure", "tribune-skerrin-submarines", "tribune-cup-final"];
    let three: Vec<Article> = newswire().into_iter().filter(|article| wanted.contains(&article.id.as_str())).collect();
    assert_eq!(three.len(), 3);
    for one in &three {
        let analysis = run(vec![one.clone()]);
        let story = &analysis.stories[0];
        assert_eq!((story.cohesion, story.weakest, story.links.len()), (None, None, 0));
    }
    let analysis = run(three);
    let found = stories(&analysis);
    assert_eq!(found[wanted[0]], found[wanted[1]]);
    assert_ne!(found[wanted[0]], found[wanted[2]]);
}

#[test]
fn headlines_only_and_texts_of_a_few_words() {
    let bare = |article: Article| Article { text: Text::default(), ..article };
    let headlines: Vec<Article> = newswire().into_iter().filter(|a| a.title.is_some()).map(bare).collect();
    let found = several(&run(headlines));
    assert!(found >= 8, "{found} stories of two or more from headlines");
    let short = |article: Article| {
        let text = article.text.read().split_whitespace().take(12).collect::<Vec<_>>().join(" ");
        Article { text: text.into(), ..article }
    };
    let found = several(&run(newswire().into_iter().map(short).collect()));
    assert!(found >= 12, "{found} stories of two or more from twelve words each");
    let words = ["", ".", "a", "42", "Yes", "\u{200b}", "«»", "a a a a a a a a a a a a"];
    run(words.iter().map(|text| Article { text: (*text).into(), ..Article::default() }).collect());
}

#[test]
fn many_languages_in_one_corpus() {
    let texts = [
        ("ja", "東京の北にある古い橋が火曜日に閉鎖された。潜水士が柱に亀裂を見つけたためだという。"),
        ("ar", "أغلق مدير الميناء الجسر القديم يوم الثلاثاء بعد أن عثر الغواصون على شق في دعامته الشمالية."),
        (
            "fi",
            "Satamapäällikkö sulki vanhan kääntösillan tiistaina, kun sukeltajat löysivät halkeaman sen pohjoispilarista.",
        ),
        ("und", "Qorvath elmi trenna vosk ild harran, mebbit sorl unda kreth olma vint."),
    ];
    let mut articles = newswire();
    let labelled =
        stories(&run(articles.clone())).into_iter().map(|(a, s)| (a.to_owned(), s.to_owned())).collect::<Vec<_>>();
    for (lang, text) in texts {
        for (n, end) in ["", " 2031"].iter().enumerate() {
            let lang = Lang::parse(lang).unwrap_or_default();
            let (id, text) = (format!("{lang}-{n}"), format!("{text}{end}"));
            articles.push(Article { id, text: text.into(), lang, ..Article::default() });
        }
    }
    let analysis = run(articles);
    let found = stories(&analysis);
    for (id, story) in labelled {
        assert_eq!(found[id.as_str()], story, "articles in other languages change nothing");
    }
    for lang in ["ja", "ar", "fi", "und"] {
        assert_eq!(found[format!("{lang}-0").as_str()], found[format!("{lang}-1").as_str()], "{lang}");
    }
}

/// Numbers that are the same in every run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % n
    }

    /// An invented word.
    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 24] = [
            "bra", "chel", "dor", "fen", "gris", "hul", "jat", "kem", "lor", "mav", "nes", "orb", "pel", "quin", "ros",
            "sul", "tam", "urd", "ven", "wick", "yar", "zeb", "ith", "ost",
        ];
        (0..2 + self.below(2)).map(|_| SYLLABLES[self.below(SYLLABLES.len())]).collect()
    }

    fn words(&mut self, n: usize) -> Vec<String> {
        (0..n).map(|_| self.word()).collect()
    }
}

/// Reports of one affair in one week: events of ten reports each. Every sentence has words of all news, of the affair, and of
/// the event.
fn affair(count: usize) -> Vec<Article> {
    const COMMON: [&str; 16] = [
        "the", "of", "and", "to", "in", "said", "after", "that", "was", "on", "with", "for", "police", "people",
        "city", "week",
    ];
    let mut draw = Draw(20_261_122);
    let affair = draw.words(120);
    let mut articles = Vec::with_capacity(count);
    for event in 0..count.div_ceil(10) {
        let own = draw.words(24);
        let day = 22_341 + i64::try_from(draw.below(7)).expect("a few");
        for n in 0..10.min(count - event * 10) {
            let mut sentence = |words: usize, of_event: usize| {
                let mut all: Vec<&str> = Vec::with_capacity(words);
                for _ in 0..words {
                    all.push(match draw.below(10) {
                        at if at < of_event => &own[draw.below(own.len())],
                        at if at < of_event + 3 => &affair[draw.below(affair.len())],
                        _ => COMMON[draw.below(COMMON.len())],
                    });
                }
                all.join(" ")
            };
            let title = sentence(8, 6);
            let text = (0..9).map(|_| format!("The {}.", sentence(16, 3))).collect::<Vec<_>>().join(" ");
            articles.push(Article {
                id: format!("{event}-{n}"),
                outlet: Some(Outlet { name: format!("Paper {n}"), raw: String::new(), family: None }),
                date: Some(Date { at: day * DAY, resolution: Resolution::Day, provenance: Provenance::Published }),
                lang: Lang::ENGLISH,
                label: Some(event.to_string()),
                title: Some(title),
                text: text.into(),
                ..Article::default()
            });
        }
    }
    articles
}

#[test]
fn ten_thousand_reports_of_one_affair_in_one_week() {
    let analysis = run(affair(10_000));
    let measures = Gold::of_input(&analysis.corpus).compare(&analysis.stories).measures;
    assert!(measures.b_cubed.f1 > 0.9 && measures.largest <= 30, "{measures:?}");
}

/// More batches than are under way at a time, so that the memory of some is used again, shorter lines behind longer ones.
#[test]
fn a_file_of_many_batches_is_read_line_by_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long.jsonl");
    let words = |at: usize| if at.is_multiple_of(5) { 200_000 } else { 120_000 + 1_000 * at };
    let line = |at: usize| {
        format!("{{\"id\": \"long-{at}\", \"lang\": \"en\", \"text\": \"{}\"}}\n", "word ".repeat(words(at)))
    };
    std::fs::write(&path, (0..48).map(line).collect::<String>()).expect("written");
    let (config, outlets) = (Config::default(), OutletTable::shipped());
    let intake = ingest::read(&[Input::Path(path)], &config.ingest, &outlets, &Silent).expect("read");
    assert!(intake.skipped.is_empty());
    let read: Vec<_> = intake.articles.iter().map(|article| (article.id.clone(), article.text.len())).collect();
    assert_eq!(read, (0..48).map(|at| (format!("long-{at}"), 5 * words(at))).collect::<Vec<_>>());
}

#[test]
fn a_stricter_granularity_makes_no_story_larger() {
    let articles = newswire();
    let mut counts = Vec::new();
    // The invented stories are far apart: it takes more than the strict one to cut them.
    let named = ClusterConfig::GRANULARITIES.map(|(_, least_link)| least_link);
    for least_link in named.into_iter().chain([0.4]) {
        let config = Config { cluster: ClusterConfig { least_link, ..ClusterConfig::default() }, ..Config::default() };
        let corpus = Corpus::new(articles.clone()).expect("few enough");
        let analysis = analyse(corpus, &OutletTable::shipped(), &config, &Silent).expect("all in memory");
        counts.push(analysis.stories.len());
    }
    assert!(counts.is_sorted() && counts[0] < counts[3], "{counts:?}");
}

/// Each number at both ends of its range, and all of them at once.
#[test]
fn no_setting_within_its_range_panics() {
    let articles: Vec<Article> = newswire().into_iter().step_by(6).collect();
    let (outlets, default) = (OutletTable::shipped(), toml::Table::try_from(Config::default()).expect("settings"));
    let set = |all: &mut toml::Table, key: &str, bound: f64| {
        let mut names: Vec<&str> = key.split('.').collect();
        let last = names.pop().expect("a name");
        let table = names.into_iter().fold(all, |table, name| table[name].as_table_mut().expect("a section"));
        let whole = table[last].is_integer();
        table[last] = if whole { toml::Value::Integer(bound as i64) } else { toml::Value::Float(bound) };
    };
    let check = |table: toml::Table, what: &str| {
        let mut config: Config = table.try_into().expect("settings");
        config.passages.thorough.everywhere = true;
        assert!(config.check().is_ok(), "{what}");
        let corpus = || Corpus::new(articles.clone()).expect("few enough");
        let analysis = analyse(corpus(), &outlets, &config, &Silent).expect("all in memory");
        assert_eq!(analysis.stories.iter().map(|story| story.members.len()).sum::<usize>(), articles.len(), "{what}");
        let found = passages_of_corpus(corpus(), &outlets, &config, &Silent).expect("all in memory");
        let report = found.report(&config.passages);
        assert!(report.passages.iter().all(|p| p.group < report.groups.len()), "{what}");
    };
    let (mut lowest, mut highest) = (default.clone(), default.clone());
    for &(key, least, most) in Config::ranges() {
        for (bound, all) in [(least, &mut lowest), (most, &mut highest)] {
            set(all, key, bound);
            let mut one = default.clone();
            set(&mut one, key, bound);
            check(one, &format!("{key} = {bound}"));
        }
    }
    check(lowest, "all at their least");
    check(highest, "all at their most");
}
