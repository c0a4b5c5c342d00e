//! Which articles of the input a run is about.

use serde::Serialize;

use crate::article::{Article, DAY};
use crate::language::Lang;
use crate::outlets::OutletTable;

/// A choice of articles; what is empty chooses all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The first day, in days since 1970-01-01.
    pub since: Option<i64>,
    /// The last day, in days since 1970-01-01; it is still chosen.
    pub until: Option<i64>,
    /// Languages.
    pub langs: Vec<Lang>,
    /// Outlets, by any of their names or domains.
    pub outlets: Vec<String>,
}

/// How many articles a selection left out, each counted at the first thing that did not fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Before the first or after the last day.
    pub date: u64,
    /// In another language.
    pub lang: u64,
    /// Of another outlet, or of none that is known.
    pub outlet: u64,
    /// Articles without a date that stayed although a day was asked for: a missing date says nothing against them.
    pub undated_kept: u64,
}

impl LeftOut {
    /// All that were left out.
    #[must_use]
    pub fn total(self) -> u64 {
        self.date + self.lang + self.outlet
    }
}

impl Selection {
    /// Whether it chooses all.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Keeps the articles that fit. An article without a date fits any day.
    pub fn apply(&self, articles: &mut Vec<Article>, table: &OutletTable) -> LeftOut {
        self.apply_to(articles, table, |article| article)
    }

    /// The same for things that have an article, whose text is not looked at.
    pub fn apply_to<T>(&self, things: &mut Vec<T>, table: &OutletTable, article: impl Fn(&T) -> &Article) -> LeftOut {
        let mut left = LeftOut::default();
        let wanted: Vec<String> = self.outlets.iter().map(|o| table.normalise(o, None).name.to_lowercase()).collect();
        things.retain(|thing| {
            let article = article(thing);
            if !self.langs.is_empty() && !self.langs.contains(&article.lang) {
                left.lang += 1;
                return false;
            }
            let outlet = || article.outlet_name().unwrap_or("").to_lowercase();
            if !wanted.is_empty() && !wanted.contains(&outlet()) {
                left.outlet += 1;
                return false;
            }
            let Some(date) = article.date else {
                left.undated_kept += u64::from(self.since.or(self.until).is_some());
                return true;
            };
            let fits = self.since.is_none_or(|day| date.day() >= day) && self.until.is_none_or(|day| date.day() <= day);
            left.date += u64::from(!fits);
            fits
        });
        left
    }

    /// Reads a day as the command line gives it, in any form that a date field may have; gives days since 1970-01-01.
    ///
    /// # Errors
    /// A message that says why it is none.
    pub fn day(text: &str) -> Result<i64, String> {
        super::date::read(text)
            .map(|moment| moment.at.div_euclid(DAY))
            .map_err(|why| format!("{why}; a day is 2031-03-04"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Date, Provenance, Resolution};

    #[test]
    fn articles_outside_are_counted() {
        let table = OutletTable::shipped();
        let article = |day: Option<i64>, lang: &str, outlet: &str| Article {
            date: day.map(|d| Date { at: d * DAY, resolution: Resolution::Day, provenance: Provenance::Published }),
            lang: Lang::parse(lang).unwrap_or_default(),
            outlet: Some(table.normalise(outlet, None)),
            ..Article::default()
        };
        let mut articles = vec![
            article(Some(10), "en", "bbc.co.uk"),
            article(Some(20), "en", "BBC"),
            article(None, "en", "bbc.com"),
            article(Some(12), "de", "bbc.com"),
            article(Some(12), "en", "wsj.com"),
        ];
        let english = Lang::parse("en").into_iter().collect();
        let selection = Selection { since: Some(10), until: Some(19), langs: english, outlets: vec!["bbc".to_owned()] };
        let left = selection.apply(&mut articles, &table);
        assert_eq!(left, LeftOut { date: 1, lang: 1, outlet: 1, undated_kept: 1 });
        assert_eq!(articles.len(), 2);
        assert_eq!(Selection::day("1970-01-11"), Ok(10));
        assert!(Selection::day("soon").is_err());
    }
}
