//! Sparse rows in fixed point: weights of 0 to 1 as integers of 0 to [`ONE`], so that every sum is the same for any order.

/// The weight 1.
pub const ONE: u16 = 1 << 15;
/// The product of two weights 1, and so the cosine 1 of two rows.
pub const COSINE_ONE: u64 = (ONE as u64) * (ONE as u64);

/// One row: ascending terms and their weights.
#[derive(Clone, Copy, Debug, Default)]
pub struct Row<'a> {
    /// Ascending, no repetition.
    pub terms: &'a [u32],
    /// As many weights.
    pub weights: &'a [u16],
}

impl Row<'_> {
    /// Whether it has no terms.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The dot product with another row; with rows of length 1 the cosine times [`COSINE_ONE`]. O(both lengths).
    #[must_use]
    pub fn dot(&self, other: Row<'_>) -> u64 {
        let (mut i, mut j, mut sum) = (0, 0, 0u64);
        while i < self.terms.len() && j < other.terms.len() {
            let (a, b) = (self.terms[i], other.terms[j]);
            if a == b {
                sum += u64::from(self.weights[i]) * u64::from(other.weights[j]);
            }
            i += usize::from(a <= b);
            j += usize::from(b <= a);
        }
        sum
    }
}

/// Rows one behind the other (compressed sparse rows), in parts of [`PART`], so that none has to move when more come.
#[derive(Clone, Debug, Default)]
pub struct Sparse(Vec<Part>);

/// Rows of a part; the last has as many or fewer.
pub const PART: usize = 1024;

#[derive(Clone, Debug)]
struct Part {
    starts: Vec<u32>,
    terms: Vec<u32>,
    weights: Vec<u16>,
}

impl Part {
    /// How many rows it has.
    fn len(&self) -> usize {
        self.starts.len() - 1
    }

    fn row(&self, at: usize) -> Row<'_> {
        let range = self.starts[at] as usize..self.starts[at + 1] as usize;
        Row { terms: &self.terms[range.clone()], weights: &self.weights[range] }
    }
}

impl Sparse {
    /// Appends a row. `entries` are (term, weight), sorted here; the row is scaled to length 1 before rounding. Terms whose
    /// rounded weight is 0 are left out.
    pub fn push(&mut self, entries: &mut [(u32, f32)]) {
        if self.0.last().is_none_or(|part| part.len() == PART) {
            self.0.push(Part { starts: vec![0], terms: Vec::new(), weights: Vec::new() });
        }
        let Some(part) = self.0.last_mut() else { return };
        entries.sort_unstable_by_key(|(term, _)| *term);
        let length = entries.iter().map(|(_, w)| f64::from(*w) * f64::from(*w)).sum::<f64>().sqrt();
        for &(term, weight) in entries.iter() {
            let scaled = (f64::from(weight) / length * f64::from(ONE)).round();
            if scaled >= 1.0 {
                part.terms.push(term);
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and ONE")]
                part.weights.push(scaled.min(f64::from(ONE)) as u16);
            }
        }
        part.starts.push(u32::try_from(part.terms.len()).unwrap_or(u32::MAX));
    }

    /// Appends the rows of another to full parts, and lets go of what it had reserved.
    pub(super) fn append(&mut self, mut other: Self) {
        debug_assert!(self.len().is_multiple_of(PART), "parts are full");
        for part in &mut other.0 {
            part.terms.shrink_to_fit();
            part.weights.shrink_to_fit();
            part.starts.shrink_to_fit();
        }
        self.0.append(&mut other.0);
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.last().map_or(0, |last| (self.0.len() - 1) * PART + last.len())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A row.
    #[must_use]
    pub fn row(&self, at: usize) -> Row<'_> {
        self.0[at / PART].row(at % PART)
    }
}
