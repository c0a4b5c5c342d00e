//! Which stemmer serves which language. The two crates disagree with Snowball's own vocabularies in different languages
//! (rust-stemmers is off by 46 % in Dutch and 4 % in German and French, and panics on one Greek word), so each language
//! is given to the one that gets it right; see docs/how-it-decides.md.

use std::borrow::Cow;

use crate::language::Lang;

/// The longest word that is stemmed, in bytes: what is longer is data, and the time of some stemmers grows with its square.
const LONGEST: usize = 256;

/// The stemmer of one language.
pub enum Stemmer {
    /// By rust-stemmers.
    RustStemmers(rust_stemmers::Stemmer),
    /// By frostem.
    Frostem(frostem::Stemmer),
    /// None is known: words stand for themselves.
    Identity,
}

impl Stemmer {
    /// The stemmer of a language; [`Stemmer::Identity`] where there is none.
    #[must_use]
    pub fn of(lang: Lang) -> Self {
        use frostem::Algorithm as F;
        use rust_stemmers::Algorithm as R;
        let quick = |algorithm| Self::RustStemmers(rust_stemmers::Stemmer::create(algorithm));
        let exact = |algorithm| Self::Frostem(frostem::Stemmer::new(algorithm));
        match lang.code() {
            "en" => quick(R::English),
            "da" => quick(R::Danish),
            "fi" => quick(R::Finnish),
            "hu" => quick(R::Hungarian),
            "it" => quick(R::Italian),
            "no" => quick(R::Norwegian),
            "pt" => quick(R::Portuguese),
            "ru" => quick(R::Russian),
            "es" => quick(R::Spanish),
            "ar" => exact(F::Arabic),
            "ca" => exact(F::Catalan),
            "de" => exact(F::German),
            "el" => exact(F::Greek),
            "fr" => exact(F::French),
            "hi" => exact(F::Hindi),
            "hy" => exact(F::Armenian),
            "id" => exact(F::Indonesian),
            "lt" => exact(F::Lithuanian),
            "ne" => exact(F::Nepali),
            "nl" => exact(F::Dutch),
            "ro" => exact(F::Romanian),
            "sr" => exact(F::Serbian),
            "sv" => exact(F::Swedish),
            "ta" => exact(F::Tamil),
            "tr" => exact(F::Turkish),
            "yi" => exact(F::Yiddish),
            _ => Self::Identity,
        }
    }

    /// The stem of a folded word; one of more than `LONGEST` bytes is no word of a language and stands for itself.
    #[must_use]
    pub fn stem<'a>(&self, word: &'a str) -> Cow<'a, str> {
        match self {
            _ if word.len() > LONGEST => Cow::Borrowed(word),
            Self::RustStemmers(stemmer) => stemmer.stem(word),
            Self::Frostem(stemmer) => stemmer.stem(word),
            Self::Identity => Cow::Borrowed(word),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LANGS: [&str; 26] = [
        "en", "da", "fi", "hu", "it", "no", "pt", "ru", "es", "ar", "ca", "de", "el", "fr", "hi", "hy", "id", "lt",
        "ne", "nl", "ro", "sr", "sv", "ta", "tr", "yi",
    ];

    #[test]
    fn a_word_of_a_million_letters_is_not_stemmed() {
        let word = "yay".repeat(400_000);
        assert_eq!(Stemmer::of(Lang::ENGLISH).stem(&word), word);
    }

    proptest::proptest! {
        #[test]
        fn no_stemmer_panics(any in "\\PC{0,12}", latin in "[a-zäöüßéèñçœø'’]{0,14}", other in "[а-яё]{1,9}|[α-ωάς]{1,9}|[ا-ي]{1,9}|[अ-ह]{1,6}") {
            for lang in LANGS {
                let stemmer = Stemmer::of(Lang::parse(lang).unwrap_or_default());
                for word in [&any, &latin, &other] {
                    let _ = stemmer.stem(&word.to_lowercase());
                }
            }
        }
    }
}
