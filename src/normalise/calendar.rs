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
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
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
            "januar jänner jan jän",
            "februar feber feb",
            "märz mrz",
            "april apr",
            "mai",
            "juni jun",
            "juli jul",
            "august aug",
            "september sept sep",
            "oktober okt",
            "november nov",
            "dezember dez",
        ],
    },
    Calendar {
        lang: "fr",
        weekdays: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
        months: [
            "janvier janv",
            "février fevrier févr",
            "mars",
            "avril avr",
            "mai",
            "juin",
            "juillet juil",
            "août aout",
            "septembre sept",
            "octobre oct",
            "novembre nov",
            "décembre decembre déc",
        ],
    },
    Calendar {
        lang: "es",
        weekdays: ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
        months: [
            "enero ene",
            "febrero feb",
            "marzo",
            "abril abr",
            "mayo",
            "junio jun",
            "julio jul",
            "agosto ago",
            "septiembre setiembre sept sep",
            "octubre oct",
            "noviembre nov",
            "diciembre dic",
        ],
    },
    Calendar {
        lang: "it",
        weekdays: ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"],
        months: [
            "gennaio gen",
            "febbraio feb",
            "marzo",
            "aprile apr",
            "maggio",
            "giugno giu",
            "luglio lug",
            "agosto",
            "settembre sett",
            "ottobre ott",
            "novembre nov",
            "dicembre dic",
        ],
    },
    Calendar {
        lang: "pt",
        weekdays: ["segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo"],
        months: [
            "janeiro jan",
            "fevereiro fev",
            "março",
            "abril abr",
            "maio",
            "junho jun",
            "julho jul",
            "agosto ago",
            "setembro",
            "outubro",
            "novembro nov",
            "dezembro dez",
        ],
    },
    Calendar {
        lang: "nl",
        weekdays: ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
        months: [
            "januari jan",
            "februari feb",
            "maart mrt",
            "april apr",
            "mei",
            "juni jun",
            "juli jul",
            "augustus aug",
            "september sept sep",
            "oktober okt",
            "november nov",
            "december dec",
        ],
    },
    Calendar {
        lang: "ru",
        weekdays: [
            "понедельник понедельника",
            "вторник вторника",
            "среда среду среды",
            "четверг четверга",
            "пятница пятницу пятницы",
            "суббота субботу субботы",
            "воскресенье воскресенья",
        ],
        months: [
            "января янв",
            "февраля февр",
            "марта",
            "апреля апр",
            "мая",
            "июня",
            "июля",
            "августа авг",
            "сентября сент",
            "октября окт",
            "ноября нояб",
            "декабря дек",
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
