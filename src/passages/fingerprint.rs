//! Fingerprints of a text: hashes of k words each, thinned by winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003), so
//! that every common run of k + w - 1 words shares one.

use crate::normalise::{Lexicon, Tokens, WordId};

/// Calls `each` with the hash and the first token of every fingerprint. O(tokens * k).
pub fn winnow(tokens: &Tokens, lexicon: &Lexicon, k: usize, w: usize, mut each: impl FnMut(u64, usize)) {
    let hash = |words: &[WordId]| words.iter().fold(0u64, |h, &word| mix(h.rotate_left(7) ^ lexicon.hash(word)));
    let hashes: Vec<u64> = tokens.words.windows(k.max(1)).map(hash).collect();
    let w = w.min(hashes.len()).max(1);
    // The least of the last w hashes; the last of equal ones, so that runs of one word give few fingerprints.
    let (mut least, mut told) = (0, usize::MAX);
    for last in 0..hashes.len() {
        if hashes[last] <= hashes[least] {
            least = last;
        } else if least + w <= last {
            least = (last + 1 - w..=last).rev().min_by_key(|&i| hashes[i]).unwrap_or(last);
        }
        if last + 1 >= w && least != told {
            each(hashes[least], least);
            told = least;
        }
    }
}

/// Spreads the bits of a hash, so that the least of a window is a fair draw (the finaliser of MurmurHash3).
fn mix(mut x: u64) -> u64 {
    x ^= x >> 33;
    x = x.wrapping_mul(0xff51_afd7_ed55_8ccd);
    x ^ (x >> 33)
}
