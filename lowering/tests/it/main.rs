//! Tests of the backend as a whole.

mod differential;
mod frames;
mod golden;
mod machine;
mod meanings;
mod running;
