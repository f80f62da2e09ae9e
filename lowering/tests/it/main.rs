//! Tests of the backend as a whole.

mod machine;
mod meanings;
mod running;
