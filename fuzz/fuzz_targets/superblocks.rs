//! Any bytes are a superblock, which ends alike in the uop interpreter and compiled.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::cell::RefCell;
use stitch_checks::superblocks::Checker;

thread_local! {
    static CHECKER: RefCell<Checker> = RefCell::new(Checker::new(false));
}

fuzz_target!(|bytes: &[u8]| {
    CHECKER.with_borrow_mut(|checker| {
        let checked = checker.check(bytes, Checker::check_backends).and_then(|()| checker.check_trees(bytes));
        checked.unwrap_or_else(|failure| panic!("{failure}"));
    });
});
