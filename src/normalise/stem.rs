//! Which stemmer serves which language. The two crates disagree with Snowball's own vocabularies in different languages
//! (rust-stemmers is off by 46 % in Dutch and 4 % in German and French, and panics on one Greek word), so each language
//! is given to the one that gets it right; see docs/how-it-decides.md.

use std::borrow::Cow;

use crate::language::Lang;

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

    /// The stem of a folded word.
    #[must_use]
    pub fn stem<'a>(&self, word: &'a str) -> Cow<'a, str> {
        match self {
            Self::RustStemmers(stemmer) => stemmer.stem(word),
            Self::Frostem(stemmer) => stemmer.stem(word),
            Self::Identity => Cow::Borrowed(word),
        }
    }
}
