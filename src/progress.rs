//! How a run tells how far it is. The library never touches a terminal; whoever draws a bar implements [`Progress`].

/// Told of every stage as it starts and advances. Called from several threads.
pub trait Progress: Sync {
    /// A stage begins; `total` is what `advance` will add up to, where that is known.
    fn stage(&self, name: &'static str, total: Option<u64>);
    /// `n` more units of the current stage are done.
    fn advance(&self, n: u64);
    /// The current stage counted `n` of something that says how much work it was.
    fn count(&self, _what: &'static str, _n: u64) {}
}

/// Tells nobody.
pub struct Silent;

impl Progress for Silent {
    fn stage(&self, _name: &'static str, _total: Option<u64>) {}
    fn advance(&self, _n: u64) {}
}
