//! `_types`: the built-in types that have no name in `builtins`.

use super::generics::{GENERIC_ALIAS, UNION};
use super::namespace::SIMPLE_NAMESPACE;
use super::proxy::MAPPING_PROXY;
use crate::object::argument::{Keywords, Rest, method};
use crate::object::module::ModuleSpec;
use crate::object::spec::TypeSpec;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_types",
    doc: "Names for the built-in types that `builtins` does not name.",
    exec: Some(|vm, module| {
        for &(name, ty) in BUILTIN {
            vm.set_module_entry(module, name, Value::object(vm.class(ty)));
        }
        for &(name, spec) in SPECIFIED {
            let class = vm.type_of_spec(spec);
            vm.set_module_entry(module, name, Value::object(class));
        }
        Ok(())
    }),
    ..ModuleSpec::NEW
};

const BUILTIN: &[(&str, BuiltinType)] = &[
    ("AsyncGeneratorType", BuiltinType::AsyncGenerator),
    ("BuiltinFunctionType", BuiltinType::NativeFunction),
    ("BuiltinMethodType", BuiltinType::NativeFunction),
    ("CellType", BuiltinType::Cell),
    ("CodeType", BuiltinType::Code),
    ("CoroutineType", BuiltinType::Coroutine),
    ("EllipsisType", BuiltinType::Ellipsis),
    ("FrameType", BuiltinType::Frame),
    ("FunctionType", BuiltinType::Function),
    ("GeneratorType", BuiltinType::Generator),
    ("GetSetDescriptorType", BuiltinType::GetSet),
    ("LambdaType", BuiltinType::Function),
    ("MemberDescriptorType", BuiltinType::Member),
    ("MethodDescriptorType", BuiltinType::NativeMethod),
    ("MethodType", BuiltinType::BoundMethod),
    ("MethodWrapperType", BuiltinType::BoundSlotWrapper),
    ("ModuleType", BuiltinType::Module),
    ("NoneType", BuiltinType::NoneType),
    ("NotImplementedType", BuiltinType::NotImplemented),
    ("TracebackType", BuiltinType::Traceback),
    ("WrapperDescriptorType", BuiltinType::SlotWrapper),
    ("ClassMethodDescriptorType", BuiltinType::NativeClassMethod),
];

static SPECIFIED: &[(&str, &TypeSpec)] = &[
    ("CapsuleType", &CAPSULE),
    ("GenericAlias", &GENERIC_ALIAS),
    ("MappingProxyType", &MAPPING_PROXY),
    ("SimpleNamespace", &SIMPLE_NAMESPACE),
    ("UnionType", &UNION),
];

/// The type of what modules in C hand each other. There are none here, and so no instances.
static CAPSULE: TypeSpec = TypeSpec {
    name: "PyCapsule",
    doc: "A pointer that one module in C hands to another.",
    new: Some(method(
        "__new__",
        "($type, /, *args, **kwargs)",
        |vm: &mut Vm, _: Value, _: Rest, _: Keywords| -> PyResult {
            Err(vm.raise_type("cannot create 'PyCapsule' instances"))
        },
    )),
    ..TypeSpec::NEW
};
