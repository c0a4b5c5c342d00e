//! The allocator of the command `retold`: mimalloc 2, of which one option is set. That takes `unsafe`, which the package of the
//! library and the command forbids, so it stands in one of its own.

use std::ffi::{c_int, c_long};

pub use mimalloc::MiMalloc;

unsafe extern "C" {
    /// Sets an option, unless the environment has done so.
    fn mi_option_set_default(option: c_int, value: c_long);
}

/// The place of `mi_option_purge_delay` among the options in `mimalloc.h`.
const PURGE_DELAY: c_int = 15;
/// So many milliseconds, instead of 10.
const DELAY: u16 = 10_000;

/// Has ten seconds pass from the first memory that is freed in a segment of 32 MB until what is free of it is given back to the system
/// (a hundred where all of it is): a run frees and asks for much all the time, and what is given back in between is cleared
/// once more when it is asked for again. The environment variable `MIMALLOC_PURGE_DELAY` goes before this. To be called first,
/// while there is one thread.
pub fn keep_freed_memory() {
    // SAFETY: it stores a number for an option that mimalloc has, and no other thread is there to read it meanwhile.
    unsafe { mi_option_set_default(PURGE_DELAY, DELAY.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    unsafe extern "C" {
        fn mi_option_get(option: c_int) -> c_long;
    }

    #[test]
    fn the_option_is_that_of_the_delay() {
        const NAME: &str = "MIMALLOC_PURGE_DELAY";
        let said = std::env::var(NAME).ok().and_then(|said| said.parse().ok());
        keep_freed_memory();
        // SAFETY: it reads the number of an option that mimalloc has.
        let delay = unsafe { mi_option_get(PURGE_DELAY) };
        assert_eq!(delay, said.unwrap_or(DELAY.into()));
        // Once more with what mimalloc reads by name.
        if said != Some(1234) {
            let mut again = std::process::Command::new(std::env::current_exe().expect("this test"));
            let ended = again.arg("the_option_is_that_of_the_delay").env(NAME, "1234").status();
            assert!(ended.expect("it can be run").success());
        }
    }
}
