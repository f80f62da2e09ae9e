//! `str.encode`, and the way from bytes to text.

use super::receiver;
use crate::builtins::codec;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub use crate::builtins::codec::decode;

pub fn encode(vm: &mut Vm, args: &[Value]) -> PyResult {
    receiver(vm, args)?;
    codec::encode(vm, args[0], args[1], args[2])
}
