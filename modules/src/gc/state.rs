//! What `gc` keeps for each VM.

use super::MODULE;
use stitch_runtime::object::module::ModuleState;
use stitch_runtime::{Value, Vm};

pub struct State {
    pub is_enabled: bool,
    pub debug: i64,
    pub thresholds: [i64; 3],
    /// Explicit ones, by generation.
    pub n_collections: [i64; 3],
    /// What they have found.
    pub n_collected: [i64; 3],
    pub n_frozen: usize,
    pub garbage: Value,
    pub callbacks: Value,
}

impl State {
    pub fn new() -> State {
        State {
            is_enabled: true,
            debug: 0,
            thresholds: [2000, 10, 0],
            n_collections: [0; 3],
            n_collected: [0; 3],
            n_frozen: 0,
            garbage: Value::NONE,
            callbacks: Value::NONE,
        }
    }

    pub fn of(vm: &mut Vm) -> &mut State {
        vm.module_state(&MODULE).expect("the module's state is this")
    }
}

impl ModuleState for State {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        visit(self.garbage);
        visit(self.callbacks);
    }
}
