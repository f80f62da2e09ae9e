//! Tests of the backend as a whole.

/// Makes tests of functions that take a `Choice`: for code that is compiled as a whole, and linked.
macro_rules! for_both {
    ($($name:ident,)*) => {
        mod whole {
            $(#[test] fn $name() { super::$name(stitch_lowering::Choice::Whole) })*
        }
        mod stencils {
            $(#[test] fn $name() { super::$name(stitch_lowering::Choice::Stencils) })*
        }
    };
}

mod frames;
mod golden;
mod machine;
mod meanings;
mod running;
