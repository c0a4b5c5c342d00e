//! The invented newswire comes out as its truth file says. Each test says in full what is wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use retold::cluster::{Member, Origin, Story};
use retold::config::Config;
use retold::corpus::Corpus;
use retold::ingest::{self, Input};
use retold::normalise::CreditForm;
use retold::outlets::OutletTable;
use retold::passages::PassageKind;
use retold::pipeline::{Analysis, analyse};
use retold::progress::Silent;
use serde::Deserialize;

/// A line of the truth file; data/README.md explains the fields.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Truth {
    id: String,
    story: String,
    role: String,
    copy_group: Option<String>,
    copied_from: Option<String>,
    credited_origin: Option<String>,
    suspicious_date: bool,
    related_stories: BTreeSet<String>,
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

fn truth() -> Vec<Truth> {
    let text = std::fs::read_to_string(data().join("newswire-truth.jsonl")).expect("the truth file");
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

/// One run for all tests.
fn analysis() -> &'static Analysis {
    static ANALYSIS: OnceLock<Analysis> = OnceLock::new();
    ANALYSIS.get_or_init(|| {
        let (config, outlets) = (Config::default(), OutletTable::shipped());
        let intake = ingest::read(&[Input::Path(data().join("newswire"))], &config.ingest, &outlets, &Silent)
            .expect("the newswire");
        assert_eq!(intake.skipped, [], "nothing is skipped");
        let corpus = Corpus::new(intake.articles).expect("the articles");
        analyse(corpus, &outlets, &config, &Silent).expect("all in memory")
    })
}

fn id(member: &Member) -> &'static str {
    &analysis().corpus.get(member.doc).id
}

/// Every article with its story.
fn members() -> BTreeMap<&'static str, (&'static Story, &'static Member)> {
    let members = analysis().stories.iter().flat_map(|story| story.members.iter().map(move |m| (id(m), (story, m))));
    members.collect()
}

/// Fails with the lines that differ.
fn nothing_differs(what: &str, wrong: &[String]) {
    assert!(wrong.is_empty(), "{what}: {} wrong\n  {}\n", wrong.len(), wrong.join("\n  "));
}

/// What is expected and what was found, article by article.
fn compare<T: PartialEq + std::fmt::Debug>(
    what: &str,
    expected: impl Fn(&Truth) -> T,
    found: impl Fn(&Truth, &Story, &Member) -> T,
) {
    let members = members();
    let wrong: Vec<String> = truth()
        .iter()
        .filter_map(|truth| {
            let (story, member) = members.get(truth.id.as_str())?;
            let (expected, found) = (expected(truth), found(truth, story, member));
            (expected != found).then(|| format!("{}: {found:?}, should be {expected:?}", truth.id))
        })
        .collect();
    nothing_differs(what, &wrong);
}

/// Pairs of articles that two partitions treat differently; articles without a label are alone.
fn pairs_that_differ(expected: &BTreeMap<String, String>, found: &BTreeMap<String, String>) -> Vec<String> {
    let ids: BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
    let ids: Vec<&String> = ids.into_iter().collect();
    let together =
        |of: &BTreeMap<String, String>, a: &str, b: &str| of.get(a).is_some_and(|label| of.get(b) == Some(label));
    let mut wrong = Vec::new();
    for (i, a) in ids.iter().enumerate() {
        for b in &ids[i + 1..] {
            match (together(expected, a, b), together(found, a, b)) {
                (true, false) => wrong.push(format!("apart:    {a}, {b}")),
                (false, true) => wrong.push(format!("together: {a}, {b}")),
                _ => {}
            }
        }
    }
    wrong.sort();
    wrong
}

#[test]
fn every_article_comes_out_once() {
    let expected: BTreeSet<String> = truth().into_iter().map(|truth| truth.id).collect();
    let all = analysis().stories.iter().flat_map(|story| &story.members);
    assert_eq!(all.count(), expected.len(), "members");
    let found: BTreeSet<String> = members().into_keys().map(str::to_owned).collect();
    let missing: Vec<&String> = expected.difference(&found).collect();
    let unknown: Vec<&String> = found.difference(&expected).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "missing: {missing:?}; not in the truth file: {unknown:?}");
}

#[test]
fn stories() {
    let expected = truth().into_iter().map(|truth| (truth.id, truth.story)).collect();
    let found = members().into_iter().map(|(id, (story, _))| (id.to_owned(), story.id.clone())).collect();
    nothing_differs("stories", &pairs_that_differ(&expected, &found));
}

#[test]
fn copy_groups() {
    let expected = truth().into_iter().filter_map(|truth| Some((truth.id, truth.copy_group?))).collect();
    let groups = analysis().copy_groups.iter().flat_map(|group| group.members.iter().map(move |doc| (doc, &group.id)));
    let found = groups.map(|(doc, group)| (analysis().corpus.get(*doc).id.clone(), group.clone())).collect();
    nothing_differs("copy groups", &pairs_that_differ(&expected, &found));
}

#[test]
fn roles() {
    compare("roles", |truth| truth.role.clone(), |_, _, member| member.role.name().to_owned());
}

#[test]
fn copied_from() {
    let of = |member: &Member| member.copied_from.map(|link| analysis().corpus.get(link.of).id.clone());
    compare("copied from", |truth| truth.copied_from.clone(), |_, _, member| of(member));
}

/// Each article's own credits: the outlet of the truth file is among them.
#[test]
fn credits() {
    let credited = |truth: &Truth, member: &Member| {
        let credits = &analysis().normalised.facts(member.doc).credits;
        let wanted = truth.credited_origin.as_deref();
        let named = |outlet: &str| credits.iter().any(|credit| &*credit.outlet == outlet);
        match wanted {
            Some(outlet) if named(outlet) => Some(outlet.to_owned()),
            // What it says instead.
            Some(_) => credits.first().map(|credit| credit.outlet.to_string()),
            // In a lead a claim is a credit of the whole report; the article's own outlet is none.
            None => {
                let lead = retold::normalise::facts::LEAD;
                let own = analysis().corpus.get(member.doc).outlet_name();
                let claims = credits.iter().filter(|c| c.form == CreditForm::Claim && (c.token as usize) < lead);
                claims.map(|credit| &*credit.outlet).find(|outlet| Some(*outlet) != own).map(str::to_owned)
            }
        }
    };
    compare("credits", |truth| truth.credited_origin.clone(), |truth, _, member| credited(truth, member));
}

/// Stories in which an article credits an outlet with the report or text have that outlet as origin.
#[test]
fn credited_origins() {
    let members = members();
    let mut expected: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for truth in truth() {
        expected.entry(truth.story).or_default().extend(truth.credited_origin);
    }
    let wrong: Vec<String> = truth()
        .iter()
        .filter(|truth| truth.credited_origin.is_some())
        .filter_map(|truth| {
            let origin = &members.get(truth.id.as_str())?.0.origin;
            let found = match origin {
                Origin::Credited { outlet, .. } => Some(outlet.as_str()),
                Origin::Article { doc, .. } => analysis().corpus.get(*doc).outlet_name(),
                Origin::Undecided { .. } => None,
            };
            let expected = &expected[&truth.story];
            // Where only a copy credits somebody, that is the origin of its text, not of all reports of the event.
            let (story, member) = members.get(truth.id.as_str())?;
            let root = member.copy_group.and_then(|at| analysis().corpus.get(story.copy_groups[at].root).outlet_name());
            let found = found.or(root);
            let right = found.is_some_and(|outlet| expected.contains(outlet));
            (!right).then(|| format!("{} ({}): {found:?}, should be {expected:?}", truth.story, truth.id))
        })
        .collect();
    nothing_differs("origins", &wrong);
}

#[test]
fn suspicious_dates() {
    compare("suspicious dates", |truth| truth.suspicious_date, |_, _, member| member.doubtful_date);
}

#[test]
fn related_stories() {
    let labels: BTreeMap<String, String> = truth().into_iter().map(|truth| (truth.id, truth.story)).collect();
    let round_ups: BTreeSet<String> = truth().into_iter().filter(|t| t.role == "round-up").map(|t| t.story).collect();
    let names =
        |story: &Story| story.members.iter().map(|member| labels[id(member)].clone()).collect::<BTreeSet<String>>();
    let (mut expected, members) = (BTreeMap::new(), members());
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for truth in truth() {
        let Some((story, _)) = members.get(truth.id.as_str()) else { continue };
        let related = story.related.iter().flat_map(|related| names(&analysis().stories[related.story]));
        // Parts of one story that were torn apart are a matter of `stories`.
        let mut related: BTreeSet<String> = related.filter(|name| *name != truth.story).collect();
        // A round-up says little of each story: all that it touches must be there, and hardly another; from their side it
        // is not in the truth file.
        if truth.role == "round-up" {
            assert!(
                related.len() <= truth.related_stories.len() + 1,
                "a round-up that touches nearly everything: {related:?}"
            );
            related.retain(|story| truth.related_stories.contains(story));
        } else {
            related.retain(|story| !round_ups.contains(story));
        }
        found.entry(truth.story.clone()).or_default().extend(related);
        expected.insert(truth.story, truth.related_stories);
    }
    let wrong: Vec<String> = expected
        .iter()
        .filter(|(story, expected)| found[*story] != **expected)
        .map(|(story, expected)| {
            let missing: Vec<&String> = expected.difference(&found[story]).collect();
            let extra: Vec<&String> = found[story].difference(expected).collect();
            format!("{story}: missing {missing:?}, too many {extra:?}")
        })
        .collect();
    nothing_differs("related stories", &wrong);
}

#[test]
fn a_headline_in_the_furniture_of_another_page_is_known_for_one() {
    let report = analysis().passage_report();
    let headlines = report.passages.iter().map(|found| &found.passage).filter(|p| p.kind == PassageKind::Headline);
    let pages: Vec<[&str; 2]> =
        headlines.map(|p| [p.a, p.b].map(|doc| analysis().corpus.get(doc).id.as_str())).collect();
    let wanted = ["kestrel-dock-lane-fire", "tribune-cup-final"];
    assert!(pages.iter().any(|pair| wanted.iter().all(|id| pair.contains(id))), "{pages:?}");
}
