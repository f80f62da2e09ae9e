//! `Structure` and `Union`: fields one behind the other, or in one place. Where they lie the library's `ctypes._layout` says.

use super::class::{self, METHODS};
use super::data::{CDATA, CData};
use super::field::{self, Field};
use super::info::{Info, Kind};
use super::simple::new_data;
use stitch_runtime::foreign::Class;
use stitch_runtime::object::argument::{Keywords, Rest, Str, This, method};
use stitch_runtime::object::class::class_ref;
use stitch_runtime::object::layout::{ListObject, TypeObject};
use stitch_runtime::object::native::{Arguments, NativeRow};
use stitch_runtime::object::spec::{TypeSpec, joined};
use stitch_runtime::{PyResult, Value, Vm};

pub static STRUCTURE: TypeSpec =
    TypeSpec { metaclass: Some(&class::STRUCTURE_TYPE), ..aggregate("Structure", "Fields one behind the other.") };
pub static UNION: TypeSpec =
    TypeSpec { metaclass: Some(&class::UNION_TYPE), ..aggregate("Union", "Fields in one place.") };

const fn aggregate(name: &'static str, doc: &'static str) -> TypeSpec {
    TypeSpec {
        name,
        module: "_ctypes",
        doc,
        base: Some(&CDATA),
        is_base: true,
        is_weakly_referable: true,
        new: Some(method("__new__", "($type, /, *args, **kwargs)", new_data).doc("A new object of zeros.")),
        methods: INSTANCE_METHODS,
        ..TypeSpec::NEW
    }
}

const INSTANCE_METHODS: &[NativeRow] =
    &[method("__init__", "($self, /, *args, **kwargs)", init).doc("Takes values of fields.")];

pub const CLASS_METHODS: &[NativeRow] = &{
    const INIT: [NativeRow; 1] = [method("__init__", "($self, /, *args, **kwargs)", init_structure)
        .doc("Gives the class the fields that it says.")];
    joined::<NativeRow, 5, 1, 6>(METHODS, INIT)
};
pub const UNION_CLASS_METHODS: &[NativeRow] = &{
    const INIT: [NativeRow; 1] =
        [method("__init__", "($self, /, *args, **kwargs)", init_union).doc("Gives the class the fields that it says.")];
    joined::<NativeRow, 5, 1, 6>(METHODS, INIT)
};

fn init_structure(vm: &mut Vm, class: This<TypeObject>, _: Rest, _: Keywords) -> PyResult<()> {
    init_class(vm, class.value(), Kind::Structure)
}

fn init_union(vm: &mut Vm, class: This<TypeObject>, _: Rest, _: Keywords) -> PyResult<()> {
    init_class(vm, class.value(), Kind::Union)
}

fn init_class(vm: &mut Vm, class: Value, kind: Kind) -> PyResult<()> {
    if class::own_attribute(vm, class, "_abstract_").is_some() {
        return Ok(());
    }
    let mut info = Info::new(vm, class, kind)?;
    Info::set_format(vm, info, "B");
    if let Some(mut base) = Info::of_base(vm, class) {
        (info.size, info.align, info.length) = (base.size, base.align, base.length);
        (info.has_pointer, info.format) = (base.has_pointer, base.format);
        (info.parts, info.is_unaligned) = (base.parts, base.is_unaligned);
        vm.barrier(info.pointer());
        base.is_final = true;
    }
    if let Some(fields) = class::own_attribute(vm, class, "_fields_") {
        let name = vm.intern("_fields_");
        vm.set_attr(class, name, fields)?;
    }
    Ok(())
}

/// Sets an attribute of a class; `_fields_` lays it out.
pub fn set_class_attribute(vm: &mut Vm, class: Value, name: Value, value: Option<Value>) -> PyResult<()> {
    if let Some(fields) = value
        && vm.is_str(name)
        && vm.string_of(name) == "_fields_"
    {
        lay_out(vm, class, fields)?;
    }
    vm.class_set_attr(class, name, value)
}

/// A function of the library's `ctypes._layout`.
fn get_layout(vm: &mut Vm) -> PyResult {
    let module = vm.import_dotted("ctypes._layout")?;
    let name = vm.intern("get_layout");
    vm.get_attr(module, name)
}

fn read_count(vm: &mut Vm, layout: Value, name: &str) -> PyResult<usize> {
    let name = vm.intern(name);
    let count = vm.get_attr(layout, name)?;
    let count = vm.index_i64(count)?;
    usize::try_from(count)
        .map_err(|_| vm.raise_value(&format!("{} must be a non-negative integer", vm.string_of(name))))
}

fn lay_out(vm: &mut Vm, class: Value, fields: Value) -> PyResult<()> {
    let Some(mut info) = Info::of_class(vm, class) else {
        return Err(vm.raise_type("ctypes state is not initialized"));
    };
    if info.is_final {
        return Err(vm.raise_attribute("_fields_ is final"));
    }
    let base_info = Info::of_base(vm, class);
    let base = match base_info {
        Some(_) => vm.tuple_items(class_ref(class.as_ptr()).bases)[0],
        None => Value::NONE,
    };
    let function = get_layout(vm)?;
    let (is_struct, base_name) = (vm.intern("is_struct"), vm.intern("base"));
    let names = vm.new_tuple(&[is_struct, base_name]);
    let values = [class, fields, Value::bool(info.kind == Kind::Structure), base];
    let layout = vm.call_with(function, Arguments { values: &values, names })?;
    let (size, align) = (read_count(vm, layout, "size")?, read_count(vm, layout, "align")?);
    let name = vm.intern("format_spec");
    let format = vm.get_attr(layout, name)?;
    let Some(format) = Str::of(vm, format) else { return Err(vm.raise_type("format_spec must be a string")) };
    let name = vm.intern("fields");
    let laid_out = vm.get_attr(layout, name)?;
    let laid_out = vm.collect_tuple(laid_out)?;
    let mut index = 0;
    let n_before = base_info.map_or(0, |base| base.length);
    while let Some(&given) = vm.tuple_items(laid_out).get(index) {
        let Some(field) = This::<Field>::of(vm, given) else {
            let message = format!("fields must be of type CField, got {}", vm.class_name(given));
            return Err(vm.raise_type(&message));
        };
        let Some(mut inner) = Info::of_class(vm, field.class) else {
            let message = format!("second item in _fields_ tuple (index {index}) must be a C type");
            return Err(vm.raise_type(&message));
        };
        inner.is_final = true;
        info.has_pointer |= inner.has_pointer || inner.is_pointer_like();
        match field.bits {
            Some(bits) => {
                let last = (bits.shift + bits.count - 1) / 8;
                info.note(Class::General, field.offset + bits.shift / 8, last + 1 - bits.shift / 8);
            }
            None => info.note_inner(&inner, field.offset),
        }
        vm.class_set_attr(class, field.name, Some(given))?;
        index += 1;
    }
    if info.is_final {
        return Err(vm.raise_attribute("Structure or union cannot contain itself"));
    }
    (info.size, info.align, info.length) = (size, align, n_before + index);
    (info.fields, info.format) = (laid_out, format.value());
    info.is_final = true;
    vm.barrier(info.pointer());
    add_anonymous(vm, class)
}

/// Has the fields of the anonymous ones be the class's, too.
fn add_anonymous(vm: &mut Vm, class: Value) -> PyResult<()> {
    let Some(names) = class::attribute(vm, class, "_anonymous_")? else { return Ok(()) };
    let names = match vm.collect(names) {
        Ok(names) => names,
        Err(_) => {
            vm.clear_exception();
            return Err(vm.raise_type("_anonymous_ must be a sequence"));
        }
    };
    let mut i = 0;
    while let Some(&name) = This::<ListObject>::expect(vm, names).items().get(i) {
        i += 1;
        let found = vm.get_attr(class, name)?;
        let Some(mut found) = This::<Field>::of(vm, found) else {
            let message = format!("'{}' is specified in _anonymous_ but not in _fields_", vm.string_of(name));
            return Err(vm.raise_attribute(&message));
        };
        found.is_anonymous = true;
        field::add_inner(vm, class, found, found.index, found.offset)?;
    }
    Ok(())
}

fn init(vm: &mut Vm, this: This<CData>, args: Rest, keywords: Keywords) -> PyResult<()> {
    let n_given = args.items().len();
    if n_given > 0 {
        let class = vm.class_of(this.value());
        let n_fields = set_in_order(vm, this, class, args, keywords, 0)?;
        if n_fields < n_given {
            return Err(vm.raise_type("too many initializers"));
        }
    }
    if keywords.is_empty() {
        return Ok(());
    }
    let mut at = 0;
    while let Some((index, entry)) = vm.table(keywords.value()).next_entry(at) {
        at = index + 1;
        vm.set_attr(this.value(), entry.key, entry.value)?;
    }
    Ok(())
}

/// Sets fields by position, those of the base first; gives how many fields there are up to the class's last.
fn set_in_order(
    vm: &mut Vm,
    this: This<CData>,
    class: *mut TypeObject,
    args: Rest,
    keywords: Keywords,
    start: usize,
) -> PyResult<usize> {
    vm.check_native_stack()?;
    let base = vm.tuple_items(class_ref(class).bases)[0];
    let mut index = start;
    if Info::of_class(vm, base).is_some() {
        index = set_in_order(vm, this, base.as_ptr(), args, keywords, start)?;
    }
    let Some(info) = Info::of_class(vm, Value::object(class)).filter(|info| !info.fields.is_unbound()) else {
        return Ok(index);
    };
    for (&field, &given) in vm.tuple_items(info.fields).iter().zip(args.items().get(index..).unwrap_or_default()) {
        let name = This::<Field>::expect(vm, field).name;
        if !keywords.is_empty() && vm.dict_contains(keywords.value(), name)? {
            let shown = vm.repr_string(name)?;
            return Err(vm.raise_type(&format!("duplicate values for field {shown}")));
        }
        vm.set_attr(this.value(), name, given)?;
    }
    Ok(info.length)
}
