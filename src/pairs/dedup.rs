//! One article for many: which are kept, and what stands for what.
//!
//! Of similar texts ([`of_similar`]) the best is kept, and stands for all that are similar to it and not left out yet; then the
//! best of the rest, and so on. So whatever is left out is as similar to what stands for it as was asked, no two that are kept
//! are similar, and no chain of likenesses leads from one end of a group to the other. Of copy groups ([`of_groups`]) the best
//! member is kept.

use std::cmp::Reverse;
use std::io::{self, Write};

use serde::Serialize;

use crate::article::{Article, DAY, Resolution};
use crate::copies::Coverage;
use crate::join::set_join::SimilarSets;
use crate::outlets::OutletTable;
use crate::pairs::write::{Neighbours, jaccard};
use crate::pipeline::FoundCopies;
use crate::report::{Micro, SafeJson};

/// Which of several articles is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The first in the input.
    First,
    /// The earliest by date, undated ones last.
    Earliest,
    /// The one with most words.
    Longest,
    /// The one whose outlet comes first in a list; outlets that are not in it come last.
    OutletOrder(Vec<String>),
}

/// What the choice goes by, besides what an article says.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Its place in the input.
    pub place: (u32, Option<u64>),
    /// Its words.
    pub words: u32,
    /// Its date and outlet; needed for [`Keep::Earliest`] and [`Keep::OutletOrder`].
    pub head: Option<&'a Article>,
}

impl Keep {
    /// Whether dates or outlets are asked for.
    #[must_use]
    pub fn wants_heads(&self) -> bool {
        matches!(self, Self::Earliest | Self::OutletOrder(_))
    }

    /// The articles by their places in `candidates`, the best first; ties go to what is first in the input. O(n log n).
    #[must_use]
    pub fn order(&self, candidates: &[Candidate<'_>], table: &OutletTable) -> Vec<u32> {
        let fold = |name: &str| name.to_lowercase();
        let wanted: Vec<String> = match self {
            Self::OutletOrder(names) => names.iter().map(|name| fold(&table.normalise(name, None).name)).collect(),
            _ => Vec::new(),
        };
        let rank = |candidate: &Candidate<'_>| match self {
            Self::First => 0,
            Self::Earliest => candidate.head.and_then(|head| head.date).map_or(i64::MAX, |date| {
                // Where only the day is known it may have been at its end.
                date.at.saturating_add(if date.resolution == Resolution::Day { DAY - 1 } else { 0 })
            }),
            Self::Longest => -i64::from(candidate.words),
            Self::OutletOrder(_) => {
                let outlet = candidate.head.and_then(Article::outlet_name).map(fold);
                let place = wanted.iter().position(|name| Some(name) == outlet.as_ref()).unwrap_or(wanted.len());
                i64::try_from(place).unwrap_or(i64::MAX)
            }
        };
        let mut order: Vec<u32> = (0u32..).take(candidates.len()).collect();
        order.sort_by_cached_key(|&at| {
            let candidate = &candidates[at as usize];
            (rank(candidate), candidate.place, at)
        });
        order
    }
}

/// What stands for an article that is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandIn {
    /// The article that is kept.
    pub kept: u32,
    /// How much alike they are.
    pub likeness: Likeness,
}

/// How much alike an article that is left out and the one that is kept are, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likeness {
    /// The Jaccard similarity of their sets.
    Jaccard(Micro),
    /// The share of the own words of what is left out that stands in what is kept; 0 if they were taken from the same text
    /// and share none.
    Copied(Micro),
}

/// Chooses among similar texts; `order` has the best first. By article: what stands for it, if it is left out.
/// O(articles + pairs).
#[must_use]
pub fn of_similar(found: &SimilarSets, order: &[u32]) -> Vec<Option<StandIn>> {
    let near = Neighbours::new(found, found.sizes.len());
    let mut out: Vec<Option<StandIn>> = vec![None; found.sizes.len()];
    // By first of a class: its articles are kept or left out already.
    let mut settled = vec![false; found.sizes.len()];
    for &kept in order {
        let first = &near.first[kept as usize];
        if std::mem::replace(&mut settled[*first as usize], true) {
            continue;
        }
        let mut leave_out = |members: &[u32], similarity: Micro| {
            for &member in members.iter().filter(|&&member| member != kept) {
                out[member as usize] = Some(StandIn { kept, likeness: Likeness::Jaccard(similarity) });
            }
        };
        leave_out(near.members(first), Micro(1_000_000));
        for (other, pair) in near.classes(*first) {
            if !std::mem::replace(&mut settled[*other as usize], true) {
                leave_out(near.members(other), jaccard(pair));
            }
        }
    }
    out
}

/// Chooses one article a copy group; articles are numbered as in the corpus. O(members log coverages).
#[must_use]
pub fn of_groups(found: &FoundCopies, order: &[u32]) -> Vec<Option<StandIn>> {
    let mut rank = vec![0u32; order.len()];
    for (at, &article) in (0u32..).zip(order) {
        rank[article as usize] = at;
    }
    let mut out = vec![None; order.len()];
    for group in &found.groups {
        let Some(kept) = group.members.iter().min_by_key(|doc| rank[doc.index()]) else { continue };
        for doc in group.members.iter().filter(|doc| *doc != kept) {
            let [text, kept_text] = [doc, kept].map(|doc| found.same_text[doc.index()]);
            let share = |c: &Coverage| if c.a == text { c.of_a } else { c.of_b };
            let pair = (text.min(kept_text), text.max(kept_text));
            let known = found.coverages.binary_search_by_key(&pair, |c| (c.a, c.b)).ok();
            let share = if text == kept_text { 1_000_000 } else { known.map_or(0, |at| share(&found.coverages[at])) };
            out[doc.index()] = Some(StandIn { kept: kept.0, likeness: Likeness::Copied(Micro(share)) });
        }
    }
    out
}

/// A line of the report.
#[derive(Serialize)]
struct Line<'a> {
    kept: &'a str,
    left_out: Vec<LeftOut<'a>>,
}

#[derive(Serialize)]
struct LeftOut<'a> {
    id: &'a str,
    #[serde(flatten)]
    likeness: Likeness,
}

/// Writes what stands for what: an object a line for every article that stands for others, in the order of the input.
///
/// # Errors
/// What `out` says.
pub fn write_report(
    stand_ins: &[Option<StandIn>],
    ids: &[String],
    places: &[(u32, Option<u64>)],
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut all: Vec<(u32, u32, Likeness)> = (0u32..)
        .zip(stand_ins)
        .filter_map(|(left, stand_in)| stand_in.map(|stand_in| (stand_in.kept, left, stand_in.likeness)))
        .collect();
    let place = |article: u32| (places[article as usize], article);
    all.sort_by_key(|&(kept, left, _)| (place(kept), place(left)));
    let mut out = SafeJson(out);
    for of_one in all.chunk_by(|x, y| x.0 == y.0) {
        let id = |article: u32| ids[article as usize].as_str();
        let left_out = of_one.iter().map(|&(_, left, likeness)| LeftOut { id: id(left), likeness }).collect();
        let mut json = serde_json::to_vec(&Line { kept: id(of_one[0].0), left_out })?;
        json.push(b'\n');
        out.write_all(&json)?;
    }
    Ok(())
}

/// How many are kept, in the order of [`Reverse`] of what stands for most: for people.
#[must_use]
pub fn told(stand_ins: &[Option<StandIn>]) -> String {
    let left = stand_ins.iter().flatten().count();
    let mut stands_for: Vec<u32> = stand_ins.iter().flatten().map(|stand_in| stand_in.kept).collect();
    stands_for.sort_unstable();
    let mut groups: Vec<usize> = stands_for.chunk_by(|a, b| a == b).map(<[u32]>::len).collect();
    groups.sort_unstable_by_key(|&group| Reverse(group));
    let largest = groups.first().map_or(String::new(), |most| format!(", at most {most} by one"));
    format!("{} articles, {} kept, {left} left out{largest}", stand_ins.len(), stand_ins.len() - left)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::join::set_join::{SetJoin, set_join};
    use crate::normalise::codes::WordCoder;
    use crate::progress::Silent;

    fn similar(texts: &[String], least: u32) -> SimilarSets {
        let coder = WordCoder::default();
        let coded: Vec<_> = texts.iter().map(|text| coder.code(text)).collect();
        set_join(&coder.finish(), &coded, &SetJoin { least, shingle: 1, entries: 1 << 20 }, &Silent)
    }

    #[test]
    fn no_chain_leads_away_from_what_is_kept() {
        // Each is like the next, the first and the last are not.
        let texts = ["a b c d", "b c d e", "c d e f", "d e f g"].map(str::to_owned);
        let kept = |order: &[u32]| {
            let out = of_similar(&similar(&texts, 600_000), order);
            out.iter().map(|stand_in| stand_in.map(|s| s.kept)).collect::<Vec<_>>()
        };
        assert_eq!(kept(&[0, 1, 2, 3]), [None, Some(0), None, Some(2)]);
        assert_eq!(kept(&[1, 0, 2, 3]), [Some(1), None, Some(1), None]);
    }

    proptest! {
        #[test]
        fn what_is_kept_is_like_what_it_stands_for(
            texts in proptest::collection::vec("([a-h] ){0,8}", 1..30), least in 1u32..=10, seed in 0u64..1000
        ) {
            let least = least * 100_000;
            let found = similar(&texts, least);
            let mut order: Vec<u32> = (0u32..).take(texts.len()).collect();
            order.sort_by_key(|&at| (u64::from(at) + 1).wrapping_mul(seed * 2 + 1) % 101);
            let out = of_similar(&found, &order);
            let set = |at: usize| texts[at].split_whitespace().collect::<std::collections::BTreeSet<_>>();
            let like = |a: usize, b: usize| {
                let (shared, union) = (set(a).intersection(&set(b)).count(), set(a).union(&set(b)).count());
                (shared > 0 && shared * 1_000_000 >= least as usize * union).then(|| shared * 1_000_000 / union)
            };
            let rank = |at: usize| order.iter().position(|&o| o as usize == at);
            for (at, stand_in) in out.iter().enumerate() {
                if let Some(stand_in) = stand_in {
                    let kept = stand_in.kept as usize;
                    prop_assert!(out[kept].is_none() && rank(kept) < rank(at));
                    let measured = like(kept, at).map(|micro| Likeness::Jaccard(Micro(micro.cast_signed() as i64)));
                    prop_assert_eq!(measured, Some(stand_in.likeness));
                } else {
                    let others = (0..at).filter(|&other| out[other].is_none());
                    prop_assert!(others.filter_map(|other| like(other, at)).next().is_none(), "two like ones are kept");
                }
            }
        }
    }
}
