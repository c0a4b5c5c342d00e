//! What stands behind a flag, read: languages, shares, sizes, settings. What is wrong with it is told in a few words, to which clap
//! adds the flag and the value.

use anyhow::{Context as _, bail};
use retold::config::Config;
use retold::language::Lang;

/// A configuration with one setting changed, read as a file with that one line would be.
pub(crate) fn set(config: &Config, setting: &str) -> anyhow::Result<Config> {
    let Some((path, value)) = setting.split_once('=') else {
        bail!("write SECTION.KEY=VALUE, for example --set cluster.least-link=0.2");
    };
    // What is no TOML value is text.
    let value = toml::from_str::<toml::Table>(&format!("value = {value}")).ok();
    let value = value.filter(|table| table.len() == 1).and_then(|mut table| table.remove("value"));
    let value = value.unwrap_or_else(|| toml::Value::String(setting[path.len() + 1..].to_owned()));
    let mut all = toml::Table::try_from(config)?;
    let mut table = &mut all;
    let mut names: Vec<&str> = path.split('.').map(str::trim).collect();
    let last = names.pop().unwrap_or_default();
    for name in names {
        let section = table.entry(name).or_insert_with(|| toml::Value::Table(toml::Table::new()));
        table = section.as_table_mut().with_context(|| format!("{name} is no section"))?;
    }
    table.insert(last.to_owned(), value);
    Ok(all.try_into()?)
}

pub(crate) fn lang(code: &str) -> Result<Lang, String> {
    Lang::parse(code).ok_or_else(|| "not a language code such as en".to_owned())
}

pub(crate) fn share(text: &str) -> Result<f64, String> {
    let share = text.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "not a number from 0 to 1".to_owned())
}

pub(crate) fn jaccard(text: &str) -> Result<f64, String> {
    let given = text.parse::<f64>().ok().filter(|given| (0.000_001..=1.0).contains(given));
    given.ok_or_else(|| "not a number above 0 and up to 1".to_owned())
}

pub(crate) fn shingle(text: &str) -> Result<usize, String> {
    let given = text.parse::<usize>().ok().filter(|given| (1..=1000).contains(given));
    given.ok_or_else(|| "not a number of words, 1 to 1000".to_owned())
}

pub(crate) fn granularity(text: &str) -> Result<f64, String> {
    let named = retold::config::ClusterConfig::GRANULARITIES.into_iter().find(|(name, _)| *name == text);
    let value = named.map(|(_, value)| value).or_else(|| share(text).ok());
    value.ok_or_else(|| "not broad, default, strict or a number from 0 to 1".to_owned())
}

/// Reads `500`, `64k`, `16MiB`, `1 GB`; the prefixes are powers of 1024.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let unit = text[end..].trim().to_ascii_lowercase();
    let factor: u64 = match unit.trim_end_matches('b').trim_end_matches('i') {
        "" => 1,
        "k" => 1 << 10,
        "m" => 1 << 20,
        "g" => 1 << 30,
        _ => return Err("not a size such as 16MiB".to_owned()),
    };
    let number: u64 = text[..end].parse().map_err(|_| "not a size such as 16MiB".to_owned())?;
    number.checked_mul(factor).ok_or_else(|| "too large".to_owned())
}

#[cfg(test)]
mod tests {
    use retold::config::InputFormat;

    use super::*;

    #[test]
    fn any_setting_can_be_set() {
        let config = Config::default();
        let changed = |setting: &str| set(&config, setting).map_err(|error| format!("{error:#}"));
        assert_eq!(changed("cluster.least-link=0").map(|c| c.cluster.least_link), Ok(0.0));
        assert_eq!(changed("join.nearest = 7").map(|c| c.join.nearest), Ok(7));
        assert_eq!(changed("ingest.fields.text=body").map(|c| c.ingest.fields["text"].clone()), Ok("body".to_owned()));
        assert_eq!(changed("ingest.input-format=csv").map(|c| c.ingest.input_format), Ok(InputFormat::Csv));
        for (setting, says) in [
            ("cluster", "SECTION.KEY=VALUE"),
            ("cluster.least-lnk=1", "least-lnk"),
            ("clutser.least-link=1", "clutser"),
            ("join.nearest=many", "many"),
            ("join.nearest.x=1", "no section"),
            ("join.nearest=1\n[score]", "expected"),
        ] {
            let error = changed(setting).expect_err("it is wrong");
            assert!(error.contains(says), "{setting}: {error}");
        }
    }

    #[test]
    fn sizes_are_read() {
        assert_eq!(size("16MiB"), Ok(16 << 20));
        assert_eq!(size("500"), Ok(500));
        assert_eq!(size("2 k"), Ok(2048));
        assert!(size("").is_err() && size("x").is_err() && size("99999999999999999999").is_err());
        assert!(size("99999999999G").is_err());
    }
}
