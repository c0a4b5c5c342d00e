//! How well stories agree with labels.

pub mod errors;
pub mod gold;
pub mod measures;

pub use errors::{Errors, Mistake, worst};
pub use gold::{Comparison, Gold, compare_labels};
pub use measures::{Measures, measure};
