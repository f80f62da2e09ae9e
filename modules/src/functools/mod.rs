//! `_functools`: what is native under the module `functools`.

mod key;
mod lru_cache;
mod partial;
mod placeholder;
mod reduce;

use stitch_runtime::object::argument::method;
use stitch_runtime::object::module::{ModuleSpec, ModuleState};
use stitch_runtime::{Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_functools",
    doc: "Tools that act on functions.",
    functions: &[
        method("cmp_to_key", "(mycmp)", key::cmp_to_key).doc("Makes a key function of a function that compares."),
        method("reduce", "(function, iterable, /, initial=None)", reduce::reduce)
            .doc("Applies a function of two arguments to the result so far and each item in turn."),
    ],
    types: &[&partial::PARTIAL, &placeholder::PLACEHOLDER, &lru_cache::LRU_CACHE_WRAPPER],
    exec: Some(|vm, module| {
        let placeholder = placeholder::the_one(vm)?;
        vm.set_module_entry(module, "Placeholder", placeholder);
        Ok(())
    }),
    state: Some(|| Box::new(State::default())),
    ..ModuleSpec::NEW
};

#[derive(Default)]
struct State {
    /// The one placeholder.
    placeholder: Option<Value>,
    /// What stands in keys of caches between positional arguments and named ones.
    mark: Option<Value>,
}

impl ModuleState for State {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        self.placeholder.into_iter().chain(self.mark).for_each(visit);
    }
}

impl State {
    fn of(vm: &mut Vm) -> &mut State {
        vm.module_state(&MODULE).expect("the module's state is one")
    }
}
