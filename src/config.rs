//! Every setting of a run, one struct a stage. The defaults are the ones that the figures in `docs/evaluation.md` were
//! measured with; a TOML file changes some, a flag others.

use serde::{Deserialize, Serialize};

/// All settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Config {
    /// Reading articles.
    pub ingest: IngestConfig,
    /// What only the whole corpus knows.
    pub survey: SurveyConfig,
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

/// Settings of `ingest`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct IngestConfig {
    /// The largest article that is taken in, in bytes of text; a larger one is skipped and told.
    pub max_article: u64,
    /// The shortest text that is taken in, in words; a shorter one is skipped and told.
    pub min_words: u32,
    /// How the input is read; `auto` looks at its content.
    pub input_format: InputFormat,
    /// Field names by our names (`text = "body"`), tried before the built-in aliases.
    pub fields: std::collections::BTreeMap<String, String>,
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
            min_words: 3,
            input_format: InputFormat::Auto,
            fields: std::collections::BTreeMap::default(),
            keep_fields: false,
        }
    }
}

/// Settings of the stage.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct SurveyConfig {}

/// Settings of the stage.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct PassagesConfig {}

/// Settings of the stage.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct CopiesConfig {}

/// Settings of the stage.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct VectoriseConfig {}

/// Settings of the stage.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct JoinConfig {}

/// Settings of the stage.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct ScoreConfig {}

/// Settings of the stage.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct ClusterConfig {}
