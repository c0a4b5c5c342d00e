//! The thorough preset: two texts compared with all that they have, for passages that were rewritten.

use std::cell::OnceCell;
use std::ops::Range;

use crate::article::DocId;
use crate::config::{PassagesConfig, ThoroughConfig};
use crate::normalise::Normalised;
use crate::passages::align::{Alignment, Texts, align, common_within};
use crate::passages::rewritten::{Sentences, rewritten};
use crate::passages::runs::{common_runs, to_u32};
use crate::survey::Rarity;

/// The passages of two articles, copied and rewritten, sorted; `sentences` gives those of either article if they are asked for.
/// O(sentences * sentences + tokens).
#[must_use]
pub fn compare<'s>(
    [a, b]: [DocId; 2],
    sentences: impl Fn(DocId) -> &'s Sentences,
    normalised: &Normalised,
    rarity: &Rarity,
    config: &PassagesConfig,
) -> Vec<Alignment> {
    let (x, y) = (normalised.words(a), normalised.words(b));
    let langs = [a, b].map(|doc| normalised.lang(doc));
    let texts = Texts { a: &x, b: &y, bits: rarity.of_lang(langs[0]) };
    let runs = common_runs(texts.a, texts.b, 0..texts.a.len(), 0..texts.b.len(), config.shingle);
    let copied = align(&runs, texts, config);
    if langs[0] != langs[1] || !has_room(&copied, texts, config.thorough.least_words) {
        return copied;
    }
    let blocks = rewritten(sentences(a), sentences(b), &config.thorough);
    merge(copied, blocks, texts, &config.thorough)
}

/// The same of two articles that nothing is known of yet.
#[must_use]
pub fn compare_two(
    docs: [DocId; 2],
    normalised: &Normalised,
    rarity: &Rarity,
    config: &PassagesConfig,
) -> Vec<Alignment> {
    let cut: [OnceCell<Sentences>; 2] = Default::default();
    let sentences = |doc: DocId| {
        let cut = &cut[usize::from(doc != docs[0])];
        cut.get_or_init(|| Sentences::of(&normalised.marked(doc).body, normalised.terms(doc)))
    };
    compare(docs, sentences, normalised, rarity, config)
}

/// Whether so many words of either text are left beside what was copied that a rewritten passage may be among them. Of most
/// copies nothing is left.
fn has_room(copied: &[Alignment], texts: Texts<'_>, least: usize) -> bool {
    let left = |len: usize, ranges: &mut Vec<&Range<u32>>| {
        ranges.sort_unstable_by_key(|range| range.start);
        let (mut taken, mut end) = (0, 0);
        for range in ranges {
            taken += range.end.saturating_sub(range.start.max(end)) as usize;
            end = range.end.max(end);
        }
        len - taken
    };
    left(texts.a.len(), &mut copied.iter().map(|one| &one.a).collect()) >= least
        && left(texts.b.len(), &mut copied.iter().map(|one| &one.b).collect()) >= least
}

/// Where most of a rewritten passage was copied, the copied passages say more exactly where; else they are parts of it.
fn merge(
    mut copied: Vec<Alignment>,
    blocks: Vec<(Range<u32>, Range<u32>)>,
    texts: Texts<'_>,
    config: &ThoroughConfig,
) -> Vec<Alignment> {
    let mut found = Vec::new();
    for (a, b) in blocks {
        let mostly_in = |part: &Range<u32>, whole: &Range<u32>| {
            let common = part.end.min(whole.end).saturating_sub(part.start.max(whole.start));
            common as usize * 2 > part.len()
        };
        let inside = copied.iter().filter(|one| mostly_in(&one.a, &a) && mostly_in(&one.b, &b));
        if inside.map(Alignment::matched).sum::<u32>() as usize * 2 >= a.len().min(b.len()) {
            continue;
        }
        let touch = |p: &Range<u32>, q: &Range<u32>| p.start < q.end && q.start < p.end;
        let hull = |p: &Range<u32>, q: &Range<u32>| p.start.min(q.start)..p.end.max(q.end);
        let (parts, rest): (Vec<_>, Vec<_>) =
            copied.into_iter().partition(|one| touch(&one.a, &a) && touch(&one.b, &b));
        let (a, b) = parts.iter().fold((a, b), |(a, b), part| (hull(&a, &part.a), hull(&b, &part.b)));
        copied = rest;
        let least = config.density * f64::from(to_u32(a.len().min(b.len())));
        match common_within(a, b, texts).filter(|whole| f64::from(whole.matched()) >= least) {
            Some(whole) => found.push(whole),
            None => copied.extend(parts),
        }
    }
    found.append(&mut copied);
    found.sort_unstable_by_key(|one| (one.a.start, one.b.start, one.a.end));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::WordId;

    #[test]
    fn there_is_room_for_a_rewritten_passage_where_enough_of_both_texts_is_no_copy() {
        let room = |copied: &[[Range<u32>; 2]]| {
            let words = [WordId(0); 40];
            let copied: Vec<Alignment> =
                copied.iter().map(|[a, b]| Alignment { a: a.clone(), b: b.clone(), runs: Vec::new() }).collect();
            has_room(&copied, Texts { a: &words, b: &words, bits: &[] }, 25)
        };
        assert!(room(&[]));
        assert!(room(&[[0..15, 20..35]]));
        assert!(!room(&[[0..16, 20..35]]), "24 words are left of the first");
        assert!(!room(&[[0..15, 20..36]]), "24 words are left of the second");
        assert!(room(&[[0..10, 0..10], [5..15, 3..12]]), "what lies in both counts once");
        assert!(!room(&[[30..40, 0..10], [0..6, 12..18]]), "in whatever order");
    }
}
