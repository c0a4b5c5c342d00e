//! What the parts of the score are worth and what hangs on a constant: configurations that differ from one in a single
//! respect, and the choice among them with one set left out.

use crate::config::Config;

/// A configuration that differs from another in one respect.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// What is different: a part, or a setting with its value.
    pub name: String,
    /// All settings.
    pub config: Config,
}

/// A part by its name, and how it is switched off.
type Switch = (&'static str, fn(&mut Config));

/// The parts that can be switched off. Nothing else is chosen anew, the threshold neither.
const PARTS: [Switch; 26] = [
    ("lead", |c| c.score.lead = 0.0),
    ("title-in-head", |c| c.score.title_in_head = 0.0),
    ("numbers", |c| c.score.numbers = 0.0),
    ("names", |c| c.score.names = 0.0),
    ("floor", |c| c.score.floor = 0.0),
    ("crowd", |c| c.score.crowd = 0.0),
    ("house-style", |c| c.score.house_style = 0.0),
    ("other-names", |c| c.score.other_names = 0.0),
    ("other-words", |c| c.score.other_words = 0.0),
    ("title-only", |c| c.score.title_only = 0.0),
    ("ages", |c| (c.score.ages, c.score.ages_conflict) = (0.0, 0.0)),
    ("ages that conflict", |c| c.score.ages_conflict = 0.0),
    ("days", |c| (c.score.days_shared, c.score.weekdays_shared, c.score.days_conflict) = (0.0, 0.0, 0.0)),
    ("rare-names", |c| c.score.rare_names = 0.0),
    ("shared-text", |c| (c.score.shared_quotations, c.score.copied_prose) = (0.0, 0.0)),
    ("credits", |c| (c.score.credits_shared, c.score.credits_conflict) = (0.0, 0.0)),
    ("origins", |c| c.score.origins_conflict = 0.0),
    ("dates", |c| c.score.date_loss = 0.0),
    ("undated articles", |c| c.score.undated_loss = 0.0),
    ("near neighbours (doubtful dates, established origins)", |c| c.score.doubt_score = f64::INFINITY),
    ("overruling of dates by shared text", |c| c.score.overriding_quotations = u32::MAX),
    ("background table", |c| c.vectorise.background_weight = 0.0),
    ("singleton rule", |c| c.vectorise.singleton_articles = u32::MAX),
    ("voices", |c| c.copies.near_identical = 2.0),
    ("cohesion rule", |c| c.cluster.strictness = 0.0),
    ("size penalty", |c| c.cluster.size_penalty = 0.0),
];

/// A setting by its name.
type Setting = (&'static str, fn(&mut Config) -> &mut f64);

/// The constants that are moved.
const CONSTANTS: [Setting; 25] = [
    ("vectorise.background-weight", |c| &mut c.vectorise.background_weight),
    ("score.lead", |c| &mut c.score.lead),
    ("score.title-in-head", |c| &mut c.score.title_in_head),
    ("score.numbers", |c| &mut c.score.numbers),
    ("score.names", |c| &mut c.score.names),
    ("score.floor", |c| &mut c.score.floor),
    ("score.crowd", |c| &mut c.score.crowd),
    ("score.house-style", |c| &mut c.score.house_style),
    ("score.other-names", |c| &mut c.score.other_names),
    ("score.other-words", |c| &mut c.score.other_words),
    ("score.other-words-ratio", |c| &mut c.score.other_words_ratio),
    ("score.title-only", |c| &mut c.score.title_only),
    ("score.ages", |c| &mut c.score.ages),
    ("score.ages-conflict", |c| &mut c.score.ages_conflict),
    ("score.days-shared", |c| &mut c.score.days_shared),
    ("score.days-conflict", |c| &mut c.score.days_conflict),
    ("score.rare-names", |c| &mut c.score.rare_names),
    ("score.origins-conflict", |c| &mut c.score.origins_conflict),
    ("score.date-loss", |c| &mut c.score.date_loss),
    ("score.date-decay-days", |c| &mut c.score.date_decay_days),
    ("cluster.least-link", |c| &mut c.cluster.least_link),
    ("cluster.single-cohesion", |c| &mut c.cluster.single_cohesion),
    ("cluster.cohesion-cap", |c| &mut c.cluster.cohesion_cap),
    ("cluster.strictness", |c| &mut c.cluster.strictness),
    ("cluster.size-penalty", |c| &mut c.cluster.size_penalty),
];

/// By what each constant is multiplied.
const FACTORS: [f64; 2] = [0.8, 1.25];

/// The configuration with each part switched off in turn.
#[must_use]
pub fn without_parts(base: &Config) -> Vec<Variant> {
    let variant = |(name, switch_off): &Switch| {
        let mut config = base.clone();
        switch_off(&mut config);
        Variant { name: format!("without {name}"), config }
    };
    PARTS.iter().map(variant).collect()
}

/// The configuration with each of the main constants a fifth lower and a quarter higher.
#[must_use]
pub fn other_constants(base: &Config) -> Vec<Variant> {
    let variant = |(name, setting): &Setting, factor: f64| {
        let mut config = base.clone();
        let value = setting(&mut config);
        // Rounded, so that the name says just what is set.
        *value = (*value * factor * 1e4).round() / 1e4;
        Variant { name: format!("{name}={value}"), config }
    };
    CONSTANTS.iter().flat_map(|setting| FACTORS.map(|factor| variant(setting, factor))).collect()
}

/// For each column (a set) the row (a configuration) whose mean over the other columns is best, the first of equals: what
/// would have been chosen without knowing that set. O(rows × columns²).
#[must_use]
pub fn chosen_without(rows: &[Vec<f64>]) -> Vec<usize> {
    let columns = rows.first().map_or(0, Vec::len);
    let others = |row: &[f64], left_out: usize| row.iter().sum::<f64>() - row[left_out];
    let best = |column: usize| {
        let better = |best: usize, at: usize| {
            if others(&rows[at], column) > others(&rows[best], column) + 1e-12 { at } else { best }
        };
        (0..rows.len()).fold(0, better)
    };
    (0..columns).map(best).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variant_differs() {
        let base = Config::default();
        let all = [without_parts(&base), other_constants(&base)].concat();
        for (at, variant) in all.iter().enumerate() {
            assert_ne!(variant.config, base, "{}", variant.name);
            assert!(all[..at].iter().all(|other| other.config != variant.config), "{}", variant.name);
        }
    }

    #[test]
    fn a_set_has_no_say_in_its_own_choice() {
        let rows = [vec![0.5, 0.5, 0.5], vec![0.9, 0.4, 0.5], vec![0.5, 0.5, 0.5]];
        // Only the first set speaks for the second row.
        assert_eq!(chosen_without(&rows), [0, 1, 1]);
        assert!(chosen_without(&[]).is_empty());
    }
}
