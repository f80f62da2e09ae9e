//! `_weakref`: references that do not keep what they refer to alive, and proxies of it.

mod proxy;
mod reference;

use proxy::{CALLABLE_PROXY, PROXY};
pub use reference::{REFERENCE, Reference, make, of, referent};
use stitch_runtime::gc::WeakReference;
use stitch_runtime::object::argument::method;
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_weakref",
    doc: "Weak references and proxies.",
    functions: &[
        method("getweakrefcount", "(object, /)", |vm: &mut Vm, object: Value| vm.weak_references(object).len())
            .doc("How many weak references and proxies there are to an object."),
        method("getweakrefs", "(object, /)", getweakrefs).doc("The weak references and proxies to an object."),
        method("_remove_dead_weakref", "(dct, key, /)", remove_dead)
            .doc("Removes an entry of a dict if its value is a weak reference to something dead."),
        method("proxy", "(object, callback=None, /)", proxy::new)
            .doc("A proxy of an object, which it does not keep alive."),
    ],
    types: &[&REFERENCE, &PROXY, &CALLABLE_PROXY],
    exec: Some(|vm, module| {
        let class = vm.type_of_spec(&REFERENCE);
        vm.set_module_entry(module, "ref", Value::object(class));
        Ok(())
    }),
    ..ModuleSpec::NEW
};

/// Those that all who ask for one get, and then the others, the latest first.
fn getweakrefs(vm: &mut Vm, object: Value) -> PyResult {
    let list = vm.new_list(&[])?;
    let [reference, proxy, callable] = [&REFERENCE, &PROXY, &CALLABLE_PROXY].map(|spec| vm.type_of_spec(spec));
    let rank_of = |vm: &Vm, value: Value| {
        // SAFETY: all that is registered begins with a weak reference.
        let has_callback = unsafe { !(*value.as_ptr::<WeakReference>()).callback.is_none() };
        let class = vm.class_of(value);
        match has_callback {
            false if class == reference => 0,
            false if class == proxy || class == callable => 1,
            _ => 2,
        }
    };
    for rank in 0..3 {
        let mut index = vm.weak_references(object).len();
        while index > 0 {
            index -= 1;
            let Some(&reference) = vm.weak_references(object).get(index) else { continue };
            if rank_of(vm, Value::object(reference)) == rank {
                vm.list_push(list.as_ptr(), Value::object(reference))?;
            }
        }
    }
    Ok(list)
}

fn remove_dead(
    vm: &mut Vm,
    dict: stitch_runtime::object::argument::This<stitch_runtime::object::layout::DictObject>,
    key: Value,
) -> PyResult<()> {
    let dict = dict.value();
    let Some(value) = vm.dict_get(dict, key)? else { return Ok(()) };
    let Some(reference) = reference::of(vm, value) else { return Err(vm.raise_type("not a weakref")) };
    if reference.referent == 0 {
        vm.dict_remove(dict, key)?;
    }
    Ok(())
}
