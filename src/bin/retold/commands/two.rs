//! How two articles of an input are named on the command line.

use anyhow::bail;
use retold::article::DocId;
use retold::corpus::Corpus;
use retold::explain::near_ids;

use crate::args::{InputArgs, TwoIds};

/// The ids of `--a` and `--b`, else those behind the inputs, which are taken from there; `None` if there are none.
pub(super) fn ids(two: &TwoIds, input: &mut InputArgs) -> Option<(String, String)> {
    if let (Some(a), Some(b)) = (&two.a, &two.b) {
        return Some((a.clone(), b.clone()));
    }
    let at = input.inputs.len().checked_sub(2).filter(|rest| *rest > 0)?;
    let mut ids = input.inputs.split_off(at).into_iter().map(|id| id.to_string_lossy().into_owned());
    ids.next().zip(ids.next())
}

/// The articles of two ids, which are not the same.
pub(super) fn find(corpus: &Corpus, ids: &(String, String)) -> anyhow::Result<(DocId, DocId)> {
    let (a, b) = (one(corpus, &ids.0)?, one(corpus, &ids.1)?);
    if a == b {
        bail!("both ids are of one article, {:?}", ids.0);
    }
    Ok((a, b))
}

/// The article of an id; where there is none, the error names those that are much like it.
fn one(corpus: &Corpus, id: &str) -> anyhow::Result<DocId> {
    let found = corpus.find(id);
    let near = if found.is_err() { near_ids(corpus, id) } else { Vec::new() };
    match found {
        Err(error) if near.is_empty() => Err(error.into()),
        Err(_) => bail!("no article has the id {id:?}; there is {}", near.join(", ")),
        Ok(doc) => Ok(doc),
    }
}
