//! Where sentences begin. Rules rather than a model: a full stop, question or exclamation mark (closing marks may follow),
//! white space, and then a capital, a digit or an opening mark; not after an abbreviation or an initial.

use crate::normalise::word_list::{self, WordList};
use crate::normalise::words::fold;

/// Whether a sentence ends between two tokens, given the text before (ending with the token), the text between them, and
/// the first character of the next token.
#[must_use]
pub fn ends_between(word: &str, gap: &str, next: char) -> bool {
    if gap == ". " {
        return !next.is_lowercase() && !is_abbreviation(word);
    }
    if gap.contains('\n') {
        return true;
    }
    let Some(stop) = gap.find(['.', '!', '?', '…', '。', '！', '？', '।', '؟', '۔']) else { return false };
    let mark = gap[stop..].chars().next().unwrap_or('.');
    if matches!(mark, '。' | '！' | '？') {
        return true;
    }
    if !gap[stop..].contains(char::is_whitespace) || next.is_lowercase() {
        return false;
    }
    let only_stop = gap[..stop].is_empty();
    !(mark == '.' && only_stop && is_abbreviation(word))
}

/// Single letters, and words that are mostly seen with a full stop.
fn is_abbreviation(word: &str) -> bool {
    static KNOWN: WordList = WordList::new(|| {
        word_list::words(
            "mr mrs ms dr prof st sen rep gov gen col lt sgt capt rev hon jr sr vs inc corp ltd co no nos vol jan feb mar \
         apr jun jul aug sep sept oct nov dec mt ft ave blvd rd dist calif conn mass penn wash ariz fla ill okla tenn \
         hr fr bzw ca usw dipl ing str mio mrd tel sra srta ud av art pag núm nr m mm mme mlle",
        )
    });
    let is_known = |lower: &str| {
        let mut chars = lower.chars();
        let single = chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none();
        single || KNOWN.contains(lower)
    };
    // None is longer than this, in whatever case; the others are asked here so often that no memory is taken for most.
    let mut lower = [0; 8];
    let Some(lower) = lower.get_mut(..word.len()) else { return false };
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    match std::str::from_utf8(lower) {
        Ok(lower) if lower.is_ascii() => is_known(lower),
        _ => is_known(&fold(word)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases() {
        for (word, gap, next, want) in [
            ("left", ". ", 'T', true),
            ("left", ".” ", 'T', true),
            ("left", "? “", 'T', true),
            ("Mr", ". ", 'S', false),
            ("W", ". ", 'B', false),
            ("3", ".", 'A', false),
            ("etc", ". ", 'a', false),
            ("line", "\n", 'a', true),
            ("word", ", ", 'A', false),
        ] {
            assert_eq!(ends_between(word, gap, next), want, "{word:?} {gap:?} {next:?}");
        }
    }
}
