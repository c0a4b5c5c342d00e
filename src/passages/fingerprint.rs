//! Fingerprints of a text: hashes of k words each, thinned by winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003), so
//! that every common run of k + w - 1 words shares one.

use crate::normalise::{Lexicon, WordId};

/// The hash and the first token of every fingerprint, in order. O(tokens * w).
#[must_use]
pub fn winnow(words: &[WordId], lexicon: &Lexicon, k: usize, w: usize) -> Vec<(u64, usize)> {
    let k = k.max(1);
    if words.len() < k {
        return Vec::new();
    }
    let words: Vec<u64> = words.iter().map(|&word| lexicon.hash(word)).collect();
    let w = w.min(words.len() + 1 - k).max(1);
    let hashes: Vec<u64> = hashes(&words, k, |word| *word).collect();
    kept(&hashes, w).into_iter().map(|token| (hashes[token as usize], token as usize)).collect()
}

/// Hashes of all runs of `k` of some words, of which there are as many at least: a polynomial of their numbers, which the next word
/// changes by its first and its last term. O(words).
pub(super) fn hashes<T>(words: &[T], k: usize, number: impl Fn(&T) -> u64) -> impl Iterator<Item = u64> {
    let first = (1..k).fold(1u64, |power, _| power.wrapping_mul(BASE));
    let mut sum = words[..k - 1].iter().fold(0, |sum, word| push(sum, number(word)));
    words.iter().zip(&words[k - 1..]).map(move |(leaving, coming)| {
        let whole = push(sum, number(coming));
        sum = whole.wrapping_sub(number(leaving).wrapping_mul(first));
        mix(whole)
    })
}

/// The hash of one run: that which [`winnow`] gives for it.
pub(super) fn hash(run: &[WordId], lexicon: &Lexicon) -> u64 {
    mix(run.iter().fold(0, |sum, &word| push(sum, lexicon.hash(word))))
}

fn push(sum: u64, number: u64) -> u64 {
    sum.wrapping_mul(BASE).wrapping_add(number)
}

/// By what the least hash of a window is told; never [`BELOW`].
fn rank(hash: u64) -> i32 {
    ((hash >> 32) as u32 ^ 1 << 31).cast_signed().max(BELOW + 1)
}

/// Less than any rank.
const BELOW: i32 = i32::MIN;

/// The places of the hashes that are kept. O(hashes * w).
fn kept(hashes: &[u64], w: usize) -> Vec<u32> {
    let (count, margin) = (hashes.len(), w - 1);
    let mut ranks = Vec::with_capacity(count + 2 * margin);
    ranks.resize(margin, BELOW);
    ranks.extend(hashes.iter().map(|hash| rank(*hash)));
    ranks.resize(count + 2 * margin, BELOW);
    // The least of some w in a row, and the last of equal ones, so that runs of one word give few fingerprints: on both sides
    // together there are w - 1 in a row that are not less.
    let mut reach = vec![1; count];
    let own = &ranks[margin..];
    add_reach((1..w).map(|far| &ranks[margin - far..]), own, &mut reach, |before, own| before >= own);
    add_reach((1..w).map(|far| &ranks[margin + far..]), own, &mut reach, |behind, own| behind > own);
    let least = i32::try_from(w).unwrap_or(i32::MAX);
    // Gathered without a branch, which nobody could predict: each is put down, and the next one over it unless it is kept.
    let (mut places, mut last) = (vec![0u32; count], 0);
    for (at, reach) in (0u32..).zip(reach) {
        places[last] = at;
        last += usize::from(reach >= least);
    }
    places.truncate(last);
    places
}

/// Adds to the reach of each rank how many others in a row hold against it, the nearest first. A loop for each distance, which
/// the compiler does to several ranks at once.
fn add_reach<'a>(
    others: impl Iterator<Item = &'a [i32]>,
    own: &[i32],
    reach: &mut [i32],
    holds: impl Fn(i32, i32) -> bool,
) {
    let mut all = vec![1; reach.len()];
    for others in others {
        for (((all, reach), own), other) in all.iter_mut().zip(reach.iter_mut()).zip(own).zip(others) {
            *all &= i32::from(holds(*other, *own));
            *reach += *all;
        }
    }
}

/// An odd number with many bits set.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// Spreads the bits of a hash, so that the least of a window is a fair draw (the finaliser of MurmurHash3).
fn mix(mut x: u64) -> u64 {
    x ^= x >> 33;
    x = x.wrapping_mul(0xff51_afd7_ed55_8ccd);
    x ^ (x >> 33)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn of_any_window_the_last_of_the_least_is_kept(
            text in proptest::collection::vec(0u32..3, 0..40), k in 1usize..5, w in 1usize..7,
        ) {
            let mut lexicon = Lexicon::default();
            let words: Vec<WordId> = text.iter().map(|word| lexicon.intern(&format!("word{word}"))).collect();
            // A window of one keeps all.
            let all = winnow(&words, &lexicon, k, 1);
            prop_assert_eq!(all.len(), (words.len() + 1).saturating_sub(k));
            for &(given, token) in &all {
                prop_assert_eq!(hash(&words[token..token + k], &lexicon), given);
            }
            let windows = all.windows(w.min(all.len()).max(1));
            let least = |window: &[(u64, usize)]| window.iter().rev().min_by_key(|one| rank(one.0)).copied();
            let mut kept: Vec<(u64, usize)> = windows.filter_map(least).collect();
            kept.dedup();
            prop_assert_eq!(winnow(&words, &lexicon, k, w), kept);
        }
    }
}
