//! Dates as they are written: RFC 3339 and 2822, day and month names of eight languages, epoch numbers, URL paths.
//! Nothing is guessed: 03/04/2031 is ambiguous and stays unread.

use crate::article::{DAY, Resolution};

/// A moment that was read: seconds since 1970-01-01 UTC, and how exact it is. Midnight sharp counts as "only the day is
/// known", because that is what writes it. A time without a zone counts as UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) at: i64,
    pub(super) resolution: Resolution,
}

/// Why a date was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// It is not written in a form that is known.
    Unknown,
    /// Day and month could be either way round.
    Ambiguous,
    /// There is no such day, or its year is outside 1800 to 2100.
    Impossible,
}

impl std::fmt::Display for Unread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unknown => "not in a form that is known",
            Self::Ambiguous => "ambiguous: day and month could be either way round",
            Self::Impossible => "no possible date between 1800 and 2100",
        })
    }
}

/// Reads the value of a date field; words that are no part of a date ("Updated") are overlooked.
pub(super) fn read(text: &str) -> Result<Moment, Unread> {
    let text = text.trim();
    if text.is_empty() || text.len() > 100 {
        return Err(Unread::Unknown);
    }
    if let Some(moment) = number(text) {
        return moment;
    }
    parts(text).and_then(|(moment, _)| moment)
}

/// Reads a line that is a date and nothing else, apart from bullets, bars and a label such as "Published:".
pub(super) fn read_line(line: &str) -> Option<Moment> {
    if line.len() > 80 || !line.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    match parts(line.trim_matches(|c: char| !c.is_alphanumeric())) {
        Ok((Ok(moment), 0)) => Some(moment),
        _ => None,
    }
}

/// The date in the path of a URL: `/2031/03/04/`, `/2031/mar/04/`, `2031-03-04`, `20310304`.
pub(super) fn in_url(url: &str) -> Option<Moment> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = path.split(['?', '#']).next().unwrap_or("");
    let words: Vec<&str> = path.split(['/', '-', '_', '.']).skip(1).collect();
    let whole = words.iter().filter(|w| w.len() == 8).find_map(|w| {
        let number: i64 = digits(w)?;
        day(number / 10_000, number / 100 % 100, number % 100)
    });
    let split = || {
        words.windows(3).find_map(|w| {
            let [year, month, date] = w else { return None };
            if year.len() != 4 || date.len() > 2 {
                return None;
            }
            let month = digits(month).filter(|_| month.len() <= 2).or_else(|| month_named(&month.to_lowercase()))?;
            day(digits(year)?, month, digits(date)?)
        })
    };
    // No article on the web is older than the web; other numbers are no dates.
    split().or(whole).filter(|&at| at >= 20 * 365 * DAY).map(|at| Moment { at, resolution: Resolution::Day })
}

/// Seconds at midnight, if there is such a day.
fn day(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1800..=2100).contains(&year) {
        return None;
    }
    let date = jiff::civil::Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second())
}

/// A number of up to 18 digits.
fn digits(text: &str) -> Option<i64> {
    (!text.is_empty() && text.len() <= 18 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// Epoch seconds or milliseconds, `yyyymmdd`, `yyyymmddhhmmss`.
fn number(text: &str) -> Option<Result<Moment, Unread>> {
    let whole = text.split_once('.').filter(|(_, rest)| digits(rest).is_some()).map_or(text, |(whole, _)| whole);
    let number = digits(whole)?;
    let at = match whole.len() {
        8 => day(number / 10_000, number / 100 % 100, number % 100),
        14 => {
            let date = number / 1_000_000;
            let (hour, minute, second) = (number / 10_000 % 100, number / 100 % 100, number % 100);
            day(date / 10_000, date / 100 % 100, date % 100)
                .filter(|_| hour < 24 && minute < 60 && second < 61)
                .map(|at| at + hour * 3600 + minute * 60 + second)
        }
        9 | 10 => Some(number),
        12 | 13 => Some(number / 1000),
        15 | 16 => Some(number / 1_000_000),
        _ => return Some(Err(Unread::Unknown)),
    };
    // Up to the end of the year 2100.
    Some(at.filter(|&at| at < 4_133_980_800).ok_or(Unread::Impossible).map(sharp))
}

/// Midnight sharp is a day without a time.
fn sharp(at: i64) -> Moment {
    let resolution = if at.rem_euclid(DAY) == 0 { Resolution::Day } else { Resolution::Time };
    Moment { at, resolution }
}

/// What was found in a text so far.
#[derive(Default)]
struct Parts {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    /// Seconds of the day.
    time: Option<i64>,
    /// Seconds east of UTC.
    zone: i64,
    /// Words that belong to no date.
    strangers: usize,
    /// A numeric date as day and month, or why it is none.
    trouble: Option<Unread>,
}

/// Reads the words of a date in any order; gives the moment, and how many words were no part of it.
fn parts(text: &str) -> Result<(Result<Moment, Unread>, usize), Unread> {
    let text = text.to_lowercase().replace(['年', '月'], "-").replace('日', " ");
    let mut found = Parts::default();
    for (count, word) in text.split(|c: char| c.is_whitespace() || ",|()[]·•،".contains(c)).enumerate() {
        let word = word.trim_matches(|c: char| ".;–—".contains(c) || c == ':' || c == '-');
        if count > 24 {
            return Err(Unread::Unknown);
        }
        if !word.is_empty() {
            found.word(word);
        }
    }
    let strangers = found.strangers;
    Ok((found.moment(), strangers))
}

impl Parts {
    fn word(&mut self, word: &str) {
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            self.number_word(word);
        } else if let Some(month) = month_named(word).filter(|_| self.month.is_none()) {
            self.month = Some(month);
        } else if let Some((day, month)) = named_pair(word).filter(|_| self.month.is_none()) {
            (self.day, self.month) = (Some(day), Some(month));
        } else if ["pm", "p.m", "a.m", "am"].contains(&word) {
            self.half(word.starts_with('p'));
        } else if let Some(zone) = zone(word) {
            self.zone = zone;
        } else if !FILLERS.contains(&word) && !is_weekday(word) {
            self.strangers += 1;
        }
    }

    fn number_word(&mut self, word: &str) {
        // 2031-03-04T09:15:00Z, 4.3.2031, 4/3/2031.
        let (date, time) = match word.split_once('t') {
            Some((date, time)) if date.len() >= 8 && time.starts_with(|c: char| c.is_ascii_digit()) => {
                (date, Some(time))
            }
            _ => (word, None),
        };
        if let Some(mark) = ['-', '/', '.'].into_iter().find(|&m| date.split(m).count() == 3) {
            let numbers: Vec<&str> = date.split(mark).collect();
            if self.numeric(&numbers, mark) {
                if let Some(time) = time {
                    self.clock(time);
                }
                return;
            }
            // 04-Mar-2031
            if let [a, month, b] = numbers.as_slice()
                && let Some(month) = month_named(month)
            {
                self.month = Some(month);
                self.plain(a);
                self.plain(b);
                return;
            }
        }
        if word.contains(':') {
            self.clock(word);
        } else if let Some(hours) = word.strip_suffix("pm").or_else(|| word.strip_suffix("am")) {
            match digits(hours) {
                Some(hour) if hour <= 12 => {
                    self.time = Some(hour * 3600);
                    self.half(word.ends_with("pm"));
                }
                _ => self.strangers += 1,
            }
        } else {
            self.plain(word);
        }
    }

    /// Three numbers with marks between. Whether they were that.
    fn numeric(&mut self, numbers: &[&str], mark: char) -> bool {
        let [Some(a), Some(b), Some(c)] = [0, 1, 2].map(|i| numbers.get(i).and_then(|n| digits(n))) else {
            return false;
        };
        let length = |i: usize| numbers.get(i).map_or(0, |n| n.len());
        if length(0) >= 4 {
            (self.year, self.month, self.day) = (Some(a), Some(b), Some(c));
        } else if length(2) >= 4 {
            self.year = Some(c);
            // With dots the day stands first everywhere; otherwise only a number above 12 tells.
            (self.day, self.month) = match (a, b) {
                _ if mark == '.' || a == b || a > 12 => (Some(a), Some(b)),
                _ if b > 12 => (Some(b), Some(a)),
                _ => {
                    self.trouble = Some(Unread::Ambiguous);
                    (None, None)
                }
            };
        } else {
            return false;
        }
        true
    }

    /// A number on its own: a year or a day (`4`, `4th`, `1er`, `1º`).
    fn plain(&mut self, word: &str) {
        let end = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
        let (head, tail) = word.split_at(end);
        let ordinal = tail.chars().count() <= 3 && !tail.contains(|c: char| c.is_ascii_digit());
        match digits(head) {
            Some(year) if (4..=6).contains(&end) && tail.is_empty() && self.year.is_none() => self.year = Some(year),
            Some(month) if self.month == Some(0) && end <= 2 => self.month = Some(month),
            Some(day) if end <= 2 && ordinal && self.day.is_none() => self.day = Some(day),
            _ => self.strangers += 1,
        }
    }

    /// `9:15`, `09:15:00.5`, `09:15:00+02:00`, `9:15pm`.
    fn clock(&mut self, word: &str) {
        let end = word.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.').unwrap_or(word.len());
        let (clock, rest) = word.split_at(end);
        let mut numbers = clock.split(':').map(|n| digits(n.split('.').next().unwrap_or("")));
        let (hour, minute) = (numbers.next().flatten(), numbers.next().flatten());
        let second = numbers.next().map_or(Some(0), |s| s);
        let (Some(hour @ 0..=24), Some(minute @ 0..=59), Some(second @ 0..=60)) = (hour, minute, second) else {
            self.strangers += 1;
            return;
        };
        self.time = Some((hour * 3600 + minute * 60 + second).min(DAY - 1));
        match rest {
            "am" | "pm" => self.half(rest == "pm"),
            "" => {}
            rest => match zone(rest) {
                Some(zone) => self.zone = zone,
                None => self.strangers += 1,
            },
        }
    }

    fn half(&mut self, afternoon: bool) {
        const NOON: i64 = DAY / 2;
        self.time = self.time.map(|time| match afternoon {
            true if time < NOON => time + NOON,
            false if (NOON..NOON + 3600).contains(&time) => time - NOON,
            _ => time,
        });
    }

    fn moment(&self) -> Result<Moment, Unread> {
        if let Some(trouble) = self.trouble {
            return Err(trouble);
        }
        let (Some(year), Some(month), Some(date)) = (self.year, self.month, self.day) else {
            // "20245" says no day, but what it says cannot be.
            let odd = self.year.is_some_and(|y| !(1800..=2100).contains(&y));
            return Err(if odd { Unread::Impossible } else { Unread::Unknown });
        };
        let midnight = day(year, month, date).ok_or(Unread::Impossible)?;
        match self.time {
            Some(time) if time != 0 || self.zone != 0 => {
                Ok(Moment { at: midnight + time - self.zone, resolution: Resolution::Time })
            }
            _ => Ok(Moment { at: midnight, resolution: Resolution::Day }),
        }
    }
}

/// Seconds east of UTC of `z`, `utc`, `+0200`, `+02:00`, `gmt+7`, `est`.
fn zone(word: &str) -> Option<i64> {
    let named = match word {
        "z" | "utc" | "gmt" | "ut" => Some(0),
        "est" | "cdt" => Some(-5),
        "edt" => Some(-4),
        "cst" | "mdt" => Some(-6),
        "mst" | "pdt" => Some(-7),
        "pst" => Some(-8),
        "bst" | "cet" | "mez" => Some(1),
        "cest" | "mesz" | "eet" => Some(2),
        "msk" | "eest" => Some(3),
        "jst" | "kst" => Some(9),
        _ => None,
    };
    if let Some(hours) = named {
        return Some(hours * 3600);
    }
    let word = word.strip_prefix("gmt").or_else(|| word.strip_prefix("utc")).unwrap_or(word);
    let (sign, rest) = match (word.strip_prefix('+'), word.strip_prefix(['-', '−'])) {
        (Some(rest), _) => (1, rest),
        (_, Some(rest)) => (-1, rest),
        _ => return None,
    };
    let plain = rest.replace(':', "");
    let number = digits(&plain)?;
    let (hours, minutes) = if plain.len() <= 2 { (number, 0) } else { (number / 100, number % 100) };
    (plain.len() <= 4 && hours <= 15 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// `4月` has been turned into a number already; `4.märz` and `4march` are a day and a month in one word.
fn named_pair(word: &str) -> Option<(i64, i64)> {
    let end = word.find(|c: char| !c.is_ascii_digit())?;
    let (day, month) = word.split_at(end);
    Some((digits(day)?, month_named(month.trim_start_matches(['.', '-']))?))
}

/// Words that stand in dates and date lines without meaning anything for them.
const FILLERS: [&str; 53] = [
    "date",
    "published",
    "publish",
    "posted",
    "updated",
    "modified",
    "created",
    "last",
    "first",
    "on",
    "at",
    "of",
    "the",
    "time",
    "et",
    "uhr",
    "um",
    "vom",
    "am",
    "stand",
    "den",
    "datum",
    "veröffentlicht",
    "aktualisiert",
    "publié",
    "le",
    "à",
    "mis",
    "jour",
    "du",
    "de",
    "del",
    "el",
    "a",
    "las",
    "fecha",
    "publicado",
    "em",
    "às",
    "data",
    "pubblicato",
    "il",
    "alle",
    "gepubliceerd",
    "op",
    "om",
    "дата",
    "года",
    "в",
    "ngày",
    "năm",
    "г",
    "h",
];

const WEEKDAYS: [&str; 62] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thur",
    "thurs",
    "fri",
    "sat",
    "sun",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "lunes",
    "martes",
    "miércoles",
    "jueves",
    "viernes",
    "sábado",
    "domingo",
    "lunedì",
    "martedì",
    "mercoledì",
    "giovedì",
    "venerdì",
    "sabato",
    "domenica",
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
    "понедельник",
    "вторник",
    "среда",
    "четверг",
    "пятница",
    "суббота",
    "воскресенье",
    "segunda-feira",
    "terça-feira",
    "quarta-feira",
];

fn is_weekday(word: &str) -> bool {
    WEEKDAYS.contains(&word) || word.ends_with("-feira")
}

/// Names of the months in English, German, French, Spanish, Italian, Portuguese, Dutch and Russian.
const MONTHS: [&[&str]; 12] = [
    &[
        "january",
        "jan",
        "januar",
        "jänner",
        "janvier",
        "janv",
        "enero",
        "ene",
        "gennaio",
        "gen",
        "janeiro",
        "januari",
        "января",
        "янв",
    ],
    &[
        "february",
        "feb",
        "februar",
        "février",
        "févr",
        "fév",
        "febrero",
        "febbraio",
        "fevereiro",
        "fev",
        "februari",
        "февраля",
        "фев",
    ],
    &["march", "mar", "märz", "mär", "mrz", "maerz", "mars", "marzo", "março", "maart", "mrt", "марта", "мар"],
    &["april", "apr", "avril", "avr", "abril", "abr", "aprile", "апреля", "апр"],
    &["may", "mai", "mayo", "maggio", "mag", "maio", "mei", "мая", "май"],
    &["june", "jun", "juni", "juin", "junio", "giugno", "giu", "junho", "июня", "июн"],
    &["july", "jul", "juli", "juillet", "juil", "julio", "luglio", "lug", "julho", "июля", "июл"],
    &["august", "aug", "août", "aout", "agosto", "ago", "augustus", "августа", "авг"],
    &["september", "sep", "sept", "septembre", "septiembre", "settembre", "set", "setembro", "сентября", "сен", "сент"],
    &["october", "oct", "oktober", "okt", "octobre", "octubre", "ottobre", "ott", "outubro", "out", "октября", "окт"],
    &["november", "nov", "novembre", "noviembre", "novembro", "ноября", "ноя", "нояб"],
    &[
        "december",
        "dec",
        "dezember",
        "dez",
        "décembre",
        "déc",
        "diciembre",
        "dic",
        "dicembre",
        "dezembro",
        "декабря",
        "дек",
    ],
];

/// 1 to 12; 0 after the Vietnamese word for month, whose number follows.
fn month_named(word: &str) -> Option<i64> {
    if word == "tháng" {
        return Some(0);
    }
    let word = word.trim_end_matches('.');
    MONTHS.iter().zip(1..).find(|(names, _)| names.contains(&word)).map(|(_, month)| month)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match read(text) {
            Ok(m) => {
                let date = crate::article::Date {
                    at: m.at,
                    resolution: m.resolution,
                    provenance: crate::article::Provenance::Published,
                };
                date.to_string()
            }
            Err(Unread::Ambiguous) => "ambiguous".to_owned(),
            Err(Unread::Impossible) => "impossible".to_owned(),
            Err(Unread::Unknown) => "unknown".to_owned(),
        }
    }

    #[test]
    fn dates_are_read_in_the_forms_they_are_written_in() {
        for (text, expected) in [
            ("2031-03-04", "2031-03-04"),
            ("2031-03-04T09:15:00Z", "2031-03-04T09:15:00Z"),
            ("2031-03-04T09:15:00.123+02:00", "2031-03-04T07:15:00Z"),
            ("2031-03-04 09:15:00", "2031-03-04T09:15:00Z"),
            ("2031-03-04 09:15:00+00:00", "2031-03-04T09:15:00Z"),
            ("2031-03-04 00:00:00", "2031-03-04"),
            ("2031-03-04T00:00:00-05:00", "2031-03-04T05:00:00Z"),
            ("Tue, 04 Mar 2031 09:15:00 +0100", "2031-03-04T08:15:00Z"),
            ("Tue, 4 Mar 2031 09:15:00 EST", "2031-03-04T14:15:00Z"),
            ("Mar 4, 2031", "2031-03-04"),
            ("Mar. 4, 2031 9:15 pm ET", "2031-03-04T21:15:00Z"),
            ("March 4th, 2031, 12:05am", "2031-03-04T00:05:00Z"),
            ("4 March 2031", "2031-03-04"),
            ("| 4 March 2031, Tuesday |", "2031-03-04"),
            ("Updated: 04-Mar-2031 9am GMT", "2031-03-04T09:00:00Z"),
            ("4. März 2031, 9:15 Uhr", "2031-03-04T09:15:00Z"),
            ("le 1er août 2031 à 9:15", "2031-08-01T09:15:00Z"),
            ("4 de marzo de 2031", "2031-03-04"),
            ("4 de março de 2031", "2031-03-04"),
            ("4 maart 2031", "2031-03-04"),
            ("4 marzo 2031", "2031-03-04"),
            ("4 марта 2031 г.", "2031-03-04"),
            ("ngày 4 tháng 3 năm 2031", "2031-03-04"),
            ("2031年3月4日", "2031-03-04"),
            ("04.03.2031", "2031-03-04"),
            ("14/03/2031", "2031-03-14"),
            ("03/14/2031 10:00", "2031-03-14T10:00:00Z"),
            ("03/03/2031", "2031-03-03"),
            ("03/04/2031", "ambiguous"),
            ("3-4-2031", "ambiguous"),
            ("20310304", "2031-03-04"),
            ("20310304091500", "2031-03-04T09:15:00Z"),
            ("1700000000", "2023-11-14T22:13:20Z"),
            ("1700000000.5", "2023-11-14T22:13:20Z"),
            ("1700000000123", "2023-11-14T22:13:20Z"),
            ("20245-01-01", "impossible"),
            ("20245", "unknown"),
            ("1 May 20245", "impossible"),
            ("2031-02-30", "impossible"),
            ("1712-03-04", "impossible"),
            ("March 2031", "unknown"),
            ("yesterday", "unknown"),
            ("9:15", "unknown"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn a_line_is_a_date_only_if_all_of_it_is() {
        for line in ["| 4 March 2031, Tuesday |", "Published: Mar 4, 2031 09:15 GMT", "04.03.2031", "* 2031-03-04 *"] {
            assert!(read_line(line).is_some(), "{line}");
        }
        for line in
            ["", "4 March 2031 was a cold day", "12", "March", "Chapter 4", "2031", "March 4, 2031 - Elmford fire"]
        {
            assert_eq!(read_line(line), None, "{line}");
        }
    }

    #[test]
    fn urls_carry_dates() {
        for (url, day) in [
            ("https://n.org/2031/03/04/fire", Some(22342)),
            ("https://n.org/world/2031/mar/04/fire", Some(22342)),
            ("https://n.org/fire-20310304.html", Some(22342)),
            ("https://n.org/2031-03-04-fire", Some(22342)),
            ("https://n.org/a?d=20310304", None),
            ("https://n.org/12345678", None),
            ("https://n.org/2031/03/", None),
            ("", None),
        ] {
            assert_eq!(in_url(url).map(|m| m.at / DAY), day, "{url}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,60}", dated in "[0-9a-z:/.+ ,T-]{0,40}") {
            for text in [text, dated] {
                let _ = (read(&text), read_line(&text), in_url(&text));
            }
        }
    }
}
