//! How well stories agree with labels, and passages with labelled ones.

pub mod ablation;
pub mod detections;
pub mod errors;
pub mod gold;
pub mod measures;
pub mod passages;
pub mod plagdet;
pub mod trials;

pub use ablation::{Variant, chosen_without, other_constants, without_parts};
pub use detections::{compare_passages, detections};
pub use errors::{Errors, Mistake, worst};
pub use gold::{Comparison, Gold, compare_labels};
pub use measures::{Measures, measure};
pub use passages::{PassageComparison, PassageErrors, PassageGold, PassageRow};
pub use plagdet::{Case, Detection, PassageMeasures};
pub use trials::{Deletion, chunks};
