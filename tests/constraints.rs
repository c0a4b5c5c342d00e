//! Must-links and cannot-links hold, whatever the scores, the texts and the order of the input.

use std::collections::BTreeMap;
use std::path::Path;

use retold::article::{Article, DocId};
use retold::config::Config;
use retold::constraints::{ConstraintKind, ConstraintLine, Constraints};
use retold::corpus::Corpus;
use retold::error::Place;
use retold::explain::{Why, explain};
use retold::ingest::{self, Input};
use retold::outlets::OutletTable;
use retold::pipeline::{Analysis, analyse_constrained};
use retold::progress::Silent;

fn newswire() -> Vec<Article> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/newswire");
    let (config, outlets) = (Config::default(), OutletTable::shipped());
    ingest::read(&[Input::Path(folder)], &config.ingest, &outlets, &Silent).expect("the newswire").articles
}

/// `a=b` for must, `a!b` for cannot.
fn lines(pairs: &[&str]) -> Vec<ConstraintLine> {
    let line = |(at, pair): (u64, &&str)| {
        let (a, b) = pair.split_once(['=', '!']).expect("two ids");
        let kind = if pair.contains('=') { ConstraintKind::Must } else { ConstraintKind::Cannot };
        let place = Place { file: "links.tsv".to_owned(), line: Some(at) };
        ConstraintLine { a: a.to_owned(), b: b.to_owned(), kind, place }
    };
    (1u64..).zip(pairs).map(line).collect()
}

fn run(articles: Vec<Article>, lines: &[ConstraintLine]) -> Analysis {
    let corpus = Corpus::new(articles).expect("few enough");
    let (constraints, warnings) = Constraints::resolve(lines, &corpus).expect("consistent");
    assert_eq!(warnings, []);
    analyse_constrained(corpus, constraints, &OutletTable::shipped(), &Config::default(), &Silent)
        .expect("all in memory")
}

/// By id: its story.
fn stories(analysis: &Analysis) -> BTreeMap<String, String> {
    let members = analysis.stories.iter().flat_map(|story| story.members.iter().map(move |m| (m.doc, &story.id)));
    let stories: BTreeMap<_, _> =
        members.map(|(doc, story)| (analysis.corpus.get(doc).id.clone(), story.clone())).collect();
    assert_eq!(stories.len(), analysis.corpus.len(), "every article is in one story");
    stories
}

/// What holds after every run: each constraint is kept, stands with its stories, and is told by `explain`.
fn check(analysis: &Analysis) {
    let config = Config::default();
    let stories = stories(analysis);
    for constraint in analysis.constraints.all() {
        let id = |doc: DocId| analysis.corpus.get(doc).id.as_str();
        let (a, b) = (id(constraint.a), id(constraint.b));
        let together = stories[a] == stories[b];
        assert_eq!(together, constraint.kind == ConstraintKind::Must, "{a} and {b}");
        let explanation = explain(analysis, constraint.a, constraint.b, &config);
        assert_eq!(explanation.same_story, together);
        let told = explanation.constraints.iter().any(|c| c.a == a && c.b == b && c.place == constraint.place);
        assert!(told, "{a} and {b}: {:?}", explanation.constraints);
        match explanation.apart {
            Some(apart) => assert_eq!(apart.why, Why::CannotLink),
            None if explanation.one_voice => assert!(explanation.path.is_empty()),
            None => {
                assert_eq!(explanation.path.len(), 1, "{a} and {b}");
                assert!(explanation.path[0].must_link);
            }
        }
        for doc in [constraint.a, constraint.b] {
            let story = analysis.story_of(doc).expect("it is in one");
            assert!(analysis.stories[story].constraints.contains(constraint));
        }
    }
}

fn report(id: &str, outlet: &str, text: &str) -> Article {
    Article {
        id: id.to_owned(),
        outlet: Some(OutletTable::shipped().normalise(outlet, None)),
        title: Some(format!("Bridge at Elmford shut, {outlet} finds")),
        text: text.into(),
        ..Article::default()
    }
}

const BRIDGE: &str = "The harbour master of Elmford closed the old swing bridge on Tuesday after divers found a crack in its \
    northern pier. Forty lorries a day will have to take the road around the bay until a steel collar has been fitted by the \
    yard that built the bridge ninety years ago, and nobody could say when the work would begin.";

#[test]
fn identical_texts_can_be_parted() {
    let all = |names: &[&str]| names.iter().map(|n| report(n, &format!("{n} Herald"), BRIDGE)).collect::<Vec<_>>();
    let articles = all(&["a", "b", "c", "d"]);
    let found = stories(&run(articles.clone(), &[]));
    assert!(found.values().all(|story| *story == found["a"]));
    let analysis = run(articles.clone(), &lines(&["a!b", "b=c"]));
    check(&analysis);
    let found = stories(&analysis);
    assert_ne!(found["a"], found["c"], "c is where b is, and a is not there");
    // A group of copies in each story: who hangs on whom does not reach from one into the other.
    for group in analysis.stories.iter().flat_map(|story| &story.copy_groups) {
        let of = |doc: &DocId| &found[&analysis.corpus.get(*doc).id];
        assert!(group.members.iter().all(|doc| of(doc) == of(&group.root)), "{group:?}");
    }
    let mut backwards = articles;
    backwards.reverse();
    assert_eq!(stories(&run(backwards, &lines(&["a!b", "b=c"]))), found);
}

#[test]
fn a_constraint_holds_for_texts_that_are_nearly_the_same() {
    // `a` and `near` are folded into one voice, unless `near` cannot be where `other` is, which must be where `a` is.
    let goats = "Eleven goats that keep the playground of Upper Wend primary school free of brambles have been named \
                 honorary pupils, and the smallest of them now rings the bell for lunch each day.";
    let near = format!("{BRIDGE} So it was said.");
    let articles = vec![
        report("a", "A Herald", BRIDGE),
        report("near", "B Herald", &near),
        Article { title: Some("Goats".to_owned()), ..report("other", "C Herald", goats) },
    ];
    let found = stories(&run(articles.clone(), &[]));
    assert_eq!(found["a"], found["near"]);
    let analysis = run(articles, &lines(&["a=other", "near!other"]));
    check(&analysis);
    let found = stories(&analysis);
    assert_eq!(found["a"], found["other"]);
    assert_ne!(found["near"], found["a"]);
}

#[test]
fn must_links_hold_between_languages_and_with_round_ups() {
    let articles = newswire();
    let analysis = run(articles.clone(), &[]);
    let round_up = analysis.stories.iter().find(|story| story.members[0].role.name() == "round-up").expect("one");
    let id = |doc: DocId| analysis.corpus.get(doc).id.as_str();
    let round_up = id(round_up.members[0].doc);
    let other = analysis.stories.iter().find(|story| story.lang.code() == "de").expect("a German story");
    let german = id(other.members[0].doc);
    let analysis =
        run(articles, &lines(&[&format!("{round_up}={german}"), &format!("{german}=courier-skerrin-closure")]));
    check(&analysis);
    assert_eq!(analysis.constraints.all().len(), 2);
}

#[test]
fn any_consistent_constraints_are_kept() {
    let articles = newswire();
    let mut ids: Vec<String> = articles.iter().map(|article| article.id.clone()).collect();
    ids.sort();
    let mut state = 20_261_122_u64;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % below
    };
    for round in 0..6 {
        // Every article gets a class: pairs of one may be must-links, pairs of two cannot-links.
        let classes: Vec<usize> = ids.iter().map(|_| draw(6)).collect();
        let pairs: Vec<String> = (0..12 * (round + 1))
            .map(|_| (draw(ids.len()), draw(ids.len())))
            .filter(|(a, b)| a != b)
            .map(|(a, b)| format!("{}{}{}", ids[a], if classes[a] == classes[b] { "=" } else { "!" }, ids[b]))
            .collect();
        let pairs: Vec<&str> = pairs.iter().map(String::as_str).collect();
        let analysis = run(articles.clone(), &lines(&pairs));
        check(&analysis);
        let mut turned = articles.clone();
        turned.rotate_left(round + 1);
        assert_eq!(stories(&run(turned, &lines(&pairs))), stories(&analysis), "round {round}");
    }
}
