//! From links to stories.

pub mod assemble;
pub mod components;
pub mod origin;
pub mod partition;
pub mod refine;
pub mod roles;
pub mod story;

pub use crate::passages::Confidence;
pub use assemble::{Findings, assemble, forms};
pub use partition::{Turn, Turns, partition};
pub use story::{Evidence, Member, Origin, Related, Role, Story, StoryLink};
