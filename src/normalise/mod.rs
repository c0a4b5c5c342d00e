//! From articles to token streams: words with offsets, stems, sentences, quotations, credits and facts. Pure, per article;
//! articles are read in parallel and their words numbered in the order of the articles, whatever the threads.

pub mod calendar;
pub mod codes;
pub mod credits;
pub mod facts;
pub mod lexicon;
mod places;
pub mod quotes;
pub mod sentences;
pub mod stem;
mod streams;
pub mod token;
mod word_list;
pub mod words;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use rayon::prelude::*;

use crate::article::{Article, DocId, HeadSpan};
use crate::corpus::Corpus;
use crate::language::Lang;
use crate::progress::Progress;
use crate::spill::{Share, Spill};

pub use credits::{Credit, CreditFinder, CreditForm};
pub use facts::{Facts, MonthDay, Name};
pub(crate) use lexicon::hash_of_words;
pub use lexicon::{Lexicon, Stems, Terms, WordId};
pub use places::Placed;
pub(crate) use streams::ChangedMarks;
pub use streams::{Marked, MarkedWords};
pub use token::{Marks, Span, TokenStream, Tokens};

use quotes::Quotations;
use streams::{Drafts, Streams};
use words::{Found, Word};

/// All articles as token streams.
#[derive(Debug, Default)]
pub struct Normalised {
    /// Every distinct word and stem.
    pub lexicon: Lexicon,
    /// The stem of every word.
    pub stems: Stems,
    streams: Streams,
    /// By [`DocId`]; none before something was looked for.
    facts: Vec<Facts>,
}

impl Normalised {
    /// How many articles there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.streams.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All articles by number.
    pub fn docs(&self) -> impl ExactSizeIterator<Item = DocId> + Clone {
        (0..self.len()).map(|doc| DocId(u32::try_from(doc).unwrap_or(u32::MAX)))
    }

    /// The stream of an article with the places of its tokens, which are made for this: for what is found or shown. O(tokens).
    #[must_use]
    pub fn stream(&self, doc: DocId) -> TokenStream<'_> {
        self.streams.get(doc)
    }

    /// Its text, where few places are asked for. O(tokens of the title).
    #[must_use]
    pub fn placed(&self, doc: DocId) -> Placed<'_> {
        self.streams.placed(doc)
    }

    /// Its words and their marks, for which less is read.
    #[must_use]
    pub fn marked(&self, doc: DocId) -> Marked<'_> {
        self.streams.marked(doc)
    }

    /// The words of its text, for which still less is read.
    #[must_use]
    pub fn words(&self, doc: DocId) -> Cow<'_, [WordId]> {
        self.streams.words(doc)
    }

    /// Frees the memory that only makes [`Self::words`] quicker.
    pub fn forget_words(&mut self) {
        self.streams.forget_words();
    }

    /// How many words its text has; nothing is read for it.
    #[must_use]
    pub fn body_len(&self, doc: DocId) -> usize {
        self.streams.body_len(doc)
    }

    /// Its language; nothing is read for it.
    #[must_use]
    pub fn lang(&self, doc: DocId) -> Lang {
        self.streams.lang(doc)
    }

    /// Lets marks of the articles be changed, in parallel.
    pub(crate) fn change_marks(&mut self, change: impl Fn(DocId, &mut ChangedMarks<'_>) + Sync) {
        let docs = (0u32..u32::MAX).into_par_iter().map(DocId);
        self.streams.par_iter_mut().zip(docs).for_each(|(mut stream, doc)| change(doc, &mut stream));
    }

    /// The facts of an article, as far as they were looked for.
    #[must_use]
    pub fn facts(&self, doc: DocId) -> &Facts {
        static NONE: LazyLock<Facts> = LazyLock::new(Facts::default);
        self.facts.get(doc.index()).unwrap_or(&NONE)
    }

    /// Finds the credits of the articles that are wanted, and marks them in their streams. O(tokens of them),
    /// parallel.
    pub fn find_credits(&mut self, corpus: &Corpus, credits: &CreditFinder, wanted: impl Fn(DocId) -> bool + Sync) {
        let credits = credits.of(&self.lexicon);
        let docs = (0u32..u32::MAX).into_par_iter().map(DocId);
        self.facts.resize(self.streams.len(), Facts::default());
        let found = self.streams.par_iter_mut().zip(&mut self.facts).zip(corpus.articles());
        found.zip(docs).filter(|(_, doc)| wanted(*doc)).for_each(|(((mut stream, facts), article), _)| {
            let text = article.text.read();
            facts.credits = stream.change(|stream| credits.find(&text, &mut stream.body));
        });
    }

    /// Stems all words. O(tokens), and stemming of the distinct ones, parallel.
    pub fn find_stems(&mut self) {
        let used = self.words_by_language();
        self.stems = Stems::new(&mut self.lexicon, &used);
    }

    /// The languages of the articles, sorted.
    #[must_use]
    pub fn languages(&self) -> Vec<Lang> {
        let mut langs: Vec<Lang> = self.docs().map(|doc| self.lang(doc)).collect();
        langs.sort_unstable();
        langs.dedup();
        langs
    }

    /// The stems of an article's language.
    #[must_use]
    pub fn terms(&self, doc: DocId) -> Terms<'_> {
        self.stems.of(self.lang(doc))
    }

    /// The distinct words of each language, sorted. O(tokens), parallel.
    fn words_by_language(&self) -> Vec<(Lang, Vec<WordId>)> {
        let langs = self.languages();
        if let [lang] = langs[..] {
            return vec![(lang, (0u32..).take(self.lexicon.len()).map(WordId).collect())];
        }
        // The words of most languages are few: those that are seen first are written, which is cheaper than merging.
        let seen: Vec<Vec<AtomicBool>> =
            langs.iter().map(|_| (0..self.lexicon.len()).map(|_| AtomicBool::new(false)).collect()).collect();
        (0..self.len()).into_par_iter().with_min_len(64).for_each(|doc| {
            let doc = DocId(u32::try_from(doc).unwrap_or(u32::MAX));
            let Ok(at) = langs.binary_search(&self.lang(doc)) else { return };
            for word in &*self.streams.all_words(doc) {
                let seen = &seen[at][word.index()];
                if !seen.load(Relaxed) {
                    seen.store(true, Relaxed);
                }
            }
        });
        let words = |seen: Vec<AtomicBool>| {
            let ids = (0u32..).zip(seen).filter(|(_, seen)| seen.load(Relaxed));
            ids.map(|(id, _)| WordId(id)).collect()
        };
        langs.into_iter().zip(seen).map(|(lang, seen)| (lang, words(seen))).collect()
    }
}

/// The fewest articles that another chunk is made for.
const CHUNK: usize = 512;

/// The articles in so many stretches or fewer, of about as much text each. Each is read with a lexicon of its own, in which what
/// most texts have is looked up again, so there is one for a thread and no more.
fn chunks(articles: &[Article], count: usize) -> impl Iterator<Item = &[Article]> {
    let count = count.min(articles.len().div_ceil(CHUNK)) as u64;
    let text: u64 = articles.iter().map(|article| article.text.len() as u64).sum();
    let (mut before, mut chunk) = (0, 0);
    articles.chunk_by(move |article, _| {
        before += article.text.len() as u64;
        let last = std::mem::replace(&mut chunk, (before * count / text.max(1)).min(count - 1));
        last == chunk
    })
}

/// Reads all articles. O(text) and parallel; merging the words of the chunks is serial and O(distinct words of a chunk).
#[must_use]
pub fn normalise(corpus: &Corpus, credits: &CreditFinder, progress: &dyn Progress) -> Normalised {
    let mut run = read(corpus, Some(credits), progress);
    run.find_stems();
    run
}

/// What [`normalise`] begins with: tokens, sentences and quotations, which is all that passages need. There are no stems
/// (words stand for themselves), no facts, and no credits until [`Normalised::find_credits`] finds them.
#[must_use]
pub fn tokenise(corpus: &Corpus, progress: &dyn Progress) -> Normalised {
    read(corpus, None, progress)
}

/// Tokens, and with something to find credits by all facts.
fn read(corpus: &Corpus, credits: Option<&CreditFinder>, progress: &dyn Progress) -> Normalised {
    progress.stage("normalise", Some(corpus.len() as u64));
    let spill = corpus.spill();
    let text: usize = corpus.articles().iter().map(|article| article.text.len()).sum();
    let mut run = Normalised { streams: Streams::new(text / TEXT_OF_TOKEN, spill.clone()), ..Normalised::default() };
    for wave in waves(corpus) {
        run.read_wave(wave, credits, spill, progress);
    }
    run
}

/// The articles in stretches whose tokens may be in memory at once: mostly all of them.
fn waves(corpus: &Corpus) -> impl Iterator<Item = &[Article]> {
    let room = corpus.spill().limit(Share::Tokens).map_or(u64::MAX, |limit| limit / 4);
    let mut rest = corpus.articles();
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let wave = rest.iter().take_while(|article| {
            let fits = bytes <= room;
            bytes += article.text.len() as u64 * TOKENS_OF_TEXT;
            fits
        });
        let count = wave.count().max(CHUNK).min(rest.len());
        let (wave, later) = rest.split_at(count);
        rest = later;
        (!wave.is_empty()).then_some(wave)
    })
}

/// The bytes of text that a token takes, at least in most corpora.
const TEXT_OF_TOKEN: usize = 5;

/// So many times as much memory as a text its tokens take, in the making too.
const TOKENS_OF_TEXT: u64 = 2;

impl Normalised {
    /// Adds the streams of some articles, and their facts if credits are wanted.
    fn read_wave(
        &mut self,
        articles: &[Article],
        credits: Option<&CreditFinder>,
        spill: &Spill,
        progress: &dyn Progress,
    ) {
        // Words are numbered as they first stand in the corpus, wherever it is cut.
        let chunks: Vec<_> = chunks(articles, rayon::current_num_threads()).collect();
        let read_chunk = |articles: &[Article]| {
            let mut reader = Reader::default();
            for article in articles {
                progress.advance(1);
                reader.read(article);
            }
            (reader.lexicon, reader.drafts)
        };
        let read: Vec<(Lexicon, Drafts)> = chunks.par_iter().map(|articles| read_chunk(articles)).collect();
        let absorb = |((lexicon, drafts), articles)| (self.lexicon.absorb(lexicon), drafts, articles);
        let read: Vec<_> = read.into_iter().zip(chunks).map(absorb).collect();
        let (lexicon, whole) = (&self.lexicon, self.streams.whole());
        let credits = credits.map(|credits| credits.of(lexicon));
        let keep_chunk = |(numbers, mut drafts, articles): (Option<Vec<WordId>>, Drafts, &[Article])| {
            numbers.iter().for_each(|numbers| drafts.renumber(numbers));
            let mut all_facts = vec![Facts::default(); if credits.is_some() { articles.len() } else { 0 }];
            // While the streams are at hand: later they may have to be read again.
            if let Some(credits) = &credits {
                for ((mut stream, article), facts) in drafts.iter_mut(spill).zip(articles).zip(&mut all_facts) {
                    stream.change(|stream| {
                        facts.credits = credits.find(&article.text.read(), &mut stream.body);
                        facts.collect(stream, lexicon);
                    });
                }
            }
            if !whole {
                drafts.spill(spill);
            }
            (drafts, all_facts)
        };
        let kept: Vec<(Drafts, Vec<Facts>)> = read.into_par_iter().map(keep_chunk).collect();
        for (drafts, facts) in kept {
            self.streams.extend(drafts);
            self.facts.extend(facts);
        }
    }
}

/// Reads articles one after the other into one local lexicon.
#[derive(Default)]
struct Reader {
    words: words::Words,
    lexicon: Lexicon,
    known: lexicon::KnownWords,
    drafts: Drafts,
}

impl Reader {
    fn read(&mut self, article: &Article) {
        let title = article.title.as_deref().unwrap_or("");
        self.drafts.begin(title.len() + article.text.len());
        self.tokens(title, &[]);
        self.drafts.title_ends();
        self.tokens(&article.text.read(), &article.head);
        self.drafts.finish(article.lang);
    }

    /// Adds the tokens of a field. One loop for each column: a word need not wait until another is found in memory.
    fn tokens(&mut self, text: &str, head: &[HeadSpan]) {
        let Self { words, lexicon, known, drafts } = self;
        let columns = drafts.piece();
        let Found { words, behind_more } = words.find(text);
        let first = columns.marks.len();
        columns.marks.extend(words.iter().map(|word| first_marks(text, word.begin as usize)));
        let all = &mut columns.marks[first..];
        let mut quotations = Quotations::default();
        // A space and no more says nothing.
        for at in behind_more.iter().map(|&at| at as usize).filter(|&at| at < words.len()) {
            let last = at.checked_sub(1).map_or(0..0, |last| words[last].begin as usize..words[last].behind as usize);
            let begin = words[at].begin as usize;
            match &text.as_bytes()[last.end..begin] {
                b" " if at > 0 => {}
                b", " | b"-" if at > 0 => all[at].set(Marks::APART),
                b". " if at > 0 => all[at].set(gap_marks(text, &last, begin)),
                _ => {
                    all[at].set(gap_marks(text, &last, begin));
                    quotations.follow(text, last.end..begin, |quoted| mark(&words[..at], all, &quoted, Marks::QUOTED));
                }
            }
        }
        let end = words.last().map_or(0, |last| last.behind as usize);
        quotations.follow(text, end..text.len(), |quoted| mark(words, all, &quoted, Marks::QUOTED));
        head.iter().for_each(|line| mark(words, all, &line.range, Marks::HEAD));
        places::put_places(&mut columns.places, words.iter().map(|word| (word.begin, word.behind)));
        known.number(text, words, &mut columns.words, |word, _| lexicon.intern(&words::fold(word.of(text))));
    }
}

/// Sets a mark on the words that begin in a stretch of the text.
fn mark(words: &[Word], marks: &mut [Marks], stretch: &Range<usize>, mark: Marks) {
    let [begin, end] = [stretch.start, stretch.end].map(|at| words.partition_point(|word| (word.begin as usize) < at));
    marks[begin..end.max(begin)].iter_mut().for_each(|marks| marks.set(mark));
}

/// What the first character of a word says.
#[inline]
fn first_marks(text: &str, at: usize) -> Marks {
    match text.as_bytes()[at] {
        first if first.is_ascii() => FIRST_MARKS[usize::from(first)],
        _ => match text[at..].chars().next() {
            Some(first) if first.is_uppercase() => Marks::CAPITAL,
            Some(first) if first.is_numeric() => Marks::DIGIT,
            _ => Marks::default(),
        },
    }
}

/// The same by character of ASCII.
const FIRST_MARKS: [Marks; 128] = {
    let mut marks = [Marks(0); 128];
    let mut first = 0;
    while first < 128 {
        match first as u8 {
            b'A'..=b'Z' => marks[first] = Marks::CAPITAL,
            b'0'..=b'9' => marks[first] = Marks::DIGIT,
            _ => {}
        }
        first += 1;
    }
    marks
};

/// What stands between a word and the one before says: `last` are the bytes of that, 0..0 where there is none.
fn gap_marks(text: &str, last: &Range<usize>, begin: usize) -> Marks {
    let gap = &text[last.end..begin];
    if last.is_empty() || gap.contains('\n') {
        Marks::PARAGRAPH
    } else if sentences::ends_between(&text[last.clone()], gap, text[begin..].chars().next().unwrap_or(' ')) {
        Marks::SENTENCE
    } else if !gap.chars().all(|c| c == ' ' || c == '\u{a0}') {
        Marks::APART
    } else {
        Marks::default()
    }
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
        let article = |name: &str| Article { text: text(name).into(), lang: Lang::ENGLISH, ..Article::default() };
        let corpus = Corpus::new(vec![article("WEXFORD"), article("ATHLONE")]).expect("two articles");
        let credits = CreditFinder::new(&OutletTable::shipped(), std::iter::empty());
        let whole = normalise(&corpus, &credits, &Silent);
        let mut part = tokenise(&corpus, &Silent);
        part.find_credits(&corpus, &credits, |doc| doc == DocId(1));
        assert_eq!(part.stream(DocId(1)), whole.stream(DocId(1)));
        assert_eq!(part.facts(DocId(1)).credits, whole.facts(DocId(1)).credits);
        assert_eq!(part.facts(DocId(1)).credits.len(), 2);
        assert_eq!(*part.facts(DocId(0)), Facts::default());
        assert!(!part.stream(DocId(0)).body.marks.iter().any(|marks| marks.has(Marks::CREDIT)));
        assert_eq!(part.words(DocId(0)), whole.words(DocId(0)));
    }
}
