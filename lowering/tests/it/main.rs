//! Tests of the backend as a whole.

mod frames;
mod golden;
mod machine;
mod meanings;
mod running;
