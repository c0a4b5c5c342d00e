//! The front page: what was read, when, who republishes whom, what looks alike, and the list of all stories.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io;

use askama::Template;
use serde_json::json;

use crate::article::DocId;
use crate::cluster::{Role, Story};
use crate::report::html::drawing::{Histogram, histogram, main_span, strip};
use crate::report::html::material::Material;
use crate::report::html::matrix::Matrix;
use crate::report::html::story::{dates_told, role_told};
use crate::report::html::why::apart_told;
use crate::report::html::{line, render};
use crate::report::layout::{count, percent};
use crate::report::{clean, model};

/// Stories that are listed at once; the rest is there and shown when it is asked for.
const SHOWN: usize = 100;
/// Copy groups, pairs that look alike, and rows and columns of the matrix.
const GROUPS: usize = 8;
const ALIKE: usize = 6;
const MATRIX: usize = 18;
/// Takers of a text, and outlets of a story, that are named.
const TAKERS: usize = 8;
const OUTLETS: usize = 7;
/// Lines about skipped input.
const SKIPPED: usize = 100;
/// Outlets that the search offers.
const NAMES: usize = 2000;

#[derive(Template)]
#[template(path = "front.html")]
struct View {
    stories: String,
    articles: String,
    outlets: String,
    counts: Vec<(String, String)>,
    skipped: Vec<String>,
    more_skipped: usize,
    histogram: Option<Histogram>,
    groups: Vec<GroupView>,
    alike: Vec<AlikeView>,
    matrix: Option<Matrix>,
    languages: Vec<String>,
    roles: Vec<(usize, &'static str)>,
    names: Vec<String>,
    shown: usize,
    rows: String,
    rest: String,
    data: String,
    /// Stories with pages side by side, where not all have them.
    side_by_side: Option<usize>,
}

struct GroupView {
    href: String,
    title: String,
    from: String,
    articles: String,
    takers: String,
}

struct AlikeView {
    /// Addresses and headlines.
    a: (String, String),
    b: (String, String),
    why: String,
}

#[derive(Template)]
#[template(path = "row.html")]
struct Row {
    href: String,
    headline: String,
    articles: usize,
    size: String,
    facts: Vec<String>,
    outlets: String,
    strip: String,
}

/// The body of the front page. O(articles).
pub(super) fn page(material: &Material<'_>) -> io::Result<String> {
    let analysis = material.analysis;
    let summary = model::summary(&material.run);
    let outlets = outlets(material);
    let mut rows = Vec::with_capacity(analysis.stories.len());
    let dates = analysis.stories.iter().flat_map(|story| [story.first, story.last]).flatten();
    let span = main_span(&dates.map(crate::article::Date::day).collect::<Vec<_>>());
    for at in 0..analysis.stories.len() {
        rows.push(row(material, at, span)?);
    }
    let rest = rows.split_off(SHOWN.min(rows.len()));
    let languages: Vec<String> = languages(material).into_iter().map(str::to_owned).collect();
    let roles: BTreeSet<Role> = analysis.stories.iter().flat_map(|s| &s.members).map(|member| member.role).collect();
    let roles = Role::ALL.into_iter().enumerate().filter(|(_, role)| roles.contains(role));
    let days = analysis.stories.iter().flat_map(|story| &story.members).filter(|member| !member.doubtful_date);
    let days: Vec<(i64, bool)> = days
        .filter_map(|member| Some((material.corpus().get(member.doc).date?.day(), member.copied_from.is_some())))
        .collect();
    let intake = material.run.intake;
    let mut told: Vec<String> = intake.skipped.iter().map(|s| format!("skipped {}: {}", s.place, s.reason)).collect();
    told.extend(intake.warnings.iter().map(|warning| format!("{}: {}", warning.place, warning.reason)));
    told.sort_unstable();
    let more_skipped = told.len().saturating_sub(SKIPPED);
    told.truncate(SKIPPED);
    let view = View {
        stories: count(analysis.stories.len(), "story", "stories"),
        articles: count(summary.articles_used, "article", "articles"),
        outlets: count(summary.outlets, "outlet", "outlets"),
        counts: counts(material, &summary),
        skipped: told.iter().map(|told| clean(told).into_owned()).collect(),
        more_skipped,
        histogram: histogram(&days),
        groups: groups(material),
        alike: alike(material),
        matrix: Matrix::new(analysis, MATRIX),
        roles: roles.map(|(at, role)| (at, role_told(role))).collect(),
        names: outlets.iter().take(NAMES).map(|name| line(name)).collect(),
        data: data(material, &outlets, &languages),
        languages,
        side_by_side: Some(material.side_by_side).filter(|&stories| stories < analysis.stories.len()),
        shown: rows.len(),
        rows: rows.join("\n"),
        rest: rest.join("\n"),
    };
    render(&view)
}

fn outlets<'a>(material: &Material<'a>) -> Vec<&'a str> {
    let names: BTreeSet<&str> =
        material.corpus().articles().iter().filter_map(|article| article.outlet_name()).collect();
    names.into_iter().collect()
}

fn languages<'a>(material: &Material<'a>) -> Vec<&'a str> {
    let codes: BTreeSet<&str> = material.analysis.stories.iter().map(|story| story.lang.code()).collect();
    codes.into_iter().collect()
}

/// What was read, skipped and folded.
fn counts(material: &Material<'_>, summary: &model::Summary<'_>) -> Vec<(String, String)> {
    let several = summary.stories - summary.singletons;
    let folded = summary.articles_used - summary.voices;
    let mut counts = vec![
        (several.to_string(), "of two or more articles".to_owned()),
        (summary.singletons.to_string(), "of one".to_owned()),
        (summary.copy_groups.to_string(), "republished texts".to_owned()),
        (folded.to_string(), "articles folded into others of nearly the same text".to_owned()),
        (summary.articles_read.to_string(), format!("read from {}", count(summary.files, "file", "files"))),
    ];
    let left_out = material.run.left_out.total();
    let more = [
        (left_out.to_string(), "not chosen"),
        (summary.skipped.to_string(), "skipped"),
        (summary.warnings.to_string(), "with a field that could not be read"),
        (summary.must_links.to_string(), "must-links"),
        (summary.cannot_links.to_string(), "cannot-links"),
    ];
    counts.extend(more.into_iter().filter(|(n, _)| n != "0").map(|(n, what)| (n, what.to_owned())));
    counts
}

/// The texts that most articles took over.
fn groups(material: &Material<'_>) -> Vec<GroupView> {
    let stories = material.analysis.stories.iter().enumerate();
    let mut groups: Vec<_> = stories.flat_map(|(at, story)| story.copy_groups.iter().map(move |g| (at, g))).collect();
    // What an outlet takes over from itself is no republication.
    let outlet = |doc: DocId| material.corpus().get(doc).outlet_name();
    // How much was taken, in millionths of articles: three whole copies are more than five pieces.
    let taken = |group: &crate::copies::CopyGroup| -> i64 {
        let others =
            group.links.iter().filter(|link| outlet(link.copy).is_none() || outlet(link.copy) != outlet(group.root));
        others.map(|link| link.coverage).sum()
    };
    groups.retain(|(_, group)| taken(group) > 0);
    groups.sort_by_cached_key(|(at, group)| (std::cmp::Reverse(taken(group)), *at));
    let view = |(at, group): (usize, &crate::copies::CopyGroup)| {
        let mut takers: Vec<(i64, DocId)> = group.links.iter().map(|link| (-link.coverage, link.copy)).collect();
        takers.sort_unstable_by_key(|&(share, doc)| (share, material.order[doc.index()]));
        let mut named: Vec<String> = takers
            .iter()
            .take(TAKERS)
            .map(|&(share, doc)| format!("{} {}", material.label(doc), percent(-share)))
            .collect();
        let more = takers.len().saturating_sub(TAKERS);
        named.extend((more > 0).then(|| format!("{more} more")));
        GroupView {
            href: material.story(at),
            title: line(&material.corpus().get(group.root).headline(160)),
            from: material.label(group.root),
            articles: count(group.links.len(), "article", "articles"),
            takers: named.join(", "),
        }
    };
    groups.into_iter().take(GROUPS).map(view).collect()
}

/// The pairs of stories that look most alike.
fn alike(material: &Material<'_>) -> Vec<AlikeView> {
    let stories = &material.analysis.stories;
    let mut pairs: Vec<_> = stories
        .iter()
        .enumerate()
        .flat_map(|(at, story)| story.related.iter().map(move |related| (related.score, at, related)))
        .collect();
    pairs.sort_by_key(|&(score, at, related)| {
        (std::cmp::Reverse(score), at.min(related.story), at.max(related.story), at)
    });
    let mut seen = HashSet::new();
    pairs.retain(|&(_, at, related)| seen.insert((at.min(related.story), at.max(related.story))));
    let linked = |at: usize| (material.story(at), material.headline(&stories[at]));
    let view = |(_, at, related): (i64, usize, &crate::cluster::Related)| AlikeView {
        a: linked(at),
        b: linked(related.story),
        why: apart_told(material, related.here, related.there).short,
    };
    pairs.into_iter().take(ALIKE).map(view).collect()
}

/// A line of the list of stories, without a line break.
fn row(material: &Material<'_>, at: usize, span: Option<(i64, i64)>) -> io::Result<String> {
    let story = &material.analysis.stories[at];
    let several = story.members.len() > 1;
    let mut facts = Vec::new();
    if several {
        facts.push(count(story.outlets.len(), "outlet", "outlets"));
        facts.push(count(story.independent.len(), "origin", "origins"));
    }
    facts.push(dates_told(story).unwrap_or_else(|| "undated".to_owned()));
    facts.push(story.lang.to_string());
    let mut outlets: Vec<String> = story.outlets.iter().take(OUTLETS).map(|name| line(name)).collect();
    let more = story.outlets.len().saturating_sub(OUTLETS);
    outlets.extend((more > 0).then(|| format!("{more} more")));
    let days = story.members.iter().filter(|member| !member.doubtful_date);
    let days: Vec<i64> = days.filter_map(|member| Some(material.corpus().get(member.doc).date?.day())).collect();
    let row = Row {
        href: material.story(at),
        headline: material.headline(story),
        articles: story.members.len(),
        size: count(story.members.len(), "article", "articles"),
        facts,
        outlets: outlets.join(", "),
        strip: span.filter(|_| several).map_or_else(String::new, |span| strip(&days, span)),
    };
    Ok(render(&row)?.replace('\n', " "))
}

/// What the list is filtered by: of every story the number of articles, first and last day, language, roles (bits), outlets,
/// words to be searched, origins.
fn data(material: &Material<'_>, outlets: &[&str], languages: &[String]) -> String {
    let places: BTreeMap<&str, usize> = outlets.iter().enumerate().map(|(at, &name)| (name, at)).collect();
    let story = |story: &Story| {
        let mut words = vec![line(&story.headline)];
        let mut roles = 0u32;
        for member in &story.members {
            let article = material.corpus().get(member.doc);
            words.push(line(&article.id));
            words.extend(article.title.as_deref().filter(|&title| title != story.headline).map(line));
            roles |= 1 << Role::ALL.iter().position(|&role| role == member.role).unwrap_or(0);
        }
        words.extend(story.outlets.iter().map(|name| line(name)));
        words.extend(story.key_terms.iter().map(|term| line(term)));
        let who: Vec<usize> = story.outlets.iter().filter_map(|name| places.get(name.as_str()).copied()).collect();
        let lang = languages.iter().position(|code| code == story.lang.code());
        let [first, last] = [story.first, story.last].map(|date| date.map(crate::article::Date::day));
        json!([story.members.len(), first, last, lang, roles, who, words.join(" "), story.independent.len()])
    };
    let stories: Vec<_> = material.analysis.stories.iter().map(story).collect();
    let names: Vec<String> = outlets.iter().map(|name| line(name)).collect();
    // What could end the element it stands in, or begin a comment there, is written as an escape.
    json!({ "stories": stories, "outlets": names, "languages": languages }).to_string().replace('<', "\\u003c")
}
