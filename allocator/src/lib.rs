//! The allocator of the command `retold`: mimalloc 2, of which one option is set. That takes `unsafe`, which the package of the
//! library and the command forbids, so it stands in one of its own.

use libmimalloc_sys::{mi_option_set_default, mi_option_t};
pub use mimalloc::MiMalloc;

/// The place of `mi_option_purge_delay` among the options in `mimalloc.h`; the bindings do not name it.
const PURGE_DELAY: mi_option_t = 15;
/// So many milliseconds, instead of 10.
const DELAY: u16 = 10_000;

/// Keeps memory that was freed for ten seconds before it is given back to the system: a run frees and asks for much all the time, and
/// what is given back in between is cleared once more when it is asked for again. The environment variable `MIMALLOC_PURGE_DELAY`
/// goes before this. To be called first, while there is one thread.
pub fn keep_freed_memory() {
    // SAFETY: it stores a number for an option that mimalloc has, and touches nothing else.
    unsafe { mi_option_set_default(PURGE_DELAY, DELAY.into()) }
}

#[cfg(test)]
mod tests {
    use libmimalloc_sys::mi_option_get;

    use super::*;

    #[test]
    fn the_option_is_that_of_the_delay() {
        // SAFETY: it reads the number of an option that mimalloc has.
        let delay = || unsafe { mi_option_get(PURGE_DELAY) };
        // In milliseconds, as mimalloc.h documents it.
        assert_eq!(delay(), 10);
        keep_freed_memory();
        assert_eq!(delay(), 10_000);
    }
}
