//! What the module keeps in each VM.

use super::MODULE;
use super::number::logarithm::Constants;
use super::signals::{CONDITIONS, SIGNALS};
use crate::contextvars::CachedLookup;
use stitch_runtime::object::layout::TypeObject;
use stitch_runtime::object::module::ModuleState;
use stitch_runtime::{Value, Vm};

pub struct State {
    pub decimal_class: *mut TypeObject,
    /// `DecimalException`.
    pub root: Value,
    /// The classes of `SIGNALS`, in their order.
    pub signals: [Value; SIGNALS.len()],
    /// The classes of `CONDITIONS`, in their order.
    pub conditions: [Value; CONDITIONS.len()],
    /// The names of the roundings.
    pub roundings: [Value; 8],
    /// `SignalDict`, `DecimalTuple`, `numbers.Rational`.
    pub signal_dict: Value,
    pub decimal_tuple: Value,
    pub rational: Value,
    /// The contexts that new ones are made like.
    pub templates: [Value; 3],
    /// The context variable that has the current context, and what it had last.
    pub variable: Value,
    pub current: CachedLookup,
    /// Of the arithmetic.
    pub constants: Constants,
}

/// Where `templates` has the context that others are copies of.
pub const DEFAULT: usize = 0;

impl Default for State {
    fn default() -> State {
        State {
            decimal_class: std::ptr::null_mut(),
            root: Value::UNBOUND,
            signals: [Value::UNBOUND; SIGNALS.len()],
            conditions: [Value::UNBOUND; CONDITIONS.len()],
            roundings: [Value::UNBOUND; 8],
            signal_dict: Value::UNBOUND,
            decimal_tuple: Value::UNBOUND,
            rational: Value::UNBOUND,
            templates: [Value::UNBOUND; 3],
            variable: Value::UNBOUND,
            current: CachedLookup::default(),
            constants: Constants::default(),
        }
    }
}

impl ModuleState for State {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        let own = [self.root, self.signal_dict, self.decimal_tuple, self.rational, self.variable];
        let groups: [&[Value]; 6] =
            [&own, &self.signals, &self.conditions, &self.roundings, &self.templates, &self.current.values()];
        groups.into_iter().flatten().filter(|value| !value.is_unbound()).for_each(|&value| visit(value));
    }
}

impl State {
    #[inline]
    pub fn of(vm: &mut Vm) -> &mut State {
        vm.module_state(&MODULE).expect("the module's state is one")
    }
}
