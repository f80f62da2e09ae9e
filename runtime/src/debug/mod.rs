//! What helps to find faults: stress knobs, dumps, statistics. Costs nothing where it is off.

pub mod observe;
pub mod places;
pub mod profile;
pub mod report;
pub mod sampler;
pub mod stress;
pub mod tools;
