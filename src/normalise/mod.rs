//! From articles to token streams: words with offsets, stems, sentences, quotations, credits and facts. Pure, per article;
//! articles are read in parallel and their words numbered in the order of the articles, whatever the threads.

pub mod calendar;
pub mod codes;
pub mod credits;
pub mod facts;
pub mod lexicon;
pub mod quotes;
pub mod sentences;
pub mod stem;
pub mod token;
mod word_list;
pub mod words;

use std::ops::Range;

use rayon::prelude::*;

use crate::article::{Article, DocId};
use crate::corpus::Corpus;
use crate::language::Lang;
use crate::progress::Progress;

pub use credits::{Credit, CreditFinder, CreditForm};
pub use facts::{Facts, MonthDay, Name};
pub use lexicon::{Lexicon, Stems, Terms, WordId};
pub use token::{Marks, Span, TokenStream, Tokens};

use quotes::Quotations;

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

    /// Finds the credits of the articles that are wanted, and marks credits and datelines in their streams. O(tokens of them),
    /// parallel.
    pub fn find_credits(&mut self, corpus: &Corpus, credits: &CreditFinder, wanted: impl Fn(DocId) -> bool + Sync) {
        let lexicon = &self.lexicon;
        let docs = (0u32..u32::MAX).into_par_iter().map(DocId);
        let found = self.streams.par_iter_mut().zip(&mut self.facts).zip(corpus.articles());
        found.zip(docs).filter(|(_, doc)| wanted(*doc)).for_each(|(((stream, facts), article), _)| {
            facts.credits = credits.find(&article.text, &mut stream.body, lexicon);
        });
    }

    /// Finds the other facts of all articles. O(tokens), parallel.
    fn find_facts(&mut self) {
        let lexicon = &self.lexicon;
        self.streams.par_iter().zip(&mut self.facts).for_each(|(stream, facts)| facts.collect(stream, lexicon));
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
    run.find_credits(corpus, credits, |_| true);
    run.find_facts();
    run.find_stems();
    run
}

/// What [`normalise`] begins with: tokens, sentences and quotations, which is all that passages need. There are no stems
/// (words stand for themselves), no facts, and no credits and datelines until [`Normalised::find_credits`] finds them.
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
    /// How long the words of those are.
    lengths: Vec<u32>,
}

impl Reader {
    fn read(&mut self, article: &Article) -> TokenStream {
        let title = self.tokens(article.title.as_deref().unwrap_or(""), &[]);
        let head: Vec<_> = article.head.iter().map(|span| span.range.clone()).collect();
        let body = self.tokens(&article.text, &head);
        TokenStream { lang: article.lang, title, body }
    }

    fn tokens(&mut self, text: &str, head: &[Range<usize>]) -> Tokens {
        let tokens = &mut self.scratch;
        tokens.clear();
        let mut quotations = Quotations::default();
        let (mut line, mut last) = (0, 0..0);
        self.lengths.clear();
        self.words.each(text, |range, length| {
            let mut marks = first_marks(text, range.start);
            // Most words stand behind a space and no more.
            if text.as_bytes()[last.end..range.start] != *b" " || tokens.spans.is_empty() {
                marks.set(gap_marks(text, &last, range.start));
                quotations.follow(text, last.end..range.start, |quoted| tokens.quote(&quoted));
            }
            if inside(head, &mut line, range.start) {
                marks.set(Marks::HEAD);
            }
            let [begin, end, length] = [range.start, range.end, length].map(|at| u32::try_from(at).unwrap_or(u32::MAX));
            self.lengths.push(length);
            tokens.spans.push(Span { begin, end });
            tokens.marks.push(marks);
            last = range;
        });
        quotations.follow(text, last.end..text.len(), |quoted| tokens.quote(&quoted));
        // In a loop of its own: one word need not wait until another is found in memory.
        let (lexicon, recent) = (&mut self.lexicon, &mut self.recent);
        let words = tokens.spans.iter().zip(&self.lengths);
        tokens.words.extend(words.map(|(span, &len)| recent.intern(lexicon, text, span.begin as usize, len as usize)));
        tokens.clone()
    }
}

/// What the first character of a word says.
fn first_marks(text: &str, at: usize) -> Marks {
    match text.as_bytes()[at] {
        b'a'..=b'z' => Marks::default(),
        b'A'..=b'Z' => Marks::CAPITAL,
        b'0'..=b'9' => Marks::DIGIT,
        _ => match text[at..].chars().next() {
            Some(first) if first.is_uppercase() => Marks::CAPITAL,
            Some(first) if first.is_numeric() => Marks::DIGIT,
            _ => Marks::default(),
        },
    }
}

/// What stands between a word and the one before says: `last` are the bytes of that, 0..0 where there is none.
fn gap_marks(text: &str, last: &Range<usize>, begin: usize) -> Marks {
    let gap = &text[last.end..begin];
    let mut marks = Marks::default();
    if last.is_empty() || gap.contains('\n') {
        marks.set(Marks::PARAGRAPH.and(Marks::SENTENCE));
    } else if sentences::ends_between(&text[last.clone()], gap, text[begin..].chars().next().unwrap_or(' ')) {
        marks.set(Marks::SENTENCE);
    }
    if !gap.chars().all(|c| c == ' ' || c == '\u{a0}') {
        marks.set(Marks::APART);
    }
    marks
}

/// Whether `at` lies in one of the ordered ranges; `next` remembers how far earlier calls came.
fn inside(ranges: &[Range<usize>], next: &mut usize, at: usize) -> bool {
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
    fn credits_of_wanted_articles_are_those_of_a_whole_run() {
        let text =
            |name: &str| format!("\"Go,\" he said.\n{name} (Reuters) - Ann Kestrel, 20, told Reuters on Monday.");
        let article = |name: &str| Article { text: text(name), lang: Lang::ENGLISH, ..Article::default() };
        let corpus = Corpus::new(vec![article("WEXFORD"), article("ATHLONE")]).expect("two articles");
        let credits = CreditFinder::new(&OutletTable::shipped(), std::iter::empty());
        let whole = normalise(&corpus, &credits, &Silent);
        let mut part = tokenise(&corpus, &Silent);
        part.find_credits(&corpus, &credits, |doc| doc == DocId(1));
        assert_eq!((&part.streams[1], &part.facts[1].credits), (&whole.streams[1], &whole.facts[1].credits));
        assert_eq!(part.facts[1].credits.len(), 2);
        assert_eq!(part.facts[0], Facts::default());
        let found = Marks::CREDIT.and(Marks::DATELINE);
        assert!(!part.streams[0].body.marks.iter().any(|marks| marks.any(found)));
        assert_eq!(part.streams[0].body.words, whole.streams[0].body.words);
    }
}
