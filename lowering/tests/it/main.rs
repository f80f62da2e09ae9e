//! Tests of the backend as a whole.

mod golden;
mod machine;
mod meanings;
mod running;
