//! Any bytes are a trace, and what each pass makes of it ends as it does.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::cell::RefCell;
use stitch_checks::superblocks::Checker;

thread_local! {
    static CHECKER: RefCell<Checker> = RefCell::new(Checker::new(false));
}

fuzz_target!(|bytes: &[u8]| {
    CHECKER.with_borrow_mut(|checker| {
        checker.check(bytes, Checker::check_passes).unwrap_or_else(|failure| panic!("{failure}"));
    });
});
