//! The thorough preset: two texts compared with all that they have, for passages that were rewritten.

use std::ops::Range;

use crate::article::DocId;
use crate::config::PassagesConfig;
use crate::normalise::Normalised;
use crate::passages::align::{Alignment, Texts, align, common_within};
use crate::passages::rewritten::{Sentences, rewritten};
use crate::passages::runs::common_runs;
use crate::survey::Rarity;

/// The passages of two articles, copied and rewritten, sorted. O(sentences * sentences + tokens).
#[must_use]
pub fn compare(
    a: DocId,
    b: DocId,
    normalised: &Normalised,
    rarity: &Rarity,
    config: &PassagesConfig,
) -> Vec<Alignment> {
    let (x, y) = (normalised.stream(a), normalised.stream(b));
    let texts = Texts { a: &x.body.words, b: &y.body.words, bits: rarity.of_lang(x.lang) };
    let runs = common_runs(texts.a, texts.b, 0..texts.a.len(), 0..texts.b.len(), config.shingle);
    let copied = align(&runs, texts, config);
    let sentences = |doc: DocId| Sentences::of(&normalised.stream(doc).body, normalised.terms(doc));
    let blocks = if x.lang == y.lang { rewritten(&sentences(a), &sentences(b), &config.thorough) } else { Vec::new() };
    merge(copied, blocks, texts)
}

/// Where most of a rewritten passage was copied, the copied passages say more exactly where; else they are parts of it.
fn merge(mut copied: Vec<Alignment>, blocks: Vec<(Range<u32>, Range<u32>)>, texts: Texts<'_>) -> Vec<Alignment> {
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
        match common_within(a, b, texts) {
            Some(whole) => found.push(whole),
            None => copied.extend(parts),
        }
    }
    found.append(&mut copied);
    found.sort_unstable_by(|x, y| (x.a.start, x.b.start, x.a.end).cmp(&(y.a.start, y.b.start, y.a.end)));
    found
}
