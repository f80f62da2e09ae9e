//! `_ast`: the nodes of abstract syntax trees.

mod grammar;
mod node;

use grammar::{KINDS, Kind};
use node::AST;
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
    ..ModuleSpec::NEW
};

/// A constructor as the grammar has it.
struct Constructor<'g> {
    name: &'g str,
    fields: Vec<Field<'g>>,
}

struct Field<'g> {
    ty: &'g str,
    name: &'g str,
    many: Many,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Many {
    One,
    Optional,
    List,
}

impl<'g> Constructor<'g> {
    fn parse(text: &'g str) -> Constructor<'g> {
        let (name, fields) = text.split_once('(').unwrap_or((text, ""));
        let fields = fields.trim_end_matches(')').split(", ").filter_map(|field| field.split_once(' '));
        let fields = fields.map(|(ty, name)| match (ty.strip_suffix('?'), ty.strip_suffix('*')) {
            (Some(ty), _) => Field { ty, name, many: Many::Optional },
            (_, Some(ty)) => Field { ty, name, many: Many::List },
            _ => Field { ty, name, many: Many::One },
        });
        Constructor { name, fields: fields.collect() }
    }
}

impl Kind {
    /// A product is its own only constructor.
    fn is_product(&self) -> bool {
        matches!(self.constructors, [one] if Constructor::parse(one).name == self.name)
    }

    fn doc(&self) -> String {
        if self.is_product() {
            return self.constructors[0].to_string();
        }
        let has_fields = self.constructors.iter().any(|constructor| constructor.contains('('));
        let between = if has_fields { format!("\n{}| ", " ".repeat(self.name.len() + 1)) } else { " | ".to_string() };
        format!("{} = {}", self.name, self.constructors.join(&between))
    }
}

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
    for kind in KINDS {
        let base = if kind.is_product() {
            root
        } else {
            let class = new_class(vm, module, root, kind.name, &kind.doc(), kind, &[])?;
            let none = names(vm, &[])?;
            vm.set_class_entry(class, "_fields", none);
            class
        };
        for text in kind.constructors {
            let constructor = Constructor::parse(text);
            new_class(vm, module, base, constructor.name, text, kind, &constructor.fields)?;
        }
    }
    for text in KINDS.iter().flat_map(|kind| kind.constructors) {
        let constructor = Constructor::parse(text);
        let types = vm.new_dict();
        for field in &constructor.fields {
            let (name, ty) = (vm.intern(field.name), type_of(vm, module, field)?);
            vm.dict_set(types, name, ty)?;
        }
        let class = class_named(vm, module, constructor.name)?;
        vm.set_class_entry(class.as_ptr(), "_field_types", types);
    }
    Ok(())
}

fn class_named(vm: &mut Vm, module: Value, name: &str) -> PyResult {
    let name = vm.intern(name);
    vm.get_attr(module, name)
}

/// What a field holds, as an annotation has it.
fn type_of(vm: &mut Vm, module: Value, field: &Field<'_>) -> PyResult {
    let one = match field.ty {
        "identifier" | "string" => Value::object(vm.class(BuiltinType::Str)),
        "int" => Value::object(vm.class(BuiltinType::Int)),
        "constant" => Value::object(vm.class(BuiltinType::Object)),
        kind => class_named(vm, module, kind)?,
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
    fields: &[Field<'_>],
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
