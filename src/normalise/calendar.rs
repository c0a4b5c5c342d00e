//! Words for days and months, and the dates that a text names.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use crate::language::Lang;

/// Words of one language, Monday and January first; several spellings are parted by a space.
struct Calendar {
    lang: &'static str,
    weekdays: [&'static str; 7],
    months: [&'static str; 12],
}

const CALENDARS: [Calendar; 8] = [
    Calendar {
        lang: "en",
        weekdays: ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
        months: [
            "january jan",
            "february feb",
            "march",
            "april apr",
            "may",
            "june",
            "july",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ],
    },
    Calendar {
        lang: "de",
        weekdays: ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag sonnabend", "sonntag"],
        months: [
            "januar jänner",
            "februar",
            "märz",
            "april",
            "mai",
            "juni",
            "juli",
            "august",
            "september",
            "oktober",
            "november",
            "dezember",
        ],
    },
    Calendar {
        lang: "fr",
        weekdays: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
        months: [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
    },
    Calendar {
        lang: "es",
        weekdays: ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
        months: [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre setiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
    },
    Calendar {
        lang: "it",
        weekdays: ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"],
        months: [
            "gennaio",
            "febbraio",
            "marzo",
            "aprile",
            "maggio",
            "giugno",
            "luglio",
            "agosto",
            "settembre",
            "ottobre",
            "novembre",
            "dicembre",
        ],
    },
    Calendar {
        lang: "pt",
        weekdays: ["segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo"],
        months: [
            "janeiro",
            "fevereiro",
            "março",
            "abril",
            "maio",
            "junho",
            "julho",
            "agosto",
            "setembro",
            "outubro",
            "novembro",
            "dezembro",
        ],
    },
    Calendar {
        lang: "nl",
        weekdays: ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
        months: [
            "januari",
            "februari",
            "maart",
            "april",
            "mei",
            "juni",
            "juli",
            "augustus",
            "september",
            "oktober",
            "november",
            "december",
        ],
    },
    Calendar {
        lang: "ru",
        weekdays: [
            "понедельник",
            "вторник",
            "среда среду",
            "четверг",
            "пятница пятницу",
            "суббота субботу",
            "воскресенье",
        ],
        months: [
            "января",
            "февраля",
            "марта",
            "апреля",
            "мая",
            "июня",
            "июля",
            "августа",
            "сентября",
            "октября",
            "ноября",
            "декабря",
        ],
    },
];

/// What a word of the calendar names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A weekday, Monday 0.
    Weekday(u8),
    /// A month, January 1.
    Month(u8),
}

/// The folded words of one language that name days and months.
pub type Names = HashMap<&'static str, Named, FixedState>;

/// The calendar of a language, if it is known.
#[must_use]
pub fn names(lang: Lang) -> Option<&'static Names> {
    static ALL: LazyLock<[(&str, Names); CALENDARS.len()]> =
        LazyLock::new(|| CALENDARS.map(|calendar| (calendar.lang, calendar.names())));
    ALL.iter().find(|(code, _)| *code == lang.code()).map(|(_, names)| names)
}

impl Calendar {
    fn names(&self) -> Names {
        let weekdays = (0..).zip(self.weekdays).map(|(day, words)| (words, Named::Weekday(day)));
        let months = (1..).zip(self.months).map(|(month, words)| (words, Named::Month(month)));
        weekdays.chain(months).flat_map(|(words, named)| words.split(' ').map(move |word| (word, named))).collect()
    }
}
