//! Coverage: how much of an article's own words stand in another. Its own words are those outside quotation marks,
//! furniture and head lines: two reports that quote one speech are no copies of each other.

use rayon::prelude::*;

use crate::article::DocId;
use crate::config::CopiesConfig;
use crate::copies::forms::{Form, form};
use crate::normalise::{Marks, Normalised};
use crate::passages::find::Shared;
use crate::passages::{Passages, Run};

/// Words that are not an article's own.
pub(super) const NOT_OWN: Marks = Marks::QUOTED.and(Marks::FURNITURE).and(Marks::HEAD);

/// What two articles share, measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The smaller article.
    pub a: DocId,
    /// The larger one.
    pub b: DocId,
    /// Share of the own words of `a` that stand in `b`, in millionths.
    pub of_a: i64,
    /// Share of the own words of `b` that stand in `a`, in millionths.
    pub of_b: i64,
    /// Separate rare quotations that both have.
    pub quotations: u32,
    /// Words of those.
    pub quoted_words: u32,
}

/// How many words of an article are its own, and what it is by its form.
#[must_use]
pub fn each_alone(normalised: &Normalised) -> (Vec<u32>, Vec<Option<Form>>) {
    let docs: Vec<DocId> = normalised.docs().collect();
    let alone = |doc: DocId| {
        let article = normalised.marked(doc);
        let own = article.body.marks.iter().filter(|marks| !marks.any(NOT_OWN)).count();
        (u32::try_from(own).unwrap_or(u32::MAX), form(&article, &normalised.lexicon))
    };
    docs.into_par_iter().map(alone).unzip()
}

/// Measures every pair that shares a run, in the order of the pairs. O(words of the runs), parallel.
#[must_use]
pub fn coverages(passages: &Passages, normalised: &Normalised, own: &[u32], config: &CopiesConfig) -> Vec<Coverage> {
    let pairs: Vec<Shared> = passages.pairs().collect();
    let of_first = |pairs: &[Shared]| {
        let x = normalised.marked(pairs[0].a).body.marks;
        let measure = |shared: &Shared| {
            let y = normalised.marked(shared.b).body.marks;
            let runs = || shared.passages.iter().flat_map(|passage| &passage.runs);
            let covered_a = covered(runs().map(|run| (run.a, run.len)), &x);
            let covered_b = covered(runs().map(|run| (run.b, run.len)), &y);
            let share = |covered: u32, doc: DocId| match own[doc.index()] {
                words if words < config.least_own_words => 0,
                words => i64::from(covered) * 1_000_000 / i64::from(words),
            };
            let (quotations, quoted_words) = rare_quotations(runs(), &x, &y, config);
            Coverage {
                a: shared.a,
                b: shared.b,
                of_a: share(covered_a, shared.a),
                of_b: share(covered_b, shared.b),
                quotations,
                quoted_words,
            }
        };
        pairs.iter().map(measure).collect::<Vec<_>>()
    };
    pairs.par_chunk_by(|x, y| x.a == y.a).flat_map_iter(of_first).collect()
}

/// Own words inside the union of stretches of one text.
fn covered(stretches: impl Iterator<Item = (u32, u32)>, marks: &[Marks]) -> u32 {
    let mut stretches: Vec<(u32, u32)> = stretches.collect();
    stretches.sort_unstable();
    let (mut reached, mut words) = (0usize, 0u32);
    for (first, len) in stretches {
        let end = (first + len) as usize;
        let fresh = reached.max(first as usize).min(end)..end;
        words += u32::try_from(marks[fresh].iter().filter(|marks| !marks.any(NOT_OWN)).count()).unwrap_or(0);
        reached = reached.max(end);
    }
    words
}

/// How many separate quotations both articles have, of at least `least_quotation` words, that stand in hardly any other,
/// and their words. Two runs in one quotation (a word was changed between them) count once.
fn rare_quotations<'a>(
    runs: impl Iterator<Item = &'a Run>,
    a: &[Marks],
    b: &[Marks],
    config: &CopiesConfig,
) -> (u32, u32) {
    let (mut quotations, mut words) = (0, 0);
    let mut last_end = 0usize;
    for run in runs.filter(|run| run.spread <= config.rare_spread) {
        let (x, y) = (&a[run.a as usize..], &b[run.b as usize..]);
        // Furniture is evidence for nothing, quoted or not.
        let said = |marks: Marks| marks.has(Marks::QUOTED) && !marks.has(Marks::FURNITURE);
        let quoted = (0..run.len as usize).filter(|&i| said(x[i]) && said(y[i]));
        let (first, count) = quoted.fold((None, 0u32), |(first, n), i| (first.or(Some(i)), n + 1));
        let Some(first) = first.filter(|_| count >= config.least_quotation) else { continue };
        let begin = run.a as usize + first;
        let apart = last_end == 0 || a[last_end.min(begin)..begin].iter().any(|marks| !marks.has(Marks::QUOTED));
        quotations += u32::from(apart);
        words += count;
        last_end = run.a as usize + run.len as usize;
    }
    (quotations, words)
}
