//! The core as a whole: whatever comes in, every article comes out once; passages are exact; copy groups are trees; and what
//! has many copies costs no more than it must.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use retold::article::{Article, DAY, Date, DocId, Outlet, Provenance, Resolution};
use retold::cluster::Role;
use retold::config::Config;
use retold::copies::{CopyGroup, share_to_micro};
use retold::corpus::Corpus;
use retold::language::Lang;
use retold::normalise::Tokens;
use retold::outlets::OutletTable;
use retold::passages::{OperationKind, Run, Shared, operations, passages_of};
use retold::pipeline::{Analysis, analyse};
use retold::progress::Silent;

fn run(articles: Vec<Article>) -> Analysis {
    let corpus = Corpus::new(articles).expect("few articles");
    analyse(corpus, &OutletTable::default(), &Config::default(), &Silent).expect("all in memory")
}

fn article(id: &str, text: &str) -> Article {
    Article { id: id.to_owned(), text: text.into(), lang: Lang::ENGLISH, ..Article::default() }
}

fn outlet(name: &str) -> Outlet {
    Outlet { name: name.to_owned(), raw: name.to_owned(), family: None }
}

fn day(day: i64) -> Date {
    Date { at: day * DAY, resolution: Resolution::Day, provenance: Provenance::Published }
}

/// A pseudo-random number for a pair of numbers.
fn draw(a: u64, b: u64) -> u64 {
    let mut x = (a << 32 | b).wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Words that differ from text to text, in sentences of ten.
fn prose(seed: u64, words: u64) -> String {
    let word = |at: u64| {
        let n = draw(seed, at);
        let syllable = |shift: u64| {
            ["ka", "lo", "mi", "ne", "ru", "sta", "ver", "tol"][usize::try_from((n >> shift) % 8).expect("small")]
        };
        let stop = if at % 10 == 9 { "." } else { "" };
        format!("{}{}{}{}{stop}", syllable(0), syllable(8), syllable(16), syllable(24))
    };
    (0..words).map(word).collect::<Vec<_>>().join(" ")
}

/// Stories as sets of ids.
fn stories(analysis: &Analysis) -> BTreeSet<BTreeSet<String>> {
    let ids =
        |story: &retold::cluster::Story| story.members.iter().map(|m| analysis.corpus.get(m.doc).id.clone()).collect();
    analysis.stories.iter().map(ids).collect()
}

fn check(analysis: &Analysis) {
    let mut seen = vec![0; analysis.corpus.len()];
    for member in analysis.stories.iter().flat_map(|story| &story.members) {
        seen[member.doc.index()] += 1;
    }
    assert!(seen.iter().all(|&times| times == 1), "every article is in one story: {seen:?}");
    let ids: BTreeSet<&str> = analysis.stories.iter().map(|story| story.id.as_str()).collect();
    assert_eq!(ids.len(), analysis.stories.len(), "every story has an id of its own");
    for shared in analysis.passages.pairs() {
        let (x, y) = (analysis.normalised.stream(shared.a), analysis.normalised.stream(shared.b));
        let (x, y) = (&x.body, &y.body);
        check_passages(shared, x, y);
        for passage in passages_of(shared, &analysis.normalised) {
            let text = |doc: DocId| analysis.corpus.text(doc);
            assert!(!passage.a_span.of(&text(shared.a)).is_empty() && !passage.b_span.of(&text(shared.b)).is_empty());
        }
    }
    for group in &analysis.copy_groups {
        check_group(group, analysis);
    }
    for story in &analysis.stories {
        let members: BTreeSet<DocId> = story.members.iter().map(|member| member.doc).collect();
        for group in &story.copy_groups {
            check_group(group, analysis);
            assert!(group.members.iter().all(|doc| members.contains(doc)), "a copy group of a story is inside it");
        }
        for member in &story.members {
            let group = member.copy_group.map(|at| &story.copy_groups[at]);
            assert!(group.is_none_or(|group| group.members.contains(&member.doc)));
            assert_eq!(member.copied_from.is_some(), group.is_some_and(|group| group.root != member.doc));
        }
    }
}

/// What stands in a passage is what it says: the same words, inside its borders, none of them twice.
fn check_passages(shared: Shared<'_>, x: &Tokens, y: &Tokens) {
    for found in shared.passages {
        let (mut in_a, mut in_b) = (BTreeSet::new(), BTreeSet::new());
        for run in &found.runs {
            assert_eq!(x.words[run.in_a()], y.words[run.in_b()]);
            assert!(run.in_a().all(|at| in_a.insert(at)) && run.in_b().all(|at| in_b.insert(at)));
        }
        let (a, b) = (found.a.start as usize..found.a.end as usize, found.b.start as usize..found.b.end as usize);
        assert_eq!((in_a.first(), in_a.last()), (Some(&a.start), Some(&(a.end - 1))), "whole words, no overrun");
        assert_eq!((in_b.first(), in_b.last()), (Some(&b.start), Some(&(b.end - 1))), "whole words, no overrun");
        let operations = operations(found);
        let equal = operations.iter().filter(|op| matches!(op.kind, OperationKind::Equal | OperationKind::Moved));
        assert_eq!(equal.map(|op| op.a.len()).sum::<usize>(), found.matched() as usize);
        for (side, whole) in [(true, a), (false, b)] {
            let parts = operations.iter().flat_map(|op| if side { op.a.clone() } else { op.b.clone() });
            let mut covered: Vec<usize> = parts.map(|at| at as usize).collect();
            covered.sort_unstable();
            assert_eq!(covered, whole.collect::<Vec<_>>(), "operations cover each side once");
        }
    }
}

/// A copy group is a tree, and each of its links is what it says.
fn check_group(group: &CopyGroup, analysis: &Analysis) {
    let members: BTreeSet<DocId> = group.members.iter().copied().collect();
    assert!(members.len() == group.members.len() && members.len() > 1 && group.members[0] == group.root);
    let up: BTreeMap<DocId, DocId> = group.links.iter().map(|link| (link.copy, link.of)).collect();
    assert!(up.len() == group.links.len() && up.len() == members.len() - 1 && !up.contains_key(&group.root));
    let least = share_to_micro(Config::default().copies.partial_copy);
    let words = |doc: DocId| analysis.normalised.words(doc);
    for link in &group.links {
        assert!(members.contains(&link.copy) && members.contains(&link.of));
        assert!(link.coverage >= least || words(link.copy) == words(link.of));
        let mut at = link.copy;
        for _ in 0..members.len() {
            at = up.get(&at).copied().unwrap_or(at);
        }
        assert_eq!(at, group.root, "every way up ends at the root");
    }
}

const OUTLETS: [&str; 4] = ["Kestrel Daily", "example.org", "", "Reuters"];
const TITLES: [&str; 5] = ["Dam breaks", "", "Live: dam breaks | Kestrel Daily", "五人が死亡", "\u{202e}\u{0}"];
const SENTENCES: [&str; 8] = [
    "The dam above the village broke at dawn and water took the bridge with it, officials told Reuters. ",
    "“We heard a noise like thunder and then the whole valley was under water,” said one woman. ",
    "WASHINGTON (Reuters) - Five people died on Monday, March 3, according to the Kestrel Daily.\n",
    "\n09:15 \"They came without warning, and they went without a word to anybody\" a 20-year-old said\n",
    "台風は月曜日に上陸し、五人が死亡したと当局が発表した。",
    "น้ำท่วมหมู่บ้านเมื่อเช้าวันจันทร์ มีผู้เสียชีวิตห้าคน ",
    "انهار السد فوق القرية عند الفجر وجرف الماء الجسر معه وفق ما قاله مسؤولون محليون. ",
    "e\u{301}\u{301}\u{301} \u{0}\u{301} 99999999999999999999999999 1,2.3,4. ﷺ ﬁ Subscribe to our newsletter\n",
];

fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => (0..SENTENCES.len()).prop_map(|at| SENTENCES[at].to_owned()),
        1 => (0..4u64).prop_map(|seed| prose(seed, 40)),
        1 => "\\PC{0,30}",
        1 => any::<String>(),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn articles() -> impl Strategy<Value = Vec<Article>> {
    let one = (
        texts(),
        0..OUTLETS.len() + 1,
        0..TITLES.len() + 1,
        proptest::option::of(prop_oneof![-3..40i64, Just(i64::MAX / DAY)]),
        0..4usize,
    );
    let one = one.prop_map(|(text, at, title, date, lang)| Article {
        text: text.into(),
        outlet: OUTLETS.get(at).map(|name| outlet(name)),
        title: TITLES.get(title).map(|title| (*title).to_owned()),
        date: date.map(day),
        lang: ["en", "de", "ja", ""].get(lang).and_then(|code| Lang::parse(code)).unwrap_or_default(),
        ..Article::default()
    });
    proptest::collection::vec(one, 0..13).prop_map(|mut articles| {
        for (at, article) in articles.iter_mut().enumerate() {
            article.id = at.to_string();
        }
        articles
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_article_comes_out_once_in_any_order(
        (articles, shuffled) in articles().prop_flat_map(|articles| (Just(articles.clone()), Just(articles).prop_shuffle())),
    ) {
        let (one, other) = (run(articles), run(shuffled));
        check(&one);
        prop_assert_eq!(stories(&one), stories(&other));
        prop_assert_eq!(&one.stories, &other.stories);
    }

    #[test]
    fn every_common_run_is_found(
        texts in proptest::collection::vec(proptest::collection::vec((0..5usize, 0..6usize, 0..25usize), 1..5), 2..7),
    ) {
        // Pieces of a few long sentences, so that texts meet at many places; no sentence comes more than 8 times.
        let sentences: Vec<Vec<String>> =
            (0..5).map(|seed| prose(seed, 24).split(' ').enumerate().map(|(at, word)| if at % 7 == 3 { at.to_string() } else { word.to_owned() }).collect()).collect();
        let text = |pieces: &Vec<(usize, usize, usize)>| {
            let piece = |&(which, skip, len): &(usize, usize, usize)| sentences[which][skip..24.min(skip + len)].join(" ");
            pieces.iter().map(piece).collect::<Vec<_>>().join(" ")
        };
        let found = run(texts.iter().enumerate().map(|(at, pieces)| article(&at.to_string(), &text(pieces))).collect());
        let config = Config::default().passages;
        let stream = |doc: DocId| found.normalised.stream(doc);
        let docs: Vec<DocId> = found.corpus.iter().map(|(doc, _)| doc).filter(|doc| found.passages.same_text[doc.index()] == *doc).collect();
        for (n, &a) in docs.iter().enumerate() {
            for &b in &docs[n + 1..] {
                let passages = found.passages.between(a, b).map_or(&[][..], |shared| shared.passages);
                let runs: Vec<&Run> = passages.iter().flat_map(|passage| &passage.runs).collect();
                for (i, j, len) in common_runs(&stream(a).body, &stream(b).body) {
                    if len < config.least_words as usize {
                        continue;
                    }
                    // Where a text repeats itself, a part of a larger passage is found at one of its places.
                    let known = |at: usize, range: fn(&Run) -> std::ops::Range<usize>| {
                        (at..at + len).filter(|place| runs.iter().any(|run| range(run).contains(place))).count() * 2 >= len
                    };
                    prop_assert!(known(i, Run::in_a) || known(j, Run::in_b), "{} words at {} and {}", len, i, j);
                }
            }
        }
    }
}

/// Every longest common run, as places and length.
fn common_runs(a: &Tokens, b: &Tokens) -> Vec<(usize, usize, usize)> {
    let mut found = Vec::new();
    for i in 0..a.len() {
        for j in 0..b.len() {
            if i > 0 && j > 0 && a.words[i - 1] == b.words[j - 1] {
                continue;
            }
            let len = a.words[i..].iter().zip(&b.words[j..]).take_while(|(x, y)| x == y).count();
            if len > 0 {
                found.push((i, j, len));
            }
        }
    }
    found
}

#[test]
fn next_to_nothing_is_no_trouble() {
    check(&run(Vec::new()));
    for text in ["", "word", "\u{0}", " \n\u{a0}\n", "\u{301}\u{301}", "!?", "7", "“", "99999999999999999999999"] {
        let one = || Article { text: text.into(), ..Article::default() };
        check(&run(vec![one()]));
        check(&run(vec![one(), one(), Article { title: Some(text.to_owned()), ..Article::default() }]));
    }
}

#[test]
fn dates_at_the_ends_of_time_are_no_trouble() {
    let dated = |at: i64, id: &str| Article {
        date: Some(Date { at, resolution: Resolution::Day, provenance: Provenance::Published }),
        ..article(id, &prose(1, 60))
    };
    check(&run(vec![dated(i64::MAX, "a"), dated(i64::MIN, "b"), dated(0, "c")]));
}

#[test]
fn articles_without_a_word_have_stories_of_their_own_ids() {
    let analysis = run(vec![article("a", "..."), article("b", "..."), article("c", "...")]);
    assert_eq!(analysis.stories.len(), 3);
    check(&analysis);
}

#[test]
fn text_that_is_all_furniture_is_no_trouble() {
    let line = |n: usize| Article {
        outlet: Some(outlet("Kestrel Daily")),
        ..article(
            &n.to_string(),
            &format!("Subscribe to our newsletter and never miss a story again\n{}", prose(n as u64 / 2, 12)),
        )
    };
    let mut articles: Vec<Article> = (0..12).map(line).collect();
    articles.push(Article {
        outlet: Some(outlet("Kestrel Daily")),
        ..article("bare", "Subscribe to our newsletter and never miss a story again")
    });
    check(&run(articles));
}

#[test]
fn two_hundred_identical_texts_are_one_voice() {
    let text = prose(1, 120);
    let analysis =
        run((0..200).map(|n| Article { date: Some(day(n % 5)), ..article(&n.to_string(), &text) }).collect());
    check(&analysis);
    assert_eq!((analysis.voices.speakers.len(), analysis.stories.len(), analysis.copy_groups.len()), (1, 1, 1));
    let copies = analysis.stories[0].members.iter().filter(|member| member.role == Role::Copy).count();
    assert_eq!((copies, analysis.passages.pairs().count()), (199, 0));
}

#[test]
fn identical_articles_without_ids_are_named_in_linear_time() {
    let articles = vec![Article { text: "the same".into(), ..Article::default() }; 30_000];
    let corpus = Corpus::new(articles).expect("few articles");
    let last = corpus.get(DocId(29_999));
    assert!(last.id.ends_with("#30000"), "{}", last.id);
}

#[test]
fn near_copies_make_pairs_in_proportion_to_their_number() {
    let whole: Vec<String> = prose(1, 200).split(' ').map(str::to_owned).collect();
    let pairs = |n: u64| {
        let near = |at: u64| {
            let mut words = whole.clone();
            for k in 0..4 {
                let place = usize::try_from(draw(at, k) % 200).expect("small");
                words[place] = format!("other{at}x{k}");
            }
            Article { date: Some(day(i64::try_from(at).expect("small"))), ..article(&at.to_string(), &words.join(" ")) }
        };
        let analysis = run((0..n).map(near).collect());
        check(&analysis);
        assert_eq!(analysis.stories.len(), 1);
        analysis.passages.pairs().count()
    };
    let (some, twice) = (pairs(200), pairs(400));
    // What is in every copy is joined to the original only; a fingerprint of few is joined pairwise, up to 24 of them.
    assert!(some < 200 * 12 && twice < 400 * 12, "{some} and {twice} pairs");
}

#[test]
fn a_copy_group_that_reaches_into_another_story_is_cut_and_not_lost() {
    // Two events; the reports of the second quote a good deal of the prose of one of the first.
    let (one, two) = (prose(1, 120), prose(2, 300));
    let mixed = format!("{two} {}", &prose(1, 90));
    let mut articles: Vec<Article> =
        (0..4).map(|n| Article { date: Some(day(1)), ..article(&format!("a{n}"), &one) }).collect();
    articles.extend((0..5).map(|n| Article { date: Some(day(60 + n)), ..article(&format!("b{n}"), &mixed) }));
    let mut config = Config::default();
    config.cluster.least_link = 0.9;
    let analysis =
        analyse(Corpus::new(articles).expect("few"), &OutletTable::default(), &config, &Silent).expect("all in memory");
    check(&analysis);
    assert_eq!((analysis.copy_groups.len(), analysis.stories.len()), (1, 2));
    let groups: Vec<usize> = analysis.stories.iter().flat_map(|s| &s.copy_groups).map(|g| g.members.len()).collect();
    assert_eq!(groups, [5, 4]);
}
