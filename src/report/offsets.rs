//! Offsets into texts: bytes inside, Unicode code points outside unless something else is asked for.

use std::borrow::Cow;
use std::collections::HashMap;
use std::str::FromStr;

use foldhash::fast::FixedState;

use crate::article::DocId;
use crate::corpus::Corpus;
use crate::normalise::Span;

/// What offsets count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OffsetUnit {
    /// Unicode code points, as Python counts them.
    #[default]
    CodePoints,
    /// Bytes of UTF-8, as Rust and Go count them.
    Bytes,
    /// UTF-16 code units, as JavaScript, Java and C# count them.
    Utf16,
}

impl OffsetUnit {
    /// Its name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CodePoints => "code points",
            Self::Bytes => "bytes",
            Self::Utf16 => "utf-16",
        }
    }

    fn units(self, text: &str) -> u64 {
        let units = match self {
            Self::CodePoints => text.chars().count(),
            Self::Bytes => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
        };
        units as u64
    }
}

impl FromStr for OffsetUnit {
    type Err = String;

    /// Reads `codepoints`, `bytes` and `utf16`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "codepoints" => Ok(Self::CodePoints),
            "bytes" => Ok(Self::Bytes),
            "utf16" => Ok(Self::Utf16),
            _ => Err("offsets are codepoints, bytes or utf16".to_owned()),
        }
    }
}

/// Bytes between two marks of a [`TextIndex`].
const STEP: usize = 512;

/// Converts byte offsets of one text. Made in one pass; each offset then costs a few hundred bytes at most.
#[derive(Debug)]
pub struct TextIndex<'a> {
    /// Empty where it is not needed.
    text: Cow<'a, str>,
    len: usize,
    unit: OffsetUnit,
    /// (byte, units before it), about every [`STEP`] bytes; empty where the two are the same.
    marks: Vec<(usize, u64)>,
}

impl<'a> TextIndex<'a> {
    /// O(text).
    #[must_use]
    pub fn new(text: impl Into<Cow<'a, str>>, unit: OffsetUnit) -> Self {
        let text = text.into();
        let mut marks = Vec::new();
        if unit != OffsetUnit::Bytes && !text.is_ascii() {
            let (mut byte, mut units) = (0, 0);
            while byte < text.len() {
                marks.push((byte, units));
                let mut end = (byte + STEP).min(text.len());
                while !text.is_char_boundary(end) {
                    end += 1;
                }
                units += unit.units(&text[byte..end]);
                byte = end;
            }
        }
        let len = text.len();
        let text = if marks.is_empty() { Cow::default() } else { text };
        Self { text, len, unit, marks }
    }

    /// The offset of a byte in the unit of the index. A byte inside a character counts as its beginning, one behind the text
    /// as its end.
    #[must_use]
    pub fn at(&self, byte: u32) -> u64 {
        let mut byte = (byte as usize).min(self.len);
        if self.marks.is_empty() {
            return byte as u64;
        }
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let (from, units) = self.marks[self.marks.partition_point(|&(mark, _)| mark <= byte).saturating_sub(1)];
        units + self.unit.units(&self.text[from..byte])
    }
}

/// Converts spans of the articles of one story; each text is gone through once.
#[derive(Debug)]
pub struct Offsets<'a> {
    corpus: &'a Corpus,
    unit: OffsetUnit,
    texts: HashMap<DocId, TextIndex<'a>, FixedState>,
    /// Bytes of texts that had to be read.
    held: usize,
}

/// The most bytes of texts that are held at a time where they had to be read.
const HELD: usize = 16 << 20;

impl<'a> Offsets<'a> {
    /// Nothing is read yet.
    #[must_use]
    pub fn new(corpus: &'a Corpus, unit: OffsetUnit) -> Self {
        Self { corpus, unit, texts: HashMap::default(), held: 0 }
    }

    /// Begin and end of a span of an article's text.
    pub fn of(&mut self, doc: DocId, span: Span) -> (u64, u64) {
        let (corpus, unit) = (self.corpus, self.unit);
        if self.held > HELD {
            self.texts.clear();
            self.held = 0;
        }
        let held = &mut self.held;
        let index = self.texts.entry(doc).or_insert_with(|| {
            let index = TextIndex::new(corpus.text(doc), unit);
            *held += if let Cow::Owned(text) = &index.text { text.len() } else { 0 };
            index
        });
        (index.at(span.begin), index.at(span.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_the_offset_that_counting_from_the_start_gives() {
        let text = "aß—😀e\u{301}語\r\n".repeat(97);
        for unit in [OffsetUnit::CodePoints, OffsetUnit::Bytes, OffsetUnit::Utf16] {
            for text in ["", "plain", text.as_str()] {
                let index = TextIndex::new(text, unit);
                for (byte, _) in text.char_indices().chain([(text.len(), ' ')]) {
                    let counted = match unit {
                        OffsetUnit::CodePoints => text[..byte].chars().count(),
                        OffsetUnit::Bytes => byte,
                        OffsetUnit::Utf16 => text[..byte].encode_utf16().count(),
                    };
                    assert_eq!(index.at(u32::try_from(byte).expect("short")), counted as u64);
                }
            }
        }
        assert_eq!(TextIndex::new("ß", OffsetUnit::CodePoints).at(99), 1);
    }
}
