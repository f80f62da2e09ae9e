//! `_SimpleCData`: one number, character or pointer.

use super::class::{self, METHODS};
use super::code::{Code, LETTERS};
use super::data::{CDATA, CData};
use super::info::{self, Info, Kind};
use stitch_runtime::foreign::Class;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, Str, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::layout::{TupleObject, TypeObject};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::{TypeSpec, field, joined};
use stitch_runtime::{PyResult, Value, Vm};

pub static SIMPLE: TypeSpec = TypeSpec {
    name: "_SimpleCData",
    module: "_ctypes",
    doc: "A number, character or pointer as C has it.",
    base: Some(&CDATA),
    metaclass: Some(&class::SIMPLE_TYPE),
    is_base: true,
    is_weakly_referable: true,
    slots: Slots { repr: Some(write_repr), truth: Some(truth), ..Slots::NONE },
    new: Some(method("__new__", "($type, /, *args, **kwargs)", new_data).doc("A new object of zeros.")),
    methods: &[
        method("__init__", "($self, /, *args, **kwargs)", init).doc("Takes a value."),
        method("__ctypes_from_outparam__", "($self, /)", |vm: &mut Vm, this: This<CData>| -> PyResult {
            let class = super::data::class_of(vm, this.value());
            if info::is_own_class(vm, class) { Ok(this.value()) } else { value(vm, this) }
        })
        .doc("What a call gives for an argument that it has filled."),
    ],
    getters: &[field("value", value).set_by(set_value).doc("The value.")],
    ..TypeSpec::NEW
};

pub const CLASS_METHODS: &[NativeRow] = &{
    const INIT: [NativeRow; 1] =
        [method("__init__", "($self, /, *args, **kwargs)", init_class).doc("Makes the class one of a type code.")];
    joined::<NativeRow, 5, 1, 6>(METHODS, INIT)
};

/// `__new__` of all types of C data.
pub fn new_data(vm: &mut Vm, class: ClassOf<CData>, _: Rest, _: Keywords) -> PyResult {
    let class = Value::object(class.class);
    let info = Info::expect_of(vm, class)?;
    Ok(CData::new(vm, class, info)?.value())
}

fn init(vm: &mut Vm, this: This<CData>, args: Rest, _: Keywords) -> PyResult<()> {
    match *args.items() {
        [] => Ok(()),
        [given] => set_value(vm, this, Some(given)),
        ref many => {
            let message = format!("__init__ expected at most 1 argument, got {}", many.len());
            Err(vm.raise_type(&message))
        }
    }
}

fn value(vm: &mut Vm, this: This<CData>) -> PyResult {
    let info = CData::info(vm, this);
    info::load(vm, info, this.address)
}

fn set_value(vm: &mut Vm, this: This<CData>, value: Option<Value>) -> PyResult<()> {
    let Some(value) = value else { return Err(vm.raise_type("can't delete attribute")) };
    let info = CData::info(vm, this);
    let kept = info::store(vm, info, this.address, value)?;
    CData::keep(vm, this, 0, kept)
}

fn truth(vm: &mut Vm, value: Value) -> PyResult<bool> {
    let this = CData::at(vm, value);
    Ok(super::raw::bytes(this.address, CData::info(vm, this).size).iter().any(|&byte| byte != 0))
}

fn write_repr(vm: &mut Vm, out: &mut Text, object: Value) -> PyResult<()> {
    let class = vm.class_of(object);
    if info::is_own_class(vm, Value::object(class)) {
        let name = vm.type_name(class);
        out.push_str(&format!("<{name} object at {:#x}>", object.0));
        return Ok(());
    }
    let held = value(vm, CData::at(vm, object))?;
    out.push_str(&vm.type_name(class));
    out.push_str("(");
    vm.write_repr(out, held)?;
    out.push_str(")");
    Ok(())
}

/// The code that a class says it has.
fn code_of(vm: &mut Vm, class: Value) -> PyResult<&'static Code> {
    let Some(given) = class::attribute(vm, class, "_type_")? else {
        return Err(vm.raise_attribute("class must define a '_type_' attribute"));
    };
    let Some(text) = Str::of(vm, given) else {
        return Err(vm.raise_type("class must define a '_type_' string attribute"));
    };
    if text.view().len() != 1 {
        return Err(vm.raise_value("class must define a '_type_' attribute which must be a string of length 1"));
    }
    char::from_u32(text.view().at(0)).and_then(Code::of).ok_or_else(|| {
        let message = format!(
            "class must define a '_type_' attribute which must be\na single character string containing one of the\n\
             supported types: '{LETTERS}'."
        );
        vm.raise_attribute(&message)
    })
}

fn init_class(vm: &mut Vm, class: This<TypeObject>, args: Rest, _: Keywords) -> PyResult<()> {
    if args.items().len() != 3 {
        return Err(vm.raise_type("type.__init__() takes 1 or 3 arguments"));
    }
    let own = class.value();
    let code = code_of(vm, own)?;
    fill(vm, own, code, false)?;
    // Classes of metaclasses made in Python have none.
    if vm.class_of(own) == vm.type_of_spec(&class::SIMPLE_TYPE) && code.can_be_swapped() {
        make_swapped(vm, class, code, args)?;
    }
    Ok(())
}

fn fill(vm: &mut Vm, class: Value, code: &'static Code, is_swapped: bool) -> PyResult<()> {
    let mut info = Info::new(vm, class, Kind::Simple)?;
    info.size = code.size;
    info.align = code.align;
    info.code = Some(code);
    info.has_pointer = code.is_pointer();
    info.is_swapped = is_swapped;
    info.is_unaligned = code.is_long_double();
    info.note(if code.is_float() { Class::Float } else { Class::General }, 0, code.size);
    let order = if is_swapped { '>' } else { '<' };
    Info::set_format(vm, info, &format!("{order}{}", code.format));
    Ok(())
}

/// Gives a class its likeness with the bytes in the other order.
fn make_swapped(vm: &mut Vm, class: This<TypeObject>, code: &'static Code, args: Rest) -> PyResult<()> {
    let metaclass = vm.class_of(class.value());
    let &[name, bases, namespace, ..] = args.items() else { return Ok(()) };
    let (Some(name), true) = (Str::of(vm, name), vm.is_a::<TupleObject>(bases)) else {
        return Err(vm.raise_type("type.__init__() takes a name and a tuple of bases"));
    };
    let name = vm.new_str(&format!("{}_be", name.text()));
    let bases = vm.tuple_items(bases);
    let swapped = vm.new_class(metaclass, name, bases, namespace)?;
    let swapped = Value::object(swapped);
    fill(vm, swapped, code, true)?;
    let (little, big) = (vm.intern("__ctype_le__"), vm.intern("__ctype_be__"));
    for (owner, name, value) in [
        (class.value(), little, class.value()),
        (class.value(), big, swapped),
        (swapped, little, class.value()),
        (swapped, big, swapped),
    ] {
        vm.class_set_attr(owner, name, Some(value))?;
    }
    Ok(())
}
