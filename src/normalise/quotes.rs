//! Quotation: which bytes of a text stand inside quotation marks.
//!
//! A state machine over the quotation marks of all languages that we read. A quotation ends at its closing mark, or at the
//! end of its paragraph if the next paragraph reopens it; an opening mark that nothing closes marks nothing. What stands
//! between two pieces of an interrupted quotation ("...," he said, "...") is outside.

use std::ops::Range;

/// Longest quotation, in bytes; a mark that is not closed by then was no opening mark.
const LONGEST: usize = 4_000;

/// The closing marks that may end a quotation opened with `open`; none if `open` opens none.
fn closers(open: char) -> &'static [char] {
    match open {
        '“' => &['”', '“', '"'],
        '„' => &['“', '”', '‟', '"'],
        '”' => &['”'],
        '«' => &['»'],
        '»' => &['«'],
        '‹' => &['›'],
        '‘' => &['’'],
        '‚' => &['‘', '’'],
        '「' => &['」'],
        '『' => &['』'],
        '《' => &['》'],
        '"' | '＂' => &['"', '＂', '”'],
        '\'' => &['\''],
        _ => &[],
    }
}

/// The next byte that begins what may be a quotation mark, or is a line end. Few bytes of a text do; stretches without any
/// are passed over at once, in a loop without branches that the compiler makes vectors of.
fn next_mark(bytes: &[u8], from: usize) -> Option<usize> {
    const BEGINNINGS: [u8; 7] = [b'\n', b'"', b'\'', 0xc2, 0xe2, 0xe3, 0xef];
    let matters = |byte: u8| BEGINNINGS.iter().fold(0, |any, &beginning| any | u8::from(byte == beginning));
    let (stretches, _) = bytes[from..].as_chunks::<32>();
    let plain = |stretch: &&[u8; 32]| stretch.iter().fold(0, |any, &byte| any | matters(byte)) == 0;
    let from = from + 32 * stretches.iter().take_while(plain).count();
    bytes[from..].iter().position(|byte| BEGINNINGS.contains(byte)).map(|at| from + at)
}

/// The quoted stretches of a text, in order, the marks themselves outside. O(length).
#[must_use]
pub fn quotations(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<(char, usize)> = None;
    let mut from = 0;
    while let Some(at) = next_mark(text.as_bytes(), from) {
        let Some(c) = text[at..].chars().next() else { break };
        from = at + c.len_utf8();
        let last = text[..at].chars().next_back();
        let before = last.unwrap_or('\n');
        let after = text[from..].chars().next().unwrap_or('\n');
        // The characters passed over may have been too many.
        open = open.filter(|&(_, start)| at <= start + LONGEST + last.map_or(0, char::len_utf8));
        if let Some((mark, start)) = open {
            let single = matches!(mark, '‘' | '‚' | '\'');
            if closers(mark).contains(&c) && !(single && after.is_alphanumeric()) && closes(c, mark, before, after) {
                found.push(start..at);
                open = None;
            } else if c == '\n' {
                let next = text[at..].trim_start().chars().next();
                if next == Some(mark) {
                    found.push(start..at);
                }
                open = None;
            } else if at - start > LONGEST {
                open = None;
            } else if c == mark && matches!(c, '"' | '＂') && opens(c, before, after) {
                open = Some((c, from));
            }
        } else if opens(c, before, after) {
            open = Some((c, from));
        }
    }
    found.retain(|range| text[range.clone()].chars().any(char::is_alphanumeric));
    found
}

/// A mark opens at the start of a word; marks that look the same on both sides, and those that some languages turn round,
/// need the space before them to say so.
fn opens(c: char, before: char, after: char) -> bool {
    let starts_word = !before.is_alphanumeric() && !after.is_whitespace();
    match c {
        '“' | '„' | '«' | '‹' | '「' | '『' | '《' => true,
        '»' | '”' => starts_word && (before.is_whitespace() || matches!(before, '(' | '[')),
        // Behind a stop without a space it closes, unless a sentence begins.
        '"' | '＂' => starts_word && (!matches!(before, '.' | ',' | '!' | '?') || after.is_uppercase()),
        '‘' | '‚' => starts_word && !matches!(before, '.' | ',' | '!' | '?'),
        '\'' => starts_word && (before.is_whitespace() || matches!(before, '(' | '[' | '"' | '“')),
        _ => false,
    }
}

fn closes(c: char, mark: char, before: char, after: char) -> bool {
    match c {
        // A straight mark after a space and before a letter opens the next quotation: the last one was left open.
        '"' | '＂' if mark == '"' => !(before.is_whitespace() && after.is_alphanumeric()),
        '\'' => !before.is_whitespace(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases() {
        let cases: &[(&str, &[&str])] = &[
            ("He said: “We will act.” Then left.", &["We will act."]),
            ("\"We will,\" he said, \"act now.\"", &["We will,", "act now."]),
            ("Er sagte: „Wir handeln.“ Dann ging er.", &["Wir handeln."]),
            ("Er sagte: »Wir handeln.« Dann ging er.", &["Wir handeln."]),
            ("Il a dit : « Nous agirons. »", &[" Nous agirons. "]),
            ("Sa sade hon: ”Vi agerar.”", &["Vi agerar."]),
            ("The ‘workers’ strike’ isn’t over", &["workers"]),
            ("it's the dogs' 'big day' now", &["big day"]),
            ("a 6\" pipe and no more", &[]),
            ("“one\n“two” three", &["one", "two"]),
            ("“never closed\nnext paragraph", &[]),
            ("彼は「行く」と言った", &["行く"]),
            ("He said.\"We have it,\" and left", &["We have it,"]),
            ("", &[]),
            ("“”", &[]),
            ("a \"never closed, then \"one two\" he said", &["one two"]),
        ];
        for (text, want) in cases {
            let got: Vec<&str> = quotations(text).into_iter().map(|r| &text[r]).collect();
            assert_eq!(got, *want, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_ordered_ranges(text in "[a \n.,“”„\"'«»‘’é]{0,60}") {
            let mut last = 0;
            for range in quotations(&text) {
                assert!(range.start >= last && range.end > range.start && text.get(range.clone()).is_some());
                last = range.end;
            }
        }
    }
}
