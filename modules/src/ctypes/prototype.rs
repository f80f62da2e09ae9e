//! `CFuncPtr`: functions, what they take and give.

use super::call;
use super::callback;
use super::class::{self, METHODS};
use super::data::{CDATA, CData};
use super::error::ARGUMENT_ERROR;
use super::info::{Info, Kind};
use super::out_parameters;
use super::raw;
use stitch_runtime::foreign::Class;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, Str, This, method};
use stitch_runtime::object::class::class_ref;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::{BytesObject, TupleObject, TypeObject};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field, joined};
use stitch_runtime::{PyResult, Value, Vm};

/// `_flags_`: the function is called with the lock held, and may raise.
pub const FLAG_PYTHON_API: u32 = 4;
/// The error number is the program's own while the function runs.
pub const FLAG_USE_ERRNO: u32 = 8;

/// What a function has that its class says otherwise, or not at all; unbound: nothing.
#[repr(C)]
pub struct Function {
    header: Header,
    argtypes: Value,
    converters: Value,
    restype: Value,
    check: Value,
    pub errcheck: Value,
    /// What a function made of a Python function calls.
    callable: Value,
    pub parameter_flags: Value,
}

static FUNCTION_PART: TypeSpec = TypeSpec {
    name: "function part",
    module: "_ctypes",
    doc: "What a function has of its own.",
    layout: Some(Layout::of::<Function>(7)),
    is_part: true,
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; nothing derives from the type.
unsafe impl Object for Function {
    const SPEC: &'static TypeSpec = &FUNCTION_PART;
}

pub static FUNCTION: TypeSpec = TypeSpec {
    name: "CFuncPtr",
    module: "_ctypes",
    doc: "A function of another language.",
    base: Some(&CDATA),
    metaclass: Some(&class::FUNCTION_TYPE),
    is_base: true,
    is_weakly_referable: true,
    slots: Slots {
        call: Some(call::call),
        truth: Some(|vm, value| Ok(CData::at(vm, value).pointer_in() != 0)),
        repr: Some(|vm, out, value| {
            let name = vm.type_name(vm.class_of(value));
            out.push_str(&format!("<{name} object at {:#x}>", value.0));
            Ok(())
        }),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, /, *args, **kwargs)", new)
            .doc("A function by its address, by its name in a library, or of Python."),
    ),
    methods: &[method("__init__", "($self, /, *args, **kwargs)", |_: This<CData>, _: Rest, _: Keywords| ())
        .doc("Does nothing: the function is made already.")],
    getters: &[
        field("restype", |vm: &mut Vm, this: This<CData>| {
            let restype = Signature::of(vm, this).restype;
            if restype.is_unbound() { Value::NONE } else { restype }
        })
        .set_by(set_restype)
        .doc("The type of the result; None: there is none."),
        field("argtypes", |vm: &mut Vm, this: This<CData>| {
            let argtypes = Signature::of(vm, this).argtypes;
            if argtypes.is_unbound() { Value::NONE } else { argtypes }
        })
        .set_by(set_argtypes)
        .doc("The types of the arguments; None: any."),
        field("errcheck", |vm: &mut Vm, this: This<CData>| {
            let errcheck = Function::at(vm, this).errcheck;
            if errcheck.is_unbound() { Value::NONE } else { errcheck }
        })
        .set_by(set_errcheck)
        .doc("What is called with each result."),
    ],
    ..TypeSpec::NEW
};

pub const CLASS_METHODS: &[NativeRow] = &{
    const INIT: [NativeRow; 1] = [method("__init__", "($self, /, *args, **kwargs)", init_class)
        .doc("Makes the class one of functions with such arguments and result.")];
    joined::<NativeRow, 5, 1, 6>(METHODS, INIT)
};

impl Function {
    fn at(vm: &Vm, this: This<CData>) -> This<Function> {
        This::expect(vm, this.extra)
    }
}

/// What is to be known for a call.
pub struct Signature {
    /// Tuples, or unbound.
    pub argtypes: Value,
    pub converters: Value,
    pub restype: Value,
    /// `_check_retval_` of the restype, or unbound.
    pub check: Value,
    pub errcheck: Value,
    pub parameter_flags: Value,
    pub flags: u32,
}

impl Signature {
    pub fn of(vm: &mut Vm, this: This<CData>) -> Signature {
        let (own, info) = (Function::at(vm, this), CData::info(vm, this));
        let or = |own: Value, class: Value| if own.is_unbound() { class } else { own };
        Signature {
            argtypes: or(own.argtypes, info.argtypes),
            converters: or(own.converters, info.converters),
            restype: or(own.restype, info.restype),
            check: own.check,
            errcheck: own.errcheck,
            parameter_flags: own.parameter_flags,
            flags: info.flags,
        }
    }
}

fn init_class(vm: &mut Vm, class: This<TypeObject>, _: Rest, _: Keywords) -> PyResult<()> {
    let class = class.value();
    let flags = class::attribute(vm, class, "_flags_")?.filter(|&flags| vm.is_int_like(flags));
    let Some(flags) = flags.and_then(|flags| vm.int_to_i64(flags)) else {
        return Err(vm.raise_type("class must define _flags_ which must be an integer"));
    };
    let mut info = Info::new(vm, class, Kind::Function)?;
    (info.size, info.align, info.length, info.has_pointer) = (8, 8, 1, true);
    info.note(Class::General, 0, 8);
    info.flags = flags as u32;
    Info::set_format(vm, info, "X{}");
    if let Some(argtypes) = class::attribute(vm, class, "_argtypes_")?.filter(|types| !types.is_none()) {
        if !is_sequence(vm, argtypes) {
            return Err(vm.raise_type("_argtypes_ must be a sequence of types"));
        }
        let argtypes = vm.collect_tuple(argtypes)?;
        let converters = converters_of(vm, argtypes)?;
        (info.argtypes, info.converters) = (argtypes, converters);
        vm.barrier(info.pointer());
    }
    if let Some(restype) = class::attribute(vm, class, "_restype_")? {
        if !is_restype(vm, restype) {
            return Err(vm.raise_type("_restype_ must be a type, a callable, or None"));
        }
        info.restype = restype;
        vm.barrier(info.pointer());
    }
    Ok(())
}

fn is_restype(vm: &Vm, restype: Value) -> bool {
    restype.is_none() || Info::of_class(vm, restype).is_some() || vm.is_callable(restype)
}

fn is_sequence(vm: &Vm, types: Value) -> bool {
    vm.is_a::<TupleObject>(types) || vm.slots_of(types).iter.is_some() || vm.slots_of(types).get_item.is_some()
}

/// What turns arguments into what is passed: a class itself where it does so without asking Python code.
fn converters_of(vm: &mut Vm, argtypes: Value) -> PyResult {
    let from_param = vm.intern("from_param");
    let n_types = vm.tuple_items(argtypes).len();
    if n_types > call::MAX_ARGUMENTS {
        let class = vm.type_of_spec(&ARGUMENT_ERROR);
        let most = call::MAX_ARGUMENTS;
        return Err(vm.raise(class, &format!("_argtypes_ has too many arguments ({n_types}), maximum is {most}")));
    }
    let list = vm.new_list(&[])?;
    let mut i = 0;
    while let Some(&class) = vm.tuple_items(argtypes).get(i) {
        i += 1;
        let Some(found) = vm.get_attr_opt(class, from_param)? else {
            return Err(vm.raise_type(&format!("item {i} in _argtypes_ has no from_param method")));
        };
        let converter = if is_native(vm, class, from_param) { class } else { found };
        vm.list_push(list.as_ptr(), converter)?;
    }
    vm.collect_tuple(list)
}

/// Is the `from_param` of a class the one that it has from the start?
fn is_native(vm: &mut Vm, class: Value, from_param: Value) -> bool {
    let Some(info) = Info::of_class(vm, class) else { return false };
    let spec = match info.kind {
        Kind::Simple => &class::SIMPLE_TYPE,
        Kind::Structure => &class::STRUCTURE_TYPE,
        Kind::Union => &class::UNION_TYPE,
        Kind::Array => &class::ARRAY_TYPE,
        Kind::Pointer => &class::POINTER_TYPE,
        Kind::Function => &class::FUNCTION_TYPE,
    };
    let metaclass = vm.type_of_spec(spec);
    let native = vm.dict_get_name(class_ref(metaclass).dict, from_param);
    let found = vm.class_lookup(vm.class_of(class), from_param);
    vm.class_lookup(class.as_ptr(), from_param).is_none() && found == native
}

fn new_function(vm: &mut Vm, class: Value) -> PyResult<This<CData>> {
    let info = Info::expect_of(vm, class)?;
    let this = CData::new(vm, class, info)?;
    if !info.restype.is_unbound() {
        note_check(vm, this, info.restype)?;
    }
    Ok(this)
}

/// Gives a fresh function a place for what it has of its own.
pub fn add_part(vm: &mut Vm, mut this: This<CData>) -> PyResult<()> {
    let own = vm.type_of_spec(&FUNCTION_PART);
    let part = vm.new_object(own, |header| Function {
        header,
        argtypes: Value::UNBOUND,
        converters: Value::UNBOUND,
        restype: Value::UNBOUND,
        check: Value::UNBOUND,
        errcheck: Value::UNBOUND,
        callable: Value::UNBOUND,
        parameter_flags: Value::UNBOUND,
    })?;
    this.extra = part;
    vm.barrier(this.pointer());
    Ok(())
}

fn new(vm: &mut Vm, class: ClassOf<CData>, args: Rest, _: Keywords) -> PyResult {
    let class = Value::object(class.class);
    match *args.items() {
        [] => Ok(new_function(vm, class)?.value()),
        [first, ref rest @ ..] if rest.len() <= 1 && This::<TupleObject>::of(vm, first).is_some() => {
            of_library(vm, class, first, rest.first().copied())
        }
        [address] if vm.is_int_like(address) => {
            let address = super::code::integer_bits(vm, address)?;
            let this = new_function(vm, class)?;
            raw::write(this.address, address);
            Ok(this.value())
        }
        [callable] => of_callable(vm, class, callable),
        ref many => {
            let message = format!("function takes exactly 1 argument ({} given)", many.len());
            Err(vm.raise_type(&message))
        }
    }
}

fn of_callable(vm: &mut Vm, class: Value, callable: Value) -> PyResult {
    if !vm.is_callable(callable) {
        return Err(vm.raise_type("argument must be callable or integer function address"));
    }
    let info = Info::expect_of(vm, class)?;
    if info.argtypes.is_unbound() {
        return Err(vm.raise_type("cannot construct instance of this class: no argtypes"));
    }
    let this = new_function(vm, class)?;
    let entry = callback::Callback::new(vm, callable, info)?;
    raw::write(this.address, entry.address);
    let mut function = Function::at(vm, this);
    function.callable = callable;
    vm.barrier(function.pointer());
    CData::keep(vm, this, 0, entry.value())?;
    Ok(this.value())
}

fn of_library(vm: &mut Vm, class: Value, place: Value, parameter_flags: Option<Value>) -> PyResult {
    let &[name, dll] = vm.tuple_items(place) else {
        return Err(vm.raise_type("illegal func_spec argument"));
    };
    vm.audit("ctypes.dlsym", |vm| vm.new_tuple(&[dll, name]))?;
    let name = match This::<BytesObject>::of(vm, name) {
        Some(bytes) => vm.str_from_latin1(bytes.data()),
        None => name,
    };
    let Some(name) = Str::of(vm, name) else {
        return Err(vm.raise_type("function name must be string, bytes object or integer"));
    };
    let handle = class::handle_of(vm, dll)?;
    let address = match class::find_symbol(vm, handle, name)? {
        Ok(address) => address,
        Err(message) => {
            let message = match message.is_empty() {
                true => format!("function '{}' not found", name.text()),
                false => String::from_utf8_lossy(&message).into_owned(),
            };
            return Err(vm.raise_attribute(&message));
        }
    };
    let info = Info::expect_of(vm, class)?;
    let parameter_flags = parameter_flags.filter(|flags| !flags.is_none());
    if let Some(flags) = parameter_flags {
        out_parameters::check(vm, flags, info.argtypes)?;
    }
    let this = new_function(vm, class)?;
    raw::write(this.address, address);
    let mut function = Function::at(vm, this);
    function.parameter_flags = parameter_flags.unwrap_or(Value::UNBOUND);
    vm.barrier(function.pointer());
    CData::keep(vm, this, 0, dll)?;
    Ok(this.value())
}

/// Looks whether results are checked by the class that they are of.
fn note_check(vm: &mut Vm, this: This<CData>, restype: Value) -> PyResult<()> {
    let check = if restype.is_none() { None } else { class::attribute(vm, restype, "_check_retval_")? };
    let mut function = Function::at(vm, this);
    function.check = check.unwrap_or(Value::UNBOUND);
    vm.barrier(function.pointer());
    Ok(())
}

fn set_restype(vm: &mut Vm, this: This<CData>, restype: Option<Value>) -> PyResult<()> {
    if let Some(restype) = restype {
        if !is_restype(vm, restype) {
            return Err(vm.raise_type("restype must be a type, a callable, or None"));
        }
        note_check(vm, this, restype)?;
    }
    let mut function = Function::at(vm, this);
    function.restype = restype.unwrap_or(Value::UNBOUND);
    if restype.is_none() {
        function.check = Value::UNBOUND;
    }
    vm.barrier(function.pointer());
    Ok(())
}

fn set_argtypes(vm: &mut Vm, this: This<CData>, argtypes: Option<Value>) -> PyResult<()> {
    let (argtypes, converters) = match argtypes.filter(|types| !types.is_none()) {
        None => (Value::UNBOUND, Value::UNBOUND),
        Some(types) => {
            if !is_sequence(vm, types) {
                return Err(vm.raise_type("_argtypes_ must be a sequence of types"));
            }
            let argtypes = vm.collect_tuple(types)?;
            let converters = converters_of(vm, argtypes)?;
            let flags = Function::at(vm, this).parameter_flags;
            if !flags.is_unbound() {
                out_parameters::check(vm, flags, argtypes)?;
            }
            (argtypes, converters)
        }
    };
    let mut function = Function::at(vm, this);
    (function.argtypes, function.converters) = (argtypes, converters);
    vm.barrier(function.pointer());
    Ok(())
}

fn set_errcheck(vm: &mut Vm, this: This<CData>, errcheck: Option<Value>) -> PyResult<()> {
    if errcheck.is_some_and(|errcheck| !vm.is_callable(errcheck)) {
        return Err(vm.raise_type("the errcheck attribute must be callable"));
    }
    let mut function = Function::at(vm, this);
    function.errcheck = errcheck.unwrap_or(Value::UNBOUND);
    vm.barrier(function.pointer());
    Ok(())
}
