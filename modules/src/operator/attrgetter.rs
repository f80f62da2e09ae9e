//! `attrgetter`: what gives attributes of its argument.

use super::call::only;
use stitch_runtime::object::argument::{ClassOf, Rest, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::TupleObject;
use stitch_runtime::object::native::Arguments;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct AttrGetter {
    header: Header,
    /// A tuple of the names as they were given.
    names: Value,
    /// Likewise: interned, and of one with dots a tuple of its parts.
    paths: Value,
}

pub static ATTR_GETTER: TypeSpec = TypeSpec {
    name: "attrgetter",
    module: "operator",
    doc: "Gives an attribute, or a tuple of several: attrgetter('a.b')(r) is r.a.b.",
    layout: Some(Layout::of::<AttrGetter>(2)),
    slots: Slots { call: slot(call), repr: slot(write_repr), ..Slots::NONE },
    new: Some(method("__new__", "($type, attr, /, *attrs)", new).doc("Takes the names, which may have dots.")),
    methods: &[method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<AttrGetter>| {
        let class = Value::object(vm.class_of(this.value()));
        vm.new_tuple(&[class, this.names])
    })
    .doc("How to make it again.")],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for AttrGetter {
    const SPEC: &'static TypeSpec = &ATTR_GETTER;
}

fn new(vm: &mut Vm, class: ClassOf<AttrGetter>, name: Value, more: Rest) -> PyResult {
    let n = 1 + more.items().len();
    let (names, paths) = (vm.new_tuple_of_len(n)?, vm.new_tuple_of_len(n)?);
    for at in 0..n {
        let name = if at == 0 { name } else { more.items()[at - 1] };
        if !vm.is_str(name) {
            return Err(vm.raise_type("attribute name must be a string"));
        }
        vm.tuple_init(names, at, name);
        let path = path_of(vm, name)?;
        vm.tuple_init(paths, at, path);
    }
    vm.new_object(class.class, |header| AttrGetter { header, names, paths })
}

/// A name, or a tuple of the names between dots.
fn path_of(vm: &mut Vm, name: Value) -> PyResult {
    let view = vm.str_of(name).view();
    let dots: Vec<usize> = view.code_points().enumerate().filter(|&(_, c)| c == '.' as u32).map(|(at, _)| at).collect();
    if dots.is_empty() {
        let exact = vm.str_exact(name);
        return Ok(vm.name_from(exact));
    }
    let parts = vm.new_tuple_of_len(dots.len() + 1)?;
    let mut start = 0;
    for (nth, &end) in dots.iter().chain([&view.len()]).enumerate() {
        let part = vm.str_slice(name, start, end);
        let part = vm.name_from(part);
        vm.tuple_init(parts, nth, part);
        start = end + 1;
    }
    Ok(parts)
}

fn follow(vm: &mut Vm, mut owner: Value, path: Value) -> PyResult {
    if !vm.is_exactly::<TupleObject>(path) {
        return vm.get_attr(owner, path);
    }
    for &name in vm.tuple_items(path) {
        owner = vm.get_attr(owner, name)?;
    }
    Ok(owner)
}

fn call(vm: &mut Vm, this: This<AttrGetter>, arguments: Arguments<'_>) -> PyResult {
    let owner = only(vm, "attrgetter", arguments)?;
    let paths = vm.tuple_items(this.paths);
    if let [path] = *paths {
        return follow(vm, owner, path);
    }
    let found = vm.new_tuple_of_len(paths.len())?;
    for (at, &path) in paths.iter().enumerate() {
        let value = follow(vm, owner, path)?;
        vm.tuple_init(found, at, value);
    }
    Ok(found)
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<AttrGetter>) -> PyResult<()> {
    vm.write_parts(out, "operator.attrgetter(", vm.tuple_items(this.names), ")")
}
