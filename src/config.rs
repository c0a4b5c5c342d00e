//! Every setting of a run, one struct a stage. The defaults are the ones that the figures in `docs/evaluation.md` were
//! measured with; a TOML file changes some, a flag others.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};

/// All settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Config {
    /// Reading articles.
    pub ingest: IngestConfig,
    /// Copied passages.
    pub passages: PassagesConfig,
    /// Copies and copy groups.
    pub copies: CopiesConfig,
    /// Term vectors.
    pub vectorise: VectoriseConfig,
    /// The similarity join.
    pub join: JoinConfig,
    /// The score of a pair.
    pub score: ScoreConfig,
    /// From links to stories.
    pub cluster: ClusterConfig,
}

/// The least and the greatest value that each numeric setting may have. What is a share or a cosine lies in 0 to 1; what is
/// divided by is not 0; the other bounds are far beyond any use, and keep sums from running over.
const RANGES: [(&str, f64, f64); 79] = [
    ("ingest.max-article", 1.0, 4e9),
    ("ingest.max-field", 1.0, 4e9),
    ("ingest.min-words", 0.0, 1e6),
    ("passages.shingle", 1.0, 100.0),
    ("passages.window", 1.0, 100.0),
    ("passages.common", 1.0, 1e9),
    ("passages.least-words", 1.0, 1e6),
    ("passages.least-words-in-story", 1.0, 1e6),
    ("passages.core-words", 1.0, 1e6),
    ("passages.least-bits", 0.0, 1e6),
    ("passages.density", 0.0, 1.0),
    ("passages.long-density", 0.0, 1.0),
    ("passages.gap", 0.0, 1e6),
    ("passages.merge-gap", 0.0, 1e6),
    ("passages.thorough.shingle", 1.0, 100.0),
    ("passages.thorough.least-shared-bits", 0.0, 1e6),
    ("passages.thorough.near", 1.0, 1e6),
    ("passages.thorough.sentence-similarity", 0.0, 1.0),
    ("passages.thorough.passage-similarity", 0.0, 1.0),
    ("passages.thorough.sentence-gap", 0.0, 1e6),
    ("passages.thorough.summary-gap", 0.0, 1e6),
    ("passages.thorough.least-words", 1.0, 1e6),
    ("passages.thorough.density", 0.0, 1.0),
    ("copies.copy", 0.0, 1.0),
    ("copies.partial-copy", 0.0, 1.0),
    ("copies.near-identical", 0.0, 1.0),
    ("copies.least-own-words", 0.0, 1e6),
    ("copies.rare-spread", 0.0, 1e9),
    ("copies.least-quotation", 1.0, 1e6),
    ("vectorise.background-weight", 0.0, 1e9),
    ("vectorise.singleton-articles", 0.0, 4e9),
    ("vectorise.floor-weight", 0.0, 1e9),
    ("vectorise.typical-floor", 0.0, 1.0),
    ("join.least-cosine", 0.01, 1.0),
    ("join.far-voices", 1.0, 1e9),
    ("join.far-rise", 0.0, 1.0),
    ("join.nearest", 1.0, 1e6),
    ("score.terms", 0.0, 10.0),
    ("score.lead", 0.0, 10.0),
    ("score.title-in-head", 0.0, 10.0),
    ("score.untitled", 0.0, 1.0),
    ("score.numbers", 0.0, 10.0),
    ("score.names", 0.0, 10.0),
    ("score.floor", 0.0, 10.0),
    ("score.crowd", 0.0, 10.0),
    ("score.crowd-rank", 1.0, 1e6),
    ("score.crowd-days", 0.0, 1e6),
    ("score.house-style", 0.0, 10.0),
    ("score.house-style-rank", 1.0, 1e6),
    ("score.other-names", 0.0, 10.0),
    ("score.other-words", 0.0, 10.0),
    ("score.other-words-ratio", 0.0, 1e6),
    ("score.title-only", 0.0, 10.0),
    ("score.ages", 0.0, 10.0),
    ("score.ages-conflict", 0.0, 10.0),
    ("score.days-shared", 0.0, 10.0),
    ("score.weekdays-shared", 0.0, 10.0),
    ("score.days-conflict", 0.0, 10.0),
    ("score.rare-names", 0.0, 10.0),
    ("score.rare-name-articles", 0.0, 1e6),
    ("score.shared-quotations", 0.0, 10.0),
    ("score.copied-prose", 0.0, 10.0),
    ("score.overriding-quotations", 1.0, 1e6),
    ("score.credits-shared", 0.0, 10.0),
    ("score.credits-conflict", 0.0, 10.0),
    ("score.origins-conflict", 0.0, 10.0),
    ("score.scale", 0.01, 100.0),
    ("score.date-loss", 0.0, 1.0),
    ("score.date-decay-days", 0.01, 1e5),
    ("score.undated-loss", 0.0, 1.0),
    ("score.doubt-score", 0.0, 10.0),
    ("cluster.least-link", 0.0, 1.0),
    ("cluster.single-cohesion", 0.0, 1.0),
    ("cluster.cohesion-cap", 0.0, 1.0),
    ("cluster.strictness", 0.0, 10.0),
    ("cluster.size-penalty", 0.0, 1.0),
    ("cluster.related-link", 0.0, 1.0),
    ("cluster.round-up-link", 0.0, 1.0),
    ("cluster.doubt-days", 0.0, 1e5),
];

impl Config {
    /// The numeric settings by key (`score.scale`), each with the least and the greatest value that it may have.
    #[must_use]
    pub fn ranges() -> &'static [(&'static str, f64, f64)] {
        &RANGES
    }

    /// Checks that every number lies in its range, as the stages expect of their settings.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] with the key, the value and the range of the first that does not.
    pub fn check(&self) -> Result<(), Error> {
        let all = toml::Value::try_from(self).map_err(|cause| ErrorKind::Config(cause.to_string()))?;
        for (key, least, most) in RANGES {
            let value = key.split('.').try_fold(&all, |section, name| section.get(name));
            #[expect(clippy::cast_precision_loss, reason = "the bounds are round")]
            let number = value.and_then(|value| value.as_float().or_else(|| value.as_integer().map(|n| n as f64)));
            // Not a number is in no range.
            if !number.is_some_and(|number| (least..=most).contains(&number)) {
                let value = value.map(toml::Value::to_string).unwrap_or_default();
                return Err(ErrorKind::Config(format!("{key} is {value}; it must be from {least} to {most}")).into());
            }
        }
        Ok(())
    }
}

/// Settings of `ingest`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct IngestConfig {
    /// The largest article that is taken in, in bytes of text; a larger one is skipped and told.
    pub max_article: u64,
    /// The longest title, id, URL or other field but the text that is taken in, in bytes; an article with a longer one is skipped
    /// and told.
    pub max_field: u64,
    /// The shortest text that is taken in, in words; a shorter one is skipped and told.
    pub min_words: u32,
    /// How the input is read; `auto` looks at its content.
    pub input_format: InputFormat,
    /// Field names by our names (`text = "body"`), tried before the built-in aliases.
    pub fields: std::collections::BTreeMap<String, String>,
    /// Turn a text that is HTML into plain text; offsets then count in the plain text.
    pub markup: bool,
    /// Keep every field of the input record, for the `articles` output.
    pub keep_fields: bool,
}

/// How input is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InputFormat {
    /// By its content.
    #[default]
    Auto,
    /// Plain text, one article a file.
    Text,
    /// A JSON document: an article, an array of articles, or an object that holds such an array.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// A table with a header line; the separator (comma, semicolon, tab) is found in it.
    Csv,
    /// A table with a header line and tabs.
    Tsv,
}

impl Default for IngestConfig {
    fn default() -> Self {
        Self {
            max_article: 16 << 20,
            max_field: 64 << 10,
            min_words: 3,
            input_format: InputFormat::Auto,
            fields: std::collections::BTreeMap::default(),
            markup: true,
            keep_fields: false,
        }
    }
}

/// Settings of `vectorise`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct VectoriseConfig {
    /// As how many articles the background table of a language counts beside those of the corpus.
    pub background_weight: f64,
    /// From how many articles of a language on a term that stands in only one of them weighs nothing; less in proportion.
    pub singleton_articles: u32,
    /// As how many articles the news at large counts in the mean cosine of a voice with every other.
    pub floor_weight: u64,
    /// The mean cosine of two articles of a language that has no background table, 0 to 1.
    pub typical_floor: f64,
}

impl Default for VectoriseConfig {
    fn default() -> Self {
        Self { background_weight: 2000.0, singleton_articles: 150, floor_weight: 30, typical_floor: 0.03 }
    }
}

/// Settings of `join`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct JoinConfig {
    /// The least cosine of a pair, 0 to 1.
    pub least_cosine: f64,
    /// So many voices of a language may lie on days between two before these need a higher cosine.
    pub far_voices: usize,
    /// How much higher it is for every doubling of that number.
    pub far_rise: f64,
    /// How many nearest neighbours of a voice are scored.
    pub nearest: usize,
}

impl Default for JoinConfig {
    fn default() -> Self {
        Self { least_cosine: 0.10, far_voices: 2000, far_rise: 0.08, nearest: 60 }
    }
}

/// Settings of `graph`: what each part of the score is worth. The parts are added and divided by `scale`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct ScoreConfig {
    /// Cosine over title and first 400 words.
    pub terms: f64,
    /// Cosine over title and first 150 words.
    pub lead: f64,
    /// Cosine of one's title with the other's title and first 60 words.
    pub title_in_head: f64,
    /// Share of the lead's cosine that stands in for `title-in-head` where a title is missing.
    pub untitled: f64,
    /// Cosine over numbers.
    pub numbers: f64,
    /// Cosine over names.
    pub names: f64,
    /// Taken off: the mean cosines of both with everything.
    pub floor: f64,
    /// Taken off: the cosines of both with their `crowd-rank`th nearest of other times.
    pub crowd: f64,
    /// Which of the nearest neighbours says how crowded it is around a voice. More than `join.nearest` are rarely known.
    pub crowd_rank: usize,
    /// Days within which a neighbour is no crowd but may be the same event.
    pub crowd_days: i64,
    /// Taken off where both are of one outlet: the cosines of both with their `house-style-rank`th nearest of that outlet and of
    /// other times.
    pub house_style: f64,
    /// Which of those says how alike an outlet writes week after week.
    pub house_style_rank: usize,
    /// Taken off where the two name others: how much of what other words add to the cosines beyond what goes with the names.
    pub other_names: f64,
    /// Taken off where other things are said of the same names, at other times: how much of what names add to the cosines beyond
    /// `other-words-ratio` times what other words do.
    pub other_words: f64,
    /// How many times what other words add names may.
    pub other_words_ratio: f64,
    /// Taken off: one of the two is a title without a text.
    pub title_only: f64,
    /// Shared ages.
    pub ages: f64,
    /// Taken off: both name ages, and none the same.
    pub ages_conflict: f64,
    /// Shared days, of dated articles.
    pub days_shared: f64,
    /// Shared weekdays, where an article is undated.
    pub weekdays_shared: f64,
    /// Taken off: only days that lie apart; where an article is undated, other weekdays, days of months or years.
    pub days_conflict: f64,
    /// A name shared that hardly anybody else has.
    pub rare_names: f64,
    /// The most articles that a rare name stands in.
    pub rare_name_articles: u32,
    /// A rare quotation shared word for word; up to twice this where there are several.
    pub shared_quotations: f64,
    /// All of an article's own words standing in the other; less in proportion.
    pub copied_prose: f64,
    /// Shared rare quotations beyond the first that overrule what the dates say.
    pub overriding_quotations: u32,
    /// The leads credit the same outlet.
    pub credits_shared: f64,
    /// Taken off: the leads credit different outlets.
    pub credits_conflict: f64,
    /// Taken off: one retells the exclusive report of an outlet, as a near neighbour with the same rare text does, the other
    /// that of another.
    pub origins_conflict: f64,
    /// What the sum is divided by.
    pub scale: f64,
    /// The share of a score that dates far apart take away.
    pub date_loss: f64,
    /// Days after which dates have taken away 63 % of that.
    pub date_decay_days: f64,
    /// The share of the mean loss between two dates of the corpus that a dated and an undated article lose.
    pub undated_loss: f64,
    /// Least score without dates of neighbours that may put a date in doubt.
    pub doubt_score: f64,
}

impl Default for ScoreConfig {
    fn default() -> Self {
        Self {
            terms: 0.50,
            lead: 0.25,
            title_in_head: 0.20,
            untitled: 0.60,
            numbers: 0.10,
            names: 0.05,
            floor: 0.50,
            crowd: 0.08,
            crowd_rank: 60,
            crowd_days: 7,
            house_style: 0.10,
            house_style_rank: 3,
            other_names: 0.75,
            other_words: 1.0,
            other_words_ratio: 2.5,
            title_only: 0.10,
            ages: 0.06,
            ages_conflict: 0.03,
            days_shared: 0.05,
            weekdays_shared: 0.02,
            days_conflict: 0.03,
            rare_names: 0.07,
            rare_name_articles: 5,
            shared_quotations: 0.06,
            copied_prose: 0.20,
            overriding_quotations: 2,
            credits_shared: 0.03,
            credits_conflict: 0.02,
            origins_conflict: 0.16,
            scale: 1.10,
            date_loss: 0.5,
            date_decay_days: 14.0,
            undated_loss: 0.1,
            doubt_score: 0.30,
        }
    }
}

/// Settings of `cluster`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct ClusterConfig {
    /// The least link of two clusters that are merged.
    pub least_link: f64,
    /// The cohesion that a single voice is taken to have.
    pub single_cohesion: f64,
    /// The cohesion above which a cluster is not held to be tighter.
    pub cohesion_cap: f64,
    /// How much of what a link falls short of the cohesion is taken off it.
    pub strictness: f64,
    /// Taken off for each doubling of the size above four.
    pub size_penalty: f64,
    /// The least score, without dates and origins, between two stories that are called related.
    pub related_link: f64,
    /// The same where one of them is a round-up.
    pub round_up_link: f64,
    /// Days between two dates that cannot both be right for articles that share rare text.
    pub doubt_days: i64,
}

impl ClusterConfig {
    /// Names for values of [`Self::least_link`]: the higher, the more and the smaller the stories, and each of them lies in one
    /// of those that a lower value makes of the same links.
    pub const GRANULARITIES: [(&str, f64); 3] = [("broad", 0.10), ("default", 0.13), ("strict", 0.17)];
}

impl Default for ClusterConfig {
    fn default() -> Self {
        Self {
            least_link: 0.13,
            single_cohesion: 0.15,
            cohesion_cap: 0.50,
            strictness: 0.4,
            size_penalty: 0.01,
            related_link: 0.22,
            round_up_link: 0.10,
            doubt_days: 20,
        }
    }
}

/// Settings of `passages`. Lengths are in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct PassagesConfig {
    /// Words of a fingerprint.
    pub shingle: usize,
    /// Of so many fingerprints in a row one is kept; every shared run of `shingle + window - 1` words is found.
    pub window: usize,
    /// A fingerprint in more articles than this is joined to the earliest of them only.
    pub common: usize,
    /// Whether articles of one outlet are compared with each other too. Inside stories they always are.
    pub same_outlet: bool,
    /// The least words that a passage has in common.
    pub least_words: u32,
    /// The same inside a story.
    pub least_words_in_story: u32,
    /// The least length of its longest run.
    pub core_words: u32,
    /// The least information of its words, in bits.
    pub least_bits: f64,
    /// The least share of the words of its shorter side that stand in both texts, 0 to 1.
    pub density: f64,
    /// The same of its longer side: what was cut down has a long and a short one.
    pub long_density: f64,
    /// The most words between two runs that follow each other.
    pub gap: u32,
    /// The most words between two pieces of one passage, in whatever order they stand.
    pub merge_gap: u32,
    /// Rewritten passages.
    pub thorough: ThoroughConfig,
}

impl PassagesConfig {
    /// The settings for articles that may be of one story.
    #[must_use]
    pub fn in_story(&self) -> Self {
        let thorough = ThoroughConfig { density: self.density, ..self.thorough.clone() };
        Self { same_outlet: true, least_words: self.least_words_in_story, thorough, ..self.clone() }
    }
}

impl Default for PassagesConfig {
    fn default() -> Self {
        Self {
            shingle: 5,
            window: 4,
            common: 24,
            same_outlet: false,
            least_words: 12,
            least_words_in_story: 8,
            core_words: 6,
            least_bits: 20.0,
            density: 0.5,
            long_density: 0.3,
            gap: 24,
            merge_gap: 24,
            thorough: ThoroughConfig::default(),
        }
    }
}

/// Settings of the thorough preset, which finds rewritten passages too. Gaps are in sentences.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct ThoroughConfig {
    /// Compare all pairs of articles that share a few rare phrases, not only those of one story.
    pub everywhere: bool,
    /// Words of such a phrase.
    pub shingle: usize,
    /// The information, in bits, of the phrases near each other that a pair must share.
    pub least_shared_bits: f64,
    /// Within how many words.
    pub near: u32,
    /// The least similarity of two sentences, 0 to 1.
    pub sentence_similarity: f64,
    /// The least similarity of two passages, 0 to 1.
    pub passage_similarity: f64,
    /// The most sentences between two similar ones.
    pub sentence_gap: u32,
    /// The same in the text that is summarised.
    pub summary_gap: u32,
    /// The shortest rewritten passage, in words.
    pub least_words: usize,
    /// The least share of the words of its shorter side that stand in both texts in one order, 0 to 1. Inside a story it is
    /// `passages.density`: that two reports of one event say the same in other words is no rewriting.
    pub density: f64,
}

impl Default for ThoroughConfig {
    fn default() -> Self {
        Self {
            everywhere: false,
            shingle: 3,
            least_shared_bits: 24.0,
            near: 150,
            sentence_similarity: 0.33,
            passage_similarity: 0.34,
            sentence_gap: 4,
            summary_gap: 24,
            least_words: 25,
            density: 0.0,
        }
    }
}

/// Settings of `copies`. Shares are of an article's own words, 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct CopiesConfig {
    /// From this share on an article is a copy.
    pub copy: f64,
    /// From this share on it is a partial copy.
    pub partial_copy: f64,
    /// From this share on, both ways, two articles are one voice.
    pub near_identical: f64,
    /// An article with fewer own words is no copy, unless its text is the same word for word.
    pub least_own_words: u32,
    /// A shared quotation in more articles than this is a famous one and no evidence.
    pub rare_spread: u32,
    /// The least words of a shared quotation.
    pub least_quotation: u32,
}

impl Default for CopiesConfig {
    fn default() -> Self {
        Self {
            copy: 0.5,
            partial_copy: 0.2,
            near_identical: 0.8,
            least_own_words: 30,
            rare_spread: 12,
            least_quotation: 8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys of all numbers of a table.
    fn numbers(table: &toml::Table, before: &str, keys: &mut Vec<String>) {
        for (name, value) in table {
            match value {
                toml::Value::Table(inner) => numbers(inner, &format!("{before}{name}."), keys),
                toml::Value::Integer(_) | toml::Value::Float(_) => keys.push(format!("{before}{name}")),
                _ => {}
            }
        }
    }

    #[test]
    fn every_number_has_a_range_and_its_default_lies_in_it() {
        let mut keys = Vec::new();
        numbers(&toml::Table::try_from(Config::default()).expect("settings"), "", &mut keys);
        keys.sort();
        let mut ranged: Vec<&str> = RANGES.iter().map(|(key, ..)| *key).collect();
        ranged.sort_unstable();
        assert_eq!(ranged, keys);
        assert!(Config::default().check().is_ok());
        assert!(ClusterConfig::GRANULARITIES.contains(&("default", ClusterConfig::default().least_link)));
    }

    #[test]
    fn a_value_out_of_range_is_told_with_its_key_and_range() {
        for (file, says) in [
            ("[score]\nscale = 0.0", "score.scale is 0.0; it must be from 0.01 to 100"),
            ("[score]\nscale = nan", "score.scale is nan; it must be from 0.01 to 100"),
            ("[cluster]\nleast-link = 1.5", "cluster.least-link is 1.5; it must be from 0 to 1"),
            ("[cluster]\ndoubt-days = -1", "cluster.doubt-days is -1; it must be from 0 to 100000"),
            ("[passages.thorough]\nshingle = 0", "passages.thorough.shingle is 0; it must be from 1 to 100"),
            (
                "[vectorise]\nbackground-weight = inf",
                "vectorise.background-weight is inf; it must be from 0 to 1000000000",
            ),
        ] {
            let config: Config = toml::from_str(file).expect("a setting");
            let error = config.check().expect_err(file).to_string();
            assert_eq!(error, format!("configuration: {says}"));
        }
    }
}
