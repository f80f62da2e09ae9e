//! What the module keeps in each VM.

use super::MODULE;
use stitch_runtime::object::module::ModuleState;
use stitch_runtime::{Value, Vm};

pub struct State {
    /// `timezone.utc`.
    pub utc: Value,
}

impl Default for State {
    fn default() -> State {
        State { utc: Value::UNBOUND }
    }
}

impl ModuleState for State {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        if !self.utc.is_unbound() {
            visit(self.utc);
        }
    }
}

impl State {
    #[inline]
    pub fn of(vm: &mut Vm) -> &mut State {
        vm.module_state(&MODULE).expect("the module's state is one")
    }
}
