//! Near-duplicates: articles whose texts have similar sets of words in a row, whatever stories they are in. A tool of its own
//! beside the stages, for those who want just that. Of each article only the order of its words is kept, its text is let go of
//! as soon as it is read: [`read`], then [`crate::join::set_join`], then [`mod@write`] or [`dedup`].

pub mod dedup;
pub mod write;

use std::collections::{BTreeSet, HashSet};

use crate::article::{Article, ArticleKey, Text};
use crate::config::IngestConfig;
use crate::error::{Error, ErrorKind};
use crate::ingest::{self, Gathered, Input, Intake, Languages, LeftOut, Selection};
use crate::normalise::codes::{CodedText, Codes, WordCoder};
use crate::outlets::{OutletTable, unify};
use crate::progress::Progress;
use crate::spill::Spill;

/// Articles without their texts, in the order of their ids.
#[derive(Debug, Default)]
pub struct Texts {
    /// Their ids, each once.
    pub ids: Vec<String>,
    /// The words of each.
    pub texts: Vec<CodedText>,
    /// What the words are.
    pub codes: Codes,
    /// Where each stands in the input: the file, a place in `intake.files`, and the line in it.
    pub places: Vec<(u32, Option<u64>)>,
    /// Articles that were read and not chosen, by place.
    pub not_chosen: Vec<(u32, Option<u64>)>,
    /// What else is known of each article, if it was asked for; the texts are empty.
    pub heads: Vec<Article>,
    /// What is to be said of the input; it has no articles.
    pub intake: Intake,
    /// How many were not chosen.
    pub left_out: LeftOut,
}

/// One article as it is read.
struct Row {
    id: String,
    key: ArticleKey,
    text: CodedText,
    place: (u32, Option<u64>),
    head: Option<Box<Article>>,
}

/// Reads articles and lets go of their texts. `heads` says whether outlets, dates and the like are wanted.
///
/// # Errors
/// As [`ingest::read`]; [`ErrorKind::TooManyArticles`] above 2^32 - 1 articles.
pub fn read(
    inputs: &[Input],
    config: &IngestConfig,
    table: &OutletTable,
    selection: &Selection,
    heads: bool,
    progress: &dyn Progress,
) -> Result<Texts, Error> {
    let coder = WordCoder::default();
    let with_head = heads || !selection.is_everything();
    let reduce = |article: Article| {
        let (key, text) = (article.key(), coder.code(&article.text.read()));
        let mut id = article.id.clone();
        id.shrink_to_fit();
        let head = with_head.then(|| Box::new(Article { text: Text::default(), head: Vec::new(), ..article }));
        Row { id, key, text, place: (0, None), head }
    };
    let asked = heads || !selection.langs.is_empty();
    let languages = if asked { Languages::Identified } else { Languages::AsGiven };
    let mut gathered = ingest::each(inputs, config, table, languages, &Spill::default(), progress, &reduce)?;
    gathered.warn_of_repeated_ids(|row| &row.id);
    let Gathered { articles: mut rows, places, skipped, warnings, files } = gathered;
    if u32::try_from(rows.len()).is_err() {
        return Err(ErrorKind::TooManyArticles(rows.len()).into());
    }
    for (row, place) in rows.iter_mut().zip(places) {
        row.place = place;
    }
    let mut found = Texts { intake: Intake { skipped, warnings, files, ..Intake::default() }, ..Texts::default() };
    if with_head {
        let mut heads: Vec<Article> = rows.iter_mut().filter_map(|row| row.head.take()).map(|head| *head).collect();
        unify(&mut heads);
        let mut pairs: Vec<(Row, Article)> = rows.into_iter().zip(heads).collect();
        let mut not_chosen: BTreeSet<(u32, Option<u64>)> = pairs.iter().map(|(row, _)| row.place).collect();
        found.left_out = selection.apply_to(&mut pairs, table, |(_, head)| head);
        for (row, _) in &pairs {
            not_chosen.remove(&row.place);
        }
        found.not_chosen = not_chosen.into_iter().collect();
        rows = pairs.into_iter().map(|(row, head)| Row { head: Some(Box::new(head)), ..row }).collect();
    }
    name(&mut rows);
    for row in rows {
        found.ids.push(row.id);
        found.texts.push(row.text);
        found.places.push(row.place);
        found.heads.extend(row.head.filter(|_| heads).map(|head| *head));
    }
    found.codes = coder.finish();
    Ok(found)
}

/// Gives each article one id and sorts by it: the key where it has none, a number behind it where others have it too.
fn name(rows: &mut [Row]) {
    for row in rows.iter_mut().filter(|row| row.id.is_empty()) {
        row.id = row.key.to_string();
    }
    rows.sort_by(|a, b| a.id.cmp(&b.id).then(a.key.cmp(&b.key)));
    if rows.windows(2).all(|two| two[0].id != two[1].id) {
        return;
    }
    let mut taken: HashSet<String> = rows.iter().map(|row| row.id.clone()).collect();
    let mut begin = 0;
    while begin < rows.len() {
        let end = begin + rows[begin..].iter().take_while(|row| row.id == rows[begin].id).count();
        let mut ordinal = 1u64;
        for at in begin + 1..end {
            let renamed = loop {
                ordinal += 1;
                let id = format!("{}#{ordinal}", rows[begin].id);
                if taken.insert(id.clone()) {
                    break id;
                }
            };
            rows[at].id = renamed;
        }
        begin = end;
    }
    rows.sort_by(|a, b| a.id.cmp(&b.id));
}
