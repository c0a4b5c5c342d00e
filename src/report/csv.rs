//! Four flat tables: articles, stories, links, passages. Ids are written as in `assignments`; in titles and names control
//! characters are replaced, since a cell is one line to most who read it.

use std::io::{self, Write};

use crate::report::model::{ArticleOut, PassageOut, StoryOut};
use crate::report::{Micro, OffsetUnit, Report, Run, clean, model, write_id};

/// One of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// A row an article.
    Articles,
    /// A row a story.
    Stories,
    /// A row a link: copies (`a` is the copy, `b` what it was taken from) and the links that hold stories together.
    Links,
    /// A row a passage of those links.
    Passages,
}

impl Table {
    /// All of them, the one for a stream first.
    pub const ALL: [Self; 4] = [Self::Articles, Self::Stories, Self::Links, Self::Passages];

    /// Its name in the names of files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Articles => "articles",
            Self::Stories => "stories",
            Self::Links => "links",
            Self::Passages => "passages",
        }
    }

    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Articles => &[
                "article_id",
                "title",
                "outlet",
                "date",
                "date_provenance",
                "date_doubtful",
                "url",
                "language",
                "story_id",
                "copy_group_id",
                "role",
                "copied_from",
                "coverage",
                "back_coverage",
            ],
            Self::Stories => &[
                "story_id",
                "headline",
                "language",
                "first_date",
                "last_date",
                "articles",
                "outlets",
                "independent_origins",
                "copy_groups",
                "outlet_names",
                "key_terms",
                "cohesion",
                "weakest_article",
                "weakest_score",
                "origin_kind",
                "origin_outlet",
                "origin_article",
                "origin_confidence",
            ],
            Self::Links => &["story_id", "kind", "a", "b", "score", "parts", "coverage", "back_coverage"],
            Self::Passages => &[
                "story_id",
                "copy_group_id",
                "a",
                "b",
                "a_begin",
                "a_end",
                "b_begin",
                "b_end",
                "kind",
                "matched_tokens",
                "density",
                "direction",
                "confidence",
            ],
        }
    }
}

/// One table, with a header line. Lists in a cell are separated by `; `.
#[derive(Clone, Copy, Debug)]
pub struct Csv {
    /// Which.
    pub table: Table,
    /// What offsets count.
    pub offsets: OffsetUnit,
}

impl Report for Csv {
    fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(self.table.columns())?;
        for story in model::stories(run.analysis, self.offsets) {
            match self.table {
                Table::Articles => {
                    for article in &story.articles {
                        csv.write_record(article_row(&story, article))?;
                    }
                }
                Table::Stories => csv.write_record(story_row(&story))?,
                Table::Links => {
                    for row in link_rows(&story) {
                        csv.write_record(row)?;
                    }
                }
                Table::Passages => {
                    for group in &story.copy_groups {
                        for passage in &group.passages {
                            csv.write_record(passage_row(&story, group.id, passage))?;
                        }
                    }
                    for passage in &story.passages {
                        csv.write_record(passage_row(&story, "", passage))?;
                    }
                }
            }
        }
        csv.flush()
    }
}

fn text(value: Option<&str>) -> String {
    value.map(clean).unwrap_or_default().into_owned()
}

fn id(value: Option<&str>) -> String {
    value.map(write_id).unwrap_or_default().into_owned()
}

fn number(value: Option<Micro>) -> String {
    value.map(|micro| micro.to_string()).unwrap_or_default()
}

fn list(values: &[String]) -> String {
    values.iter().map(|value| clean(value)).collect::<Vec<_>>().join("; ")
}

fn article_row(story: &StoryOut<'_>, article: &ArticleOut<'_>) -> Vec<String> {
    let date = article.date.as_ref();
    let copied = article.copied_from.as_ref();
    vec![
        id(Some(article.id)),
        text(article.title),
        text(article.outlet),
        date.map(|date| date.value.clone()).unwrap_or_default(),
        date.map(|date| date.provenance.clone()).unwrap_or_default(),
        date.map(|date| date.doubtful.to_string()).unwrap_or_default(),
        text(article.url),
        article.language.clone(),
        story.id.to_owned(),
        text(article.copy_group),
        article.role.to_owned(),
        id(copied.map(|copied| copied.id)),
        number(copied.map(|copied| copied.coverage)),
        number(copied.map(|copied| copied.back_coverage)),
    ]
}

fn story_row(story: &StoryOut<'_>) -> Vec<String> {
    let weakest = story.weakest.as_ref();
    vec![
        story.id.to_owned(),
        text(Some(story.headline)),
        story.language.clone(),
        story.first_date.clone().unwrap_or_default(),
        story.last_date.clone().unwrap_or_default(),
        story.articles.len().to_string(),
        story.outlets.len().to_string(),
        story.independent_origins.count.to_string(),
        story.copy_groups.len().to_string(),
        list(story.outlets),
        list(story.key_terms),
        number(story.cohesion),
        id(weakest.map(|weakest| weakest.id)),
        number(weakest.map(|weakest| weakest.score)),
        story.origin.kind.to_owned(),
        text(story.origin.outlet),
        id(story.origin.article),
        text(story.origin.confidence),
    ]
}

fn link_rows(story: &StoryOut<'_>) -> Vec<Vec<String>> {
    let copies = story.copy_groups.iter().flat_map(|group| &group.links).map(|link| {
        vec![
            story.id.to_owned(),
            "copy".to_owned(),
            id(Some(link.copy)),
            id(Some(link.of)),
            String::new(),
            String::new(),
            link.coverage.to_string(),
            link.back_coverage.to_string(),
        ]
    });
    let holding = story.links.iter().map(|link| {
        let parts: Vec<String> = link.parts.iter().map(|(name, value)| format!("{name}={value}")).collect();
        vec![
            story.id.to_owned(),
            "story".to_owned(),
            id(Some(link.a)),
            id(Some(link.b)),
            link.score.to_string(),
            parts.join("; "),
            String::new(),
            String::new(),
        ]
    });
    copies.chain(holding).collect()
}

fn passage_row(story: &StoryOut<'_>, group: &str, passage: &PassageOut<'_>) -> Vec<String> {
    vec![
        story.id.to_owned(),
        group.to_owned(),
        id(Some(passage.a)),
        id(Some(passage.b)),
        passage.a_begin.to_string(),
        passage.a_end.to_string(),
        passage.b_begin.to_string(),
        passage.b_end.to_string(),
        passage.kind.to_owned(),
        passage.matched_tokens.to_string(),
        passage.density.to_string(),
        passage.direction.to_owned(),
        passage.confidence.to_owned(),
    ]
}
