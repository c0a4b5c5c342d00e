//! How well stories agree with labels.

pub mod measures;

pub use measures::{Measures, measure};
