//! `ast.AST`: what all nodes derive from.

use stitch_runtime::object::argument::{Keywords, Rest, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::layout::{DictObject, ListObject, TupleObject, TypeObject};
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Value, Vm};

pub static AST: TypeSpec = TypeSpec {
    name: "AST",
    module: "ast",
    doc: "A node of an abstract syntax tree.",
    is_base: true,
    has_dict: true,
    slots: Slots { repr: Some(write_repr), ..Slots::NONE },
    methods: &[
        method("__init__", "($self, /, *args, **kwargs)", init).doc("Sets the fields."),
        method("__reduce__", "($self, /)", reduce).doc("How to make it again."),
        method("__replace__", "($self, /, **fields)", replace).doc("A copy with some fields changed."),
    ],
    ..TypeSpec::NEW
};

fn class_attribute(vm: &mut Vm, node: Value, name: &str) -> PyResult<Option<Value>> {
    let (class, name) = (Value::object(vm.class_of(node)), vm.intern(name));
    vm.get_attr_opt(class, name)
}

fn fields_of(vm: &mut Vm, node: Value) -> PyResult {
    let fields = class_attribute(vm, node, "_fields")?.unwrap_or(vm.empty_tuple);
    vm.collect(fields)
}

fn init(vm: &mut Vm, node: Value, arguments: Rest, keywords: Keywords) -> PyResult<()> {
    let fields = fields_of(vm, node)?;
    let n_fields = vm.len(fields)?;
    let name = vm.class_name(node);
    let n_given = arguments.items().len();
    if n_given > n_fields {
        let plural = if n_fields == 1 { "" } else { "s" };
        let message = format!("{name} constructor takes at most {n_fields} positional argument{plural}");
        return Err(vm.raise_type(&message));
    }
    let given = vm.new_dict();
    let iterator = vm.get_iter(fields)?;
    for &argument in arguments.items() {
        let Some(field) = vm.iter_next(iterator)? else { break };
        vm.set_attr(node, field, argument)?;
        vm.dict_set(given, field, Value::NONE)?;
    }
    let mut at = 0;
    while let Some((index, entry)) = vm.table(keywords.value()).next_entry(at) {
        at = index + 1;
        if vm.contains(fields, entry.key)? {
            if vm.dict_contains(given, entry.key)? {
                let field = vm.string_of(entry.key);
                return Err(vm.raise_type(&format!("{name} got multiple values for argument '{field}'")));
            }
            vm.dict_set(given, entry.key, Value::NONE)?;
        }
        if !vm.contains(fields, entry.key)? {
            let places = class_attribute(vm, node, "_attributes")?.unwrap_or(vm.empty_tuple);
            if !vm.contains(places, entry.key)? {
                let field = vm.string_of(entry.key);
                let message = format!(
                    "{name}.__init__ got an unexpected keyword argument '{field}'. Support for arbitrary keyword arguments \
                     is deprecated and will be removed in Python 3.15."
                );
                vm.warn(vm.exceptions.DeprecationWarning, &message)?;
            }
        }
        vm.set_attr(node, entry.key, entry.value)?;
    }
    set_defaults(vm, node, fields, given)
}

/// Fields that are lists are empty ones where nothing is given; a context is that of loading.
fn set_defaults(vm: &mut Vm, node: Value, fields: Value, given: Value) -> PyResult<()> {
    let types = class_attribute(vm, node, "_field_types")?.filter(|&types| vm.is_a::<DictObject>(types));
    let Some(types) = types else { return Ok(()) };
    let iterator = vm.get_iter(fields)?;
    while let Some(field) = vm.iter_next(iterator)? {
        if vm.dict_contains(given, field)? {
            continue;
        }
        let Some(ty) = vm.dict_get(types, field)? else { continue };
        let name = vm.intern("__origin__");
        let list = Value::object(vm.class(BuiltinType::List));
        if vm.get_attr_opt(ty, name)? == Some(list) {
            let empty = vm.new_list(&[])?;
            vm.set_attr(node, field, empty)?;
        } else if vm.is_a::<TypeObject>(ty) && vm.type_name(ty.as_ptr()) == "expr_context" {
            let (module, load) = (vm.import_dotted("_ast")?, vm.intern("Load"));
            let load = vm.get_attr(module, load)?;
            let load = vm.call(load, &[])?;
            vm.set_attr(node, field, load)?;
        } else if class_attribute(vm, node, &vm.string_of(field))?.is_none() {
            // What may be left out has None in the class.
            let (name, field) = (vm.class_name(node), vm.string_of(field));
            let message = format!(
                "{name}.__init__ missing 1 required positional argument: '{field}'. This will become an error in Python 3.15."
            );
            vm.warn(vm.exceptions.DeprecationWarning, &message)?;
        }
    }
    Ok(())
}

fn reduce(vm: &mut Vm, node: Value) -> PyResult {
    let (class, state) = (Value::object(vm.class_of(node)), vm.instance_dict(node)?);
    let empty = vm.empty_tuple;
    Ok(vm.new_tuple(&[class, empty, state]))
}

fn replace(vm: &mut Vm, node: Value, changes: Keywords) -> PyResult {
    let (class, known) = (Value::object(vm.class_of(node)), fields_of(vm, node)?);
    let places = class_attribute(vm, node, "_attributes")?.unwrap_or(vm.empty_tuple);
    let mut at = 0;
    while let Some((index, entry)) = vm.table(changes.value()).next_entry(at) {
        at = index + 1;
        if !vm.contains(known, entry.key)? && !vm.contains(places, entry.key)? {
            let (name, field) = (vm.class_name(node), vm.string_of(entry.key));
            let message = format!("{name}.__replace__ got an unexpected keyword argument '{field}'.");
            return Err(vm.raise_type(&message));
        }
    }
    let fields = vm.new_dict();
    let own = vm.instance_dict(node)?;
    vm.dict_merge(fields, own)?;
    vm.dict_merge(fields, changes.value())?;
    let empty = vm.empty_tuple;
    vm.call_expanded(class, empty, fields)
}

/// How deep a tree is shown.
const DEPTH: usize = 3;

fn write_repr(vm: &mut Vm, out: &mut Text, node: Value) -> PyResult<()> {
    write_node(vm, out, node, DEPTH)
}

fn is_node(vm: &mut Vm, value: Value) -> bool {
    let root = vm.type_of_spec(&AST);
    vm.is_instance(value, root)
}

fn write_node(vm: &mut Vm, out: &mut Text, node: Value, depth: usize) -> PyResult<()> {
    let name = vm.class_name(node);
    let fields = fields_of(vm, node)?;
    out.push_str(&name);
    if depth == 0 {
        out.push_str("(...)");
        return Ok(());
    }
    out.push('(' as u32);
    let iterator = vm.get_iter(fields)?;
    let mut is_first = true;
    while let Some(field) = vm.iter_next(iterator)? {
        let Some(value) = vm.get_attr_opt(node, field)? else { continue };
        if !std::mem::take(&mut is_first) {
            out.push_str(", ");
        }
        out.push_str(&vm.string_of(field));
        out.push('=' as u32);
        write_field(vm, out, value, depth.saturating_sub(1))?;
    }
    out.push(')' as u32);
    Ok(())
}

/// A field's value; of a list the first and the last item.
fn write_field(vm: &mut Vm, out: &mut Text, value: Value, depth: usize) -> PyResult<()> {
    if is_node(vm, value) {
        return write_node(vm, out, value, depth);
    }
    if !vm.is_a::<ListObject>(value) && !vm.is_a::<TupleObject>(value) {
        return vm.write_repr(out, value);
    }
    let is_list = vm.is_a::<ListObject>(value);
    out.push_str(if is_list { "[" } else { "(" });
    let n = vm.len(value)?;
    for at in [0, n.saturating_sub(1)].into_iter().take(n.min(2)) {
        if at > 0 {
            out.push_str(if n > 2 { ", ..., " } else { ", " });
        }
        let index = vm.new_int_from_usize(at);
        let item = vm.get_item(value, index)?;
        if is_node(vm, item) { write_node(vm, out, item, depth)? } else { vm.write_repr(out, item)? }
    }
    out.push_str(if is_list { "]" } else { ")" });
    Ok(())
}
