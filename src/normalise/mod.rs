//! From articles to token streams: words with offsets, stems, sentences, quotations, credits and facts. Pure, per article;
//! articles are read in parallel and their words numbered in the order of the articles, whatever the threads.

pub mod calendar;
pub mod credits;
pub mod facts;
pub mod lexicon;
pub mod quotes;
pub mod sentences;
pub mod stem;
pub mod token;
mod word_list;
pub mod words;

use rayon::prelude::*;

use crate::article::{Article, DocId};
use crate::corpus::Corpus;
use crate::language::Lang;
use crate::progress::Progress;

pub use credits::{Credit, CreditFinder, CreditForm};
pub use facts::{Facts, MonthDay, Name};
pub use lexicon::{Lexicon, Stems, Terms, WordId};
pub use token::{Marks, Span, TokenStream, Tokens};

/// All articles as token streams.
#[derive(Debug, Default)]
pub struct Normalised {
    /// Every distinct word and stem.
    pub lexicon: Lexicon,
    /// The stem of every word.
    pub stems: Stems,
    /// One stream an article, by [`DocId`].
    pub streams: Vec<TokenStream>,
    /// The facts of each article, by [`DocId`].
    pub facts: Vec<Facts>,
}

impl Normalised {
    /// The stream of an article.
    #[must_use]
    pub fn stream(&self, doc: DocId) -> &TokenStream {
        &self.streams[doc.index()]
    }

    /// The facts of an article.
    #[must_use]
    pub fn facts(&self, doc: DocId) -> &Facts {
        &self.facts[doc.index()]
    }

    /// Finds the credits and facts of the articles that are wanted, and marks credits and datelines in their streams.
    /// O(tokens of them), parallel.
    pub fn find_facts(&mut self, corpus: &Corpus, credits: &CreditFinder, wanted: impl Fn(DocId) -> bool + Sync) {
        let lexicon = &self.lexicon;
        let docs = (0u32..u32::MAX).into_par_iter().map(DocId);
        let found = self.streams.par_iter_mut().zip(&mut self.facts).zip(corpus.articles());
        found.zip(docs).filter(|(_, doc)| wanted(*doc)).for_each(|(((stream, facts), article), _)| {
            let credits = credits.find(&article.text, &mut stream.body, lexicon);
            *facts = facts::facts(stream, lexicon, credits);
        });
    }

    /// Stems all words. O(tokens), and stemming of the distinct ones, parallel.
    pub fn find_stems(&mut self) {
        let used = words_by_language(&self.streams, &self.languages(), self.lexicon.len());
        self.stems = Stems::new(&mut self.lexicon, &used);
    }

    /// The languages of the articles, sorted.
    #[must_use]
    pub fn languages(&self) -> Vec<Lang> {
        let mut langs: Vec<Lang> = self.streams.iter().map(|stream| stream.lang).collect();
        langs.sort_unstable();
        langs.dedup();
        langs
    }

    /// The stems of an article's language.
    #[must_use]
    pub fn terms(&self, doc: DocId) -> Terms<'_> {
        self.stems.of(self.stream(doc).lang)
    }
}

/// The fewest articles that share one local lexicon before it is merged into that of the run.
const CHUNK: usize = 512;

/// Reads all articles. O(text) and parallel; merging the words of the chunks is serial and O(distinct words of a chunk).
#[must_use]
pub fn normalise(corpus: &Corpus, credits: &CreditFinder, progress: &dyn Progress) -> Normalised {
    let mut run = tokenise(corpus, progress);
    run.find_facts(corpus, credits, |_| true);
    run.find_stems();
    run
}

/// What [`normalise`] begins with: tokens, sentences and quotations, which is all that passages need. There are no stems
/// (words stand for themselves), and no facts, credits and datelines until [`Normalised::find_facts`] finds them.
#[must_use]
pub fn tokenise(corpus: &Corpus, progress: &dyn Progress) -> Normalised {
    progress.stage("normalise", Some(corpus.len() as u64));
    // Words are numbered as they first stand in the corpus, wherever it is cut: large chunks repeat fewer of them.
    let chunk = corpus.len().div_ceil(4 * rayon::current_num_threads()).max(CHUNK);
    let chunks: Vec<(Lexicon, Vec<TokenStream>)> = corpus
        .articles()
        .par_chunks(chunk)
        .map(|articles| {
            let mut reader = Reader::default();
            let read = |article| {
                progress.advance(1);
                reader.read(article)
            };
            let streams = articles.iter().map(read).collect();
            (reader.lexicon, streams)
        })
        .collect();
    let mut run = Normalised::default();
    let mut read = Vec::with_capacity(chunks.len());
    for (lexicon, streams) in chunks {
        read.push((run.lexicon.absorb(&lexicon), streams));
    }
    run.streams = read
        .into_par_iter()
        .flat_map_iter(|(numbers, mut streams)| {
            for stream in &mut streams {
                for word in stream.title.words.iter_mut().chain(&mut stream.body.words) {
                    *word = numbers[word.index()];
                }
            }
            streams
        })
        .collect();
    run.facts.resize_with(corpus.len(), Facts::default);
    run
}

/// The distinct words of each language, sorted.
fn words_by_language(streams: &[TokenStream], langs: &[Lang], words: usize) -> Vec<(Lang, Vec<WordId>)> {
    langs
        .iter()
        .map(|&lang| {
            let mut seen = vec![false; words];
            for stream in streams.iter().filter(|s| s.lang == lang) {
                for word in stream.title.words.iter().chain(&stream.body.words) {
                    seen[word.index()] = true;
                }
            }
            let ids = (0u32..).zip(seen).filter(|(_, seen)| *seen).map(|(id, _)| WordId(id));
            (lang, ids.collect())
        })
        .collect()
}

/// Reads articles one after the other into one local lexicon.
#[derive(Default)]
struct Reader {
    words: words::Words,
    lexicon: Lexicon,
    recent: lexicon::RecentWords,
    /// Where tokens are collected before it is known how many there are.
    scratch: Tokens,
}

impl Reader {
    fn read(&mut self, article: &Article) -> TokenStream {
        let title = self.tokens(article.title.as_deref().unwrap_or(""), &[]);
        let head: Vec<_> = article.head.iter().map(|span| span.range.clone()).collect();
        let body = self.tokens(&article.text, &head);
        TokenStream { lang: article.lang, title, body }
    }

    fn tokens(&mut self, text: &str, head: &[std::ops::Range<usize>]) -> Tokens {
        let tokens = &mut self.scratch;
        tokens.clear();
        let quoted = quotes::quotations(text);
        let (mut quote, mut line) = (0, 0);
        let mut last = 0..0;
        let (lexicon, recent) = (&mut self.lexicon, &mut self.recent);
        self.words.each(text, |word, range| {
            let first = text[range.start..].chars().next().unwrap_or(' ');
            let gap = &text[last.end..range.start];
            let mut marks = Marks::default();
            if tokens.is_empty() || gap != " " && gap.contains('\n') {
                marks.set(Marks::PARAGRAPH.and(Marks::SENTENCE));
            } else if gap != " " && sentences::ends_between(&text[last.clone()], gap, first) {
                marks.set(Marks::SENTENCE);
            }
            if gap != " " && !gap.chars().all(|c| c == ' ' || c == '\u{a0}') {
                marks.set(Marks::APART);
            }
            if first.is_uppercase() {
                marks.set(Marks::CAPITAL);
            } else if first.is_numeric() {
                marks.set(Marks::DIGIT);
            }
            if inside(&quoted, &mut quote, range.start) {
                marks.set(Marks::QUOTED);
            }
            if inside(head, &mut line, range.start) {
                marks.set(Marks::HEAD);
            }
            tokens.words.push(recent.intern(lexicon, word));
            let [begin, end] = [range.start, range.end].map(|at| u32::try_from(at).unwrap_or(u32::MAX));
            tokens.spans.push(Span { begin, end });
            tokens.marks.push(marks);
            last = range;
        });
        tokens.clone()
    }
}

/// Whether `at` lies in one of the ordered ranges; `next` remembers how far earlier calls came.
fn inside(ranges: &[std::ops::Range<usize>], next: &mut usize, at: usize) -> bool {
    while ranges.get(*next).is_some_and(|range| range.end <= at) {
        *next += 1;
    }
    ranges.get(*next).is_some_and(|range| range.start <= at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outlets::OutletTable;
    use crate::progress::Silent;

    #[test]
    fn facts_of_wanted_articles_are_those_of_a_whole_run() {
        let text =
            |name: &str| format!("\"Go,\" he said.\n{name} (Reuters) - Ann Kestrel, 20, told Reuters on Monday.");
        let article = |name: &str| Article { text: text(name), lang: Lang::ENGLISH, ..Article::default() };
        let corpus = Corpus::new(vec![article("WEXFORD"), article("ATHLONE")]).expect("two articles");
        let credits = CreditFinder::new(&OutletTable::shipped(), std::iter::empty());
        let whole = normalise(&corpus, &credits, &Silent);
        let mut part = tokenise(&corpus, &Silent);
        part.find_facts(&corpus, &credits, |doc| doc == DocId(1));
        assert_eq!((&part.streams[1], &part.facts[1]), (&whole.streams[1], &whole.facts[1]));
        assert_eq!(part.facts[1].credits.len(), 2);
        assert_eq!(part.facts[0], Facts::default());
        let found = Marks::CREDIT.and(Marks::DATELINE);
        assert!(!part.streams[0].body.marks.iter().any(|marks| marks.any(found)));
        assert_eq!(part.streams[0].body.words, whole.streams[0].body.words);
    }
}
