//! Words for days and months, and the dates that a text names.

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

/// The position (from 0) of a word in a list of spellings.
fn position(list: &[&str], word: &str) -> Option<u8> {
    let at = list.iter().position(|spellings| spellings.split(' ').any(|s| s == word))?;
    u8::try_from(at).ok()
}

/// The weekday that a folded word names, Monday 0.
#[must_use]
pub fn weekday(lang: Lang, word: &str) -> Option<u8> {
    position(&CALENDARS.iter().find(|c| c.lang == lang.code())?.weekdays, word)
}

/// The month that a folded word names, January 1.
#[must_use]
pub fn month(lang: Lang, word: &str) -> Option<u8> {
    position(&CALENDARS.iter().find(|c| c.lang == lang.code())?.months, word).map(|m| m + 1)
}
