//! Copies: every member of a group is covered by its root, what has thousands of copies is still found, and the shares of
//! articles add up.

use retold::article::{Article, DAY, Date, DocId, Outlet, Provenance, Resolution};
use retold::cluster::Role;
use retold::config::{Config, CopiesConfig};
use retold::copies::{CopyGroup, Coverage, Grounds, article_shares, groups, pair_shares};
use retold::corpus::Corpus;
use retold::language::Lang;
use retold::normalise::{Normalised, tokenise};
use retold::outlets::OutletTable;
use retold::passages::Passage;
use retold::pipeline::{Analysis, analyse, copies_of_corpus};
use retold::progress::Silent;

fn article(id: &str, outlet: &str, day: i64, text: &str) -> Article {
    Article {
        id: id.to_owned(),
        text: text.into(),
        outlet: Some(Outlet { name: outlet.to_owned(), raw: outlet.to_owned(), family: None }),
        date: Some(Date { at: day * DAY, resolution: Resolution::Day, provenance: Provenance::Published }),
        lang: Lang::ENGLISH,
        ..Article::default()
    }
}

fn run(articles: Vec<Article>) -> Analysis {
    let corpus = Corpus::new(articles).expect("few articles");
    analyse(corpus, &OutletTable::default(), &Config::default(), &Silent).expect("all in memory")
}

fn doc(analysis: &Analysis, id: &str) -> DocId {
    analysis.corpus.find(id).expect("an article")
}

/// Words of a topic, in sentences of ten.
fn prose(topic: &str, words: std::ops::Range<usize>) -> String {
    let word = |at: usize| format!("{topic}{}{}", at * at % 97, if at % 10 == 9 { "." } else { "x" });
    words.map(word).collect::<Vec<_>>().join(" ")
}

/// Copy groups of articles of successive days, given which covers which; shares in hundredths.
fn groups_of(n: i64, shares: &[(usize, usize, i64, i64)]) -> (Corpus, Vec<CopyGroup>) {
    let articles = (0..n).map(|at| article(&at.to_string(), &format!("outlet {at}"), at, &prose("dam", 0..40)));
    let corpus = Corpus::new(articles.collect()).expect("few articles");
    let normalised: Normalised = tokenise(&corpus, &Silent);
    let find = |id: usize| corpus.find(&id.to_string()).expect("an article");
    let coverage = |&(x, y, of_x, of_y): &(usize, usize, i64, i64)| {
        let (x, y, of_x, of_y) = (find(x), find(y), of_x * 10_000, of_y * 10_000);
        let (a, b, of_a, of_b) = if x < y { (x, y, of_x, of_y) } else { (y, x, of_y, of_x) };
        Coverage { a, b, of_a, of_b, quotations: 0, quoted_words: 0 }
    };
    let mut coverages: Vec<Coverage> = shares.iter().map(coverage).collect();
    coverages.sort_by_key(|c| (c.a, c.b));
    let same_text: Vec<DocId> = corpus.iter().map(|(doc, _)| doc).collect();
    let order = corpus.time_order();
    let grounds = Grounds {
        corpus: &corpus,
        normalised: &normalised,
        same_text: &same_text,
        coverages: &coverages,
        compilations: &[],
        forms: &vec![None; corpus.len()],
        order: &order,
    };
    let groups = groups(&grounds, |_| 0, &CopiesConfig::default());
    (corpus, groups)
}

fn ids<'a>(corpus: &'a Corpus, group: &CopyGroup) -> Vec<&'a str> {
    group.members.iter().map(|&doc| corpus.get(doc).id.as_str()).collect()
}

#[test]
fn what_hangs_on_a_text_does_not_come_along_to_a_root_that_does_not_cover_it() {
    // 2 is taken from 1, 1 mostly from 0, which has nothing of 2.
    let (corpus, groups) = groups_of(3, &[(1, 0, 60, 60), (2, 1, 90, 40)]);
    assert_eq!(groups.iter().map(|group| ids(&corpus, group)).collect::<Vec<_>>(), [["1", "2"]]);
    // Where it has enough, they do.
    let (corpus, groups) = groups_of(3, &[(1, 0, 60, 60), (2, 1, 90, 40), (2, 0, 20, 10)]);
    assert_eq!(groups.iter().map(|group| ids(&corpus, group)).collect::<Vec<_>>(), [["0", "1", "2"]]);
}

#[test]
fn a_chain_of_thousands_of_copies_takes_no_time() {
    let n = 5_000;
    let mut shares = Vec::new();
    for at in 1..n {
        shares.push((at, at - 1, 95, 95));
        if at > 1 {
            shares.push((at, 0, 50, 50));
        }
    }
    let (_, groups) = groups_of(5_000, &shares);
    assert_eq!((groups.len(), groups[0].members.len()), (1, n));
}

#[test]
fn a_text_with_hundreds_of_near_copies_is_still_found_in_each() {
    // The words of the text stand in every article: they must not count as common for that.
    let near = |at: usize| {
        let mut words: Vec<String> = prose("dam", 0..90).split(' ').map(str::to_owned).collect();
        words[at * 7 % 90] = format!("other{at}");
        words[at * 13 % 90] = format!("another{at}");
        article(&at.to_string(), &format!("outlet {at}"), i64::try_from(at).expect("small"), &words.join(" "))
    };
    let analysis = run((0..3_000).map(near).collect());
    let copies = analysis.stories[0].members.iter().filter(|member| member.role == Role::Copy).count();
    assert_eq!((analysis.stories.len(), analysis.copy_groups.len(), copies), (1, 1, 2_999));
}

#[test]
fn versions_of_a_frequent_text_meet_beside_it_only_in_what_they_share_of_their_own() {
    let plain = |word: &str, at: usize| {
        let text = prose("dam", 0..120);
        text.split(' ').enumerate().map(|(i, w)| if i == at { word } else { w }).collect::<Vec<_>>().join(" ")
    };
    // By twos they share a changed word; the last two an own paragraph besides.
    let mut articles = vec![article("root", "outlet root", 0, &prose("dam", 0..120))];
    for at in 0..60 {
        let own = if at < 58 { String::new() } else { prose("bank", 0..40) };
        let text = format!("{} end{at}\n{own}", plain(&format!("other{}", at / 2), at / 2 * 4));
        articles.push(article(&at.to_string(), &format!("outlet {at}"), 1, &text));
    }
    let analysis = run(articles);
    let shared = |a: &str, b: &str| analysis.passages.between(doc(&analysis, a), doc(&analysis, b)).is_some();
    assert!((0..60).step_by(2).all(|at| shared("root", &at.to_string())));
    assert!(!shared("20", "21"));
    assert!(shared("58", "59"));
}

#[test]
fn texts_of_one_template_meet_their_first_and_few_others() {
    // What is filled in comes again by chance, with the words of the template around it, so that phrases have various firsts.
    let filled = |at: usize, slot: usize| {
        let mix = |x: usize| (x ^ x >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        format!("v{}", (mix(mix(at * 12 + slot + 1)) >> 40) % 40)
    };
    let text = |at: usize| {
        let slots = (0..12).map(|slot| format!("{} {}", prose("weather", slot * 8..slot * 8 + 8), filled(at, slot)));
        slots.collect::<Vec<_>>().join(" ")
    };
    let articles = (0..1500).map(|at| article(&at.to_string(), &format!("outlet {at}"), 0, &text(at))).collect();
    let corpus = Corpus::new(articles).expect("few articles");
    let found = copies_of_corpus(corpus, &OutletTable::default(), &Config::default(), &Silent).expect("all in memory");
    let pairs = found.coverages.len();
    assert!((1499..3 * 1500).contains(&pairs), "{pairs}");
}

#[test]
fn versions_of_a_short_text_that_grew_meet_one_of_its_takes() {
    let topics = ["dam", "bank", "ferry", "goat", "mill", "bell", "school", "bridge"];
    let take = |topic: &'static str, words: usize| {
        article(&format!("{topic} {words}"), "Kestrel Daily", 0, &prose(topic, 0..words))
    };
    let version = |topic: &'static str, at: usize| {
        let text = prose(topic, 0..36);
        let words: Vec<&str> =
            text.split(' ').enumerate().map(|(i, word)| if i == at { "other" } else { word }).collect();
        article(&format!("{topic} version {at}"), &format!("outlet {at}"), 1, &words.join(" "))
    };
    let takes = topics.iter().flat_map(|topic| [14, 24, 36].map(|words| take(topic, words)));
    let versions = topics.iter().flat_map(|topic| (0..35).map(|at| version(topic, at)));
    let analysis = run(takes.chain(versions).collect());
    let met = |topic: &str, at: usize| {
        let version = doc(&analysis, &format!("{topic} version {at}"));
        let with = |words: usize| analysis.passages.between(doc(&analysis, &format!("{topic} {words}")), version);
        [14, 24, 36].into_iter().any(|words| with(words).is_some())
    };
    for topic in topics {
        assert_eq!((0..35).filter(|&at| !met(topic, at)).collect::<Vec<_>>(), [0usize; 0], "{topic}");
    }
}

#[test]
fn shares_say_what_is_copied_what_is_quoted_and_from_whom() {
    let (own, copied) = (prose("bank", 0..50), prose("dam", 0..50));
    let quoted = format!("\u{201c}{}\u{201d}", prose("speech", 0..20));
    let first = format!("{copied}\n\n{quoted}");
    let analysis = run(vec![
        article("first", "Kestrel Daily", 1, &first),
        article("second", "Wexford Echo", 2, &format!("{own}\n\n{copied}\n\n{quoted}")),
        article("again", "Athlone Post", 3, &first),
    ]);
    let order = analysis.corpus.time_order();
    let [one, two, again] = ["first", "second", "again"].map(|id| doc(&analysis, id));
    let pairs = [(one, two), (one, again)];
    let passages: Vec<Passage> = pairs.iter().flat_map(|&(a, b)| analysis.passages_between(a, b)).collect();
    let shares = article_shares(passages.iter(), &analysis.normalised, &order);
    assert_eq!((shares[one.index()].words, shares[one.index()].copied, shares[one.index()].best), (70, 0, None));
    assert_eq!((shares[two.index()].copied, shares[two.index()].quoted), (416_666, 166_666));
    assert_eq!(shares[two.index()].best.map(|best| best.0), Some(one));
    let repeated = shares[again.index()];
    assert_eq!((repeated.best.map(|best| best.0), repeated.copied, repeated.quoted), (Some(one), 714_285, 285_714));
    let between = analysis.passages_between(one, two);
    let pair = pair_shares(between.iter(), one, two, &analysis.normalised);
    assert_eq!((pair.of_b, pair.of_b_prose), (583_333, 500_000));
}

#[test]
fn versions_with_changed_words_make_no_furniture_and_pages_around_short_texts_do() {
    let line = "Subscribe to the morning letter of this paper and never miss what happens on the coast again";
    // Versions of one piece, of which each has another word changed in its longest line.
    let version = |at: usize| {
        let mut longest: Vec<String> = prose("dam", 0..60).split(' ').map(str::to_owned).collect();
        longest[at * 11 % 60] = format!("other{at}");
        let text = format!("{}\n{}\n{}", prose("river", 0..30), longest.join(" "), prose("bridge", 0..25));
        article(&format!("v{at}"), "Kestrel Daily", 1, &text)
    };
    let found = run((0..6).map(version).collect());
    assert!(found.survey.furniture.lines.is_empty(), "{:?}", found.survey.furniture.lines);
    let page = |at: usize| {
        article(&format!("p{at}"), "Kestrel Daily", 1, &format!("{}\n{line}", prose(&format!("t{at}y"), 0..20)))
    };
    let found = run((0..6).map(page).collect());
    assert_eq!(found.survey.furniture.lines["Kestrel Daily"].len(), 1);
}

/// Too many to be held against each other, they were taken for strangers, and their original for a round-up.
#[test]
fn short_versions_of_a_text_that_many_have_are_its_copies() {
    let made: Vec<Made> = (0..40).map(|at| (0, 45, 9, vec![at])).collect();
    let analysis =
        run(copied(&made).into_iter().filter(|article| !matches!(&*article.id, "text 1" | "text 2")).collect());
    let root = analysis.copy_groups[0].root;
    assert_eq!((analysis.copy_groups[0].members.len(), analysis.corpus.get(root).id.as_str()), (41, "text 0"));
    assert!(analysis.passages.frequent_phrases > 0, "what was left out is said");
    assert!(analysis.stories.iter().flat_map(|story| &story.members).all(|member| member.role != Role::RoundUp));
}

/// A copy as newsrooms make them: of which text, how much of it is left, in hundredths, the paragraph that is left out, and changed words.
type Made = (usize, usize, usize, Vec<usize>);

/// Some texts of six paragraphs, the earliest articles, and copies of them on later days.
fn copied(made: &[Made]) -> Vec<Article> {
    let paragraphs =
        |text: usize| (0..6).map(move |p| (0..20).map(move |w| format!("word{}", text * 1000 + p * 100 + w)));
    let original = |text: usize| {
        let whole: Vec<String> = paragraphs(text).map(|words| words.collect::<Vec<_>>().join(" ")).collect();
        article(&format!("text {text}"), &format!("outlet {text}"), 0, &whole.join(".\n"))
    };
    let copy = |(at, (text, left, without, changed)): (usize, &Made)| {
        let kept = paragraphs(*text).enumerate().filter(|(p, _)| p != without).flat_map(|(_, words)| words);
        let mut words: Vec<String> = kept.collect();
        words.truncate(words.len() * left / 100);
        for &place in changed {
            let place = place % words.len();
            words[place] = format!("other{at}");
        }
        let day = i64::try_from(at).expect("small") + 1;
        article(&format!("copy {at}"), &format!("copier {at}"), day, &words.join(" "))
    };
    (0..3).map(original).chain(made.iter().enumerate().map(copy)).collect()
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(64))]

    /// Above `common` articles a fingerprint is joined to the earliest only. Pairs are lost by that, copies are not.
    #[test]
    fn frequent_fingerprints_lose_no_copy(
        made in proptest::collection::vec(
            (0..3usize, 40..100usize, 0..12usize, proptest::collection::vec(0..200usize, 0..4)),
            0..40,
        ),
    ) {
        let groups = |common: usize| {
            let mut config = Config::default();
            config.passages.common = common;
            let corpus = Corpus::new(copied(&made)).expect("few articles");
            let found = copies_of_corpus(corpus, &OutletTable::default(), &config, &Silent).expect("all in memory");
            let ids = |group: &CopyGroup| {
                let mut ids: Vec<String> = ids(&found.corpus, group).into_iter().map(str::to_owned).collect();
                ids.sort_unstable();
                ids
            };
            let mut groups: Vec<Vec<String>> = found.groups.iter().map(ids).collect();
            groups.sort_unstable();
            (groups, found.coverages.len())
        };
        let (all, pairs) = groups(usize::MAX);
        for common in [2, 5] {
            let (found, fewer) = groups(common);
            proptest::prop_assert_eq!(&found, &all);
            proptest::prop_assert!(fewer <= pairs);
        }
        let in_groups: usize = all.iter().map(Vec::len).sum();
        let copied: std::collections::HashSet<usize> = made.iter().map(|made| made.0).collect();
        proptest::prop_assert_eq!(in_groups, made.len() + copied.len());
    }
}

#[test]
fn a_report_hangs_on_no_live_blog_and_a_live_blog_on_its_republication_as_any_text() {
    let entry = |time: &str, topic: &str| format!("{time} {}", prose(topic, 0..45));
    let entries = [entry("08:10", "dam"), entry("09:25", "ferry"), entry("11:40", "goat"), entry("13:05", "bell")];
    let blog = |outlet: &str, day: i64| article(outlet, outlet, day, &entries.join("\n\n"));
    // The date of a live blog is that of its first entry, which is before anything that it took in later.
    let report = article("report", "Mail", 1, &prose("goat", 0..45));
    let analysis = run(vec![blog("Echo", 0), report, blog("Daily", 2)]);
    let members = || analysis.stories.iter().flat_map(|story| &story.members);
    let member = |id: &str| members().find(|member| member.doc == doc(&analysis, id)).expect("a member");
    assert_eq!(member("report").copied_from, None);
    assert_eq!(member("report").role, Role::Report);
    assert_eq!(member("Daily").copied_from.map(|link| link.of), Some(doc(&analysis, "Echo")));
}
