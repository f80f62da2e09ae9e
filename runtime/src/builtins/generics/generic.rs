//! `typing.Generic`: what classes with type parameters derive from.

use super::{call_typing, items_of, parameter};
use crate::object::argument::{Keywords, Rest, This, method};
use crate::object::native::Arguments;
use crate::object::spec::TypeSpec;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub static GENERIC: TypeSpec = TypeSpec {
    name: "Generic",
    module: "typing",
    doc: "What a class with type parameters derives from.",
    is_base: true,
    class_methods: &[
        method("__class_getitem__", "($self, /, *args, **kwargs)", |vm: &mut Vm, class, rest, keywords| {
            forward(vm, "_generic_class_getitem", class, rest, keywords)
        })
        .doc("The class with type arguments."),
        method("__init_subclass__", "($self, /, *args, **kwargs)", |vm: &mut Vm, class, rest, keywords| {
            forward(vm, "_generic_init_subclass", class, rest, keywords)
        })
        .doc("Works out a new class's type parameters."),
    ],
    ..TypeSpec::NEW
};

/// Calls a function of `typing` with the class and what came with it.
fn forward(vm: &mut Vm, function: &str, class: Value, rest: Rest, keywords: Keywords) -> PyResult {
    let (typing, name) = (vm.import_dotted("typing")?, vm.intern(function));
    let function = vm.get_attr(typing, name)?;
    let one = vm.new_tuple(&[class]);
    let all = vm.tuple_concat(This::expect(vm, one), rest.tuple())?;
    if keywords.is_empty() {
        return vm.call_with(function, Arguments::positional(items_of(vm, all)));
    }
    vm.call_expanded(function, all, keywords.value())
}

/// `Generic[…]` with the type parameters that a class declares.
pub fn subscripted(vm: &mut Vm, parameters: Value) -> PyResult {
    let parameters = parameter::all_unpacked(vm, parameters)?;
    let generic = Value::object(vm.type_of_spec(&GENERIC));
    call_typing(vm, "_GenericAlias", &[generic, parameters])
}
