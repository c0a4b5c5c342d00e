//! Bytes as they come in: a file or standard input, decompressed by content, decoded to text.

use std::io::{BufReader, Cursor, Read};

use serde::Serialize;

use crate::progress::Progress;

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip, any number of members.
    Gzip,
    /// Zstandard, any number of frames.
    Zstd,
}

impl std::fmt::Display for Compression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        })
    }
}

/// Decompressed bytes. Damage ends them early and is remembered; what came before it is good.
pub(super) struct Stream<'a> {
    pub(super) compression: Compression,
    reader: Box<dyn Read + Send + 'a>,
    /// Who is to hear what is read, unless [`Counted`] tells it: that cannot read into memory that was not written yet, which
    /// would be written twice.
    progress: Option<&'a dyn Progress>,
    /// Nothing more will come.
    pub(super) ended: bool,
    /// Why it ended before its end.
    pub(super) damage: Option<String>,
}

impl<'a> Stream<'a> {
    /// Looks at the first bytes and puts a decoder before the rest if they ask for one.
    pub(super) fn open(mut raw: impl Read + Send + 'a, progress: &'a dyn Progress) -> std::io::Result<Self> {
        let mut magic = Vec::new();
        raw.by_ref().take(4).read_to_end(&mut magic)?;
        let compression = match magic.as_slice() {
            [0x1f, 0x8b, ..] => Compression::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd] => Compression::Zstd,
            _ => Compression::None,
        };
        if compression != Compression::None {
            progress.advance(magic.len() as u64);
        }
        let magic = Cursor::new(magic);
        let reader: Box<dyn Read + Send + 'a> = match compression {
            Compression::None => Box::new(magic.chain(raw)),
            Compression::Gzip => {
                let whole = magic.chain(Counted { raw, progress });
                Box::new(flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(1 << 16, whole)))
            }
            Compression::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::new(magic.chain(Counted { raw, progress }))?;
                decoder.window_log_max(31)?;
                Box::new(decoder)
            }
        };
        let progress = (compression == Compression::None).then_some(progress);
        Ok(Self { compression, reader, progress, ended: false, damage: None })
    }

    /// Reads until `buffer` has `want` bytes or nothing more comes.
    pub(super) fn fill(&mut self, buffer: &mut Vec<u8>, want: usize) {
        while !self.ended && buffer.len() < want {
            let (before, step) = (buffer.len(), (want - buffer.len()).min(ROOM));
            // Growing copies what is there.
            buffer.reserve(step);
            match self.reader.by_ref().take(step as u64).read_to_end(buffer) {
                Ok(read) => self.ended = read < step,
                Err(error) => {
                    self.ended = true;
                    self.damage = Some(match self.compression {
                        Compression::None => format!("reading broke off: {error}"),
                        kind => format!("the {kind} stream is damaged or cut off here: {error}"),
                    });
                }
            }
            self.progress.iter().for_each(|progress| progress.advance((buffer.len() - before) as u64));
        }
    }

    /// Everything that is left.
    pub(super) fn fill_all(&mut self, buffer: &mut Vec<u8>) {
        self.fill(buffer, usize::MAX);
    }
}

/// The most that is read before it is told, and made room for before it is known to come.
const ROOM: usize = 4 << 20;

/// Tells how many bytes of the file have been read.
struct Counted<'a, R> {
    raw: R,
    progress: &'a dyn Progress,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.raw.read(buffer)?;
        self.progress.advance(n as u64);
        Ok(n)
    }
}

/// Text, and the name of the encoding that it was in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) encoding: &'static str,
    /// Some bytes were not of that encoding and stand as U+FFFD.
    pub(super) replaced: bool,
}

/// Decodes a whole file: a byte order mark, valid UTF-8, UTF-8 with a few bad bytes, UTF-16 without a mark, else a guess.
pub(super) fn decode(bytes: Vec<u8>) -> Decoded {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(&bytes) {
        let (text, replaced) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return Decoded { text: text.into_owned(), encoding: encoding.name(), replaced };
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) if text.bytes().take(1000).filter(|&b| b == 0).count() < 100 => {
            return Decoded { text, encoding: "UTF-8", replaced: false };
        }
        Ok(text) => text.into_bytes(),
        Err(error) => error.into_bytes(),
    };
    let encoding = utf16_without_mark(&bytes).unwrap_or_else(|| guess(&bytes));
    let (text, replaced) = encoding.decode_without_bom_handling(&bytes);
    Decoded { text: text.into_owned(), encoding: encoding.name(), replaced }
}

/// Every other byte of Latin text in UTF-16 is zero.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let sample = &bytes[..bytes.len().min(1000)];
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let many = sample.len() * 2 / 5;
    match () {
        () if odd >= many && even * 10 < odd => Some(encoding_rs::UTF_16LE),
        () if even >= many && odd * 10 < even => Some(encoding_rs::UTF_16BE),
        () => None,
    }
}

/// One bad byte does not make a long UTF-8 text Latin-1.
fn guess(bytes: &[u8]) -> &'static encoding_rs::Encoding {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    if good >= 4 * bad {
        return encoding_rs::UTF_8;
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(&bytes[..bytes.len().min(1 << 20)], true);
    detector.guess(None, chardetng::Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::progress::Silent;

    fn all(bytes: &[u8]) -> (Vec<u8>, Compression, bool) {
        let mut stream = Stream::open(bytes, &Silent).expect("memory");
        let mut out = Vec::new();
        stream.fill_all(&mut out);
        (out, stream.compression, stream.damage.is_some())
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).expect("memory");
        encoder.finish().expect("memory")
    }

    #[test]
    fn compression_is_found_by_content() {
        assert_eq!(all(b"plain"), (b"plain".to_vec(), Compression::None, false));
        assert_eq!(all(b""), (Vec::new(), Compression::None, false));
        let members = [gzip(b"one "), gzip(b"two")].concat();
        assert_eq!(all(&members), (b"one two".to_vec(), Compression::Gzip, false));
        let frames =
            [zstd::encode_all(&b"one "[..], 1).expect("memory"), zstd::encode_all(&b"two"[..], 1).expect("memory")];
        assert_eq!(all(&frames.concat()), (b"one two".to_vec(), Compression::Zstd, false));
    }

    #[test]
    fn what_stands_before_damage_is_kept() {
        let text: Vec<u8> =
            (0..50_000u32).flat_map(|i| format!("line {}\n", i.wrapping_mul(2_654_435_761)).into_bytes()).collect();
        let whole = gzip(&text);
        let (part, _, damaged) = all(&whole[..whole.len() / 2]);
        assert!(damaged && part.len() > text.len() / 4 && text.starts_with(&part));
        let whole = zstd::encode_all(text.as_slice(), 1).expect("memory");
        let (part, _, damaged) = all(&whole[..whole.len() / 2]);
        assert!(damaged && !part.is_empty() && text.starts_with(&part));
    }

    #[test]
    fn encodings_are_told_apart() {
        let german = "Die Züge fahren wieder, sagte der Bürgermeister am Dienstag; die Brücke über die Düne hält.";
        let (latin, ..) = encoding_rs::WINDOWS_1252.encode(german);
        assert_eq!(decode(latin.to_vec()).text, german);
        let wide: Vec<u8> = german.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode([&[0xff, 0xfe][..], &wide].concat()).text, german);
        assert_eq!(decode(wide), Decoded { text: german.to_owned(), encoding: "UTF-16LE", replaced: false });
        assert_eq!(decode([b"\xef\xbb\xbf", german.as_bytes()].concat()).text, german);
        let one_bad = decode([german.as_bytes(), b"\xff"].concat());
        assert_eq!((one_bad.encoding, one_bad.replaced), ("UTF-8", true));
        assert!(one_bad.text.starts_with(german));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), head in 0..3usize) {
            let head: &[u8] = [&[][..], &[0x1f, 0x8b, 8], &[0x28, 0xb5, 0x2f, 0xfd]][head];
            let (out, ..) = all(&[head, &bytes].concat());
            decode(out);
            decode(bytes);
        }
    }
}
