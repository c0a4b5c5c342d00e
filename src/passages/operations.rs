//! What was changed in a passage, word by word.

use std::ops::Range;

use crate::passages::align::{Alignment, heaviest};
use crate::passages::runs::Run;

/// What was done to a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OperationKind {
    /// The same words.
    Equal,
    /// Other words in their place.
    Substituted,
    /// Words that only the second text has.
    Inserted,
    /// Words that only the first text has.
    Deleted,
    /// The same words at another place of the passage.
    Moved,
}

impl OperationKind {
    /// Its name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Substituted => "substituted",
            Self::Inserted => "inserted",
            Self::Deleted => "deleted",
            Self::Moved => "moved",
        }
    }
}

/// One step on the way from the first text of a passage to the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// What was done.
    pub kind: OperationKind,
    /// Tokens of the first body; empty for what was inserted.
    pub a: Range<u32>,
    /// Tokens of the second; empty for what was deleted.
    pub b: Range<u32>,
}

/// The operations of a passage, by their place in the first text; what was inserted stands where it is in the second. Together
/// they cover both sides once. O(runs * runs).
#[must_use]
pub fn operations(found: &Alignment) -> Vec<Operation> {
    let in_order = heaviest(&found.runs);
    let moved: Vec<&Run> = found.runs.iter().filter(|run| in_order.binary_search(run).is_err()).collect();
    let mut all = Vec::new();
    let (mut i, mut j) = (found.a.start, found.b.start);
    let end = Run { a: found.a.end, b: found.b.end, len: 0, spread: 0 };
    for run in in_order.iter().chain([&end]) {
        changed(i..run.a, j..run.b, &moved, &mut all);
        if run.len > 0 {
            all.push(Operation { kind: OperationKind::Equal, a: run.a..run.a_end(), b: run.b..run.b_end() });
        }
        (i, j) = (run.a_end(), run.b_end());
    }
    all
}

/// What lies between two equal stretches: the moved runs whose place in the first text is here, and the rest.
fn changed(a: Range<u32>, b: Range<u32>, moved: &[&Run], all: &mut Vec<Operation>) {
    let here = |range: &Range<u32>, side: fn(&Run) -> Range<u32>| {
        let mut free = Vec::new();
        let mut from = range.start;
        let mut taken: Vec<Range<u32>> =
            moved.iter().map(|run| side(run)).filter(|r| range.start <= r.start && r.end <= range.end).collect();
        taken.sort_unstable_by_key(|range| range.start);
        for range in taken {
            free.push(from..range.start);
            from = range.end;
        }
        free.push(from..range.end);
        free.retain(|range| !range.is_empty());
        free
    };
    let (in_a, in_b) = (here(&a, |run| run.a..run.a_end()), here(&b, |run| run.b..run.b_end()));
    for run in moved.iter().filter(|run| a.start <= run.a && run.a_end() <= a.end) {
        all.push(Operation { kind: OperationKind::Moved, a: run.a..run.a_end(), b: run.b..run.b_end() });
    }
    if let ([one], [other]) = (&in_a[..], &in_b[..]) {
        all.push(Operation { kind: OperationKind::Substituted, a: one.clone(), b: other.clone() });
        return;
    }
    let gone = in_a.into_iter().map(|a| Operation { kind: OperationKind::Deleted, a, b: b.start..b.start });
    all.extend(gone);
    let come = in_b.into_iter().map(|b| Operation { kind: OperationKind::Inserted, a: a.end..a.end, b });
    all.extend(come);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(runs: &[(u32, u32, u32)], a: Range<u32>, b: Range<u32>) -> Vec<(&'static str, Range<u32>, Range<u32>)> {
        let runs = runs.iter().map(|&(a, b, len)| Run { a, b, len, spread: 2 }).collect();
        operations(&Alignment { a, b, runs }).into_iter().map(|op| (op.kind.name(), op.a, op.b)).collect()
    }

    #[test]
    fn words_are_equal_substituted_inserted_deleted_or_moved() {
        assert_eq!(of(&[(3, 5, 4)], 3..7, 5..9), [("equal", 3..7, 5..9)]);
        assert_eq!(
            of(&[(0, 0, 4), (5, 5, 3)], 0..8, 0..8),
            [("equal", 0..4, 0..4), ("substituted", 4..5, 4..5), ("equal", 5..8, 5..8)]
        );
        assert_eq!(
            of(&[(0, 0, 4), (6, 4, 3), (9, 9, 2)], 0..11, 0..11),
            [
                ("equal", 0..4, 0..4),
                ("deleted", 4..6, 4..4),
                ("equal", 6..9, 4..7),
                ("inserted", 9..9, 7..9),
                ("equal", 9..11, 9..11)
            ]
        );
        assert_eq!(of(&[(0, 3, 10), (10, 0, 3)], 0..13, 0..13), [("equal", 0..10, 3..13), ("moved", 10..13, 0..3)]);
    }
}
