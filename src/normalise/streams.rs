//! The token streams of a run, in memory or, where that is not enough, in its temporary file.
//!
//! A stream is three columns in either: words, marks, and where the words stand, title and text side by side in each. Words
//! and marks have a fixed width, so words can be read alone and marks written over; of places only the gap to the word
//! before and the length are written, mostly in one byte, since they are asked for what is shown. A token takes 6 bytes.
//!
//! In memory the columns of many streams stand one behind the other, as they are made: nothing is copied, and nothing lost
//! between them. Either all streams stand in memory or none: what is there from the first would be there to the last, when
//! memory is needed for what was found. Words are looked at far more often than the rest, so those of streams in the file
//! are kept in memory beside, as far as there is room, until [`Streams::forget_words`].

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use crate::article::DocId;
use crate::language::Lang;
use crate::normalise::lexicon::WordId;
use crate::normalise::places::{PLACE, Placed, short_places, take_place, take_places};
use crate::normalise::token::{Marks, TokenStream, Tokens};
use crate::spill::{Address, Share, Spill};

/// The streams of all articles.
#[derive(Debug, Default)]
pub(super) struct Streams {
    stored: Vec<Stored>,
    pieces: Vec<Piece>,
    spill: Spill,
    /// Whether all of them are to be in memory.
    whole: bool,
}

/// One of them, and what can be said of it unread.
#[derive(Debug)]
struct Stored {
    lang: Lang,
    /// Tokens of the title, and of the text.
    title: u32,
    body: u32,
    columns: Columns,
}

/// Where the columns of a stream are.
#[derive(Debug)]
enum Columns {
    /// In this piece, words and marks from a token on, and of the places these bytes.
    Memory {
        piece: u32,
        first: u32,
        places: Range<u32>,
    },
    Spilled(Spilled),
}

/// The columns of some streams, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Piece {
    pub(super) words: Vec<WordId>,
    pub(super) marks: Vec<Marks>,
    pub(super) places: Vec<u8>,
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

/// Tokens that there is room for in a piece, unless one stream has more: it hardly ever grows, which would copy it. Somewhat less than
/// would fill large pages and need a small one more.
const PIECE: usize = (1 << 20) - (1 << 14);

/// The bytes of a word, and of the marks of one.
const WORD: usize = 4;
const MARKS: usize = 1;

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

/// Streams in the making, in the order of their articles.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    stored: Vec<Stored>,
    pieces: Vec<Piece>,
    /// Where the stream begins that is being made: its words, and its places.
    first: usize,
    places: usize,
    /// Tokens of its title.
    title: usize,
}

impl Drafts {
    /// Begins the stream of a title and a text of so many bytes together.
    pub(super) fn begin(&mut self, bytes: usize) {
        // Two words stand in three bytes at least; in scripts without spaces, whose characters take as many, hardly ever in less.
        let most = bytes / 2 + 2;
        if self.pieces.last().is_none_or(|piece| piece.words.capacity() - piece.words.len() < most) {
            let tokens = most.max(PIECE);
            let room = Piece {
                words: Vec::with_capacity(tokens),
                marks: Vec::with_capacity(tokens),
                places: Vec::with_capacity(tokens * PLACE),
            };
            self.pieces.push(room);
        }
        let piece = self.piece();
        let (first, places) = (piece.words.len(), piece.places.len());
        (self.first, self.places, self.title) = (first, places, 0);
    }

    /// Where its columns go.
    pub(super) fn piece(&mut self) -> &mut Piece {
        if self.pieces.is_empty() {
            self.pieces.push(Piece::default());
        }
        let last = self.pieces.len() - 1;
        &mut self.pieces[last]
    }

    /// Its tokens from here on are those of the text.
    pub(super) fn title_ends(&mut self) {
        self.title = self.piece().words.len() - self.first;
    }

    /// Ends the stream.
    pub(super) fn finish(&mut self, lang: Lang) {
        let piece = self.piece();
        let (tokens, end) = (piece.words.len(), piece.places.len() as u32);
        // A text has less than 2^32 bytes and so fewer words, and their places take fewer.
        let (title, body) = (self.title as u32, (tokens - self.first - self.title) as u32);
        let (piece, first) = ((self.pieces.len() - 1) as u32, self.first as u32);
        let columns = Columns::Memory { piece, first, places: self.places as u32..end };
        self.stored.push(Stored { lang, title, body, columns });
    }

    /// Puts other numbers in the place of those of the words.
    pub(super) fn renumber(&mut self, numbers: &[WordId]) {
        let words = self.pieces.iter_mut().flat_map(|piece| &mut piece.words);
        words.for_each(|word| *word = numbers[word.index()]);
    }

    /// The streams, whose marks may be changed.
    pub(super) fn iter_mut<'a>(&'a mut self, spill: &'a Spill) -> impl Iterator<Item = ChangedMarks<'a>> {
        changed_marks(&self.stored, &mut self.pieces, spill)
    }

    /// Moves all of them to the file; their words stay in memory too if there is room.
    pub(super) fn spill(&mut self, spill: &Spill) {
        let tokens = self.stored.iter().map(Stored::tokens).sum::<usize>();
        let room = spill.hold(Share::Tokens, tokens * WORD);
        let mut bytes = Vec::new();
        let mut stored = self.stored.iter_mut().peekable();
        for (number, piece) in (0u32..).zip(std::mem::take(&mut self.pieces)) {
            let Piece { mut words, marks, places } = piece;
            words.shrink_to_fit();
            let words = Arc::new(words);
            let in_piece =
                |stored: &&mut Stored| matches!(stored.columns, Columns::Memory { piece, .. } if piece == number);
            while let Some(stored) = stored.next_if(in_piece) {
                let Columns::Memory { first, places: of_places, .. } = &stored.columns else { break };
                let tokens = *first as usize..*first as usize + stored.tokens();
                let of_places = of_places.start as usize..of_places.end as usize;
                bytes.clear();
                bytes.extend(words[tokens.clone()].iter().flat_map(|word| word.0.to_le_bytes()));
                put_marks(&marks[tokens.clone()], &mut bytes);
                bytes.extend(&places[of_places.clone()]);
                let at = spill.put(&bytes).at;
                let kept = room.then(|| (Arc::clone(&words), tokens.start));
                stored.columns = Columns::Spilled(Spilled { at, places: of_places.len(), words: kept });
            }
        }
    }
}

/// A column in memory, or one that has been read for this.
pub(super) type Column<'a, T> = Cow<'a, [T]>;

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

/// The three columns of a stream; none of places where they are not asked for.
struct Read<'a> {
    words: Column<'a, WordId>,
    marks: Column<'a, Marks>,
    places: Column<'a, u8>,
}

impl Stored {
    /// How many it has.
    fn tokens(&self) -> usize {
        self.title as usize + self.body as usize
    }

    /// The stream with all that it has.
    fn stream<'a>(&self, Read { words, marks, places }: Read<'a>) -> TokenStream<'a> {
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
}

impl Spilled {
    fn kept_words(&self, tokens: usize) -> Option<&[WordId]> {
        let (all, at) = self.words.as_ref()?;
        Some(&all[*at..*at + tokens])
    }

    /// All words and marks, and the places if they are wanted too.
    fn read(&self, tokens: usize, places: bool, spill: &Spill) -> Read<'_> {
        let kept = self.kept_words(tokens);
        let known = if kept.is_some() { tokens * WORD } else { 0 };
        let bytes = tokens * (WORD + MARKS) - known + if places { self.places } else { 0 };
        let mut bytes = spill.get(Address { at: self.at + known as u64, bytes });
        let places = bytes.split_off(tokens * (WORD + MARKS) - known);
        let (words, marks) = bytes.split_at(tokens * WORD - known);
        let words = kept.map_or_else(|| Cow::Owned(words_of(words)), Cow::Borrowed);
        Read { words, marks: Cow::Owned(marks_of(marks)), places: Cow::Owned(places) }
    }

    fn write_marks(&self, marks: &[Marks], spill: &Spill) {
        let mut bytes = Vec::with_capacity(marks.len() * MARKS);
        put_marks(marks, &mut bytes);
        spill.change(self.at + (marks.len() * WORD) as u64, &bytes);
    }
}

/// A stream of which the marks may be changed.
pub(crate) struct ChangedMarks<'a> {
    stored: &'a Stored,
    place: ChangedPlace<'a>,
    spill: &'a Spill,
}

enum ChangedPlace<'a> {
    Memory { words: &'a [WordId], marks: &'a mut [Marks], places: &'a [u8] },
    Spilled(&'a Spilled),
}

/// All streams, whose columns are in these pieces or in the file.
fn changed_marks<'a>(
    stored: &'a [Stored],
    pieces: &'a mut [Piece],
    spill: &'a Spill,
) -> impl Iterator<Item = ChangedMarks<'a>> {
    let mut pieces = (0u32..).zip(pieces);
    // The number of a piece, its words and places, and the marks that are left of it.
    let mut at = None;
    let (mut words, mut rest, mut places): (&[WordId], &mut [Marks], &[u8]) = (&[], &mut [], &[]);
    stored.iter().map(move |stored| {
        let (piece, first, of_places) = match &stored.columns {
            Columns::Memory { piece, first, places } => (*piece, *first, places),
            Columns::Spilled(spilled) => return ChangedMarks { stored, place: ChangedPlace::Spilled(spilled), spill },
        };
        while at != Some(piece)
            && let Some((number, opened)) = pieces.next()
        {
            (words, rest, places) = (&opened.words, &mut opened.marks, &opened.places);
            at = Some(number);
        }
        let (marks, others) = std::mem::take(&mut rest).split_at_mut(stored.tokens());
        rest = others;
        let words = &words[first as usize..first as usize + marks.len()];
        let places = &places[of_places.start as usize..of_places.end as usize];
        ChangedMarks { stored, place: ChangedPlace::Memory { words, marks, places }, spill }
    })
}

impl ChangedMarks<'_> {
    /// Lets the marks be changed of the stream, which is looked at whole.
    pub(super) fn change<T>(&mut self, change: impl FnOnce(&mut TokenStream<'_>) -> T) -> T {
        let tokens = self.stored.tokens();
        match &mut self.place {
            ChangedPlace::Memory { words, marks, places } => {
                let read =
                    Read { words: Cow::Borrowed(words), marks: Cow::Borrowed(marks), places: Cow::Borrowed(places) };
                let mut stream = self.stored.stream(read);
                let answer = change(&mut stream);
                let after = [stream.title.marks, stream.body.marks];
                // They are borrowed until they are changed.
                if after.iter().any(|marks| matches!(marks, Cow::Owned(_))) {
                    let changed = after.concat();
                    marks.copy_from_slice(&changed);
                }
                answer
            }
            ChangedPlace::Spilled(spilled) => {
                let mut stream = self.stored.stream(spilled.read(tokens, true, self.spill));
                let before = [stream.title.marks.clone(), stream.body.marks.clone()];
                let answer = change(&mut stream);
                let after = [stream.title.marks, stream.body.marks];
                if before != after {
                    spilled.write_marks(&after.concat(), self.spill);
                }
                answer
            }
        }
    }

    /// Lets those of its title be changed.
    pub(crate) fn of_title(&mut self, change: impl FnOnce(&mut Tokens<'_>)) {
        self.change(|stream| change(&mut stream.title));
    }

    /// Lets those of its text be changed, with the words that they belong to.
    pub(crate) fn of_body(&mut self, change: impl FnOnce(&[WordId], &mut [Marks])) {
        let title = self.stored.title as usize;
        match &mut self.place {
            ChangedPlace::Memory { words, marks, .. } => change(&words[title..], &mut marks[title..]),
            ChangedPlace::Spilled(spilled) => {
                let Read { words, marks: before, .. } = spilled.read(self.stored.tokens(), false, self.spill);
                let mut marks = before.to_vec();
                change(&words[title..], &mut marks[title..]);
                if marks != *before {
                    spilled.write_marks(&marks, self.spill);
                }
            }
        }
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

impl Streams {
    /// For streams of so many tokens in all, or fewer.
    pub(super) fn new(tokens: usize, spill: Spill) -> Self {
        let whole = spill.hold(Share::Tokens, tokens * (WORD + MARKS + PLACE));
        Self { stored: Vec::new(), pieces: Vec::new(), spill, whole }
    }

    /// Whether streams are kept in memory.
    pub(super) fn whole(&self) -> bool {
        self.whole
    }

    /// Adds those of further articles.
    pub(super) fn extend(&mut self, drafts: Drafts) {
        let before = self.pieces.len() as u32;
        self.pieces.extend(drafts.pieces);
        self.stored.extend(drafts.stored.into_iter().map(|mut stored| {
            if let Columns::Memory { piece, .. } = &mut stored.columns {
                *piece += before;
            }
            stored
        }));
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

    fn read(&self, doc: DocId, places: bool) -> Read<'_> {
        let stored = &self.stored[doc.index()];
        match &stored.columns {
            Columns::Memory { piece, first, places } => {
                let piece = &self.pieces[*piece as usize];
                let tokens = *first as usize..*first as usize + stored.tokens();
                Read {
                    words: Cow::Borrowed(&piece.words[tokens.clone()]),
                    marks: Cow::Borrowed(&piece.marks[tokens]),
                    places: Cow::Borrowed(&piece.places[places.start as usize..places.end as usize]),
                }
            }
            Columns::Spilled(spilled) => spilled.read(stored.tokens(), places, &self.spill),
        }
    }

    pub(super) fn get(&self, doc: DocId) -> TokenStream<'_> {
        self.stored[doc.index()].stream(self.read(doc, true))
    }

    pub(super) fn marked(&self, doc: DocId) -> Marked<'_> {
        let stored = &self.stored[doc.index()];
        let Read { words, marks, .. } = self.read(doc, false);
        let title = stored.title as usize;
        let ([title_words, body_words], [title_marks, body_marks]) = (split(words, title), split(marks, title));
        Marked {
            lang: stored.lang,
            title: MarkedWords { words: title_words, marks: title_marks },
            body: MarkedWords { words: body_words, marks: body_marks },
        }
    }

    pub(super) fn placed(&self, doc: DocId) -> Placed<'_> {
        let stored = &self.stored[doc.index()];
        let Read { words, marks, places } = self.read(doc, true);
        let title = stored.title as usize;
        let short = places.len() == stored.tokens() * PLACE;
        let mut rest = &*places;
        match short {
            true => rest = &rest[title * PLACE..],
            false => (0..title).for_each(|_| _ = take_place(&mut rest)),
        }
        let first = places.len() - rest.len();
        let ([_, words], [_, marks]) = (split(words, title), split(marks, title));
        Placed { text: MarkedWords { words, marks }, places, first, short }
    }

    pub(super) fn lang(&self, doc: DocId) -> Lang {
        self.stored[doc.index()].lang
    }

    pub(super) fn body_len(&self, doc: DocId) -> usize {
        self.stored[doc.index()].body as usize
    }

    pub(super) fn words(&self, doc: DocId) -> Cow<'_, [WordId]> {
        self.words_behind(doc, self.stored[doc.index()].title as usize)
    }

    pub(super) fn all_words(&self, doc: DocId) -> Cow<'_, [WordId]> {
        self.words_behind(doc, 0)
    }

    /// The words of title and text but for the first ones.
    fn words_behind(&self, doc: DocId, skipped: usize) -> Cow<'_, [WordId]> {
        let stored = &self.stored[doc.index()];
        let tokens = stored.tokens();
        match &stored.columns {
            Columns::Memory { piece, first, .. } => {
                let first = *first as usize;
                Cow::Borrowed(&self.pieces[*piece as usize].words[first + skipped..first + tokens])
            }
            Columns::Spilled(spilled) => match spilled.kept_words(tokens) {
                Some(words) => Cow::Borrowed(&words[skipped..]),
                None => {
                    let at = spilled.at + (skipped * WORD) as u64;
                    Cow::Owned(words_of(&self.spill.get(Address { at, bytes: (tokens - skipped) * WORD })))
                }
            },
        }
    }

    /// All of them, to be changed in parallel.
    pub(super) fn par_iter_mut(&mut self) -> impl IndexedParallelIterator<Item = ChangedMarks<'_>> {
        changed_marks(&self.stored, &mut self.pieces, &self.spill).collect::<Vec<_>>().into_par_iter()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::normalise::places::put_places;
    use crate::normalise::token::Span;

    fn tokens() -> impl Strategy<Value = Tokens<'static>> {
        let place = || prop_oneof![6 => (0u32..14, 1u32..23), 1 => (0u32..9000, 1u32..40_000)];
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
        fn what_is_spilled_is_what_was_kept(title in tokens(), body in tokens(), bytes in prop_oneof![Just(0usize), Just(3 << 20)], spilled: bool, words_too: bool) {
            let spill = Spill::new(if words_too { 1 << 20 } else { 0 }, std::env::temp_dir());
            let mut streams = Streams::new(0, spill.clone());
            let stream = TokenStream { lang: Lang::ENGLISH, title, body };
            // The second chunk has them again.
            for _ in 0..2 {
                let mut drafts = Drafts::default();
                for _ in 0..2 {
                    drafts.begin(bytes);
                    for tokens in [&stream.title, &stream.body] {
                        drafts.title_ends();
                        let piece = drafts.piece();
                        piece.words.extend_from_slice(&tokens.words);
                        piece.marks.extend_from_slice(&tokens.marks);
                        put_places(&mut piece.places, tokens.spans.iter().map(|span| (span.begin, span.end)));
                    }
                    drafts.finish(Lang::ENGLISH);
                }
                if spilled {
                    drafts.spill(&spill);
                }
                streams.extend(drafts);
            }
            prop_assert_eq!(streams.len(), 4);
            for doc in (0..4).map(DocId) {
                prop_assert_eq!(&streams.get(doc), &stream);
                prop_assert_eq!(&*streams.words(doc), &stream.body.words[..]);
                let both = [&stream.title.words[..], &stream.body.words[..]].concat();
                prop_assert_eq!(&*streams.all_words(doc), &both[..]);
                let marked = |tokens: &Tokens<'static>| MarkedWords { words: tokens.words.clone(), marks: tokens.marks.clone() };
                let [title, body] = [&stream.title, &stream.body].map(marked);
                let placed = streams.placed(doc);
                prop_assert_eq!(&placed.text, &body);
                // All stretches, those that end last first.
                let spans = &stream.body.spans;
                let stretches = (1..=spans.len() as u32).rev().flat_map(|end| (0..end).map(move |start| start..end));
                let span = |tokens: Range<u32>| Span {
                    begin: spans[tokens.start as usize].begin,
                    end: spans[tokens.end as usize - 1].end,
                };
                prop_assert_eq!(placed.spans(stretches.clone()), stretches.clone().map(span).collect::<Vec<_>>());
                // Each alone, with all before it skipped.
                for stretch in stretches {
                    prop_assert_eq!(placed.spans(std::iter::once(stretch.clone())), [span(stretch)]);
                }
                prop_assert_eq!(streams.marked(doc), Marked { lang: stream.lang, title, body });
            }
            let mark = |marks: &mut [Marks], bit: u8| marks.iter_mut().for_each(|m| m.0 ^= bit);
            streams.par_iter_mut().enumerate().for_each(|(at, mut one)| {
                one.change(|stream| mark(stream.title.marks.to_mut(), 1 << at));
                one.change(|_| ());
                one.of_body(|words, marks| {
                    assert_eq!(words, &*stream.body.words);
                    mark(marks, 1 << at);
                });
            });
            for at in 0..4u32 {
                let mut changed = stream.clone();
                mark(changed.title.marks.to_mut(), 1 << at);
                mark(changed.body.marks.to_mut(), 1 << at);
                prop_assert_eq!(&streams.get(DocId(at)), &changed);
            }
            streams.forget_words();
            prop_assert_eq!(&*streams.words(DocId(3)), &stream.body.words[..]);
            prop_assert!(spill.check().is_ok());
        }
    }
}
