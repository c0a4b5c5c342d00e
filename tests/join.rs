//! The similarity join: every engine returns what its definition says, on the cases in `tests/join_cases` and on generated
//! rows.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use retold::config::JoinConfig;
use retold::join::{Pair, blocked, brute_force};
use retold::language::Lang;
use retold::progress::Silent;
use retold::vectorise::{COSINE_ONE, Vectors};
use serde::Deserialize;

/// A name and a join.
type Engine = (&'static str, fn(&Vectors, &[Option<i64>], &JoinConfig) -> Vec<Pair>);

/// All engines; the first is the reference.
const ENGINES: [Engine; 2] = [
    ("brute_force", brute_force::join),
    ("blocked", |vectors, days, config| blocked::join(vectors, days, config, &Silent)),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Case {
    about: String,
    least_cosine: Option<f64>,
    least_dot: Option<u64>,
    far_voices: Option<usize>,
    #[serde(default)]
    far_rise: f64,
    nearest: usize,
    pairs: Option<Vec<(u32, u32)>>,
    #[serde(default)]
    row: Vec<CaseRow>,
    generate: Option<Generate>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct CaseRow {
    lang: Option<String>,
    day: Option<i64>,
    times: Option<usize>,
    terms: BTreeMap<String, f32>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Generate {
    seed: u64,
    rows: usize,
    vocabulary: u64,
    terms: u64,
    common: u32,
    langs: u64,
    /// Days that the rows lie on; one more stands for not knowing. 0: nobody knows.
    #[serde(default)]
    days: u64,
    equal_weights: bool,
}

/// A row of a case: language, day, terms and weights.
type CaseTerms = (Lang, Option<i64>, Vec<(u32, f32)>);

fn vectors(rows: &[CaseTerms]) -> (Vectors, Vec<Option<i64>>) {
    let mut vectors = Vectors::default();
    for (lang, _, terms) in rows {
        vectors.langs.push(*lang);
        vectors.all.push(&mut terms.clone());
    }
    (vectors, rows.iter().map(|(_, day, _)| *day).collect())
}

fn lang(code: &str) -> Lang {
    Lang::parse(code).expect("a language code")
}

/// SplitMix64 (Steele, Lea and Flood, 2014): the same numbers everywhere for ever.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (x ^ (x >> 31)) % n
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "small numbers")]
fn generated(generate: &Generate) -> Vec<CaseTerms> {
    let mut random = Random(generate.seed);
    let langs = ["en", "de", "vi"];
    let row = |_| {
        let lang = lang(langs[random.below(generate.langs) as usize]);
        // The smaller of two draws is more often a small number: some terms are frequent.
        let mut terms: Vec<u32> = (0..generate.terms)
            .map(|_| 10 + random.below(generate.vocabulary).min(random.below(generate.vocabulary)) as u32)
            .chain(1..=generate.common)
            .collect();
        terms.sort_unstable();
        terms.dedup();
        let weight = |_| if generate.equal_weights { 1.0 } else { 1.0 + random.below(1000) as f32 / 100.0 };
        let weights: Vec<f32> = terms.iter().map(weight).collect();
        let day = (generate.days > 0).then(|| random.below(generate.days + 1)).filter(|&day| day < generate.days);
        (lang, day.map(u64::cast_signed), terms.into_iter().zip(weights).collect())
    };
    (0..generate.rows).map(row).collect()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "2^30 has its exact place among the doubles, and so has every whole number below"
)]
fn config(case: &Case) -> JoinConfig {
    let least = case.least_dot.map(|dot| dot as f64 / COSINE_ONE as f64).or(case.least_cosine);
    JoinConfig {
        least_cosine: least.expect("a threshold"),
        far_voices: case.far_voices.unwrap_or(1),
        far_rise: case.far_rise,
        nearest: case.nearest,
    }
}

#[test]
fn every_engine_passes_every_case() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/join_cases");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("the cases").map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    files.sort();
    assert!(files.len() >= 10, "only {} cases", files.len());
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).expect("a case");
        let case: Case = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let rows = match &case.generate {
            Some(generate) => generated(generate),
            None => case
                .row
                .iter()
                .flat_map(|row| {
                    let terms =
                        row.terms.iter().map(|(term, weight)| (term.parse().expect("a number"), *weight)).collect();
                    vec![(lang(row.lang.as_deref().unwrap_or("en")), row.day, terms); row.times.unwrap_or(1)]
                })
                .collect(),
        };
        let ((vectors, days), config) = (vectors(&rows), config(&case));
        let expected = brute_force::join(&vectors, &days, &config);
        if let Some(pairs) = &case.pairs {
            let found: Vec<(u32, u32)> = expected.iter().map(|pair| (pair.a, pair.b)).collect();
            assert_eq!(&found, pairs, "{name}: the reference; {}", case.about);
        } else {
            assert!(!expected.is_empty(), "{name}: a case without pairs shows nothing");
        }
        for (engine, join) in ENGINES {
            same(&join(&vectors, &days, &config), &expected, &format!("{engine} on {name}: {}", case.about));
        }
    }
}

/// Says which pairs are missing or too many; the whole lists would be too long to read.
fn same(found: &[Pair], expected: &[Pair], what: &str) {
    let missing: Vec<&Pair> = expected.iter().filter(|pair| found.binary_search(pair).is_err()).take(5).collect();
    let extra: Vec<&Pair> = found.iter().filter(|pair| expected.binary_search(pair).is_err()).take(5).collect();
    assert!(missing.is_empty() && extra.is_empty(), "{what}\nmissing: {missing:?}\ntoo many: {extra:?}");
    assert_eq!(found.len(), expected.len(), "{what}: sorted, each once");
}

fn rows() -> impl Strategy<Value = Vec<CaseTerms>> {
    // Few terms and round weights, so that cosines tie and meet thresholds.
    let weight = prop_oneof![Just(1.0f32), Just(2.0), Just(4.0), 0.1..9.0f32];
    let terms = proptest::collection::btree_map(0..24u32, weight, 0..7);
    let day = prop_oneof![1 => Just(None), 4 => (-20..20i64).prop_map(Some)];
    let row = (prop_oneof![4 => Just("en"), 1 => Just("de")], day, terms);
    proptest::collection::vec(row.prop_map(|(code, day, terms)| (lang(code), day, terms.into_iter().collect())), 0..70)
}

proptest! {
    #[test]
    fn every_engine_equals_the_reference(
        rows in rows(),
        least_cosine in prop_oneof![0.0..1.0f64, Just(0.5), Just(1.0), Just(0.1)],
        far_voices in 1..30usize,
        far_rise in prop_oneof![0.0..0.2f64, Just(0.5)],
        nearest in 0..12usize,
    ) {
        let ((vectors, days), config) = (vectors(&rows), JoinConfig { least_cosine, far_voices, far_rise, nearest });
        let expected = brute_force::join(&vectors, &days, &config);
        for (engine, join) in ENGINES {
            prop_assert_eq!(join(&vectors, &days, &config), expected.clone(), "{}", engine);
        }
    }

    /// A threshold that one of the pairs meets exactly.
    #[test]
    fn a_threshold_that_is_met_counts(rows in rows(), pick in any::<prop::sample::Index>(), nearest in 1..5usize) {
        let (vectors, days) = vectors(&rows);
        let any = JoinConfig { least_cosine: 0.0, far_rise: 0.0, nearest: usize::MAX, ..JoinConfig::default() };
        let all = brute_force::join(&vectors, &days, &any);
        if !all.is_empty() {
            let pair = all[pick.index(all.len())];
            #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
            let least_cosine = u64::from(pair.cosine).min(COSINE_ONE) as f64 / COSINE_ONE as f64;
            let config = JoinConfig { least_cosine, nearest: 70, ..any.clone() };
            prop_assert!(brute_force::join(&vectors, &days, &config).contains(&pair));
            for (engine, join) in ENGINES {
                let config = JoinConfig { least_cosine, nearest, ..any.clone() };
                prop_assert_eq!(
                    join(&vectors, &days, &config),
                    brute_force::join(&vectors, &days, &config),
                    "{}",
                    engine
                );
            }
        }
    }
}
