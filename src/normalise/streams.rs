//! The token streams of a run, in memory or, where that is not enough, in its temporary file.
//!
//! In the file a stream is four stretches: words, marks, and where the words stand, title and text side by side in each. Words
//! and marks have a fixed width, so words can be read alone and marks written over; of places only the gap to the word
//! before and the length are written, mostly a byte each. A token takes 8 bytes there and 14 in memory.
//!
//! Either all streams stand in memory or none: what is there from the first would be there to the last, when memory is needed
//! for what was found. Words are looked at far more often than the rest, so those of streams in the file are kept in memory
//! beside, as far as there is room, until [`Streams::forget_words`]: those of many streams in one piece, which the system gets back
//! as one.

use std::borrow::Cow;
use std::ops::{Deref, Range};
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

/// One of them.
#[derive(Debug)]
pub(super) enum Stored {
    Memory(Box<TokenStream>),
    Spilled(Spilled),
}

/// Where a stream is, and what can be said of it unread.
#[derive(Debug)]
pub(super) struct Spilled {
    at: u64,
    /// Where all its words stand in memory too.
    words: Option<(Arc<Vec<WordId>>, usize)>,
    /// Of the stretch of places.
    places: usize,
    title: u32,
    body: u32,
    lang: Lang,
}

/// The bytes of a word, and of the marks of one.
const WORD: usize = 4;
const MARKS: usize = 2;

/// A stream that is looked at: it is in memory, or has been read for this.
#[derive(Clone, Debug)]
pub struct StreamRef<'a>(Held<'a>);

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

    /// Of tokens that are at hand.
    #[must_use]
    pub fn of(tokens: &'a Tokens) -> Self {
        Self { words: Cow::Borrowed(&tokens.words), marks: Cow::Borrowed(&tokens.marks) }
    }
}

#[derive(Clone, Debug)]
enum Held<'a> {
    Memory(&'a TokenStream),
    Read(Box<TokenStream>),
}

impl StreamRef<'_> {
    /// A copy of it.
    #[must_use]
    pub fn to_stream(&self) -> TokenStream {
        TokenStream::clone(self)
    }
}

impl Deref for StreamRef<'_> {
    type Target = TokenStream;

    fn deref(&self) -> &TokenStream {
        match &self.0 {
            Held::Memory(stream) => stream,
            Held::Read(stream) => stream,
        }
    }
}

impl Stored {
    /// Keeps a stream: in memory if it is `whole`, else in the file.
    pub(super) fn keep(stream: TokenStream, whole: bool, spill: &Spill) -> Self {
        if whole {
            return Self::Memory(Box::new(stream));
        }
        let tokens = stream.title.len() + stream.body.len();
        let mut bytes = Vec::with_capacity(tokens * (WORD + MARKS + 2) + 16);
        for words in [&stream.title.words, &stream.body.words] {
            bytes.extend(words.iter().flat_map(|word| word.0.to_le_bytes()));
        }
        put_marks(&stream, &mut bytes);
        let fixed = bytes.len();
        for tokens in [&stream.title, &stream.body] {
            put_places(&tokens.spans, &mut bytes);
        }
        // A text has less than 2^32 bytes and so fewer words.
        let [title, body] = [&stream.title, &stream.body].map(|t| u32::try_from(t.len()).unwrap_or(u32::MAX));
        let at = spill.put(&bytes).at;
        Self::Spilled(Spilled { at, words: None, places: bytes.len() - fixed, title, body, lang: stream.lang })
    }

    /// Tells a stream in the file that its words stand in memory too, from `at` on. Where those of the next one begin.
    pub(super) fn keep_words(&mut self, all: &Arc<Vec<WordId>>, at: usize) -> usize {
        let Self::Spilled(spilled) = self else { return at };
        spilled.words = Some((Arc::clone(all), at));
        at + spilled.tokens()
    }

    fn lang(&self) -> Lang {
        match self {
            Self::Memory(stream) => stream.lang,
            Self::Spilled(spilled) => spilled.lang,
        }
    }

    fn body_len(&self) -> usize {
        match self {
            Self::Memory(stream) => stream.body.len(),
            Self::Spilled(spilled) => spilled.body as usize,
        }
    }

    fn read(&self, spill: &Spill) -> StreamRef<'_> {
        StreamRef(match self {
            Self::Memory(stream) => Held::Memory(stream),
            Self::Spilled(spilled) => Held::Read(Box::new(spilled.read(spill))),
        })
    }

    fn marked(&self, spill: &Spill) -> Marked<'_> {
        match self {
            Self::Memory(stream) => {
                let [title, body] = [&stream.title, &stream.body].map(MarkedWords::of);
                Marked { lang: stream.lang, title, body }
            }
            Self::Spilled(spilled) => spilled.marked(spill),
        }
    }

    /// Words of title and text, or of the text alone.
    fn words(&self, title: bool, spill: &Spill) -> Cow<'_, [WordId]> {
        match self {
            Self::Memory(stream) if title => Cow::Owned([&stream.title.words[..], &stream.body.words[..]].concat()),
            Self::Memory(stream) => Cow::Borrowed(&stream.body.words),
            Self::Spilled(spilled) => spilled.words(title, spill),
        }
    }

    /// Lets the marks of a stream be changed.
    pub(super) fn change<T>(&mut self, spill: &Spill, change: impl FnOnce(&mut TokenStream) -> T) -> T {
        match self {
            Self::Memory(stream) => change(stream),
            Self::Spilled(spilled) => {
                let mut stream = spilled.read(spill);
                let mut before = Vec::new();
                put_marks(&stream, &mut before);
                let answer = change(&mut stream);
                let mut after = Vec::with_capacity(before.len());
                put_marks(&stream, &mut after);
                if before != after {
                    spill.change(spilled.at + (spilled.tokens() * WORD) as u64, &after);
                }
                answer
            }
        }
    }
}

impl Spilled {
    fn tokens(&self) -> usize {
        self.title as usize + self.body as usize
    }

    fn kept_words(&self) -> Option<&[WordId]> {
        let (all, at) = self.words.as_ref()?;
        Some(&all[*at..*at + self.tokens()])
    }

    fn words(&self, title: bool, spill: &Spill) -> Cow<'_, [WordId]> {
        let skipped = if title { 0 } else { self.title as usize };
        if let Some(words) = self.kept_words() {
            return Cow::Borrowed(&words[skipped..]);
        }
        let address = Address { at: self.at + (skipped * WORD) as u64, bytes: (self.tokens() - skipped) * WORD };
        Cow::Owned(words_of(&spill.get(address)))
    }

    /// All words, what is known of them, and the stretch of places if it is wanted too.
    fn columns(&self, places: bool, spill: &Spill) -> (Cow<'_, [WordId]>, Vec<Marks>, Vec<u8>) {
        let tokens = self.tokens();
        let known = if self.words.is_some() { tokens * WORD } else { 0 };
        let bytes = tokens * (WORD + MARKS) - known + if places { self.places } else { 0 };
        let mut bytes = spill.get(Address { at: self.at + known as u64, bytes });
        let rest = bytes.split_off(tokens * (WORD + MARKS) - known);
        let (words, marks) = bytes.split_at(tokens * WORD - known);
        let words = self.kept_words().map_or_else(|| Cow::Owned(words_of(words)), Cow::Borrowed);
        (words, marks_of(marks), rest)
    }

    fn marked(&self, spill: &Spill) -> Marked<'_> {
        let (words, mut marks, _) = self.columns(false, spill);
        let title = self.title as usize;
        let (title_words, body_words) = match words {
            Cow::Borrowed(words) => {
                let (title, body) = words.split_at(title);
                (Cow::Borrowed(title), Cow::Borrowed(body))
            }
            Cow::Owned(mut words) => {
                let body = words.split_off(title);
                (Cow::Owned(words), Cow::Owned(body))
            }
        };
        let body_marks = marks.split_off(title);
        Marked {
            lang: self.lang,
            title: MarkedWords { words: title_words, marks: Cow::Owned(marks) },
            body: MarkedWords { words: body_words, marks: Cow::Owned(body_marks) },
        }
    }

    fn read(&self, spill: &Spill) -> TokenStream {
        let (words, marks, places) = self.columns(true, spill);
        let mut places = &places[..];
        let mut tokens = |range: Range<usize>| Tokens {
            words: words[range.clone()].to_vec(),
            spans: take_places(&mut places, range.len()),
            marks: marks[range].to_vec(),
        };
        let title = tokens(0..self.title as usize);
        let body = tokens(self.title as usize..self.tokens());
        TokenStream { lang: self.lang, title, body }
    }
}

fn words_of(bytes: &[u8]) -> Vec<WordId> {
    bytes.as_chunks::<WORD>().0.iter().map(|word| WordId(u32::from_le_bytes(*word))).collect()
}

fn marks_of(bytes: &[u8]) -> Vec<Marks> {
    bytes.as_chunks::<MARKS>().0.iter().map(|marks| Marks(u16::from_le_bytes(*marks))).collect()
}

fn put_marks(stream: &TokenStream, bytes: &mut Vec<u8>) {
    for marks in [&stream.title.marks, &stream.body.marks] {
        bytes.extend(marks.iter().flat_map(|marks| marks.0.to_le_bytes()));
    }
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

fn put_places(spans: &[Span], bytes: &mut Vec<u8>) {
    let mut last = 0;
    for span in spans {
        put_number(span.begin - last, bytes);
        put_number(span.end - span.begin, bytes);
        last = span.end;
    }
}

fn take_places(bytes: &mut &[u8], count: usize) -> Vec<Span> {
    let mut last = 0u32;
    let spans = (0..count).map(|_| {
        let (gap, length) = match **bytes {
            [gap, length, ref rest @ ..] if (gap | length) <= 0x7f => {
                *bytes = rest;
                (u32::from(gap), u32::from(length))
            }
            _ => (take_number(bytes), take_number(bytes)),
        };
        let begin = last.wrapping_add(gap);
        last = begin.wrapping_add(length);
        Span { begin, end: last }
    });
    spans.collect()
}

impl Streams {
    /// For streams of so many tokens in all, or fewer.
    pub(super) fn new(tokens: usize, spill: Spill) -> Self {
        let token = size_of::<WordId>() + size_of::<Span>() + size_of::<Marks>();
        let whole = spill.hold(Share::Tokens, tokens * token);
        Self { stored: Vec::new(), spill, whole }
    }

    /// Whether streams are kept in memory.
    pub(super) fn whole(&self) -> bool {
        self.whole
    }

    pub(super) fn push(&mut self, stored: Stored) {
        self.stored.push(stored);
    }

    /// Frees the memory of words that stand in the file too.
    pub(super) fn forget_words(&mut self) {
        for stored in &mut self.stored {
            if let Stored::Spilled(spilled) = stored
                && spilled.words.take().is_some()
            {
                self.spill.release(Share::Tokens, spilled.tokens() * size_of::<WordId>());
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.stored.len()
    }

    pub(super) fn get(&self, doc: DocId) -> StreamRef<'_> {
        self.stored[doc.index()].read(&self.spill)
    }

    pub(super) fn marked(&self, doc: DocId) -> Marked<'_> {
        self.stored[doc.index()].marked(&self.spill)
    }

    pub(super) fn lang(&self, doc: DocId) -> Lang {
        self.stored[doc.index()].lang()
    }

    pub(super) fn body_len(&self, doc: DocId) -> usize {
        self.stored[doc.index()].body_len()
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

    fn tokens() -> impl Strategy<Value = Tokens> {
        let token = (any::<u32>(), 0u32..9000, 1u32..40_000, any::<u16>());
        proptest::collection::vec(token, 0..40).prop_map(|all| {
            let mut tokens = Tokens::default();
            let mut at = 0;
            for (word, gap, length, marks) in all {
                let begin = at + gap;
                at = begin + length;
                tokens.words.push(WordId(word));
                tokens.spans.push(Span { begin, end: at });
                tokens.marks.push(Marks(marks));
            }
            tokens
        })
    }

    proptest! {
        #[test]
        fn what_is_spilled_is_what_was_kept(title in tokens(), body in tokens(), words_too: bool) {
            let stream = TokenStream { lang: Lang::ENGLISH, title, body };
            let spill = Spill::new(0, std::env::temp_dir());
            let mut stored = Stored::keep(stream.clone(), false, &spill);
            prop_assert!(matches!(stored, Stored::Spilled(_)));
            if words_too {
                let before = [WordId(7); 3];
                let all = [&before[..], &stream.title.words, &stream.body.words].concat();
                prop_assert_eq!(stored.keep_words(&Arc::new(all.clone()), 3), all.len());
            }
            prop_assert_eq!(&*stored.read(&spill), &stream);
            prop_assert_eq!(&*stored.words(false, &spill), &stream.body.words[..]);
            let both = [&stream.title.words[..], &stream.body.words[..]].concat();
            prop_assert_eq!(&*stored.words(true, &spill), &both[..]);
            let [title, body] = [&stream.title, &stream.body].map(MarkedWords::of);
            prop_assert_eq!(stored.marked(&spill), Marked { lang: stream.lang, title, body });
            prop_assert_eq!((stored.lang(), stored.body_len()), (stream.lang, stream.body.len()));
            let mut changed = stream;
            let mark = |stream: &mut TokenStream| {
                stream.title.marks.iter_mut().chain(&mut stream.body.marks).for_each(|m| m.0 ^= 512);
            };
            mark(&mut changed);
            stored.change(&spill, mark);
            prop_assert_eq!(&*stored.read(&spill), &changed);
            prop_assert!(spill.check().is_ok());
        }
    }
}
