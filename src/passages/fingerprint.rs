//! Fingerprints of a text: hashes of k words each, thinned by winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003), so
//! that every common run of k + w - 1 words shares one.

use crate::normalise::{Lexicon, WordId};

/// Calls `each` with the hash and the first token of every fingerprint. O(tokens * w).
pub fn winnow(words: &[WordId], lexicon: &Lexicon, k: usize, w: usize, mut each: impl FnMut(u64, usize)) {
    let k = k.max(1);
    if words.len() < k {
        return;
    }
    // A polynomial of the hashes of the words, which the next word changes by its first and its last term.
    let words: Vec<u64> = words.iter().map(|&word| lexicon.hash(word)).collect();
    let first = (1..k).fold(1u64, |power, _| power.wrapping_mul(BASE));
    let mut sum = words[..k - 1].iter().fold(0u64, |sum, word| sum.wrapping_mul(BASE).wrapping_add(*word));
    let w = w.min(words.len() + 1 - k).max(1);
    // Beside each end stand w - 1 that are less than any.
    let mut hashes = vec![0; w - 1];
    hashes.extend(words.iter().zip(&words[k - 1..]).map(|(leaving, coming)| {
        let whole = sum.wrapping_mul(BASE).wrapping_add(*coming);
        sum = whole.wrapping_sub(leaving.wrapping_mul(first));
        mix(whole)
    }));
    hashes.resize(hashes.len() + w - 1, 0);
    // The least of some w in a row, and the last of equal ones, so that runs of one word give few fingerprints: on both sides
    // together there are w - 1 in a row that are not less. Counted without branches, which nobody could predict.
    for (token, around) in hashes.windows(2 * w - 1).enumerate() {
        let hash = around[w - 1];
        let (mut reach, mut before, mut behind) = (1, true, true);
        for far in 1..w {
            before &= around[w - 1 - far] >= hash;
            behind &= around[w - 1 + far] > hash;
            reach += usize::from(before) + usize::from(behind);
        }
        if reach >= w {
            each(hash, token);
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

    fn fingerprints(words: &[WordId], lexicon: &Lexicon, k: usize, w: usize) -> Vec<(u64, usize)> {
        let mut found = Vec::new();
        winnow(words, lexicon, k, w, |hash, token| found.push((hash, token)));
        found
    }

    proptest! {
        #[test]
        fn of_any_window_the_last_of_the_least_is_kept(
            text in proptest::collection::vec(0u32..3, 0..40), k in 1usize..5, w in 1usize..7,
        ) {
            let mut lexicon = Lexicon::default();
            let words: Vec<WordId> = text.iter().map(|word| lexicon.intern(&format!("word{word}"))).collect();
            // A window of one keeps all.
            let all = fingerprints(&words, &lexicon, k, 1);
            prop_assert_eq!(all.len(), (words.len() + 1).saturating_sub(k));
            let windows = all.windows(w.min(all.len()).max(1));
            let least = |window: &[(u64, usize)]| window.iter().rev().min_by_key(|one| one.0).copied();
            let mut kept: Vec<(u64, usize)> = windows.filter_map(least).collect();
            kept.dedup();
            prop_assert_eq!(fingerprints(&words, &lexicon, k, w), kept);
        }
    }
}
