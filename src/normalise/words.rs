//! Word boundaries and folding: runs of letters and digits, `.` and `,` inside numbers, in lower case.
//!
//! The tokeniser is what every byte of a corpus passes through, so this is a loop of our own with a fast path for ASCII.
//! Scripts that write no spaces (Han, Kana, Thai, Khmer, Lao, Burmese) are left to the dictionaries of `icu_segmenter`.

use std::borrow::Cow;

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Finds the words of texts.
pub struct Words {
    segmenter: WordSegmenterBorrowed<'static>,
    /// Room for the edges of the runs of a text.
    edges: Vec<u32>,
    found: Vec<Word>,
    behind_more: Vec<u32>,
}

/// Where a word stands, in bytes of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// First byte.
    pub begin: u32,
    /// Behind its last byte.
    pub end: u32,
    /// Behind a `'s` that follows, which belongs to its place but not to the word; else the end.
    pub behind: u32,
}

impl Word {
    /// The word as it stands in its text.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        &text[self.begin as usize..self.end as usize]
    }

    /// Of a text of less than 2^32 bytes.
    fn at(begin: usize, end: usize, behind: usize) -> Self {
        Self { begin: begin as u32, end: end as u32, behind: behind as u32 }
    }
}

impl Default for Words {
    fn default() -> Self {
        let segmenter = WordSegmenter::new_auto(WordBreakInvariantOptions::default());
        Self { segmenter, edges: Vec::new(), found: Vec::new(), behind_more: Vec::new() }
    }
}

/// A word as it is compared with others: NFKC, in lower case. O(length).
#[must_use]
pub fn fold(word: &str) -> Cow<'_, str> {
    if !word.is_ascii() {
        return Cow::Owned(word.nfkc().flat_map(char::to_lowercase).collect());
    }
    match word.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(word.to_ascii_lowercase()),
        false => Cow::Borrowed(word),
    }
}

impl Words {
    /// The words of a text; of one of 2^32 bytes or more only those that begin before. O(length).
    pub fn find(&mut self, text: &str) -> Found<'_> {
        let most = text.len().min(u32::MAX as usize);
        let text = (0..=most).rev().find_map(|end| text.get(..end)).unwrap_or("");
        let Self { segmenter, edges, found, behind_more } = self;
        found.clear();
        behind_more.clear();
        let bytes = text.as_bytes();
        let edges = put_edges(bytes, edges);
        let mut at = wide_words(text, 0, (edges[0] as usize).min(bytes.len()), segmenter, found);
        behind_more.extend(0..(found.len() + 1) as u32);
        for (run, next) in edges.as_chunks::<2>().0.iter().zip(edges[2..].as_chunks::<2>().0) {
            let [begin, end, next] = [run[0], run[1], next[0]].map(|at| at as usize);
            // Most words stand between two spaces; whatever else stands behind one is looked at here, and nowhere else.
            if next == end + 1 && bytes.get(end) == Some(&b' ') && begin >= at {
                found.push(Word::at(begin, end, end));
                continue;
            }
            let words = found.len();
            // It may be part of the last word.
            if begin >= at {
                at = if mark(&bytes[end..]) > 0 {
                    found.push(Word::at(begin, end, end));
                    end
                } else {
                    add_word(text, begin, end, segmenter, found)
                };
            }
            let next = next.min(bytes.len());
            if at + 1 < next && !bytes[at..next].is_ascii() {
                at = wide_words(text, at, next, segmenter, found);
            }
            behind_more.extend((words + 1) as u32..(found.len() + 1) as u32);
        }
        Found { words: found, behind_more }
    }
}

/// The words of a text.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// In order.
    pub words: &'a [Word],
    /// Those, by number, between which and the one before may be more or less than one space, the first among them; in order,
    /// and one more than there are words at the end.
    pub behind_more: &'a [u32],
}

/// Adds the words of a stretch that has letters beyond ASCII, and none of ASCII but those that go on with them. Where the last
/// one ends, or the stretch.
fn wide_words(
    text: &str,
    mut at: usize,
    end: usize,
    segmenter: &WordSegmenterBorrowed<'static>,
    found: &mut Vec<Word>,
) -> usize {
    let bytes = text.as_bytes();
    while at < end {
        let mark = mark(&bytes[at..]);
        at = if mark > 0 { at + mark } else { add_word(text, at, at, segmenter, found) };
    }
    at
}

/// Adds the word that begins at `start` and goes on up to `at` at least, or the words if it is in a script without spaces. Where
/// it ends; behind the character at `start` if there is none.
fn add_word(
    text: &str,
    start: usize,
    at: usize,
    segmenter: &WordSegmenterBorrowed<'static>,
    found: &mut Vec<Word>,
) -> usize {
    let (end, spaceless) = word_end(text, start, at);
    if end == start {
        return start + text[start..].chars().next().map_or(1, char::len_utf8);
    }
    if spaceless {
        let breaks = segmenter.segment_str(&text[start..end]).map(|at| start + at);
        let mut from = start;
        for end in breaks.skip(1) {
            found.push(Word::at(from, end, end));
            from = end;
        }
        return end;
    }
    let behind = possessive_end(text, end);
    found.push(Word::at(start, end, behind));
    behind
}

/// Where runs of letters and digits of ASCII begin and end, by turns, and twice what no text reaches; `edges` is room for it.
/// O(length).
fn put_edges<'a>(bytes: &[u8], edges: &'a mut Vec<u32>) -> &'a [u32] {
    let (blocks, rest) = bytes.as_chunks::<64>();
    let mut last = [0; 64];
    last[..rest.len()].copy_from_slice(rest);
    let (mut count, mut inside) = (0, 0);
    for (block, bytes) in (0u32..).zip(blocks.iter().chain([&last])) {
        let plain = plain(bytes);
        let mut changes = plain ^ (plain << 1 | inside);
        inside = plain >> 63;
        let end = count + changes.count_ones() as usize;
        if edges.len() < end + 2 {
            edges.resize(2 * (end + 2), 0);
        }
        for edge in &mut edges[count..end] {
            *edge = 64 * block + changes.trailing_zeros();
            changes &= changes - 1;
        }
        count = end;
    }
    edges[count..count + 2].fill(u32::MAX);
    &edges[..count + 2]
}

/// Which of 64 bytes are letters or digits of ASCII, the first byte lowest.
fn plain(bytes: &[u8; 64]) -> u64 {
    // One loop for what the compiler does to many bytes at once, and one to gather its bits.
    let mut found = [0u8; 64];
    for (found, byte) in found.iter_mut().zip(bytes) {
        *found = u8::from((byte | 0x20).wrapping_sub(b'a') < 26) | u8::from(byte.wrapping_sub(b'0') < 10);
    }
    let eights = found.as_chunks::<8>().0.iter().enumerate();
    // The product has the eight bits in its top byte.
    let gather = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    eights.fold(0, |bits, (at, eight)| bits | gather(eight) << (8 * at))
}

/// The bytes of the space or mark before which a word certainly ends, as most do; 0 if what stands there may go on with the word
/// or must be looked at more closely.
fn mark(rest: &[u8]) -> usize {
    match rest {
        [b' ', ..] | [] => 1,
        [b'.' | b',', next, ..] => usize::from(!next.is_ascii_digit()),
        [b'\'', ..] => 0,
        // Dashes and quotation marks (U+2000 to U+203F), of which one may be an apostrophe.
        [0xe2, 0x80, last, ..] => 3 * usize::from(*last != 0x99),
        [next, ..] => usize::from(next.is_ascii() && !next.is_ascii_alphanumeric()),
    }
}

/// The end of the word that begins at `start` and goes on up to `at` at least, and whether it is in a script without spaces.
fn word_end(text: &str, start: usize, mut at: usize) -> (usize, bool) {
    let bytes = text.as_bytes();
    let mut spaceless = false;
    while let Some(&byte) = bytes.get(at) {
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        if byte.is_ascii_alphanumeric() {
            at += 1;
        } else if byte < 0x80 {
            if !(matches!(byte, b'.' | b',') && at > start && digit(at - 1) && digit(at + 1)) {
                break;
            }
            at += 1;
        } else {
            let Some(c) = text[at..].chars().next() else { break };
            if !(c.is_alphanumeric() || is_combining_mark(c) && at > start) {
                break;
            }
            spaceless |= writes_no_spaces(c);
            at += c.len_utf8();
        }
    }
    (at, spaceless)
}

/// Behind a word's `'s`, if it has one: `Israel's` counts as `Israel`.
#[inline]
fn possessive_end(text: &str, at: usize) -> usize {
    let quote = match &text.as_bytes()[at..] {
        [b'\'', ..] => 1,
        [0xe2, 0x80, 0x99, ..] => 3,
        _ => return at,
    };
    let mut after = text[at + quote..].chars();
    if !matches!(after.next(), Some('s' | 'S')) || after.next().is_some_and(char::is_alphanumeric) {
        return at;
    }
    at + quote + 1
}

/// Han, Hiragana, Katakana, Thai, Lao, Burmese and Khmer.
fn writes_no_spaces(c: char) -> bool {
    matches!(u32::from(c),
        0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x3005..=0x3007 | 0x3040..=0x30ff | 0x31f0..=0x31ff
        | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let told = |word: &Word| {
            let place = &text[word.begin as usize..word.behind as usize];
            format!("{}:{place}", fold(word.of(text)))
        };
        Words::default().find(text).words.iter().map(told).collect()
    }

    #[test]
    fn cases() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            (" -- ", &[]),
            ("The U.S. paid $1,200.50.", &["the:The", "u:U", "s:S", "paid:paid", "1,200.50:1,200.50"]),
            ("Israel’s plan, Israel's", &["israel:Israel’s", "plan:plan", "israel:Israel's"]),
            ("it'sx don't", &["it:it", "sx:sx", "don:don", "t:t"]),
            ("Ünïcode ﬁne", &["ünïcode:Ünïcode", "fine:ﬁne"]),
            ("e\u{301}te\u{301} \u{301}", &["été:e\u{301}te\u{301}"]),
            ("a\u{80}b{c}/0:9@Z[`a{z", &["a:a", "b:b", "c:c", "0:0", "9:9", "z:Z", "a:a", "z:z"]),
            ("“Go” – 3…4\u{200b}don’t\u{200d}x ‘a’", &["go:Go", "3:3", "4:4", "don:don", "t:t", "x:x", "a:a"]),
            ("20-year-old G20", &["20:20", "year:year", "old:old", "g20:G20"]),
            ("élan café's naïve5 — Ü", &["élan:élan", "café:café's", "naïve5:naïve5", "ü:Ü"]),
            (" 1.5, .5 x.5's", &["1.5:1.5", "5:5", "x:x", "5:5's"]),
            ("1,200 é 3.4—ö.5", &["1,200:1,200", "é:é", "3.4:3.4", "ö:ö", "5:5"]),
        ];
        for (text, want) in cases {
            assert_eq!(words(text), *want, "{text:?}");
        }
    }

    #[test]
    fn scripts_without_spaces_are_cut_into_words() {
        assert!(words("北京时间星期一上午").len() > 2);
        assert!(words("สวัสดีชาวโลก").len() > 1);
    }

    #[test]
    fn words_of_any_length_are_found_at_any_place() {
        for (before, len) in (0..130).flat_map(|before| (1..130).map(move |len| (before, len))) {
            let text = format!("{}{} z", "-".repeat(before), "w".repeat(len));
            let (end, behind) = (before + len, before + len + 2);
            assert_eq!(
                Words::default().find(&text).words,
                [Word::at(before, end, end), Word::at(end + 1, behind, behind)]
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_ordered_words_inside_it(text in "\\PC*|[a1é .,'’—]{0,40}") {
            let mut last = 0;
            let mut finder = Words::default();
            let Found { words, behind_more } = finder.find(&text);
            for (at, word) in (0u32..).zip(words) {
                let gap = &text[last as usize..word.begin as usize];
                assert!(at > 0 && gap == " " || behind_more.contains(&at), "{gap:?}");
                assert!(word.begin >= last && word.end > word.begin && word.behind >= word.end);
                assert!(!fold(word.of(&text)).is_empty());
                last = word.behind;
                assert!(text.get(word.begin as usize..word.behind as usize).is_some());
            }
            assert!(behind_more.is_sorted_by(|x, y| x < y) && behind_more.last().is_none_or(|last| *last as usize == words.len()));
        }
    }
}
