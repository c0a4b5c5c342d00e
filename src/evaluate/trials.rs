//! Harder versions of a labelled set: with fields deleted, or cut into small corpora.

use std::collections::BTreeMap;

use xxhash_rust::xxh3::xxh3_64;

use crate::article::{Article, Text};

/// What is deleted from every article before a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// The date, whatever field it came from. What the text says of days stays.
    Dates,
    /// The text, so that only the title is left.
    Bodies,
}

impl Deletion {
    /// Deletes it; articles that have nothing left go.
    pub fn apply(self, articles: &mut Vec<Article>) {
        for article in articles.iter_mut() {
            match self {
                Self::Dates => article.date = None,
                Self::Bodies => {
                    article.text = Text::default();
                    article.head.clear();
                }
            }
        }
        let blank = |text: &str| text.trim().is_empty();
        articles.retain(|article| {
            !blank(&article.text.read()) || article.title.as_deref().is_some_and(|title| !blank(title))
        });
    }
}

/// Cuts a labelled set into corpora of about `stories` labels each, as many in one as in the other. Labels are dealt in the
/// order of their hashes: neighbours in the input are often of one kind. Articles without a label are left out. O(articles).
#[must_use]
pub fn chunks(articles: Vec<Article>, stories: usize) -> Vec<Vec<Article>> {
    let mut by_label: BTreeMap<(u64, String), Vec<Article>> = BTreeMap::new();
    for article in articles {
        let Some(label) = article.label.clone() else { continue };
        by_label.entry((xxh3_64(label.as_bytes()), label)).or_default().push(article);
    }
    let (labels, count) = (by_label.len(), by_label.len().div_ceil(stories.max(1)));
    let mut chunks: Vec<Vec<Article>> = vec![Vec::new(); count];
    for (at, articles) in by_label.into_values().enumerate() {
        chunks[at * count / labels].extend(articles);
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(title: Option<&str>, text: &str, label: Option<&str>) -> Article {
        Article {
            title: title.map(str::to_owned),
            text: text.into(),
            label: label.map(str::to_owned),
            ..Article::default()
        }
    }

    #[test]
    fn what_has_nothing_left_goes() {
        let mut articles = vec![article(Some("Dam breaks"), "Text", None), article(Some(" "), "Text", None)];
        Deletion::Dates.apply(&mut articles);
        assert_eq!(articles.len(), 2);
        Deletion::Bodies.apply(&mut articles);
        assert_eq!(articles, [article(Some("Dam breaks"), "", None)]);
    }

    #[test]
    fn stories_stay_whole_and_chunks_are_of_one_size() {
        let labels: Vec<String> = (0..32).map(|n| format!("story {n}")).collect();
        let mut articles: Vec<Article> = labels
            .iter()
            .flat_map(|label| [article(None, "a", Some(label)), article(None, "b", Some(label))])
            .collect();
        articles.push(article(None, "c", None));
        let chunks = chunks(articles, 15);
        let sizes: Vec<usize> = chunks.iter().map(Vec::len).collect();
        assert_eq!(sizes, [22, 22, 20]);
        for label in &labels {
            let in_chunk = |chunk: &&Vec<Article>| chunk.iter().any(|a| a.label.as_ref() == Some(label));
            assert_eq!(chunks.iter().filter(in_chunk).count(), 1, "{label}");
        }
        assert!(super::chunks(Vec::new(), 15).is_empty());
    }
}
