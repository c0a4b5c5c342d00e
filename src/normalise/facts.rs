//! What a text says of who, how old and when: surface forms that agree or conflict between two reports of one event.

use xxhash_rust::xxh3::xxh3_64;

use crate::language::Lang;
use crate::normalise::calendar::{self, Named};
use crate::normalise::credits::Credit;
use crate::normalise::lexicon::{Lexicon, WordId};
use crate::normalise::token::{Marks, TokenStream, Tokens};
use crate::normalise::word_list::{self, WordList};

/// A run of two or more capitalised words with no sentence break inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// Hash of the folded words; the same in every run.
    pub hash: u64,
    /// Hash of the two or three words that are left without titles and generic words, 0 where none are.
    pub core: u64,
    /// First place, in tokens of the body; 0 in the title.
    pub first: u32,
}

/// A day of a month that a text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// The year, if the text gives it.
    pub year: Option<i16>,
}

/// The facts of one article; every list is sorted and without repetition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Names of people, places and bodies.
    pub names: Vec<Name>,
    /// Ages of people, in years.
    pub ages: Vec<u16>,
    /// Weekdays, Monday 0.
    pub weekdays: Vec<u8>,
    /// Weekdays among the first [`LEAD`] words.
    pub lead_weekdays: Vec<u8>,
    /// Days of months.
    pub month_days: Vec<MonthDay>,
    /// Who is credited, in the order of the text.
    pub credits: Vec<Credit>,
}

/// Words of a text that count as its lead for days and names.
pub const LEAD: usize = 170;

/// Words that stand before a name and are no part of it, and words that make any run of capitals look like a name.
static GENERIC: WordList = WordList::new(|| {
    word_list::words(
        "the a an in on at of for and but as it he she they we this that his her new after when while if \
         mr mrs ms dr sir president vice prime minister secretary state sen senator rep representative gov governor mayor judge \
         justice chief king queen prince princess pope general gen colonel col lt sgt captain capt officer detective sheriff \
         deputy police county city court district attorney house white senate congress department united states america \
         american national international north south east west monday tuesday wednesday thursday friday saturday sunday \
         january february march april may june july august september october november december news associated press reuters \
         herr frau präsident bundeskanzler minister der die das le la les el los las monsieur madame président presidente",
    )
});

/// Whether a word is no part of a name that tells one person or place from another.
#[must_use]
pub fn is_generic(word: &str) -> bool {
    GENERIC.contains(word)
}

impl Facts {
    /// Collects what stands in one article beside its credits. O(length).
    pub(crate) fn collect(&mut self, stream: &TokenStream, lexicon: &Lexicon) {
        // A title in capitals throughout says nothing of names.
        let capitals = stream.title.marks.iter().filter(|m| m.has(Marks::CAPITAL)).count();
        if capitals * 2 <= stream.title.len() {
            names(&stream.title, lexicon, true, &mut self.names);
        }
        names(&stream.body, lexicon, false, &mut self.names);
        self.names.sort_unstable();
        self.names.dedup_by_key(|name| name.hash);
        for (tokens, lead) in [(&stream.title, true), (&stream.body, false)] {
            days(tokens, lexicon, stream.lang, lead, self);
            ages(tokens, lexicon, stream.lang, &mut self.ages);
        }
        self.ages.sort_unstable();
        self.ages.dedup();
        self.weekdays.sort_unstable();
        self.weekdays.dedup();
        self.lead_weekdays.sort_unstable();
        self.lead_weekdays.dedup();
        self.month_days.sort_unstable();
        self.month_days.dedup();
    }
}

/// The ranges of tokens that are runs of two or more capitalised words.
pub fn capital_runs(tokens: &Tokens) -> impl Iterator<Item = std::ops::Range<usize>> {
    let starts = |i: usize| tokens.marks[i].has(Marks::CAPITAL) && !tokens.marks[i].has(Marks::HEAD);
    let joins = move |i: usize| starts(i) && !tokens.marks[i].any(Marks::APART.and(Marks::SENTENCE));
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < tokens.len() {
            let begin = at;
            at += 1;
            if !starts(begin) {
                continue;
            }
            while at < tokens.len() && joins(at) {
                at += 1;
            }
            if at - begin >= 2 {
                return Some(begin..at);
            }
        }
        None
    })
}

/// The part of a run of words that names somebody: what is left between generic words, if that is two or three words.
#[must_use]
pub fn core_of<'a>(words: &'a [WordId], lexicon: &Lexicon) -> Option<&'a [WordId]> {
    let generic = |w: &WordId| is_generic(lexicon.word(*w));
    let begin = words.iter().position(|w| !generic(w))?;
    let end = words[begin..].iter().position(generic).map_or(words.len(), |n| begin + n);
    (2..=3).contains(&(end - begin)).then(|| &words[begin..end])
}

/// A hash of a sequence of words that is the same in every run.
#[must_use]
pub fn hash_words(words: &[WordId], lexicon: &Lexicon) -> u64 {
    // Names are short: no need to go to the heap for them.
    let mut bytes = [0; 64];
    if words.len() * 8 <= bytes.len() {
        for (to, &word) in bytes.chunks_exact_mut(8).zip(words) {
            to.copy_from_slice(&lexicon.hash(word).to_le_bytes());
        }
        return xxh3_64(&bytes[..words.len() * 8]);
    }
    let bytes: Vec<u8> = words.iter().flat_map(|&word| lexicon.hash(word).to_le_bytes()).collect();
    xxh3_64(&bytes)
}

fn names(tokens: &Tokens, lexicon: &Lexicon, title: bool, out: &mut Vec<Name>) {
    for run in capital_runs(tokens) {
        let words = &tokens.words[run.clone()];
        let first = if title { 0 } else { u32::try_from(run.start).unwrap_or(u32::MAX) };
        let core = core_of(words, lexicon).map_or(0, |core| hash_words(core, lexicon));
        out.push(Name { hash: hash_words(words, lexicon), core, first });
    }
}

fn days(tokens: &Tokens, lexicon: &Lexicon, lang: Lang, title: bool, facts: &mut Facts) {
    let number = |i: usize| -> Option<u16> {
        let marks = tokens.marks.get(i)?;
        let word = marks.has(Marks::DIGIT).then(|| lexicon.word(tokens.words[i]))?;
        word.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse().ok()
    };
    let Some(calendar) = calendar::names(lang) else { return };
    // Weekdays are capitalised in English and German; elsewhere any form counts.
    let any_form = !matches!(lang.code(), "en" | "de");
    for (i, &id) in tokens.words.iter().enumerate() {
        if !(any_form || tokens.marks[i].has(Marks::CAPITAL)) {
            continue;
        }
        let month = match calendar.get(lexicon.word(id)) {
            None => continue,
            Some(Named::Weekday(day)) => {
                facts.weekdays.push(*day);
                if title || i < LEAD {
                    facts.lead_weekdays.push(*day);
                }
                continue;
            }
            Some(Named::Month(month)) => *month,
        };
        let plausible = |n: &u16| (1..=31).contains(n);
        let behind = number(i + 1).filter(plausible).map(|day| (day, i + 2));
        let before = i.checked_sub(1).and_then(number).filter(plausible).map(|day| (day, i + 1));
        let Some((day, next)) = (if lang == Lang::ENGLISH { behind.or(before) } else { before.or(behind) }) else {
            continue;
        };
        let year = number(next).filter(|y| (1900..2100).contains(y)).and_then(|y| i16::try_from(y).ok());
        facts.month_days.push(MonthDay { month, day: u8::try_from(day).unwrap_or(0), year });
    }
}

/// "20-year-old", "aged 20", "20 Jahre alt", "20-jährige", "âgé de 20 ans", "de 20 años", "di 20 anni", "de 20 anos".
fn ages(tokens: &Tokens, lexicon: &Lexicon, lang: Lang, out: &mut Vec<u16>) {
    let word = |i: Option<usize>| i.and_then(|i| tokens.words.get(i)).map_or("", |&w| lexicon.word(w));
    for (i, marks) in tokens.marks.iter().enumerate() {
        if !marks.has(Marks::DIGIT) {
            continue;
        }
        let Ok(age) = word(Some(i)).parse::<u16>() else { continue };
        if !(1..=110).contains(&age) {
            continue;
        }
        let (before, next, third) = (word(i.checked_sub(1)), word(Some(i + 1)), word(Some(i + 2)));
        let says_age = match lang.code() {
            "en" => before == "aged" || next == "year" && third == "old" || next == "years" && third == "old",
            "de" => next == "jahre" && third == "alt" || next.starts_with("jährige"),
            "fr" => next == "ans" && matches!(before, "de" | "d"),
            "es" => next == "años" && before == "de",
            "it" => next == "anni" && before == "di" || next == "enne",
            "pt" => next == "anos" && before == "de",
            "nl" => next == "jarige" || next == "jaar" && third == "oud",
            "ru" => next == "летний" || next == "летняя" || next == "летнего",
            _ => false,
        };
        if says_age {
            out.push(age);
        }
    }
}
