//! retold

pub mod article;
pub mod cluster;
pub mod config;
pub mod copies;
pub mod corpus;
pub mod error;
pub mod evaluate;
pub mod explain;
pub mod graph;
pub mod ingest;
pub mod join;
pub mod language;
pub mod normalise;
pub mod outlets;
pub mod passages;
pub mod pipeline;
pub mod progress;
pub mod report;
pub mod survey;
pub mod vectorise;
