//! `_ast`: the nodes of abstract syntax trees.

mod check;
mod compile;
mod grammar;
mod node;
mod objects;
mod read;
mod take;
mod tree;
mod type_comments;
mod versions;
mod write;

use grammar::{Field, KINDS, Kind, Many, SHAPES, Type};
use node::AST;
use objects::{Classes, classes};
use stitch_runtime::builtins::new_alias;
use stitch_runtime::object::layout::TypeObject;
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_ast",
    doc: "The nodes of abstract syntax trees.",
    constants: &[
        ("PyCF_ALLOW_TOP_LEVEL_AWAIT", Constant::Int(0x2000)),
        ("PyCF_ONLY_AST", Constant::Int(0x400)),
        ("PyCF_OPTIMIZED_AST", Constant::Int(0x8400)),
        ("PyCF_TYPE_COMMENTS", Constant::Int(0x1000)),
    ],
    types: &[&AST],
    exec: Some(fill),
    state: Some(|| Box::new(Classes::default())),
    ..ModuleSpec::NEW
};

/// Where a node is in the source; of the end None where it is not known.
const PLACES: [&str; 4] = ["lineno", "col_offset", "end_lineno", "end_col_offset"];

fn names(vm: &mut Vm, names: &[&str]) -> PyResult {
    let list = vm.new_list(&[])?;
    for name in names {
        let name = vm.intern(name);
        vm.list_push(list.as_ptr(), name)?;
    }
    vm.collect_tuple(list)
}

fn fill(vm: &mut Vm, module: Value) -> PyResult<()> {
    let root = vm.type_of_spec(&AST);
    let none = names(vm, &[])?;
    for name in ["_fields", "_attributes", "__match_args__"] {
        vm.set_class_entry(root, name, none);
    }
    let types = vm.new_dict();
    vm.set_class_entry(root, "_field_types", types);
    classes(vm).of_constructors = vec![Value::UNBOUND; SHAPES.len()];
    classes(vm).singles = vec![Value::UNBOUND; SHAPES.len()];
    for kind in KINDS {
        let base = if kind.is_product() {
            root
        } else {
            let class = new_class(vm, module, root, kind.name, &kind.doc(), kind, &[])?;
            let none = names(vm, &[])?;
            vm.set_class_entry(class, "_fields", none);
            class
        };
        for &constructor in kind.constructors {
            let shape = constructor.shape();
            let class = new_class(vm, module, base, shape.name, shape.text, kind, &shape.fields)?;
            classes(vm).of_constructors[constructor as usize] = Value::object(class);
            if kind.is_enumeration() {
                let single = vm.new_instance(class)?;
                classes(vm).singles[constructor as usize] = single;
            }
        }
    }
    for (at, shape) in SHAPES.iter().enumerate() {
        let types = vm.new_dict();
        for field in &shape.fields {
            let (name, ty) = (vm.intern(field.name), type_of(vm, module, field)?);
            vm.dict_set(types, name, ty)?;
        }
        let class: *mut TypeObject = classes(vm).of_constructors[at].as_ptr();
        vm.set_class_entry(class, "_field_types", types);
    }
    vm.syntax_trees = Some(&compile::Trees);
    Ok(())
}

fn class_named(vm: &mut Vm, module: Value, name: &str) -> PyResult {
    let name = vm.intern(name);
    vm.get_attr(module, name)
}

/// What a field holds, as an annotation has it.
fn type_of(vm: &mut Vm, module: Value, field: &Field) -> PyResult {
    let one = match field.ty {
        Type::Identifier | Type::Text => Value::object(vm.class(BuiltinType::Str)),
        Type::Int => Value::object(vm.class(BuiltinType::Int)),
        Type::Constant => Value::object(vm.class(BuiltinType::Object)),
        Type::Node(kind) => class_named(vm, module, kind)?,
    };
    match field.many {
        Many::One => Ok(one),
        Many::Optional => Ok(vm.class_union(one, Value::NONE)?.unwrap_or(one)),
        Many::List => {
            let list = Value::object(vm.class(BuiltinType::List));
            new_alias(vm, list, one)
        }
    }
}

fn new_class(
    vm: &mut Vm,
    module: Value,
    base: *mut TypeObject,
    name: &str,
    doc: &str,
    kind: &Kind,
    fields: &[Field],
) -> PyResult<*mut TypeObject> {
    let namespace = vm.new_dict();
    let set = |vm: &mut Vm, name: &str, value: Value| {
        let name = vm.intern(name);
        vm.dict_set_name(namespace, name, value);
    };
    let own_module = vm.intern("ast");
    set(vm, "__module__", own_module);
    let doc = vm.new_str(doc);
    set(vm, "__doc__", doc);
    let field_names: Vec<&str> = fields.iter().map(|field| field.name).collect();
    let field_names = names(vm, &field_names)?;
    set(vm, "_fields", field_names);
    set(vm, "__match_args__", field_names);
    let places = names(vm, if kind.has_places { &PLACES } else { &[] })?;
    set(vm, "_attributes", places);
    for field in fields.iter().filter(|field| field.many == Many::Optional) {
        set(vm, field.name, Value::NONE);
    }
    if kind.has_places {
        set(vm, PLACES[2], Value::NONE);
        set(vm, PLACES[3], Value::NONE);
    }
    let (metaclass, name_value) = (vm.class(BuiltinType::Type), vm.intern(name));
    let class = vm.new_class(metaclass, name_value, &[Value::object(base)], namespace)?;
    vm.set_module_entry(module, name, Value::object(class));
    Ok(class)
}
