//! stub
use crate::interp::dispatch::State;
use crate::vm::{Vm, VmConfig};
use crate::Value;
#[derive(Clone, Debug, Default)]
pub struct JitConfig {}
pub struct Jit { pub recording: bool }
impl Jit {
    pub fn new(_c: &VmConfig) -> Jit { Jit { recording: false } }
    pub fn is_enabled(&self) -> bool { false }
    pub fn initial_counter(&self) -> u16 { 0 }
    pub fn visit_roots(&self, _v: &mut dyn FnMut(usize)) {}
}
pub unsafe fn hot_back_edge(_vm: &mut Vm, s: State) -> State { s }
pub unsafe fn hot_entry(_vm: &mut Vm, s: State) -> State { s }
pub unsafe fn enter(_vm: &mut Vm, s: State) -> State { s }
impl Vm {
    pub fn dict_value_changed(&mut self, _d: Value, _k: Value) {}
    pub fn class_invalidated(&mut self, _c: *mut crate::object::layout::TypeObject) {}
    pub fn display(&mut self, _v: Value) -> crate::PyResult { Ok(Value::NONE) }
    pub fn type_parameter(&mut self, _n: usize, v: Value) -> crate::PyResult { Ok(v) }
}
