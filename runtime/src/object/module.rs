//! What a module made in Rust is, in one static value: the VM's own modules, those of the standard library, those of embedders.
//!
//! ```text
//!   pub static MODULE: ModuleSpec = ModuleSpec {
//!       name: "_collections",
//!       doc: "…",
//!       types: &[&DEQUE, &DEFAULT_DICT],
//!       functions: &[method("_count_elements", "(mapping, iterable, /)", count_elements).doc("…")],
//!       ..ModuleSpec::NEW
//!   };
//!   machine.add_modules(&[&MODULE]);
//! ```

use super::argument::This;
use super::layout::ModuleObject;
use super::native::NativeRow;
use super::spec::TypeSpec;
use crate::builtins::module_spec::BUILT_IN;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use std::any::Any;

/// An attribute that is made when somebody asks for it: its name, and what makes it.
pub type OnDemand = (&'static str, fn(&mut Vm) -> PyResult);

/// The specification of a module.
pub struct ModuleSpec {
    /// As it is imported.
    pub name: &'static str,
    pub doc: &'static str,
    pub functions: &'static [NativeRow],
    pub constants: &'static [(&'static str, Constant)],
    /// Each under its own name.
    pub types: &'static [&'static TypeSpec],
    /// Attributes that are made when they are first asked for: what costs more than most programs want to pay.
    pub on_demand: &'static [OnDemand],
    /// Adds what the rest cannot say; called once a VM, with the module, at its first import.
    pub exec: Option<fn(&mut Vm, Value) -> PyResult<()>>,
    /// What the module keeps for itself in each VM, made at the first use: see `Vm::module_state`.
    pub state: Option<fn() -> Box<dyn ModuleState>>,
}

impl ModuleSpec {
    /// A module of which nothing is said yet.
    pub const NEW: ModuleSpec = ModuleSpec {
        name: "",
        doc: "",
        functions: &[],
        constants: &[],
        types: &[],
        on_demand: &[],
        exec: None,
        state: None,
    };
}

/// The value of an attribute that a module has from the start.
#[derive(Clone, Copy, Debug)]
pub enum Constant {
    Int(i64),
    Float(f64),
    Str(&'static str),
    Bool(bool),
}

impl Constant {
    pub(crate) fn value(self, vm: &mut Vm) -> Value {
        match self {
            Constant::Int(int) => vm.new_int(int),
            Constant::Float(float) => Value::float(float),
            Constant::Str(text) => vm.new_str(text),
            Constant::Bool(truth) => Value::bool(truth),
        }
    }
}

/// What a module keeps for itself in a VM.
pub trait ModuleState: Any {
    /// Shows the collector the values in it.
    fn visit(&self, _visit: &mut dyn FnMut(Value)) {}
}

impl Vm {
    /// A module as its specification says.
    pub fn make_module(&mut self, spec: &'static ModuleSpec) -> PyResult {
        let module = self.new_module(spec.name);
        let (name, origin) = (self.intern(spec.name), self.intern(BUILT_IN));
        let module_spec = self.new_module_spec(name, origin, false, Value::NONE)?;
        self.set_module_entry(module, "__spec__", module_spec);
        if !spec.doc.is_empty() {
            let doc = self.new_str(spec.doc);
            self.set_module_entry(module, "__doc__", doc);
        }
        self.add_functions(self.module_dict(module), spec.name, spec.functions);
        for &(name, constant) in spec.constants {
            let value = constant.value(self);
            self.set_module_entry(module, name, value);
        }
        for &ty in spec.types {
            let class = self.type_of_spec(ty);
            self.set_module_entry(module, ty.name, Value::object(class));
        }
        if let Some(exec) = spec.exec {
            exec(self, module)?;
        }
        Ok(module)
    }

    /// An attribute that a native module makes when it is first asked for; from then on it has it.
    pub(crate) fn attribute_on_demand(&mut self, module: Value, name: Value) -> PyResult<Option<Value>> {
        if self.origin_of_module(module).as_deref() != Some(BUILT_IN) {
            return Ok(None);
        }
        let Some(this) = This::<ModuleObject>::of(self, module) else { return Ok(None) };
        let Some(spec) = self.native_module(&self.string_of(this.name)) else { return Ok(None) };
        self.make_on_demand(spec, this.dict, name)
    }

    pub(crate) fn make_on_demand(
        &mut self,
        spec: &'static ModuleSpec,
        dict: Value,
        name: Value,
    ) -> PyResult<Option<Value>> {
        if spec.on_demand.is_empty() {
            return Ok(None);
        }
        let text = self.string_of(name);
        let Some((_, make)) = spec.on_demand.iter().find(|(name, _)| *name == text) else { return Ok(None) };
        let value = make(self)?;
        self.dict_set_name(dict, name, value);
        Ok(Some(value))
    }

    /// What the module of a specification keeps in this VM; `None` where that is no `T`. It is not to be held across calls that
    /// may ask for it again.
    pub fn module_state<T: ModuleState>(&mut self, spec: &'static ModuleSpec) -> Option<&mut T> {
        let key = std::ptr::from_ref(spec) as usize;
        let state = match self.module_states.entry(key) {
            hashbrown::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            hashbrown::hash_map::Entry::Vacant(entry) => entry.insert((spec.state?)()),
        };
        (state.as_mut() as &mut dyn Any).downcast_mut()
    }
}
