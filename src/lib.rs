//! **retold** groups news articles into stories (reports of one event), finds inside them the copy groups (a text and its
//! republications) and the passages they share, says whom they credit, and shows why.
//!
//! The pipeline, in the order of its stages:
//!
//! 1. [`ingest`] reads files into articles, and says what it could not use;
//! 2. [`corpus`] numbers them by content, so that nothing depends on their order;
//! 3. [`normalise`] makes one token stream of each, with sentences, quotations, credits and facts;
//! 4. [`survey`] counts what only the whole corpus knows, and learns what outlets repeat;
//! 5. [`passages`] finds the text that two articles share word for word;
//! 6. [`copies`] measures it, hangs copies on what they were taken from, and folds equal texts into one voice;
//! 7. [`vectorise`] turns voices into sparse vectors of fixed point;
//! 8. [`join`] finds the pairs that are near enough to be compared, exactly;
//! 9. [`graph`] scores them as a sum of named parts;
//! 10. [`cluster`] cuts the graph into stories;
//! 11. [`mod@report`] writes them; [`mod@explain`] and [`evaluate`] look into them.
//!
//! [`pipeline::analyse`] runs 3 to 10:
//!
//! ```
//! use retold::{config::Config, corpus::Corpus, ingest, outlets::OutletTable, pipeline, progress::Silent};
//!
//! let (config, outlets) = (Config::default(), OutletTable::shipped());
//! let input = [ingest::Input::Path("data/newswire".into())];
//! let intake = ingest::read(&input, &config.ingest, &outlets, &Silent)?;
//! let run = pipeline::analyse(Corpus::new(intake.articles)?, &outlets, &config, &Silent)?;
//!
//! let largest = &run.stories[0];
//! assert_eq!(largest.headline, "Six dead as dam spillway collapses above Aldbrook");
//! assert_eq!((largest.members.len(), largest.copy_groups[0].members.len()), (9, 7));
//! # Ok::<(), retold::error::Error>(())
//! ```

pub mod article;
pub mod cluster;
pub mod config;
pub mod constraints;
pub mod copies;
pub mod corpus;
pub mod decimal;
pub mod error;
pub mod evaluate;
pub mod explain;
pub mod graph;
pub mod ingest;
pub mod join;
pub mod language;
pub mod normalise;
pub mod outlets;
pub mod pairs;
pub mod passages;
pub mod pipeline;
mod pool;
pub mod progress;
pub mod report;
pub mod spill;
pub mod survey;
pub mod vectorise;
