//! `methodcaller`: what calls a method of its argument.

use super::call::only;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::native::Arguments;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct MethodCaller {
    header: Header,
    name: Value,
    /// A tuple.
    args: Value,
    /// A dict, or unbound.
    keywords: Value,
}

pub static METHOD_CALLER: TypeSpec = TypeSpec {
    name: "methodcaller",
    shown_signature: Some("(name, /, *args, **kwargs)"),
    module: "operator",
    doc: "Calls a method: methodcaller('name', 'date', foo=1)(r) is r.name('date', foo=1).",
    layout: Some(Layout::of::<MethodCaller>(3)),
    slots: Slots { call: slot(call), repr: slot(write_repr), ..Slots::NONE },
    new: Some(method("__new__", "($type, /, *args, **kwargs)", new).doc("Takes the method's name and its arguments.")),
    methods: &[method("__reduce__", "($self, /)", reduce).doc("How to make it again.")],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for MethodCaller {
    const SPEC: &'static TypeSpec = &METHOD_CALLER;
}

fn new(vm: &mut Vm, class: ClassOf<MethodCaller>, args: Rest, keywords: Keywords) -> PyResult {
    let [name, args @ ..] = args.items() else {
        return Err(vm.raise_type("methodcaller needs at least one argument, the method name"));
    };
    if !vm.is_str(*name) {
        return Err(vm.raise_type("method name must be a string"));
    }
    let name = vm.str_exact(*name);
    let name = vm.name_from(name);
    let args = vm.new_tuple(args);
    let keywords = if keywords.is_empty() { Value::UNBOUND } else { keywords.value() };
    vm.new_object(class.class, |header| MethodCaller { header, name, args, keywords })
}

fn call(vm: &mut Vm, this: This<MethodCaller>, arguments: Arguments<'_>) -> PyResult {
    // Unlike its siblings it counts first.
    let counted = Arguments::positional(&arguments.values[..arguments.n_positional()]);
    let owner = only(vm, "methodcaller", counted)?;
    only(vm, "methodcaller", arguments)?;
    let method = vm.get_attr(owner, this.name)?;
    if this.keywords.is_unbound() {
        return vm.call(method, vm.tuple_items(this.args));
    }
    vm.call_expanded(method, this.args, this.keywords)
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<MethodCaller>) -> PyResult<()> {
    vm.write_container(out, this.value(), "operator.methodcaller(...)", |vm, out| {
        out.push_str("operator.methodcaller(");
        vm.write_repr(out, this.name)?;
        for &argument in vm.tuple_items(this.args) {
            out.push_str(", ");
            vm.write_repr(out, argument)?;
        }
        let mut at = 0;
        while !this.keywords.is_unbound()
            && let Some((index, entry)) = vm.table(this.keywords).next_entry(at)
        {
            at = index + 1;
            out.push_str(", ");
            out.push_view(vm.str_of(entry.key).view());
            out.push('=' as u32);
            vm.write_repr(out, entry.value)?;
        }
        out.push(')' as u32);
        Ok(())
    })
}

fn reduce(vm: &mut Vm, this: This<MethodCaller>) -> PyResult {
    let class = Value::object(vm.class_of(this.value()));
    if this.keywords.is_unbound() {
        let named = vm.new_list(&[this.name])?;
        vm.list_extend(named, this.args)?;
        let arguments = vm.list_to_tuple(named)?;
        return Ok(vm.new_tuple(&[class, arguments]));
    }
    let functools = vm.import_dotted("functools")?;
    let name = vm.intern("partial");
    let partial = vm.get_attr(functools, name)?;
    let bound = vm.new_tuple(&[class, this.name]);
    let constructor = vm.call_expanded(partial, bound, this.keywords)?;
    Ok(vm.new_tuple(&[constructor, this.args]))
}
