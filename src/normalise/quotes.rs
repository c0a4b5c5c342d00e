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

/// Follows the quotation marks of a text from its beginning to its end.
#[derive(Debug, Default)]
pub struct Quotations {
    /// The mark that is open, and where its quotation begins.
    open: Option<(char, usize)>,
}

impl Quotations {
    /// Takes in the next stretch of the text; those left out between two calls may hold letters and digits only, and
    /// apostrophes between them. Calls `quoted` with each quotation that the stretch closes, the marks themselves outside.
    /// O(length).
    pub fn follow(&mut self, text: &str, stretch: Range<usize>, mut quoted: impl FnMut(Range<usize>)) {
        let mut marks = text[stretch.clone()].char_indices().filter(|&(_, c)| is_mark(c)).peekable();
        while let Some((at, c)) = marks.next() {
            // Two single marks are one double mark.
            let twice = c == '\'' && marks.next_if(|&(next, c)| next == at + 1 && c == '\'').is_some();
            let (c, width) = if twice { ('"', 2) } else { (c, c.len_utf8()) };
            let at = stretch.start + at;
            let from = at + width;
            let last = text[..at].chars().next_back();
            let before = last.unwrap_or('\n');
            let after = text[from..].chars().next().unwrap_or('\n');
            // The characters passed over may have been too many.
            self.open = self.open.filter(|&(_, start)| at <= start + LONGEST + last.map_or(0, char::len_utf8));
            if let Some((mark, start)) = self.open {
                let single = matches!(mark, '‘' | '‚' | '\'');
                if closers(mark).contains(&c) && !(single && after.is_alphanumeric()) && closes(c, mark, before, after)
                {
                    quoted(start..at);
                    self.open = None;
                } else if c == '\n' {
                    let next = text[at..].trim_start().chars().next();
                    if next == Some(mark) {
                        quoted(start..at);
                    }
                    self.open = None;
                } else if at - start > LONGEST {
                    self.open = None;
                } else if c == mark && matches!(c, '"' | '＂') && opens(c, before, after) {
                    self.open = Some((c, from));
                }
            } else if opens(c, before, after) {
                self.open = Some((c, from));
            }
        }
    }
}

/// Whether a character may open or close a quotation: the marks, and the end of a line.
fn is_mark(c: char) -> bool {
    match c {
        '\n' | '"' | '\'' => true,
        _ if c.is_ascii() => false,
        _ => matches!(c, '«' | '»' | '‘'..='‟' | '‹' | '›' | '「'..='』' | '《' | '》' | '＂'),
    }
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

    fn quotations(text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        Quotations::default().follow(text, 0..text.len(), |range| found.push(range));
        found
    }

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
            ("He said, ''We will act,'' and it was \"a 'big day'''. ''Now.''", &["We will act,", "a 'big day", "Now."]),
            ("a 6\" pipe and no more", &[]),
            ("“one\n“two” three", &["one", "two"]),
            ("“never closed\nnext paragraph", &[]),
            ("彼は「行く」と言った", &["行く"]),
            ("He said.\"We have it,\" and left", &["We have it,"]),
            ("", &[]),
            ("“”", &[""]),
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
                assert!(range.start >= last && range.end >= range.start && text.get(range.clone()).is_some());
                last = range.end;
            }
        }
    }
}
