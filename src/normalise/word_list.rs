//! Lists of words that are written in the program. They are asked for token by token, hence by hash.

use std::collections::HashSet;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

/// A set of folded words, made when it is first asked for.
pub(crate) type WordList = LazyLock<HashSet<&'static str, FixedState>>;

/// The words of a list, parted by white space.
pub(crate) fn words(list: &'static str) -> HashSet<&'static str, FixedState> {
    list.split_ascii_whitespace().collect()
}
