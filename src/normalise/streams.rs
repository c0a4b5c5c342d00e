//! The token streams of a run, in memory or, where that is not enough, in its temporary file.
//!
//! A stream is three columns in either: words, marks, and where the words stand, title and text side by side in each. Words
//! and marks have a fixed width, so words can be read alone and marks written over; of places only the gap to the word
//! before and the length are written, mostly in one byte, since they are asked for what is shown. A token takes 6 bytes.
//!
//! Either all streams stand in memory or none: what is there from the first would be there to the last, when memory is needed
//! for what was found. Words are looked at far more often than the rest, so those of streams in the file are kept in memory
//! beside, as far as there is room, until [`Streams::forget_words`]: those of many streams in one piece, which the system gets back
//! as one.

use std::borrow::Cow;
use std::sync::Arc;

use rayon::prelude::*;

use crate::article::DocId;
use crate::language::Lang;
use crate::normalise::lexicon::WordId;
use crate::normalise::token::{Marks, Span, TokenStream, Tokens};
use crate::spill::{Address, Share, Spill};

/// The streams of all articles.
#[derive(Debug, Default)]
pub(super) struct Streams {
    stored: Vec<Stored>,
    spill: Spill,
    /// Whether all of them are to be in memory.
    whole: bool,
}

/// One of them, and what can be said of it unread.
#[derive(Debug)]
pub(super) struct Stored {
    lang: Lang,
    /// Tokens of the title, and of the text.
    title: u32,
    body: u32,
    columns: Columns,
}

#[derive(Debug)]
enum Columns {
    Memory { words: Box<[WordId]>, marks: Box<[Marks]>, places: Box<[u8]> },
    Spilled(Spilled),
}

/// Where columns stand in the file.
#[derive(Debug)]
struct Spilled {
    at: u64,
    /// Bytes of the places.
    places: usize,
    /// Where all its words stand in memory too.
    words: Option<(Arc<Vec<WordId>>, usize)>,
}

/// The bytes of a word, and of the marks of one.
const WORD: usize = 4;
const MARKS: usize = 1;
/// Those of its place, mostly.
const PLACE: usize = 1;

/// A stream without the places of its tokens, for which less is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked<'a> {
    /// The language of the article.
    pub lang: Lang,
    /// Of its title.
    pub title: MarkedWords<'a>,
    /// Of its text.
    pub body: MarkedWords<'a>,
}

/// The words of one field and what is known of them, as parallel columns of equal length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkedWords<'a> {
    /// The folded words.
    pub words: Cow<'a, [WordId]>,
    /// What is known of them.
    pub marks: Cow<'a, [Marks]>,
}

impl<'a> MarkedWords<'a> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

/// The columns of one stream in the making, to be used for many streams one after the other.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) words: Vec<WordId>,
    pub(super) marks: Vec<Marks>,
    places: Vec<u8>,
    title: usize,
}

impl Draft {
    /// Adds where the tokens of a field stand: where each begins and ends, in order.
    pub(super) fn put_places(&mut self, places: impl ExactSizeIterator<Item = (u32, u32)> + Clone) {
        let steps = |places| {
            let mut last = 0;
            Iterator::map(places, move |(begin, end)| {
                let step = [begin - last, end - begin];
                last = end;
                step
            })
        };
        let first = self.places.len();
        self.places.resize(first + places.len() * PLACE, 0);
        let mut all_short = true;
        for (place, [gap, length]) in self.places[first..].iter_mut().zip(steps(places.clone())) {
            *place = short_place(gap, length);
            all_short &= is_short(gap, length);
        }
        if !all_short {
            self.places.truncate(first);
            steps(places).for_each(|[gap, length]| put_place(gap, length, &mut self.places));
        }
    }

    /// The tokens from here on are those of the text.
    pub(super) fn title_ends(&mut self) {
        self.title = self.marks.len();
    }

    /// The stream; nothing is left here.
    pub(super) fn finish(&mut self, lang: Lang) -> Stored {
        // A text has less than 2^32 bytes and so fewer words.
        let [title, body] = [self.title, self.marks.len() - self.title].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
        let (words, marks, places) = ((&*self.words).into(), (&*self.marks).into(), (&*self.places).into());
        self.words.clear();
        self.marks.clear();
        self.places.clear();
        self.title = 0;
        Stored { lang, title, body, columns: Columns::Memory { words, marks, places } }
    }
}

/// A column in memory, or one that has been read for this.
type Column<'a, T> = Cow<'a, [T]>;

/// The parts of a column before and behind a place.
fn split<T: Clone>(column: Column<'_, T>, at: usize) -> [Column<'_, T>; 2] {
    match column {
        Cow::Borrowed(column) => {
            let (before, behind) = column.split_at(at);
            [before, behind].map(Cow::Borrowed)
        }
        Cow::Owned(mut before) => {
            let behind = before.split_off(at);
            [before, behind].map(Cow::Owned)
        }
    }
}

impl Stored {
    /// How many it has.
    pub(super) fn tokens(&self) -> usize {
        self.title as usize + self.body as usize
    }

    /// Puts other numbers in the place of those of its words, as long as it is in memory.
    pub(super) fn renumber(&mut self, numbers: &[WordId]) {
        if let Columns::Memory { words, .. } = &mut self.columns {
            words.iter_mut().for_each(|word| *word = numbers[word.index()]);
        }
    }

    /// Moves it to the file; its words are added to `kept` too if that is there.
    pub(super) fn spill(&mut self, spill: &Spill, kept: Option<&mut Vec<WordId>>) {
        let Columns::Memory { words, marks, places } = &self.columns else { return };
        let mut bytes = Vec::with_capacity(words.len() * (WORD + MARKS) + places.len());
        bytes.extend(words.iter().flat_map(|word| word.0.to_le_bytes()));
        put_marks(marks, &mut bytes);
        bytes.extend(places);
        if let Some(kept) = kept {
            kept.extend_from_slice(words);
        }
        let at = spill.put(&bytes).at;
        self.columns = Columns::Spilled(Spilled { at, places: places.len(), words: None });
    }

    /// Tells a stream in the file that its words stand in memory too, from `at` on. Where those of the next one begin.
    pub(super) fn keep_words(&mut self, all: &Arc<Vec<WordId>>, at: usize) -> usize {
        let next = at + self.tokens();
        if let Columns::Spilled(spilled) = &mut self.columns {
            spilled.words = Some((Arc::clone(all), at));
        }
        next
    }

    /// All words and marks, and the places if they are wanted too.
    fn columns(&self, places: bool, spill: &Spill) -> (Column<'_, WordId>, Column<'_, Marks>, Column<'_, u8>) {
        let spilled = match &self.columns {
            Columns::Memory { words, marks, places } => {
                return (Cow::Borrowed(words), Cow::Borrowed(marks), Cow::Borrowed(places));
            }
            Columns::Spilled(spilled) => spilled,
        };
        let (tokens, kept) = (self.tokens(), spilled.kept_words(self.tokens()));
        let known = if kept.is_some() { tokens * WORD } else { 0 };
        let bytes = tokens * (WORD + MARKS) - known + if places { spilled.places } else { 0 };
        let mut bytes = spill.get(Address { at: spilled.at + known as u64, bytes });
        let places = bytes.split_off(tokens * (WORD + MARKS) - known);
        let (words, marks) = bytes.split_at(tokens * WORD - known);
        let words = kept.map_or_else(|| Cow::Owned(words_of(words)), Cow::Borrowed);
        (words, Cow::Owned(marks_of(marks)), Cow::Owned(places))
    }

    /// The stream with all that it has.
    pub(super) fn stream(&self, spill: &Spill) -> TokenStream<'_> {
        let (words, marks, places) = self.columns(true, spill);
        let title = self.title as usize;
        let ([title_words, body_words], [title_marks, body_marks]) = (split(words, title), split(marks, title));
        let mut places = &*places;
        // A byte each, if all are near and short.
        let short = places.len() == self.tokens() * PLACE;
        let mut spans =
            |count: usize| if short { short_places(&mut places, count) } else { take_places(&mut places, count) };
        let title = Tokens { words: title_words, marks: title_marks, spans: spans(title) };
        let body = Tokens { words: body_words, marks: body_marks, spans: spans(self.body as usize) };
        TokenStream { lang: self.lang, title, body }
    }

    fn marked(&self, spill: &Spill) -> Marked<'_> {
        let (words, marks, _) = self.columns(false, spill);
        let ([title_words, body_words], [title_marks, body_marks]) =
            (split(words, self.title as usize), split(marks, self.title as usize));
        Marked {
            lang: self.lang,
            title: MarkedWords { words: title_words, marks: title_marks },
            body: MarkedWords { words: body_words, marks: body_marks },
        }
    }

    /// Words of title and text, or of the text alone.
    fn words(&self, title: bool, spill: &Spill) -> Cow<'_, [WordId]> {
        let skipped = if title { 0 } else { self.title as usize };
        match &self.columns {
            Columns::Memory { words, .. } => Cow::Borrowed(&words[skipped..]),
            Columns::Spilled(spilled) => match spilled.kept_words(self.tokens()) {
                Some(words) => Cow::Borrowed(&words[skipped..]),
                None => {
                    let at = spilled.at + (skipped * WORD) as u64;
                    Cow::Owned(words_of(&spill.get(Address { at, bytes: (self.tokens() - skipped) * WORD })))
                }
            },
        }
    }

    /// Lets the marks of a stream be changed, which is looked at whole.
    pub(super) fn change<T>(&mut self, spill: &Spill, change: impl FnOnce(&mut TokenStream<'_>) -> T) -> T {
        let mut stream = self.stream(spill);
        let before = [stream.title.marks.clone(), stream.body.marks.clone()];
        let answer = change(&mut stream);
        let after = [stream.title.marks, stream.body.marks];
        let changed = match &self.columns {
            // They are borrowed until they are changed.
            Columns::Memory { .. } => after.iter().any(|marks| matches!(marks, Cow::Owned(_))),
            Columns::Spilled(_) => before != after,
        };
        let changed = changed.then(|| after.concat());
        match (changed, &mut self.columns) {
            (None, _) => {}
            (Some(changed), Columns::Memory { marks, .. }) => marks.copy_from_slice(&changed),
            (Some(changed), Columns::Spilled(spilled)) => spilled.write_marks(&changed, spill),
        }
        answer
    }

    /// Lets the marks be changed; of title and text side by side, with the words that they belong to.
    fn change_marks(&mut self, spill: &Spill, change: impl FnOnce(&[WordId], &mut [Marks])) {
        if let Columns::Memory { words, marks, .. } = &mut self.columns {
            change(words, marks);
            return;
        }
        let (words, before, _) = self.columns(false, spill);
        let mut marks = before.to_vec();
        change(&words, &mut marks);
        if let Columns::Spilled(spilled) = &self.columns
            && marks != *before
        {
            spilled.write_marks(&marks, spill);
        }
    }

    /// The same of the text alone.
    pub(super) fn change_body_marks(&mut self, spill: &Spill, change: impl FnOnce(&[WordId], &mut [Marks])) {
        let title = self.title as usize;
        self.change_marks(spill, |words, marks| change(&words[title..], &mut marks[title..]));
    }
}

impl Spilled {
    fn kept_words(&self, tokens: usize) -> Option<&[WordId]> {
        let (all, at) = self.words.as_ref()?;
        Some(&all[*at..*at + tokens])
    }

    fn write_marks(&self, marks: &[Marks], spill: &Spill) {
        let mut bytes = Vec::with_capacity(marks.len() * MARKS);
        put_marks(marks, &mut bytes);
        spill.change(self.at + (marks.len() * WORD) as u64, &bytes);
    }
}

fn words_of(bytes: &[u8]) -> Vec<WordId> {
    bytes.as_chunks::<WORD>().0.iter().map(|word| WordId(u32::from_le_bytes(*word))).collect()
}

fn marks_of(bytes: &[u8]) -> Vec<Marks> {
    bytes.iter().map(|marks| Marks(*marks)).collect()
}

fn put_marks(marks: &[Marks], bytes: &mut Vec<u8>) {
    bytes.extend(marks.iter().map(|marks| marks.0));
}

/// A place is one byte if the gap is less than this,
const GAPS: u32 = 12;
/// and the length, which is 1 at least, no more than this; that leaves some bytes over.
const LENGTHS: u32 = 20;
/// Begins a place that takes more bytes.
const LONG: u8 = u8::MAX;

fn is_short(gap: u32, length: u32) -> bool {
    (gap < GAPS) & (length.wrapping_sub(1) < LENGTHS)
}

/// The byte of a place that is short.
fn short_place(gap: u32, length: u32) -> u8 {
    gap.wrapping_mul(LENGTHS).wrapping_add(length).wrapping_sub(1) as u8
}

/// The gap and the length of it.
fn short_steps(place: u8) -> [u32; 2] {
    [u32::from(place) / LENGTHS, u32::from(place) % LENGTHS + 1]
}

fn put_place(gap: u32, length: u32, bytes: &mut Vec<u8>) {
    if is_short(gap, length) {
        bytes.push(short_place(gap, length));
        return;
    }
    bytes.push(LONG);
    put_number(gap, bytes);
    put_number(length, bytes);
}

/// Seven bits a byte, the last with the highest bit off.
fn put_number(mut number: u32, bytes: &mut Vec<u8>) {
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take_number(bytes: &mut &[u8]) -> u32 {
    let (mut number, mut shift) = (0, 0);
    while let Some((&byte, rest)) = bytes.split_first() {
        *bytes = rest;
        number |= u32::from(byte & 0x7f) << shift;
        if byte <= 0x7f || shift >= 28 {
            break;
        }
        shift += 7;
    }
    number
}

/// So many places of a byte each.
fn short_places(bytes: &mut &[u8], count: usize) -> Vec<Span> {
    let (places, rest) = bytes.split_at(count * PLACE);
    *bytes = rest;
    let mut last = 0;
    places.iter().map(|place| span_behind(&mut last, short_steps(*place))).collect()
}

fn take_places(bytes: &mut &[u8], count: usize) -> Vec<Span> {
    let mut last = 0;
    let spans = (0..count).map(|_| {
        let place = bytes.split_off_first().copied().unwrap_or(LONG);
        let steps = if place == LONG { [take_number(bytes), take_number(bytes)] } else { short_steps(place) };
        span_behind(&mut last, steps)
    });
    spans.collect()
}

/// Where a token stands that begins so far behind the end of the last one and is so long.
fn span_behind(last: &mut u32, [gap, length]: [u32; 2]) -> Span {
    let begin = last.wrapping_add(gap);
    *last = begin.wrapping_add(length);
    Span { begin, end: *last }
}

impl Streams {
    /// For streams of so many tokens in all, or fewer.
    pub(super) fn new(tokens: usize, spill: Spill) -> Self {
        let whole = spill.hold(Share::Tokens, tokens * (WORD + MARKS + PLACE));
        Self { stored: Vec::new(), spill, whole }
    }

    /// Whether streams are kept in memory.
    pub(super) fn whole(&self) -> bool {
        self.whole
    }

    /// Adds those of further articles.
    pub(super) fn extend(&mut self, stored: Vec<Stored>) {
        self.stored.extend(stored);
    }

    /// Frees the memory of words that stand in the file too.
    pub(super) fn forget_words(&mut self) {
        for stored in &mut self.stored {
            let tokens = stored.tokens();
            if let Columns::Spilled(spilled) = &mut stored.columns
                && spilled.words.take().is_some()
            {
                self.spill.release(Share::Tokens, tokens * size_of::<WordId>());
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.stored.len()
    }

    pub(super) fn get(&self, doc: DocId) -> TokenStream<'_> {
        self.stored[doc.index()].stream(&self.spill)
    }

    pub(super) fn marked(&self, doc: DocId) -> Marked<'_> {
        self.stored[doc.index()].marked(&self.spill)
    }

    pub(super) fn lang(&self, doc: DocId) -> Lang {
        self.stored[doc.index()].lang
    }

    pub(super) fn body_len(&self, doc: DocId) -> usize {
        self.stored[doc.index()].body as usize
    }

    pub(super) fn words(&self, doc: DocId) -> Cow<'_, [WordId]> {
        self.stored[doc.index()].words(false, &self.spill)
    }

    pub(super) fn all_words(&self, doc: DocId) -> Cow<'_, [WordId]> {
        self.stored[doc.index()].words(true, &self.spill)
    }

    /// All of them, to be changed in parallel.
    pub(super) fn par_iter_mut(&mut self) -> impl IndexedParallelIterator<Item = (&mut Stored, &Spill)> {
        let spill = &self.spill;
        self.stored.par_iter_mut().map(move |stored| (stored, spill))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tokens() -> impl Strategy<Value = Tokens<'static>> {
        let place = || prop_oneof![(0u32..3, 1u32..20), (0u32..9000, 1u32..40_000)];
        let token = (any::<u32>(), place(), any::<u8>());
        proptest::collection::vec(token, 0..40).prop_map(|all| {
            let mut tokens = Tokens::default();
            let mut at = 0;
            for (word, (gap, length), marks) in all {
                let begin = at + gap;
                at = begin + length;
                tokens.words.to_mut().push(WordId(word));
                tokens.spans.push(Span { begin, end: at });
                tokens.marks.to_mut().push(Marks(marks));
            }
            tokens
        })
    }

    proptest! {
        #[test]
        fn what_is_spilled_is_what_was_kept(title in tokens(), body in tokens(), spilled: bool, words_too: bool) {
            let mut draft = Draft::default();
            for tokens in [&title, &body] {
                draft.title_ends();
                draft.words.extend_from_slice(&tokens.words);
                draft.marks.extend_from_slice(&tokens.marks);
                draft.put_places(tokens.spans.iter().map(|span| (span.begin, span.end)));
            }
            let mut stored = draft.finish(Lang::ENGLISH);
            let stream = TokenStream { lang: Lang::ENGLISH, title, body };
            let spill = Spill::new(0, std::env::temp_dir());
            if spilled {
                let mut all = vec![WordId(7); 3];
                stored.spill(&spill, words_too.then_some(&mut all));
                if words_too {
                    prop_assert_eq!(stored.keep_words(&Arc::new(all.clone()), 3), all.len());
                }
            }
            prop_assert_eq!(&stored.stream(&spill), &stream);
            prop_assert_eq!(&*stored.words(false, &spill), &stream.body.words[..]);
            let both = [&stream.title.words[..], &stream.body.words[..]].concat();
            prop_assert_eq!(&*stored.words(true, &spill), &both[..]);
            let marked = |tokens: &Tokens<'static>| MarkedWords { words: tokens.words.clone(), marks: tokens.marks.clone() };
            let [title, body] = [&stream.title, &stream.body].map(marked);
            prop_assert_eq!(stored.marked(&spill), Marked { lang: stream.lang, title, body });
            let mut changed = stream;
            let mark = |marks: &mut [Marks]| marks.iter_mut().for_each(|m| m.0 ^= 32);
            mark(changed.title.marks.to_mut());
            mark(changed.body.marks.to_mut());
            stored.change(&spill, |stream| mark(stream.title.marks.to_mut()));
            stored.change(&spill, |_| ());
            stored.change_body_marks(&spill, |words, marks| {
                assert_eq!(words, &*changed.body.words);
                mark(marks);
            });
            prop_assert_eq!(&stored.stream(&spill), &changed);
            prop_assert!(spill.check().is_ok());
        }
    }
}
