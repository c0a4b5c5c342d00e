//! How well stories agree with labels, and passages with labelled ones.

pub mod ablation;
pub mod detections;
pub mod errors;
pub mod gold;
pub mod measures;
pub mod passages;
pub mod trials;

pub use ablation::{Variant, chosen_without, other_constants, without_parts};
pub use detections::{compare_passages, detections};
pub use errors::{Errors, Mistake, worst};
pub use gold::{Comparison, Gold, compare_labels};
pub use measures::{Measures, measure};
pub use passages::{Case, Detection, PassageComparison, PassageErrors, PassageGold, PassageMeasures, PassageRow};
pub use trials::{Deletion, chunks};
