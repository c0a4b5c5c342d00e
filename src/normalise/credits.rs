//! Credits: which outlets a text says its report comes from.
//!
//! An outlet is known by the outlet table and the outlets of the input, or by its shape (a capitalised run with a word
//! like "Ledger" or "Zeitung"). A mention is a credit only with a cue beside it ("told X", "according to X", "X
//! reported", "(X) -"); a name under a photo has none.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::FixedState;

use crate::language::Lang;
use crate::normalise::calendar::{self, Named};
use crate::normalise::lexicon::{Lexicon, WordId};
use crate::normalise::token::{Marks, Span, Tokens};
use crate::normalise::word_list::{self, WordList};
use crate::outlets::OutletTable;

/// How a text credits an outlet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CreditForm {
    /// "officials told X", "according to X", "X reported": X is said to have had it.
    Claim,
    /// "(X) -", "X —" at the head of a paragraph, "Source: X" on a line of its own: X wrote or carried this text.
    Dateline,
}

/// One credit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credit {
    /// The outlet's name, normalised by the table where it has it.
    pub outlet: Arc<str>,
    /// Whether it is a news agency: being told something first is its daily work.
    pub agency: bool,
    /// How.
    pub form: CreditForm,
    /// Place of the mention, in tokens of the body.
    pub token: u32,
    /// The sentence that carries it, in bytes of the text.
    pub sentence: Span,
}

/// Finds credits; built once a run from the outlet table and the names of the outlets in the input.
#[derive(Debug, Default)]
pub struct CreditFinder {
    by_first_word: HashMap<String, Vec<Alias>, FixedState>,
}

#[derive(Debug)]
struct Alias {
    /// As it must be written, case included: "time" is no magazine.
    written: Vec<String>,
    outlet: Arc<str>,
    agency: bool,
}

/// An outlet named in a text.
struct Mention {
    /// Tokens of the name.
    len: usize,
    outlet: Arc<str>,
    agency: bool,
}

/// Words that make a capitalised run the name of an outlet, in any of the languages we read.
static MEDIA: WordList = WordList::new(|| {
    word_list::words(
        "times post journal ledger herald tribune gazette courier observer chronicle daily news wire newswire press \
         agency telegraph mirror examiner dispatch standard sentinel globe register bulletin mail echo argus guardian independent \
         zeitung kurier tagblatt tageblatt anzeiger rundschau allgemeine nachrichten courrier gazette quotidien dépêche \
         diario periódico noticias heraldo correo jornal folha giornale corriere gazzetta courant dagblad krant",
    )
});

/// Those of them that name an outlet as the first word of a run too: "Daily Planet", "Corriere Torinese". An Independent
/// Commission, a Guardian Council and a Post Office are none.
static OPENING: WordList = WordList::new(|| {
    word_list::words(
        "daily courrier gazette quotidien dépêche diario periódico noticias heraldo correo jornal folha giornale corriere \
         gazzetta nachrichten",
    )
});

/// The one of them that many bodies besides outlets have for their last word; another one must stand before it.
const WEAK: &str = "agency";

/// What may stand between a cue and the outlet.
static FILLER: WordList = WordList::new(|| {
    word_list::words(
        "the a an to by in of with from new this its us american british israeli local daily newspaper magazine network \
         broadcaster agency news station paper outlet der die das dem den des zeitung nachrichtenagentur magazin le la les l du au à al \
         el los il lo gli o os de het een báo hãng tin",
    )
});

/// What may stand between an outlet and the cue behind it.
static BETWEEN: WordList = WordList::new(|| word_list::words("also newspaper website first magazine has"));

/// Cues before an outlet, the last word nearest to it; by the cue word, whatever the filler.
const BEFORE: &[&[&str]] = &[
    &["told"],
    &["tells"],
    &["telling"],
    &["according", "to"],
    &["reported", "by"],
    &["reported", "in"],
    &["report", "by"],
    &["report", "in"],
    &["report", "from"],
    &["interview", "with"],
    &["interview", "to"],
    &["quoted", "by"],
    &["cited", "by"],
    &["seen", "by"],
    &["obtained", "by"],
    &["reviewed", "by"],
    &["published", "by"],
    &["published", "in"],
    &["citing"],
    &["spoke", "to"],
    &["speaking", "to"],
    &["confirmed", "to"],
    &["statement", "to"],
    &["revealed", "by"],
    // German, French, Spanish, Italian, Portuguese, Dutch, Vietnamese, Russian
    &["laut"],
    &["gegenüber"],
    &["sagte"],
    &["sagten"],
    &["bericht"],
    &["berichtet"],
    &["berichtete"],
    &["berichten"],
    &["zufolge"],
    &["selon"],
    &["déclaré", "à"],
    &["confié", "à"],
    &["rapporte"],
    &["rapporté"],
    &["indiqué", "à"],
    &["dit", "à"],
    &["révèle"],
    &["révélé", "par"],
    &["affirmé", "à"],
    &["d", "après"],
    &["según"],
    &["dijo", "a"],
    &["dijeron", "a"],
    &["informó"],
    &["publicó"],
    &["declaró", "a"],
    &["confirmaron", "a"],
    &["secondo"],
    &["detto", "a"],
    &["riporta"],
    &["riferisce"],
    &["dichiarato", "a"],
    &["segundo"],
    &["disse", "à"],
    &["disseram", "à"],
    &["informou"],
    &["noticiou"],
    &["disse", "ao"],
    &["disseram", "ao"],
    &["volgens"],
    &["tegen"],
    &["meldt"],
    &["theo"],
    &["angaben"],
    &["informationen"],
    &["berufung", "auf"],
    &["gemeldet", "von"],
    &["déclaré", "au"],
    &["confié", "au"],
    &["indiqué", "au"],
    &["dit", "au"],
    &["affirmé", "au"],
    &["rapporté", "par"],
    &["citant"],
    &["cité", "par"],
    &["dijo", "al"],
    &["declaró", "al"],
    &["aseguró", "a"],
    &["afirmó", "a"],
    &["contó", "a"],
    &["acuerdo", "con"],
    &["citando"],
    &["citado", "por"],
    &["publicado", "por"],
    &["detto", "al"],
    &["detto", "alla"],
    &["dichiarato", "al"],
    &["dichiarato", "alla"],
    &["raccontato", "a"],
    &["raccontato", "al"],
    &["raccontato", "alla"],
    &["riportato", "da"],
    &["acordo", "com"],
    &["conforme"],
    &["afirmou", "à"],
    &["afirmou", "ao"],
    &["declarou", "à"],
    &["declarou", "ao"],
    &["contou", "à"],
    &["contou", "ao"],
    &["publicado", "pelo"],
    &["publicado", "pela"],
    &["aldus"],
    &["meldde"],
    &["berichtte"],
    &["gemeld", "door"],
    &["сообщает"],
    &["сообщил"],
    &["сообщила"],
    &["сообщило"],
    &["сообщили"],
    &["передает"],
    &["передаёт"],
    &["пишет"],
    &["данным"],
    &["информации"],
    &["ссылкой", "на"],
];

/// Cues behind an outlet.
const BEHIND: &[&[&str]] = &[
    &["reported"],
    &["reports"],
    &["said"],
    &["says"],
    &["wrote"],
    &["writes"],
    &["claims"],
    &["claimed"],
    &["revealed"],
    &["reveals"],
    &["quoted"],
    &["cited"],
    &["noted"],
    &["adds"],
    &["added"],
    &["has", "reported"],
    &["has", "learned"],
    &["has", "learnt"],
    &["first", "reported"],
    &["had", "reported"],
    &["previously", "reported"],
    &["learned"],
    &["also", "reported"],
    &["report"],
    &["berichtet"],
    &["berichtete"],
    &["meldet"],
    &["meldete"],
    &["schreibt"],
    &["schrieb"],
    &["zufolge"],
    &["rapporte"],
    &["a", "rapporté"],
    &["écrit"],
    &["révèle"],
    &["a", "révélé"],
    &["affirme"],
    &["informó"],
    &["informa"],
    &["publicó"],
    &["reportó"],
    &["reveló"],
    &["riporta"],
    &["scrive"],
    &["ha", "riferito"],
    &["informou"],
    &["noticiou"],
    &["publicou"],
    &["relatou"],
    &["meldt"],
    &["schrijft"],
    &["đưa", "tin"],
    &["cho", "biết"],
    &["a", "indiqué"],
    &["indique"],
    &["précise"],
    &["publica"],
    &["asegura"],
    &["señaló"],
    &["riferisce"],
    &["ha", "riportato"],
    &["ha", "scritto"],
    &["rivela"],
    &["afirma"],
    &["revelou"],
    &["relata"],
    &["meldde"],
    &["berichtte"],
    &["schreef"],
    &["onthulde"],
    &["сообщает"],
    &["сообщил"],
    &["сообщила"],
    &["сообщило"],
    &["передает"],
    &["передаёт"],
    &["пишет"],
];

/// Words between which a cue is looked for: as many as it may have, and fillers.
const CUE_REACH: usize = 6;
/// The most words of a line that does nothing but credit.
const CREDIT_LINE: usize = 9;
/// Words of a page above which the text has begun.
const ABOVE: usize = 60;

impl CreditFinder {
    /// `outlets` are the names that the articles of the input carry.
    #[must_use]
    pub fn new<'a>(table: &OutletTable, outlets: impl Iterator<Item = &'a str>) -> Self {
        let mut finder = Self::default();
        for (alias, entry) in table.names() {
            finder.add(alias, &entry.name, entry.is_agency());
        }
        // Many articles have few outlets.
        let outlets: HashSet<&str> = outlets.collect();
        let own = outlets.into_iter().filter(|name| !name.contains('.') && table.resolve(name).is_none());
        let mut own: Vec<&str> = own.collect();
        own.sort_unstable();
        for name in own {
            finder.add(name, name, false);
        }
        for aliases in finder.by_first_word.values_mut() {
            aliases.sort_by(|a, b| b.written.len().cmp(&a.written.len()).then_with(|| a.written.cmp(&b.written)));
        }
        finder
    }

    fn add(&mut self, alias: &str, outlet: &str, agency: bool) {
        let bare = alias.strip_prefix("The ").unwrap_or(alias);
        let written: Vec<String> = split(bare).map(str::to_owned).collect();
        let Some(first) = written.first() else { return };
        let outlet: Arc<str> = outlet.into();
        self.by_first_word.entry(first.to_lowercase()).or_default().push(Alias { written, outlet, agency });
    }

    /// The finder for the words that a run has so far. O(names of outlets).
    pub(crate) fn of<'a>(&'a self, lexicon: &'a Lexicon) -> CreditsOf<'a> {
        let mut kinds = vec![0u8; lexicon.len()];
        let mut mark = |word: &str, kind: u8| {
            if let Some(id) = lexicon.get(word) {
                kinds[id.index()] |= kind;
            }
        };
        let lists =
            [(&MEDIA, kind::MEDIA), (&OPENING, kind::OPENING), (&FILLER, kind::FILLER), (&BETWEEN, kind::BETWEEN)];
        for (list, kind) in lists {
            list.iter().for_each(|word| mark(word, kind));
        }
        BEFORE.iter().filter_map(|cue| cue.last()).for_each(|word| mark(word, kind::CUE_BEFORE));
        BEHIND.iter().filter_map(|cue| cue.first()).for_each(|word| mark(word, kind::CUE_BEHIND));
        let mut names: HashMap<WordId, &[Alias], FixedState> = HashMap::default();
        for (word, aliases) in &self.by_first_word {
            mark(word, kind::NAME);
            names.extend(lexicon.get(word).map(|id| (id, &**aliases)));
        }
        CreditsOf { names, lexicon, kinds }
    }
}

/// What a word is, as bits.
mod kind {
    /// The first one of the name of an outlet.
    pub(super) const NAME: u8 = 1;
    pub(super) const MEDIA: u8 = 2;
    pub(super) const OPENING: u8 = 4;
    pub(super) const FILLER: u8 = 8;
    pub(super) const BETWEEN: u8 = 16;
    /// The last one of a cue before an outlet.
    pub(super) const CUE_BEFORE: u8 = 32;
    /// The first one of a cue behind an outlet.
    pub(super) const CUE_BEHIND: u8 = 64;
}

/// Finds the credits of the texts of a run: what is asked token by token is looked up once a word.
pub(crate) struct CreditsOf<'a> {
    /// By the first word of their names.
    names: HashMap<WordId, &'a [Alias], FixedState>,
    lexicon: &'a Lexicon,
    kinds: Vec<u8>,
}

impl CreditsOf<'_> {
    fn is(&self, word: WordId, kind: u8) -> bool {
        self.kinds[word.index()] & kind != 0
    }

    /// The credits of a text, in its order; marks the tokens of their sentences. O(length).
    pub(crate) fn find(&self, text: &str, tokens: &mut Tokens<'_>) -> Vec<Credit> {
        let lexicon = self.lexicon;
        let mut found = Vec::new();
        // Names begin with one, and are known by their first word or have several; most words are none of that.
        let begins = |&at: &usize| {
            tokens.marks[at].any(Marks::CAPITAL.and(Marks::DIGIT))
                && (self.is(tokens.words[at], kind::NAME) || at + 1 < tokens.len() && joins(tokens, at + 1))
        };
        let places: Vec<usize> = (0..tokens.len()).filter(begins).collect();
        let mut behind = 0;
        let (mut sentence, mut paragraph) = (0..0, 0..0);
        // Up to where the sentence is marked already.
        let mut credited = 0;
        for at in places {
            if at < behind {
                continue;
            }
            let Some(Mention { len, outlet, agency }) = self.mention(text, tokens, at) else { continue };
            behind = at + len;
            if !sentence.contains(&at) {
                sentence = around(tokens, at, sentence.end, Marks::SENTENCE);
            }
            if !paragraph.contains(&at) {
                paragraph = around(tokens, at, paragraph.end, Marks::PARAGRAPH);
            }
            let form = if is_dateline(text, tokens, paragraph.start, at, len)
                || is_credit_line(tokens, lexicon, &paragraph, at, len)
            {
                Some(CreditForm::Dateline)
            } else {
                let end = at + len;
                let cued = self.cue_before(&tokens.words[sentence.start.max(at.saturating_sub(CUE_REACH))..at])
                    || self.cue_behind(&tokens.words[end..sentence.end.clamp(end, end + CUE_REACH)]);
                cued.then_some(CreditForm::Claim)
            };
            if let Some(form) = form {
                for mark in &mut tokens.marks.to_mut()[sentence.start.max(credited)..sentence.end] {
                    mark.set(Marks::CREDIT);
                }
                credited = sentence.end;
                let begin = tokens.spans[sentence.start].begin;
                let end = tokens.spans[sentence.end - 1].end;
                found.push(Credit {
                    outlet,
                    agency,
                    form,
                    token: u32::try_from(at).unwrap_or(u32::MAX),
                    sentence: Span { begin, end },
                });
            }
        }
        found
    }

    /// Whether words end in a cue and fillers behind it.
    fn cue_before(&self, mut words: &[WordId]) -> bool {
        for _ in 0..=4 {
            let Some((&last, before)) = words.split_last() else { return false };
            let ends = |cue: &&[&str]| words.len() >= cue.len() && self.are(&words[words.len() - cue.len()..], cue);
            if self.is(last, kind::CUE_BEFORE) && BEFORE.iter().any(ends) {
                return true;
            }
            if !self.is(last, kind::FILLER) {
                return false;
            }
            words = before;
        }
        false
    }

    /// Whether words begin with a cue, or have one word between.
    fn cue_behind(&self, mut words: &[WordId]) -> bool {
        for _ in 0..=1 {
            let Some((&first, behind)) = words.split_first() else { return false };
            let begins = |cue: &&[&str]| words.len() >= cue.len() && self.are(&words[..cue.len()], cue);
            if self.is(first, kind::CUE_BEHIND) && BEHIND.iter().any(begins) {
                return true;
            }
            if !self.is(first, kind::BETWEEN) {
                return false;
            }
            words = behind;
        }
        false
    }

    /// Whether words are these.
    fn are(&self, words: &[WordId], these: &[&str]) -> bool {
        words.iter().zip(these).all(|(&word, this)| self.lexicon.word(word) == *this)
    }

    /// The outlet named from a token on that may begin a name, and how many tokens that has.
    fn mention(&self, text: &str, tokens: &Tokens, at: usize) -> Option<Mention> {
        let word = |i: usize| self.lexicon.word(tokens.words[i]);
        let is = |i: usize, kind: u8| self.is(tokens.words[i], kind);
        let written = |i: usize| bare(tokens.spans[i].of(text));
        let aliases = if is(at, kind::NAME) { self.names.get(&tokens.words[at]) } else { None };
        for alias in aliases.into_iter().copied().flatten() {
            let len = alias.written.len();
            let fits = at + len <= tokens.len()
                && alias.written.iter().enumerate().all(|(k, w)| is_written(written(at + k), w));
            if !fits || tokens.marks[at + 1..at + len].iter().any(|marks| marks.has(Marks::PARAGRAPH)) {
                continue;
            }
            // "Times" inside "Los Angeles Times of India" belongs to a longer name that is not in the table.
            // So does "Independent" inside "Independent Commission", but not inside "told the Independent Monday".
            let goes_on = at + len < tokens.len() && joins(tokens, at + len);
            let longer = || len == 1 && is(at, kind::MEDIA) && !is_weekday(word(at + 1));
            if !(goes_on && (is(at + len, kind::MEDIA) || longer())) {
                return Some(Mention { len, outlet: Arc::clone(&alias.outlet), agency: alias.agency });
            }
        }
        // One more than the longest name, which tells a longer run.
        let len = 1 + (at + 1..tokens.len()).take(5).take_while(|&i| joins(tokens, i)).count();
        if !(2..=5).contains(&len) || at > 0 && joins(tokens, at) && !is(at - 1, kind::FILLER) {
            return None;
        }
        if is(at, kind::FILLER) && word(at) != "daily" {
            return None;
        }
        let media = (at..at + len).any(|i| is(i, kind::MEDIA) && word(i) != WEAK);
        let ends_well = is(at + len - 1, kind::MEDIA) || is(at, kind::OPENING);
        if !(media && ends_well) {
            return None;
        }
        let name = (at..at + len).map(written).collect::<Vec<_>>().join(" ");
        let the = at > 0 && word(at - 1) == "the";
        let outlet: Arc<str> = if the { format!("The {name}").into() } else { name.into() };
        Some(Mention { len, outlet, agency: false })
    }
}

fn is_weekday(word: &str) -> bool {
    let named = calendar::names(Lang::ENGLISH).and_then(|names| names.get(word));
    matches!(named, Some(Named::Weekday(_)))
}

/// Whether a word stands as in the alias, or in capitals throughout, as in datelines.
fn is_written(word: &str, alias: &str) -> bool {
    word == alias || alias.len() > 3 && word.chars().eq(alias.chars().flat_map(char::to_uppercase))
}

/// A token without its possessive.
fn bare(word: &str) -> &str {
    word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word)
}

fn split(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty())
}

/// Whether a token goes on the capitalised run of the token before.
fn joins(tokens: &Tokens, at: usize) -> bool {
    tokens.marks[at].has(Marks::CAPITAL) && !tokens.marks[at].any(Marks::APART.and(Marks::SENTENCE))
}

/// The tokens from the mark at or before a token to the next one behind it; no mark is looked for before `from`.
fn around(tokens: &Tokens, at: usize, from: usize, mark: Marks) -> std::ops::Range<usize> {
    let starts = |i: &usize| tokens.marks[*i].has(mark);
    let begin = (from..=at).rev().find(starts).unwrap_or(from);
    let end = (at + 1..tokens.len()).find(starts).unwrap_or(tokens.len());
    begin..end
}

/// A short line that says whose text this is: "Source: X", "Reporting by X", "(with X)", or X alone above the text.
fn is_credit_line(
    tokens: &Tokens,
    lexicon: &Lexicon,
    paragraph: &std::ops::Range<usize>,
    at: usize,
    len: usize,
) -> bool {
    static CUES: WordList = WordList::new(|| {
        word_list::words(
            "source quelle fuente fonte bron kilde källa nguồn источник reporting with avec mit con com met via",
        )
    });
    if tokens.marks[at].has(Marks::HEAD) {
        return false;
    }
    let (first, end) = (paragraph.start, paragraph.end.max(at + len));
    let alone = (first, end) == (at, at + len) && at < ABOVE;
    alone || end - first <= CREDIT_LINE && first < at && CUES.contains(lexicon.word(tokens.words[first]))
}

/// "(X) -" near the start of a paragraph, or "X —" at its very start.
fn is_dateline(text: &str, tokens: &Tokens, paragraph: usize, at: usize, len: usize) -> bool {
    let begin = tokens.spans[at].begin as usize;
    let end = tokens.spans[at + len - 1].end as usize;
    let behind = text.get(end..).unwrap_or("");
    let bracketed = text.get(..begin).is_some_and(|t| t.ends_with('(')) && behind.starts_with(')');
    let rest = behind.trim_start_matches([')', ' ', '\u{a0}', '\n', '\r', ':']);
    let dash = rest.starts_with(['-', '—', '–', '―']);
    let at_start = at == paragraph && dash && rest.len() < behind.len();
    bracketed && at - paragraph <= 10 && (dash || at - paragraph <= 6) || at_start
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::corpus::Corpus;
    use crate::normalise::normalise;
    use crate::progress::Silent;

    fn credits(text: &str) -> Vec<String> {
        let corpus = Corpus::new(vec![Article { text: text.into(), ..Article::default() }]).expect("one article");
        let run = normalise(&corpus, &CreditFinder::new(&OutletTable::shipped(), std::iter::empty()), &Silent);
        run.facts[0].credits.iter().map(|credit| credit.outlet.to_string()).collect()
    }

    #[test]
    fn bodies_that_are_named_like_outlets_are_none() {
        for text in [
            "The levels are safe, according to the Environmental Protection Agency.",
            "Turnout was low, according to the Independent Electoral Commission.",
            "The Guardian Council said on Friday that it had seen the bill.",
            "The Post Office said it was sorry.",
        ] {
            assert_eq!(credits(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn outlets_that_no_table_has_are_known_by_their_shape() {
        assert_eq!(credits("He resigned, officials told the Kestrel Ledger."), ["The Kestrel Ledger"]);
        assert_eq!(credits("He resigned, according to the Wexford News Agency."), ["The Wexford News Agency"]);
        assert_eq!(credits("He resigned, according to Daily Kestrel."), ["Daily Kestrel"]);
    }

    #[test]
    fn one_word_may_stand_between_an_outlet_and_what_it_did() {
        assert_eq!(credits("He resigned, the Kestrel Ledger newspaper reported."), ["The Kestrel Ledger"]);
        assert_eq!(credits("He resigned, the Kestrel Ledger newspaper website reported."), Vec::<String>::new());
    }

    #[test]
    fn a_text_without_sentences_takes_linear_time() {
        assert_eq!(credits(&"said Reuters reported ".repeat(100_000)).len(), 100_000);
        assert_eq!(credits(&"Daily ".repeat(200_000)).len(), 0);
    }
}
