//! The articles of one run, numbered in the order of their keys, so that nothing after this depends on the order they
//! came in.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::BuildHasher;

use foldhash::quality::RandomState;
use hashbrown::HashTable;
use rayon::prelude::*;

use crate::article::{Article, ArticleKey, DAY, Date, DocId, Resolution};
use crate::error::{Error, ErrorKind};
use crate::spill::Spill;

/// All articles of a run, by [`DocId`].
#[derive(Debug, Default)]
pub struct Corpus {
    articles: Vec<Article>,
    keys: Vec<ArticleKey>,
    /// By the hash of their ids, which stand in the articles.
    by_id: HashTable<DocId>,
    hasher: RandomState,
    renamed: Vec<String>,
    spill: Spill,
}

impl Corpus {
    /// Numbers the articles by key, then id. An article without an id gets its key as id. Where an id stands twice, the
    /// later ones (in the order of keys) become `id#2`, `id#3`, and so on: an article is never lost to its name.
    ///
    /// # Errors
    /// [`ErrorKind::TooManyArticles`] above 2^32 - 1 articles.
    pub fn new(articles: Vec<Article>) -> Result<Self, Error> {
        Self::bounded(articles, Spill::default())
    }

    /// The same with bounds to the memory that a run of it may take.
    ///
    /// # Errors
    /// Those of [`Self::new`], and [`ErrorKind::Spill`] if a text cannot be read again.
    pub fn bounded(articles: Vec<Article>, spill: Spill) -> Result<Self, Error> {
        if u32::try_from(articles.len()).is_err() {
            return Err(ErrorKind::TooManyArticles(articles.len()).into());
        }
        let keys: Vec<ArticleKey> = articles.par_iter().map(Article::key).collect();
        spill.check()?;
        // Their places, which are less to be moved than they.
        let mut order: Vec<usize> = (0..articles.len()).collect();
        order.sort_by(|&place_a, &place_b| {
            let [a, b] = [place_a, place_b].map(|place| &articles[place]);
            let rest = |x: &Article| {
                (
                    x.date,
                    x.title.clone(),
                    x.url.clone(),
                    x.agency.clone(),
                    x.label.clone(),
                    x.fields.as_ref().map(|fields| fields.read().into_owned()),
                )
            };
            keys[place_a].cmp(&keys[place_b]).then_with(|| a.id.cmp(&b.id)).then_with(|| rest(a).cmp(&rest(b)))
        });
        spill.check()?;
        let keys = order.iter().map(|&place| keys[place]).collect();
        let mut articles = articles;
        put_in_order(&mut articles, order);
        let mut corpus = Self { spill, keys, ..Self::default() };
        // The last ordinal given to each id, so that many articles of one id cost no more than others.
        let mut ordinals: HashMap<String, u64, RandomState> = HashMap::default();
        corpus.by_id.reserve(articles.len(), |_| 0);
        for at in 0..articles.len() {
            if articles[at].id.is_empty() {
                articles[at].id = corpus.keys[at].to_string();
            }
            if corpus.named(&articles, &articles[at].id).is_some() {
                let id = std::mem::take(&mut articles[at].id);
                let ordinal = ordinals.entry(id.clone()).or_insert(1);
                articles[at].id = loop {
                    *ordinal += 1;
                    let renamed = format!("{id}#{ordinal}");
                    if corpus.named(&articles, &renamed).is_none() {
                        break renamed;
                    }
                };
                corpus.renamed.push(id);
            }
            let hash = |doc: &DocId| corpus.hasher.hash_one(&articles[doc.index()].id);
            let doc = DocId(u32::try_from(at).unwrap_or(u32::MAX));
            corpus.by_id.insert_unique(hash(&doc), doc, hash);
        }
        corpus.articles = articles;
        Ok(corpus)
    }

    /// Where a run of it puts what does not fit the memory.
    #[must_use]
    pub fn spill(&self) -> &Spill {
        &self.spill
    }

    /// The text of an article, in memory or read from where it was put.
    #[must_use]
    pub fn text(&self, doc: DocId) -> Cow<'_, str> {
        self.get(doc).text.read()
    }

    /// Bytes of all texts. O(articles).
    #[must_use]
    pub fn text_bytes(&self) -> u64 {
        self.articles.iter().map(|article| article.text.len() as u64).sum()
    }

    /// How many articles there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    /// One article.
    #[must_use]
    pub fn get(&self, doc: DocId) -> &Article {
        &self.articles[doc.index()]
    }

    /// Its content key.
    #[must_use]
    pub fn key(&self, doc: DocId) -> ArticleKey {
        self.keys[doc.index()]
    }

    /// The article with this id.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownArticle`] if there is none.
    pub fn find(&self, id: &str) -> Result<DocId, Error> {
        self.named(&self.articles, id).ok_or_else(|| ErrorKind::UnknownArticle(id.to_owned()).into())
    }

    /// The same among articles that have been numbered so far.
    fn named(&self, articles: &[Article], id: &str) -> Option<DocId> {
        self.by_id.find(self.hasher.hash_one(id), |doc| articles[doc.index()].id == id).copied()
    }

    /// All articles in the order of their numbers.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (DocId, &Article)> {
        self.articles.iter().enumerate().map(|(i, a)| (DocId(u32::try_from(i).unwrap_or(u32::MAX)), a))
    }

    /// The articles as a slice, indexed by [`DocId`].
    #[must_use]
    pub fn articles(&self) -> &[Article] {
        &self.articles
    }

    /// By article: its rank in time. Where only the day is known its end counts, so that an article with a time of that day
    /// comes before; undated articles come last; ties go by number.
    #[must_use]
    pub fn time_order(&self) -> Vec<u32> {
        let mut docs: Vec<usize> = (0..self.len()).collect();
        let moment = |date: Date| date.at.saturating_add(if date.resolution == Resolution::Day { DAY - 1 } else { 0 });
        docs.sort_by_key(|&doc| (self.articles[doc].date.map_or(i64::MAX, moment), doc));
        let mut order = vec![0; docs.len()];
        for (rank, doc) in (0u32..).zip(docs) {
            order[doc] = rank;
        }
        order
    }

    /// Ids that stood more than once in the input, once for each article that had to be renamed.
    #[must_use]
    pub fn renamed(&self) -> &[String] {
        &self.renamed
    }
}

/// Puts things in an order, given by their places, without room for all of them again. O(things).
fn put_in_order<T>(things: &mut [T], mut order: Vec<usize>) {
    for start in 0..order.len() {
        // Each of a ring of places takes what stands in the next; a place that is done names itself.
        let mut at = start;
        while order[at] != start {
            let next = std::mem::replace(&mut order[at], at);
            things.swap(at, next);
            at = next;
        }
        order[at] = at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn things_are_put_in_order(things in proptest::collection::vec(0u32..9, 0..40)) {
            let mut order: Vec<usize> = (0..things.len()).collect();
            order.sort_by_key(|&place| things[place]);
            let mut found: Vec<(u32, usize)> = things.iter().copied().zip(0..).collect();
            put_in_order(&mut found, order.clone());
            let wanted: Vec<(u32, usize)> = order.into_iter().map(|place| (things[place], place)).collect();
            proptest::prop_assert_eq!(found, wanted);
        }
    }
}
