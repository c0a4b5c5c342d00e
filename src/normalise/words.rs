//! Word boundaries and folding: runs of letters and digits, `.` and `,` inside numbers, in lower case.
//!
//! The tokeniser is what every byte of a corpus passes through, so this is a loop of our own with a fast path for ASCII.
//! Scripts that write no spaces (Han, Kana, Thai, Khmer, Lao, Burmese) are left to the dictionaries of `icu_segmenter`.

use std::ops::Range;

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Finds the words of texts.
pub struct Words {
    segmenter: WordSegmenterBorrowed<'static>,
    folded: String,
}

impl Default for Words {
    fn default() -> Self {
        Self { segmenter: WordSegmenter::new_auto(WordBreakInvariantOptions::default()), folded: String::new() }
    }
}

impl Words {
    /// Calls `each` with every word, folded (NFKC, lower case), and the bytes of `text` that it stands in. A trailing `'s`
    /// belongs to the bytes but not to the word. O(length).
    pub fn each(&mut self, text: &str, mut each: impl FnMut(&str, Range<usize>)) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let start = at;
            // Whether it stands as it folds; most words do.
            let mut folded = true;
            let mut ascii = true;
            let mut spaceless = false;
            while at < bytes.len() {
                let byte = bytes[at];
                if byte.is_ascii_lowercase() {
                    at += 1;
                } else if byte.is_ascii_alphanumeric() {
                    folded &= !byte.is_ascii_uppercase();
                    at += 1;
                } else if byte < 0x80 {
                    let inside_number = (byte == b'.' || byte == b',')
                        && at > start
                        && bytes[at - 1].is_ascii_digit()
                        && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
                    if !inside_number {
                        break;
                    }
                    at += 1;
                } else {
                    let Some(c) = text[at..].chars().next() else { break };
                    if !(c.is_alphanumeric() || is_combining_mark(c) && at > start) {
                        break;
                    }
                    ascii = false;
                    spaceless |= writes_no_spaces(c);
                    at += c.len_utf8();
                }
            }
            if at == start {
                at += if bytes[at] < 0x80 { 1 } else { text[at..].chars().next().map_or(1, char::len_utf8) };
                continue;
            }
            if spaceless {
                self.segments(text, start..at, &mut each);
                continue;
            }
            let word = &text[start..at];
            at = possessive_end(text, at);
            if folded && ascii {
                each(word, start..at);
            } else {
                self.fold(word, ascii);
                each(&self.folded, start..at);
            }
        }
    }

    /// The words of a run in a script without spaces.
    fn segments(&mut self, text: &str, run: Range<usize>, each: &mut impl FnMut(&str, Range<usize>)) {
        let breaks: Vec<usize> = self.segmenter.segment_str(&text[run.clone()]).collect();
        for pair in breaks.windows(2) {
            let range = run.start + pair[0]..run.start + pair[1];
            self.fold(&text[range.clone()], false);
            each(&self.folded, range);
        }
    }

    fn fold(&mut self, word: &str, ascii: bool) {
        self.folded.clear();
        if ascii {
            self.folded.push_str(word);
            self.folded.make_ascii_lowercase();
        } else {
            self.folded.extend(word.nfkc().flat_map(char::to_lowercase));
        }
    }
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
        Words::default().each(text, |word, range| out.push(format!("{word}:{}", &text[range])));
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

    proptest::proptest! {
        #[test]
        fn any_text_gives_ordered_words_inside_it(text in "\\PC*") {
            let mut last = 0;
            Words::default().each(&text, |word, range| {
                assert!(range.start >= last && range.end > range.start && !word.is_empty());
                last = range.end;
                assert!(text.get(range).is_some());
            });
        }
    }
}
