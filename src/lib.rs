//! retold

pub mod article;
pub mod config;
pub mod corpus;
pub mod error;
pub mod ingest;
pub mod language;
pub mod outlets;
pub mod progress;
