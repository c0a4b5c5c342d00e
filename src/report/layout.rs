//! What the forms for people share: how a text is broken, cut, padded and painted. Nothing here cleans: that is done where
//! a text comes in, before it is measured.

use std::borrow::Cow;

use anstyle::Style;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::article::{Date, Resolution};

/// What stands out.
pub(super) const BOLD: Style = Style::new().bold();
/// What stands back.
pub(super) const DIM: Style = Style::new().dimmed();

/// A text in a style, if there are colours at all.
pub(super) fn paint(colour: bool, style: Style, text: &str) -> Cow<'_, str> {
    if colour && !text.is_empty() { Cow::Owned(format!("{style}{text}{style:#}")) } else { Cow::Borrowed(text) }
}

/// `2031-03-04 09:15`, or the day alone.
pub(super) fn date_of(date: Date) -> String {
    let text = date.to_string();
    match (date.resolution, text.split_once('T')) {
        (Resolution::Time, Some((day, time))) => format!("{day} {}", time.get(..5).unwrap_or(time)),
        _ => text,
    }
}

/// `1 story`, `2 stories`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A text in a field of so many columns.
pub(super) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// At most so many columns of a text, with an ellipsis where something is missing.
pub(super) fn clip(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used + 1 > width {
            break;
        }
        out.push(c);
    }
    format!("{}…", out.trim_end())
}

/// Lines of at most so many columns, broken at spaces, else inside words.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_whitespace() {
        let mut word = Cow::Borrowed(word);
        if used > 0 && used + 1 + word.width() > width {
            lines.push(String::new());
            used = 0;
        }
        while word.width() > width {
            let head: String = word
                .chars()
                .scan(0, |used, c| {
                    *used += c.width().unwrap_or(0);
                    (*used <= width).then_some(c)
                })
                .collect();
            if head.is_empty() {
                break;
            }
            let rest = word[head.len()..].to_owned();
            if let Some(line) = lines.last_mut() {
                line.push_str(&head);
            }
            lines.push(String::new());
            word = Cow::Owned(rest);
        }
        let Some(line) = lines.last_mut() else { continue };
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(&word);
        used += word.width();
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// `62 %`, of millionths.
pub(super) fn percent(share: i64) -> String {
    format!("{} %", (share + 5_000) / 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_wider_than_asked() {
        for text in [
            "",
            "one",
            "several words in a row that go on",
            "averyveryveryverylongword",
            "大桥重新开放 大桥重新开放",
            "a 大桥重新开放大桥重新开放大",
        ] {
            for width in [2, 3, 7, 12, 40] {
                let lines = wrap(text, width);
                assert!(lines.iter().all(|line| line.width() <= width), "{lines:?}");
                let joined: String = lines.concat().replace(' ', "");
                assert_eq!(joined, text.replace(' ', ""));
                assert!(clip(text, width).width() <= width);
            }
        }
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
    }
}
