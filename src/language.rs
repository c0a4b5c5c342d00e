//! Languages: their codes, and which one a text is in.

use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;

use foldhash::fast::FixedState;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An ISO 639 code in lower case: two letters where the language has such a code (`en`, `de`, `vi`), else three; `und`
/// where it is not known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lang([u8; 3]);

impl Lang {
    /// Not known.
    pub const UNKNOWN: Self = Self(*b"und");
    /// English.
    pub const ENGLISH: Self = Self(*b"en\0");

    /// Whether a word with a capital inside a sentence is mostly one of a name. Nouns have capitals in German and Luxembourgish;
    /// words of Vietnamese are syllables, and most of those in names are ordinary words as well.
    #[must_use]
    pub fn capitals_tell_names(self) -> bool {
        !matches!(self.code(), "de" | "lb" | "vi")
    }

    /// Reads `en`, `en-GB`, `EN_us`, `eng`, `English`. `None` if it is none of these.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let head = code.trim().split(['-', '_']).next().unwrap_or("").to_ascii_lowercase();
        if let Some((_, two)) = NAMES.iter().find(|(name, _)| *name == head) {
            return Self::parse(two);
        }
        let bytes = head.as_bytes();
        if !(2..=3).contains(&bytes.len()) || !bytes.iter().all(u8::is_ascii_lowercase) {
            return None;
        }
        if bytes.len() == 3
            && let Some(lang) = whatlang::Lang::from_code(&head)
        {
            return Some(Self::from_whatlang(lang));
        }
        let mut out = [0; 3];
        out[..bytes.len()].copy_from_slice(bytes);
        Some(Self(out))
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> &str {
        let len = self.0.iter().position(|&b| b == 0).unwrap_or(3);
        std::str::from_utf8(&self.0[..len]).unwrap_or("und")
    }

    fn from_whatlang(lang: whatlang::Lang) -> Self {
        let three = lang.code();
        let code = THREE_TO_TWO.iter().find(|(long, _)| *long == three).map_or(three, |(_, two)| two);
        let mut out = [0; 3];
        for (to, from) in out.iter_mut().zip(code.bytes()) {
            *to = from;
        }
        Self(out)
    }
}

impl Default for Lang {
    fn default() -> Self {
        Self::UNKNOWN
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Lang {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Lang {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let code = String::deserialize(from)?;
        Self::parse(&code)
            .ok_or_else(|| serde::de::Error::custom(format!("{code:?} is no language code such as \"en\"")))
    }
}

/// Characters that are looked at, bytes at first: enough to be sure of any language, few enough to cost little.
const SAMPLE: usize = 1_000;

/// The language of a text. `given` is what the input says of it, which is often wrong (feeds copy the language of the
/// site), so it is believed only where the text does not clearly speak against it.
#[must_use]
pub fn identify(text: &str, given: Option<Lang>) -> Lang {
    // English is what most texts are in, and none of the languages near it has so many of its short words.
    let likely = given.unwrap_or(Lang::ENGLISH);
    let first = (0..=text.len().min(SAMPLE)).rev().find_map(|end| text.get(..end)).unwrap_or("");
    if speaks(first, likely, LEAST) {
        return likely;
    }
    let end = text.char_indices().nth(SAMPLE).map_or(text.len(), |(i, _)| i);
    let sample = &text[..end];
    if sample.len() > first.len() && speaks(sample, likely, LEAST) {
        return likely;
    }
    if let Some(given) = given.filter(|_| is_table(sample)) {
        return given;
    }
    match whatlang::detect(sample) {
        Some(info) => {
            let found = Lang::from_whatlang(info.lang());
            match given {
                // Names have the letters of any language, but not its words.
                Some(given) if !info.is_reliable() || is_listed(found) && !speaks(sample, found, 1) => given,
                None if info.confidence() <= 0.3 => Lang::UNKNOWN,
                _ => found,
            }
        }
        None => given.unwrap_or_default(),
    }
}

/// Whether the commonest words of a language are known here.
fn is_listed(lang: Lang) -> bool {
    COMMON.iter().any(|(code, _)| *code == lang.code())
}

/// Whether a text of at least so many words is full of the commonest words of a language: a quick yes that spares most articles
/// the detector.
fn speaks(sample: &str, lang: Lang, least: usize) -> bool {
    struct Common {
        code: &'static str,
        words: HashSet<&'static str, FixedState>,
        /// Bytes of the longest of them.
        longest: usize,
    }
    static SETS: LazyLock<[Common; COMMON.len()]> = LazyLock::new(|| {
        COMMON.map(|(code, words)| {
            let longest = words.iter().map(|word| word.len()).max().unwrap_or(0);
            Common { code, words: words.iter().copied().collect(), longest }
        })
    });
    let Some(common) = SETS.iter().find(|common| common.code == lang.code()) else { return false };
    let enough = |words: usize, hits: usize| hits * 100 >= words * 15;
    let (mut words, mut hits) = (0, 0);
    for word in sample.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()) {
        words += 1;
        hits += usize::from(word.len() <= common.longest && common.words.contains(word));
        // What follows up to there cannot change it.
        if (least..=SURE).contains(&words) && enough(SURE, hits) {
            return true;
        }
    }
    words >= least && enough(words, hits)
}

/// Whether a text in Latin letters has a number for every three words or more: tables of numbers say nothing clearly of a
/// language.
fn is_table(sample: &str) -> bool {
    let count = |part: fn(char) -> bool| sample.split(|c| !part(c)).filter(|run| !run.is_empty()).count();
    let latin = !sample.contains(|c: char| c > '\u{24f}' && c.is_alphabetic());
    latin && 3 * count(|c| c.is_ascii_digit()) >= count(char::is_alphabetic)
}

/// Words of which a text must have some before it is believed,
const LEAST: usize = 20;
/// and after which no more are looked at if they are.
const SURE: usize = 60;

/// The commonest short words; chosen so that no two lists share more than a few.
const COMMON: [(&str, &[&str]); 6] = [
    (
        "en",
        &[
            "the", "of", "and", "to", "in", "that", "was", "is", "for", "on", "with", "he", "his", "by", "at", "from",
            "it", "has", "said", "The", "an", "as", "be", "are", "were",
        ],
    ),
    (
        "de",
        &[
            "der", "die", "das", "und", "den", "von", "zu", "mit", "sich", "des", "auf", "ist", "im", "dem", "nicht",
            "ein", "eine", "als", "auch", "nach", "wie", "Die", "Der",
        ],
    ),
    (
        "fr",
        &[
            "le", "la", "les", "des", "et", "du", "une", "un", "est", "pour", "dans", "que", "qui", "sur", "par", "au",
            "plus", "pas", "avec", "Le", "ont", "aux",
        ],
    ),
    (
        "es",
        &[
            "el", "la", "los", "las", "de", "que", "en", "una", "por", "con", "del", "para", "su", "al", "como", "El",
            "fue", "y", "se", "más",
        ],
    ),
    (
        "pt",
        &[
            "o", "os", "da", "do", "em", "um", "uma", "com", "não", "para", "dos", "das", "no", "na", "ao", "pela",
            "pelo", "que", "foi", "e",
        ],
    ),
    (
        "nl",
        &[
            "het", "een", "van", "de", "en", "dat", "niet", "zijn", "op", "voor", "met", "aan", "ook", "bij", "naar",
            "werd", "heeft", "De", "Het",
        ],
    ),
];

const NAMES: [(&str, &str); 12] = [
    ("english", "en"),
    ("german", "de"),
    ("deutsch", "de"),
    ("french", "fr"),
    ("spanish", "es"),
    ("italian", "it"),
    ("portuguese", "pt"),
    ("dutch", "nl"),
    ("russian", "ru"),
    ("vietnamese", "vi"),
    ("chinese", "zh"),
    ("japanese", "ja"),
];

/// ISO 639-3 to 639-1, for the languages that the detector knows and that have a code of two letters.
const THREE_TO_TWO: [(&str, &str); 68] = [
    ("eng", "en"),
    ("rus", "ru"),
    ("cmn", "zh"),
    ("spa", "es"),
    ("por", "pt"),
    ("ita", "it"),
    ("ben", "bn"),
    ("fra", "fr"),
    ("deu", "de"),
    ("ukr", "uk"),
    ("kat", "ka"),
    ("ara", "ar"),
    ("hin", "hi"),
    ("jpn", "ja"),
    ("heb", "he"),
    ("yid", "yi"),
    ("pol", "pl"),
    ("amh", "am"),
    ("jav", "jv"),
    ("kor", "ko"),
    ("nob", "no"),
    ("dan", "da"),
    ("swe", "sv"),
    ("fin", "fi"),
    ("tur", "tr"),
    ("nld", "nl"),
    ("hun", "hu"),
    ("ces", "cs"),
    ("ell", "el"),
    ("bul", "bg"),
    ("bel", "be"),
    ("mar", "mr"),
    ("kan", "kn"),
    ("ron", "ro"),
    ("slv", "sl"),
    ("hrv", "hr"),
    ("srp", "sr"),
    ("mkd", "mk"),
    ("lit", "lt"),
    ("lav", "lv"),
    ("est", "et"),
    ("tam", "ta"),
    ("vie", "vi"),
    ("urd", "ur"),
    ("tha", "th"),
    ("guj", "gu"),
    ("uzb", "uz"),
    ("pan", "pa"),
    ("aze", "az"),
    ("ind", "id"),
    ("tel", "te"),
    ("pes", "fa"),
    ("mal", "ml"),
    ("ori", "or"),
    ("mya", "my"),
    ("nep", "ne"),
    ("sin", "si"),
    ("khm", "km"),
    ("tuk", "tk"),
    ("aka", "ak"),
    ("zul", "zu"),
    ("sna", "sn"),
    ("afr", "af"),
    ("lat", "la"),
    ("slk", "sk"),
    ("cat", "ca"),
    ("tgl", "tl"),
    ("hye", "hy"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_in_all_their_forms() {
        for (given, code) in
            [("en", "en"), ("EN-gb", "en"), ("eng", "en"), ("German", "de"), ("pt_BR", "pt"), ("und", "und")]
        {
            assert_eq!(Lang::parse(given).map(|l| l.to_string()).as_deref(), Some(code), "{given}");
        }
        assert_eq!(Lang::parse("1"), None);
        assert_eq!(Lang::parse("klingonese"), None);
    }

    #[test]
    fn a_table_of_numbers_does_not_overrule_the_language_field() {
        let table = "Net profit 4.2 mln vs loss 1.9 mln\nSales 31.7 mln vs 28.8 mln\nAvg shrs 9.1 mln vs 9.0 mln\nNine months\n\
                     Net profit 9.4 mln vs loss 2.2 mln\nSales 88 mln vs 80 mln\nNote: net includes six cts a shr";
        assert_ne!(identify(table, None), Lang::ENGLISH);
        assert_eq!(identify(table, Lang::parse("en")), Lang::ENGLISH);
        assert_eq!(identify("Net 4.2 mln vs 1.9 mln", Lang::parse("nl")).code(), "nl");
        // Where words have no spaces between them few runs of letters say much.
        let chinese = "国家统计局2031年5月17日发布数据，1至4月份全国开发投资30928亿元，同比下降9.8%。";
        assert_eq!(identify(chinese, Lang::parse("en")).code(), "zh");
    }

    #[test]
    fn a_wrong_language_field_is_overruled_by_the_text() {
        let german = "Die Feuerwehr hat am Dienstag in der Innenstadt einen Brand gelöscht, der sich nach Angaben der Polizei in \
                      einem leer stehenden Haus ausgebreitet hatte. Verletzt wurde niemand, wie ein Sprecher sagte.";
        assert_eq!(identify(german, Lang::parse("en")).code(), "de");
        assert_eq!(identify(german, None).code(), "de");
        assert_eq!(identify("12 34", Lang::parse("fr")).code(), "fr");
        assert_eq!(identify("", None), Lang::UNKNOWN);
        assert_eq!(
            identify(
                "Der Brand in der Altstadt ist nach Angaben der Polizei gelöscht, und niemand wurde verletzt.",
                Lang::parse("en")
            )
            .code(),
            "de"
        );
    }
}
