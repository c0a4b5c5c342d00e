//! What a text says of who, how old and when: surface forms that agree or conflict between two reports of one event.

use xxhash_rust::xxh3::xxh3_64;

use crate::language::Lang;
use crate::normalise::calendar::{self, Named};
use crate::normalise::credits::{Credit, CreditForm};
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
    /// Who is said in the lead to have had the report, in the order of the text.
    pub fn lead_credits(&self) -> impl Iterator<Item = &Credit> {
        self.credits.iter().filter(|credit| credit.form == CreditForm::Claim && (credit.token as usize) < LEAD)
    }

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
        // They are as many as there are articles, and stay to the end.
        self.names.shrink_to_fit();
        self.ages.shrink_to_fit();
        self.weekdays.shrink_to_fit();
        self.lead_weekdays.shrink_to_fit();
        self.month_days.shrink_to_fit();
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
    // "12.03.2031" is written so in many languages, and means one day in all of them.
    let dotted = tokens.words.iter().zip(&*tokens.marks).filter(|(_, marks)| marks.has(Marks::DIGIT));
    facts.month_days.extend(dotted.filter_map(|(&id, _)| dotted_day(lexicon.word(id))));
    let Some(calendar) = calendar::names(lang) else { return };
    let word = |i: usize| tokens.words.get(i).map_or("", |&w| lexicon.word(w));
    // Weekdays are capitalised in English and German; elsewhere any form counts.
    let any_form = !matches!(lang.code(), "en" | "de");
    // "12 de marzo de 2031", "12th of March".
    let is_of = |i: usize| match lang.code() {
        "en" => word(i) == "of",
        "es" => matches!(word(i), "de" | "del"),
        "pt" => word(i) == "de",
        _ => false,
    };
    let plausible = |n: &u16| (1..=31).contains(n);
    for (i, &id) in tokens.words.iter().enumerate() {
        if !(any_form || tokens.marks[i].has(Marks::CAPITAL)) {
            continue;
        }
        let before = i.checked_sub(1);
        let month = match calendar.get(lexicon.word(id)) {
            None => continue,
            Some(Named::Weekday(day)) => {
                let before = before.map_or("", word);
                // The Portuguese second to sixth day are ordinals too, and the Russian Wednesday is also the environment.
                let is_day = match lang.code() {
                    "pt" if *day < 5 => {
                        word(i + 1) == "feira"
                            || matches!(before, "nesta" | "desta")
                            || number(i + 1).is_some_and(|n| plausible(&n))
                    }
                    "ru" if *day == 2 => matches!(before, "в" | "во"),
                    _ => true,
                };
                if is_day {
                    facts.weekdays.push(*day);
                }
                if is_day && (title || i < LEAD) {
                    facts.lead_weekdays.push(*day);
                }
                continue;
            }
            Some(Named::Month(month)) => *month,
        };
        let year_at = |next: usize| if is_of(next) { next + 1 } else { next };
        let day_at = before.map(|at| if is_of(at) { at.saturating_sub(1) } else { at });
        let behind = number(i + 1).filter(plausible).map(|day| (day, i + 2));
        let before = day_at.and_then(number).filter(plausible).map(|day| (day, year_at(i + 1)));
        let Some((day, next)) = (if lang == Lang::ENGLISH { behind.or(before) } else { before.or(behind) }) else {
            continue;
        };
        let year = number(next).filter(|y| (1900..2100).contains(y)).and_then(|y| i16::try_from(y).ok());
        facts.month_days.push(MonthDay { month, day: u8::try_from(day).unwrap_or(0), year });
    }
}

/// Day, month and year of four digits with points between.
fn dotted_day(word: &str) -> Option<MonthDay> {
    let mut parts = word.split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let day = day.parse().ok().filter(|day| (1..=31).contains(day))?;
    let month = month.parse().ok().filter(|month| (1..=12).contains(month))?;
    let year = year.parse().ok().filter(|year| (1900..2100).contains(year))?;
    Some(MonthDay { month, day, year: Some(year) })
}

/// Words before "de 20 ans" and its like that speak of a term and not of an age: a sentence, a contract, more than.
static TERM: WordList = WordList::new(|| {
    word_list::words(
        "peine période durée contrat plus moins près pena condena condanna contrato contratto plazo prazo período periodo más menos \
         mais più meno",
    )
});

/// "20-year-old", "aged 20"; "20 Jahre alt", "20-jährige", "im Alter von 20 Jahren"; "âgé de 20 ans"; "de 20 años (de edad)";
/// "di 20 anni", "20enne"; "de 20 anos (de idade)"; "20-jarige", "20 jaar oud"; "20-летний", "в возрасте 20 лет".
fn ages(tokens: &Tokens, lexicon: &Lexicon, lang: Lang, out: &mut Vec<u16>) {
    let word = |i: Option<usize>| i.and_then(|i| tokens.words.get(i)).map_or("", |&w| lexicon.word(w));
    for (i, marks) in tokens.marks.iter().enumerate() {
        if !marks.has(Marks::DIGIT) {
            continue;
        }
        // "20jährige", "20enne".
        let number = word(Some(i));
        let (digits, rest) = number.split_at(number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len()));
        let Ok(age) = digits.parse::<u16>() else { continue };
        if !(1..=110).contains(&age) {
            continue;
        }
        let (before, before_it) = (word(i.checked_sub(1)), word(i.checked_sub(2)));
        let [next, third, fourth] = [1, 2, 3].map(|n| word(Some(i + n)));
        let alone = rest.is_empty();
        let of_age = |de: &str, age: &str| before == de && !TERM.contains(before_it) || third == de && fourth == age;
        let says_age = match lang.code() {
            "en" => alone && (before == "aged" || matches!(next, "year" | "years") && third == "old"),
            "de" => {
                alone && next == "jahre" && third == "alt"
                    || alone && next == "jahren" && before == "von" && before_it == "alter"
                    || alone && next.starts_with("jährig")
                    || rest.starts_with("jährig")
            }
            "fr" => alone && next == "ans" && matches!(before, "de" | "d") && !TERM.contains(before_it),
            "es" => alone && next == "años" && of_age("de", "edad"),
            "it" => {
                alone && (next == "anni" && of_age("di", "età") || next == "enne") || matches!(rest, "enne" | "enni")
            }
            "pt" => alone && next == "anos" && of_age("de", "idade"),
            "nl" => {
                alone && (next.starts_with("jarig") || next == "jaar" && third == "oud")
                    || alone && next == "jaar" && before == "van" && before_it == "leeftijd"
                    || rest.starts_with("jarig")
            }
            "ru" => {
                alone && (next.starts_with("летн") || matches!(next, "лет" | "года" | "год") && before == "возрасте")
            }
            _ => false,
        };
        if says_age {
            out.push(age);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::corpus::Corpus;
    use crate::normalise::{CreditFinder, normalise};
    use crate::outlets::OutletTable;
    use crate::progress::Silent;

    /// What a sentence says.
    #[derive(Debug, PartialEq, Eq)]
    struct Said {
        ages: Vec<u16>,
        weekdays: Vec<u8>,
        /// Day, month, year.
        days: Vec<(u8, u8, Option<i16>)>,
        credits: Vec<String>,
    }

    fn said(lang: &str, text: &str) -> Said {
        let lang = Lang::parse(lang).expect("a language");
        let article = Article { text: text.into(), lang, ..Article::default() };
        let corpus = Corpus::new(vec![article]).expect("one article");
        let run = normalise(&corpus, &CreditFinder::new(&OutletTable::shipped(), std::iter::empty()), &Silent);
        let facts = run.facts[0].clone();
        Said {
            ages: facts.ages,
            weekdays: facts.weekdays,
            days: facts.month_days.iter().map(|day| (day.day, day.month, day.year)).collect(),
            credits: facts.credits.iter().map(|credit| credit.outlet.to_string()).collect(),
        }
    }

    /// Rows of a sentence, then ages, weekdays (Monday 0), days and credits in it.
    type Row<'a> = (&'a str, &'a [u16], &'a [u8], &'a [(u8, u8, Option<i16>)], &'a [&'a str]);

    fn check(lang: &str, rows: &[Row<'_>]) {
        for &(text, ages, weekdays, days, credits) in rows {
            let expected = Said {
                ages: ages.to_vec(),
                weekdays: weekdays.to_vec(),
                days: days.to_vec(),
                credits: credits.iter().map(|&outlet| outlet.to_owned()).collect(),
            };
            assert_eq!(said(lang, text), expected, "{lang}: {text}");
        }
    }

    #[test]
    fn any_language() {
        for lang in ["de", "cs", "fi", "tr", "und", "en"] {
            check(
                lang,
                &[
                    ("Xyz 12.03.2031, 1.4.2031.", &[], &[], &[(12, 3, Some(2031)), (1, 4, Some(2031))], &[]),
                    ("Xyz 32.03.2031, 12.13.2031, 1.2.3.4, 12.03, 1.4.31, 10.000.000", &[], &[], &[], &[]),
                ],
            );
        }
    }

    #[test]
    fn english() {
        check(
            "en",
            &[
                ("A 20-year-old and her son, aged 7, and a man who is 43 years old.", &[7, 20, 43], &[], &[], &[]),
                ("It ran for 20 years and cost 30 pounds a year.", &[], &[], &[], &[]),
                ("On Monday, March 12, 2031, and on 3 April.", &[], &[0], &[(12, 3, Some(2031)), (3, 4, None)], &[]),
                (
                    "On Friday the 12th of March 2031 and on Sept. 4.",
                    &[],
                    &[4],
                    &[(12, 3, Some(2031)), (4, 9, None)],
                    &[],
                ),
                ("They may leave, and march 12 miles.", &[], &[], &[], &[]),
                ("He resigned, officials told The Wall Street Journal.", &[], &[], &[], &["The Wall Street Journal"]),
                ("It was closed, CNN reported. Photo: Reuters", &[], &[], &[], &["CNN"]),
            ],
        );
    }

    #[test]
    fn german() {
        check(
            "de",
            &[
                ("Der 20-Jährige, eine 31jährige Frau und ein Kind, 7 Jahre alt.", &[7, 20, 31], &[], &[], &[]),
                ("Er starb im Alter von 83 Jahren; vor 20 Jahren war das anders.", &[83], &[], &[], &[]),
                (
                    "Am Mittwoch, dem 12. März 2031, und am 3. Okt.",
                    &[],
                    &[2],
                    &[(12, 3, Some(2031)), (3, 10, None)],
                    &[],
                ),
                ("Am Sonnabend öffnet es, am 1. Jänner nicht.", &[], &[5], &[(1, 1, None)], &[]),
                ("Das sagte sie dem Spiegel. Laut Reuters ist das falsch.", &[], &[], &[], &["Reuters"]),
                (
                    "Nach Angaben der Süddeutschen kam es anders, wie Der Spiegel berichtete.",
                    &[],
                    &[],
                    &[],
                    &["Der Spiegel"],
                ),
                ("Unter Berufung auf Le Monde hieß es, man warte.", &[], &[], &[], &["Le Monde"]),
            ],
        );
    }

    #[test]
    fn french() {
        check(
            "fr",
            &[
                ("Un homme de 20 ans et une femme âgée de 31 ans.", &[20, 31], &[], &[], &[]),
                ("Une peine de 20 ans, un contrat de 5 ans, il y a 30 ans.", &[], &[], &[], &[]),
                (
                    "Lundi 12 mars 2031, puis le 1er août et le 3 déc.",
                    &[],
                    &[0],
                    &[(12, 3, Some(2031)), (1, 8, None), (3, 12, None)],
                    &[],
                ),
                ("Il a déclaré au Monde. Selon Le Figaro, c'est faux.", &[], &[], &[], &["Le Figaro"]),
                ("Le pont est fermé, a indiqué Reuters. C'est ce que révèle Le Monde.", &[], &[], &[], &["Le Monde"]),
                ("Le pont est fermé, a-t-il confié à Le Monde.", &[], &[], &[], &["Le Monde"]),
            ],
        );
    }

    #[test]
    fn spanish() {
        check(
            "es",
            &[
                ("Una mujer de 20 años y un niño que tiene 7 años de edad.", &[7, 20], &[], &[], &[]),
                ("Una condena de 20 años por más de 5 años de abusos.", &[], &[], &[], &[]),
                (
                    "El miércoles 12 de marzo de 2031 y el 3 de sept. del 2030.",
                    &[],
                    &[2],
                    &[(12, 3, Some(2031)), (3, 9, Some(2030))],
                    &[],
                ),
                ("Lo dijo a El País. Según Reuters, no es cierto.", &[], &[], &[], &["El País", "Reuters"]),
                ("De acuerdo con El Mundo, el puente está cerrado.", &[], &[], &[], &["El Mundo"]),
            ],
        );
    }

    #[test]
    fn italian() {
        check(
            "it",
            &[
                ("Un uomo di 20 anni, una 31enne e un ragazzo che ha 7 anni di età.", &[7, 20, 31], &[], &[], &[]),
                ("Una pena di 20 anni, dopo più di 5 anni.", &[], &[], &[], &[]),
                ("Venerdì 12 marzo 2031 e il 3 ott.", &[], &[4], &[(12, 3, Some(2031)), (3, 10, None)], &[]),
                (
                    "Secondo La Repubblica il ponte è chiuso, riferisce Reuters.",
                    &[],
                    &[],
                    &[],
                    &["La Repubblica", "Reuters"],
                ),
                ("Lo ha detto al Corriere della Sera.", &[], &[], &[], &["Corriere della Sera"]),
            ],
        );
    }

    #[test]
    fn portuguese() {
        check(
            "pt",
            &[
                ("Uma mulher de 20 anos e um menino com 7 anos de idade.", &[7, 20], &[], &[], &[]),
                ("Uma pena de 20 anos e mais de 5 anos de espera.", &[], &[], &[], &[]),
                (
                    "Na segunda-feira, 12 de março de 2031, e nesta quinta (3).",
                    &[],
                    &[0, 3],
                    &[(12, 3, Some(2031))],
                    &[],
                ),
                ("Pela segunda vez, na quarta divisão, no sábado.", &[], &[5], &[], &[]),
                (
                    "A ponte foi fechada, disse ao Público. Segundo a Folha de S.Paulo, é falso.",
                    &[],
                    &[],
                    &[],
                    &["Público", "Folha de S.Paulo"],
                ),
                ("De acordo com O Globo, a ponte está fechada.", &[], &[], &[], &["O Globo"]),
            ],
        );
    }

    #[test]
    fn dutch() {
        check(
            "nl",
            &[
                ("Een 20-jarige vrouw, een kind van 7 jaar oud en een 31-jarig meisje.", &[7, 20, 31], &[], &[], &[]),
                ("Hij overleed op de leeftijd van 83 jaar; dat duurde 20 jaar.", &[83], &[], &[], &[]),
                ("Op donderdag 12 maart 2031 en op 3 okt.", &[], &[3], &[(12, 3, Some(2031)), (3, 10, None)], &[]),
                (
                    "Dat zei hij tegen NRC. Volgens De Telegraaf klopt het niet.",
                    &[],
                    &[],
                    &[],
                    &["NRC", "De Telegraaf"],
                ),
                ("De brug is dicht, meldde NOS. Dat is zo, aldus Reuters.", &[], &[], &[], &["NOS", "Reuters"]),
            ],
        );
    }

    #[test]
    fn russian() {
        check(
            "ru",
            &[
                ("20-летняя женщина и 7-летний мальчик; он умер в возрасте 83 лет.", &[7, 20, 83], &[], &[], &[]),
                ("Это длилось 20 лет.", &[], &[], &[], &[]),
                (
                    "В среду, 12 марта 2031 года, и в пятницу, 3 окт.",
                    &[],
                    &[2, 4],
                    &[(12, 3, Some(2031)), (3, 10, None)],
                    &[],
                ),
                ("Загрязняют окружающую среду, и эта среда опасна.", &[], &[], &[], &[]),
                ("Мост закрыт, сообщает ТАСС. По данным Интерфакс, это не так.", &[], &[], &[], &["TASS", "Interfax"]),
                ("Об этом пишет Коммерсантъ со ссылкой на Reuters.", &[], &[], &[], &["Kommersant", "Reuters"]),
            ],
        );
    }
}
