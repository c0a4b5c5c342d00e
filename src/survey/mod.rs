//! What only the whole corpus knows: in how many articles a term, a number or a name stands, and what each outlet repeats.

pub mod background;
pub mod document_frequency;
pub mod furniture;
pub mod rarity;
pub(crate) mod repeats;
pub mod versions;

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::corpus::Corpus;
use crate::language::Lang;
use crate::normalise::Normalised;
use crate::progress::Progress;

pub use background::Background;
pub use document_frequency::{Frequencies, View};
pub use furniture::{Furniture, RepeatedLine, RepeatedTitle};
pub use rarity::Rarity;

/// The survey of one corpus.
#[derive(Debug, Default)]
pub struct Survey {
    /// Document frequencies by language.
    pub frequencies: Frequencies,
    /// What outlets repeat.
    pub furniture: Furniture,
    /// What words say.
    pub rarity: Rarity,
    backgrounds: HashMap<Lang, Background, FixedState>,
}

impl Survey {
    /// News at large in a language; `None` where no table is shipped or no article is in it.
    #[must_use]
    pub fn background(&self, lang: Lang) -> Option<&Background> {
        self.backgrounds.get(&lang)
    }
}

/// Layout of a stored survey; a reader refuses any other.
pub const VERSION: u32 = 1;

/// What passages need of a survey: marks furniture, and says how rare words are. O(tokens), parallel.
#[must_use]
pub fn survey_words(corpus: &Corpus, normalised: &mut Normalised, progress: &dyn Progress) -> Rarity {
    progress.stage("survey", None);
    Furniture::learn(corpus, normalised).mark(corpus, normalised);
    let background = |lang: Lang| Some((lang, Background::of(lang, &normalised.lexicon)?));
    let backgrounds: HashMap<_, _, _> = normalised.languages().into_iter().filter_map(background).collect();
    Rarity::of(normalised, &backgrounds)
}

/// Surveys a corpus. Furniture is learned first and marked in the streams, so that nothing counts it. O(tokens), parallel.
#[must_use]
pub fn survey(corpus: &Corpus, normalised: &mut Normalised, progress: &dyn Progress) -> Survey {
    progress.stage("survey", None);
    let furniture = Furniture::learn(corpus, normalised);
    furniture.mark(corpus, normalised);
    let frequencies = Frequencies::count(normalised);
    let background = |lang: Lang| Some((lang, Background::of(lang, &normalised.lexicon)?));
    let backgrounds: HashMap<_, _, _> = frequencies.languages().into_iter().filter_map(background).collect();
    let rarity = Rarity::of(normalised, &backgrounds);
    Survey { frequencies, furniture, rarity, backgrounds }
}
