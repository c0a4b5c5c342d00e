//! Word boundaries and folding: runs of letters and digits, `.` and `,` inside numbers, in lower case.
//!
//! The tokeniser is what every byte of a corpus passes through, so this is a loop of our own with a fast path for ASCII.
//! Scripts that write no spaces (Han, Kana, Thai, Khmer, Lao, Burmese) are left to the dictionaries of `icu_segmenter`.

use std::borrow::Cow;
use std::ops::Range;

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Finds the words of texts.
pub struct Words {
    segmenter: WordSegmenterBorrowed<'static>,
    /// Where the words of a run without spaces end, the last first.
    breaks: Vec<usize>,
    /// A bit for every byte of the text: whether it is a letter or digit of ASCII.
    plain: Vec<u64>,
}

impl Default for Words {
    fn default() -> Self {
        let segmenter = WordSegmenter::new_auto(WordBreakInvariantOptions::default());
        Self { segmenter, breaks: Vec::new(), plain: Vec::new() }
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
    /// Calls `each` with the bytes that every word of `text` stands in, and its length. They are more than its length where a
    /// trailing `'s` follows, which belongs to the bytes but not to the word. O(length).
    pub fn each(&mut self, text: &str, mut each: impl FnMut(Range<usize>, usize)) {
        let bytes = text.as_bytes();
        self.plain.clear();
        self.plain.extend(bytes.chunks(64).map(plain));
        // A word never ends where the bits do.
        self.plain.push(0);
        let mut at = 0;
        while at < bytes.len() {
            let start = at;
            let (end, behind);
            if let Some(segment) = self.breaks.pop() {
                (end, behind) = (segment, segment);
            } else {
                let run = start + self.plain_run(start);
                let mark = mark(&bytes[run..]);
                if mark > 0 {
                    if run == start {
                        at += mark;
                        continue;
                    }
                    (end, behind) = (run, run);
                } else {
                    let spaceless;
                    (end, spaceless) = word_end(text, start, run);
                    if end == start {
                        at += text[at..].chars().next().map_or(1, char::len_utf8);
                        continue;
                    }
                    if spaceless {
                        let ends = self.segmenter.segment_str(&text[start..end]).skip(1);
                        self.breaks.extend(ends.map(|end| start + end));
                        self.breaks.reverse();
                        continue;
                    }
                    behind = possessive_end(text, end);
                }
            }
            each(start..behind, end - start);
            at = behind + usize::from(bytes.get(behind) == Some(&b' '));
        }
    }

    /// How many letters and digits of ASCII follow each other from a place on; only the first 64 are counted.
    fn plain_run(&self, at: usize) -> usize {
        let (block, bit) = (at / 64, at % 64);
        // Twice, because a shift by 64 is none.
        let bits = self.plain[block] >> bit | self.plain[block + 1] << 1 << (63 - bit);
        bits.trailing_ones() as usize
    }
}

/// Which of up to 64 bytes are letters or digits of ASCII, the first byte lowest. Eight bytes are looked at in one number: the
/// top bit of a byte tells whether it has reached a bound.
fn plain(bytes: &[u8]) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let reaches = |bytes: u64, least: u8| bytes + EACH * u64::from(0x80 - least);
    let eight = |word: u64| {
        let low = word & (EACH * 0x7f);
        let small = low | (EACH * 0x20);
        let letter = reaches(small, b'a') & !reaches(small, b'z' + 1);
        let digit = reaches(low, b'0') & !reaches(low, b'9' + 1);
        let found = (letter | digit) & !word & (EACH * 0x80);
        // Gathers the top bits in the top byte.
        (found >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
    };
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let words = words.iter().chain(std::iter::once(&last));
    words.enumerate().fold(0, |bits, (at, word)| bits | eight(u64::from_le_bytes(*word)).unbounded_shl(8 * at as u32))
}

/// The bytes of the space or mark before which a word certainly ends, as most do; 0 if what stands there may go on with the word
/// (after 64 letters there may be more) or must be looked at more closely.
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
        let mut out = Vec::new();
        Words::default().each(text, |range, len| {
            out.push(format!("{}:{}", fold(&text[range.start..range.start + len]), &text[range]));
        });
        out
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
            let mut found = Vec::new();
            Words::default().each(&text, |range, len| found.push((range, len)));
            assert_eq!(found, [(before..before + len, len), (before + len + 1..before + len + 2, 1)]);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_ordered_words_inside_it(text in "\\PC*") {
            let mut last = 0;
            Words::default().each(&text, |range, len| {
                assert!(range.start >= last && range.end > range.start && range.len() >= len);
                assert!(!fold(&text[range.start..range.start + len]).is_empty());
                last = range.end;
                assert!(text.get(range).is_some());
            });
        }
    }
}
