//! Furniture: what an outlet repeats on its pages. A line is furniture where it stands in many articles of one outlet whose
//! own text differs (three versions of one piece make no furniture), and so are the end (else the beginning) of its titles, and
//! a whole title ("Morning briefing") that stands above different texts.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use foldhash::fast::FixedState;
use rayon::prelude::*;

use crate::article::DocId;
use crate::corpus::Corpus;
use crate::normalise::{Marks, Normalised, WordId, hash_of_words};
use crate::survey::versions::{Sketches, versions};

/// A repeated line needs this many different articles of its outlet,
pub const LEAST_ARTICLES: usize = 3;
/// and this share of them, one in ...
pub const LEAST_SHARE: usize = 5;
/// A title segment needs this many different other parts.
pub const LEAST_TITLES: usize = 3;
/// What parts a title from the name of the site or column.
const SEPARATORS: [&str; 8] = [" - ", " | ", " – ", " — ", " : ", ": ", " » ", " · "];

/// What each outlet repeats.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Furniture {
    /// Lines, by outlet.
    pub lines: BTreeMap<String, Vec<RepeatedLine>>,
    /// Titles of columns, and beginnings and endings of titles, separators apart, by outlet; sorted by text.
    pub titles: BTreeMap<String, Vec<RepeatedTitle>>,
}

/// A line that an outlet repeats.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct RepeatedLine {
    /// As it stands in one of the articles.
    pub text: String,
    /// Articles of the outlet that have it.
    pub articles: usize,
    #[serde(skip)]
    words: usize,
    #[serde(skip)]
    hash: u64,
}

/// A part of titles, or a whole one, that an outlet repeats.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct RepeatedTitle {
    /// As it stands in the titles.
    pub text: String,
    /// Different rests of titles that it stands beside, or different texts that it stands above.
    pub articles: usize,
}

/// One line of an article: its tokens, and a hash of their words.
struct Line {
    begin: u32,
    end: u32,
    hash: u64,
}

impl Line {
    fn tokens(&self) -> Range<usize> {
        self.begin as usize..self.end as usize
    }
}

impl Furniture {
    /// Learns what every outlet repeats. O(tokens).
    #[must_use]
    pub fn learn(corpus: &Corpus, normalised: &Normalised) -> Self {
        let mut by_outlet: BTreeMap<&str, Vec<DocId>> = BTreeMap::new();
        for (doc, article) in corpus.iter() {
            if let Some(outlet) = article.outlet_name() {
                by_outlet.entry(outlet).or_default().push(doc);
            }
        }
        by_outlet.retain(|_, docs| docs.len() >= LEAST_ARTICLES);
        let learn = |(outlet, docs): (&str, Vec<DocId>)| {
            let lines = repeated_lines(corpus, normalised, &docs);
            let mut titles = repeated_segments(docs.iter().filter_map(|&doc| corpus.get(doc).title.as_deref()));
            titles.extend(repeated_titles(corpus, normalised, &docs));
            (outlet.to_owned(), lines, once(titles))
        };
        let learned: Vec<_> = by_outlet.into_par_iter().map(learn).collect();
        let mut furniture = Self::default();
        for (outlet, lines, titles) in learned {
            if !lines.is_empty() {
                furniture.lines.insert(outlet.clone(), lines);
            }
            if !titles.is_empty() {
                furniture.titles.insert(outlet, titles);
            }
        }
        furniture
    }

    /// Marks the furniture in the streams. O(tokens).
    pub fn mark(&self, corpus: &Corpus, normalised: &mut Normalised) {
        let known: HashMap<&str, KnownLines, FixedState> =
            self.lines.iter().map(|(outlet, lines)| (outlet.as_str(), KnownLines::of(lines))).collect();
        normalised.change_marks(|doc, stream| {
            let article = corpus.get(doc);
            let Some(outlet) = article.outlet_name() else { return };
            if let Some(known) = known.get(outlet) {
                stream.of_body(|words, marks| mark_lines(words, marks, known));
            }
            let (Some(known), Some(title)) = (self.titles.get(outlet), &article.title) else { return };
            let Some(kept) = known_among(known, title).then_some(0..0).or_else(|| cut(title, known)) else { return };
            stream.of_title(|tokens| {
                for (span, marks) in tokens.spans.iter().zip(tokens.marks.to_mut()) {
                    if !kept.contains(&(span.begin as usize)) {
                        marks.set(Marks::FURNITURE);
                    }
                }
            });
        });
    }
}

/// The lines that an outlet repeats, as they are looked for: few others have as many words as one of them.
struct KnownLines {
    words: HashSet<usize, FixedState>,
    hashes: HashSet<u64, FixedState>,
}

impl KnownLines {
    fn of(lines: &[RepeatedLine]) -> Self {
        let (words, hashes) = lines.iter().map(|line| (line.words, line.hash)).unzip();
        Self { words, hashes }
    }
}

/// Marks the lines that are known.
fn mark_lines(words: &[WordId], marks: &mut [Marks], known: &KnownLines) {
    let is_known = |line: &Range<usize>| {
        known.words.contains(&line.len()) && known.hashes.contains(&hash_of_words(&words[line.clone()]))
    };
    let known: Vec<_> = lines(marks).filter(is_known).collect();
    for line in known {
        marks[line].iter_mut().for_each(|marks| marks.set(Marks::FURNITURE));
    }
}

/// So many tokens are asked at once whether a line begins in them.
const BLOCK: usize = 16;

/// The tokens of the lines of a text, given the marks of all.
fn lines(marks: &[Marks]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let begin = at;
        let rest = marks.get(begin + 1..)?;
        // Most are longer than some blocks of which one look tells that no line begins in them.
        let begins = |block: &[Marks; BLOCK]| block.iter().fold(false, |any, one| any | one.has(Marks::PARAGRAPH));
        let blocks = rest.as_chunks().0.iter().take_while(|block| !begins(block)).count();
        let next = rest[BLOCK * blocks..].iter().position(|marks| marks.has(Marks::PARAGRAPH));
        at = next.map_or(marks.len(), |next| begin + 1 + BLOCK * blocks + next);
        Some(begin..at)
    })
}

/// The lines that stand in enough different texts: first with the longest line for the text, which versions mostly share;
/// then, since one word changed in it is enough to tell two versions apart, with what is left beside those lines.
fn repeated_lines(corpus: &Corpus, normalised: &Normalised, docs: &[DocId]) -> Vec<RepeatedLine> {
    let least = LEAST_ARTICLES.max(docs.len().div_ceil(LEAST_SHARE));
    let lines_of = |doc: &DocId| {
        let text = normalised.marked(*doc).body;
        // A text has less than 2^32 bytes and so fewer words.
        let line = |tokens: Range<usize>| Line {
            begin: tokens.start as u32,
            end: tokens.end as u32,
            hash: hash_of_words(&text.words[tokens]),
        };
        lines(&text.marks).map(line).collect()
    };
    let all: Vec<Vec<Line>> = docs.par_iter().map(lines_of).collect();
    // Most lines stand once. Counting first, in a table where few meet by chance, spares looking at those.
    let places = (all.iter().map(Vec::len).sum::<usize>() * 2).next_power_of_two();
    let place = |line: &Line| line.hash as usize & (places - 1);
    let mut counts = vec![0u32; places];
    for line in all.iter().flatten() {
        counts[place(line)] += 1;
    }
    let frequent = |line: &Line| counts[place(line)] as usize >= least;
    if !all.iter().flatten().any(frequent) {
        return Vec::new();
    }
    let longest =
        |lines: &[Line]| lines.iter().max_by_key(|line| (line.end - line.begin, line.hash)).map_or(0, |l| l.hash);
    let texts: Vec<u64> = all.iter().map(|lines| longest(lines)).collect();
    let known = lines_in_texts(&all, &texts, least, frequent);
    if known.is_empty() {
        return Vec::new();
    }
    let mut sketches = Sketches::default();
    for (&doc, lines) in docs.iter().zip(&all) {
        let own = lines.iter().filter(|line| !known.contains_key(&line.hash));
        let words = normalised.words(doc);
        sketches.add(own.flat_map(|line| &words[line.tokens()]).copied(), &normalised.lexicon);
    }
    let folded: Vec<u64> = versions(&sketches).into_iter().map(|at| texts[at]).collect();
    let known = lines_in_texts(&all, &folded, least, |line| known.contains_key(&line.hash));
    let mut found: HashMap<u64, RepeatedLine, FixedState> = HashMap::default();
    for (&doc, lines) in docs.iter().zip(&all) {
        for line in lines {
            let Some(&articles) = known.get(&line.hash) else { continue };
            found.entry(line.hash).or_insert_with(|| {
                let spans = normalised.placed(doc).spans(std::iter::once(line.begin..line.end));
                let text = spans[0].part_of(&corpus.get(doc).text).into_owned();
                RepeatedLine { text, articles, words: line.tokens().len(), hash: line.hash }
            });
        }
    }
    let mut found: Vec<_> = found.into_values().collect();
    found.sort_by(|a, b| b.articles.cmp(&a.articles).then_with(|| a.text.cmp(&b.text)).then(a.hash.cmp(&b.hash)));
    found
}

/// By line that is wanted: the number of texts that it stands in, where it is `least` or more; given the text of each article.
fn lines_in_texts(
    all: &[Vec<Line>],
    texts: &[u64],
    least: usize,
    wanted: impl Fn(&Line) -> bool,
) -> HashMap<u64, usize, FixedState> {
    let mut places: Vec<(u64, u64)> = Vec::new();
    for (lines, &text) in all.iter().zip(texts) {
        places.extend(lines.iter().filter(|line| wanted(line)).map(|line| (line.hash, text)));
    }
    places.sort_unstable();
    places.dedup();
    let lines = places.chunk_by(|x, y| x.0 == y.0).filter(|texts| texts.len() >= least);
    lines.map(|texts| (texts[0].0, texts.len())).collect()
}

/// The separators that a title may have: those whose mark it has, which is quicker seen.
fn separators(title: &str) -> impl Iterator<Item = &'static str> {
    SEPARATORS.into_iter().filter(|separator| separator.trim().chars().all(|mark| title.contains(mark)))
}

/// Whole titles that stand above at least [`LEAST_TITLES`] texts, versions of one counted once: those of columns.
fn repeated_titles(corpus: &Corpus, normalised: &Normalised, docs: &[DocId]) -> Vec<RepeatedTitle> {
    let mut by_title: BTreeMap<&str, Vec<DocId>> = BTreeMap::new();
    for &doc in docs {
        let title = corpus.get(doc).title.as_deref().map(str::trim).filter(|title| !title.is_empty());
        if let Some(title) = title.filter(|_| normalised.body_len(doc) > 0) {
            by_title.entry(title).or_default().push(doc);
        }
    }
    by_title.retain(|_, docs| docs.len() >= LEAST_TITLES);
    let texts = |docs: &[DocId]| {
        let mut sketches = Sketches::default();
        docs.iter().for_each(|doc| sketches.add(normalised.words(*doc).iter().copied(), &normalised.lexicon));
        versions(&sketches).into_iter().collect::<HashSet<usize>>().len()
    };
    let repeated = by_title.into_iter().map(|(title, docs)| (title, texts(&docs)));
    let repeated = repeated.filter(|(_, texts)| *texts >= LEAST_TITLES);
    repeated.map(|(title, texts)| RepeatedTitle { text: title.to_owned(), articles: texts }).collect()
}

/// Sorted by text; of those with one text the one that most articles have.
fn once(mut titles: Vec<RepeatedTitle>) -> Vec<RepeatedTitle> {
    titles.sort_unstable_by(|a, b| a.text.cmp(&b.text).then_with(|| b.articles.cmp(&a.articles)));
    titles.dedup_by(|later, first| later.text == first.text);
    titles
}

/// The last or first segment of titles that stands beside at least [`LEAST_TITLES`] different other parts.
fn repeated_segments<'a>(titles: impl Iterator<Item = &'a str>) -> Vec<RepeatedTitle> {
    let mut others: BTreeMap<&str, HashSet<&str>> = BTreeMap::new();
    for title in titles {
        for separator in separators(title) {
            if let Some((other, last)) = title.rsplit_once(separator) {
                others.entry(last.trim()).or_default().insert(other.trim());
            }
            if let Some((first, other)) = title.split_once(separator) {
                others.entry(first.trim()).or_default().insert(other.trim());
            }
        }
    }
    let repeated = others.into_iter().filter(|(segment, others)| !segment.is_empty() && others.len() >= LEAST_TITLES);
    repeated.map(|(segment, others)| RepeatedTitle { text: segment.to_owned(), articles: others.len() }).collect()
}

/// Whether a text is one of the repeated ones, which are sorted.
fn known_among(repeated: &[RepeatedTitle], text: &str) -> bool {
    repeated.binary_search_by(|title| title.text.as_str().cmp(text.trim())).is_ok()
}

/// The bytes of a title that are left when its repeated end, else its repeated beginning, is cut; `None` if nothing is cut.
/// `segments` are sorted by text.
#[must_use]
pub fn cut(title: &str, segments: &[RepeatedTitle]) -> Option<Range<usize>> {
    let known = |segment: &str| known_among(segments, segment);
    for separator in separators(title) {
        if let Some((other, last)) = title.rsplit_once(separator)
            && known(last)
            && !other.trim().is_empty()
        {
            return Some(0..other.len());
        }
    }
    for separator in separators(title) {
        if let Some((first, other)) = title.split_once(separator)
            && known(first)
            && !other.trim().is_empty()
        {
            return Some(first.len() + separator.len()..title.len());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Article, Outlet};
    use crate::normalise::tokenise;
    use crate::progress::Silent;

    #[test]
    fn a_title_suffix_is_what_stands_behind_three_different_titles() {
        let titles = [
            "Dam breaks | Kestrel Daily",
            "Storm nears | Kestrel Daily",
            "Bank cuts rate | Kestrel Daily",
            "One - two",
        ];
        let segments = repeated_segments(titles.into_iter());
        assert_eq!(segments, [RepeatedTitle { text: "Kestrel Daily".to_owned(), articles: 3 }]);
        assert_eq!(
            cut("Dam breaks | Kestrel Daily", &segments).map(|r| &"Dam breaks | Kestrel Daily"[r]),
            Some("Dam breaks")
        );
        assert_eq!(cut("One - two", &segments), None);
        assert!(repeated_segments(["A | X", "A | X", "A | X"].into_iter()).is_empty());
    }

    #[test]
    fn a_title_of_different_texts_is_that_of_a_column_and_carries_nothing() {
        let article = |title: &str, text: &str| Article {
            outlet: Some(Outlet { name: "Kestrel Daily".to_owned(), raw: String::new(), family: None }),
            title: Some(title.to_owned()),
            text: text.into(),
            ..Article::default()
        };
        let texts = [
            "The dam above Aldbrook broke before breakfast and six people are dead.",
            "Ferry crews on the Tarn have begun a strike that is to last three days.",
            "Eleven goats were named honorary pupils of a primary school in Upper Wend.",
        ];
        let column = texts.map(|text| article("Morning briefing", text));
        // One story in three versions, and titles without a text, are no columns.
        let versions = ["today", "tonight", "on Tuesday"].map(|when| {
            article(
                "Mill burns down",
                &format!("A fire destroyed the old Corbet mill on Weir Lane in Elmford, they said {when}."),
            )
        });
        let bare = texts.map(|_| article("News", ""));
        let all: Vec<Article> = column.into_iter().chain(versions).chain(bare).collect();
        let corpus = Corpus::new(all).expect("a few");
        let mut normalised = tokenise(&corpus, &Silent);
        let furniture = Furniture::learn(&corpus, &normalised);
        let learned = RepeatedTitle { text: "Morning briefing".to_owned(), articles: 3 };
        assert_eq!(furniture.titles["Kestrel Daily"], [learned]);
        furniture.mark(&corpus, &mut normalised);
        for (doc, article) in corpus.iter() {
            let furniture = normalised.stream(doc).title.marks.iter().all(|marks| marks.has(Marks::FURNITURE));
            assert_eq!(furniture, article.title.as_deref() == Some("Morning briefing"), "{:?}", article.title);
        }
    }
}
