//! `Unpickler`, `load` and `loads`.

use super::load::Loader;
use super::source::{File, Reader, Source};
use super::{Kind, raise};
use stitch_runtime::object::argument::{ClassOf, Keywords, OrNone, Rest, Str, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::{DICT_GETTER, GetSetRow, Layout, Object, TypeSpec, field};
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Unpickler {
    header: Header,
    read: Value,
    readline: Value,
    peek: Value,
    /// Objects by their numbers: a dict.
    pub memo: Value,
    /// An iterator of buffers that lie elsewhere, or None.
    pub buffers: Value,
    pub encoding: Value,
    pub errors: Value,
    pub protocol: i64,
    pub fixes_imports: bool,
    is_initialized: bool,
    is_at_work: bool,
}

pub type ThisUnpickler = This<Unpickler>;

pub static UNPICKLER: TypeSpec = TypeSpec {
    name: "Unpickler",
    module: "_pickle",
    doc: "Reads objects from a file.",
    layout: Some(Layout::of::<Unpickler>(7)),
    is_base: true,
    has_dict: true,
    new: Some(method("__new__", "($type, /, *args, **kwargs)", new).doc("One that is yet to be made ready.")),
    methods: METHODS,
    getters: GETTERS,
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Unpickler {
    const SPEC: &'static TypeSpec = &UNPICKLER;
}

const METHODS: &[NativeRow] = &[
    method(
        "__init__",
        "($self, file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())",
        |vm: &mut Vm,
         this: ThisUnpickler,
         file: Value,
         fixes: Option<bool>,
         encoding: Option<Str>,
         errors: Option<Str>,
         buffers: Option<Value>| { set_up(vm, this, Some(file), fixes, encoding, errors, buffers) },
    )
    .doc("Makes it ready for a file."),
    method("load", "($self, /)", |vm: &mut Vm, this: ThisUnpickler| -> PyResult {
        if !this.is_initialized {
            let class = vm.class_name(this.value());
            let message = format!("Unpickler.__init__() was not called by {class}.__init__()");
            return Err(raise(vm, Kind::Unpickling, &message));
        }
        load(vm, this, Source::File(File::new(this.read, this.readline, this.peek)))
    })
    .doc("Reads an object."),
    method(
        "find_class",
        "($self, module_name, global_name, /)",
        |vm: &mut Vm, this: ThisUnpickler, module: Value, name: Value| super::load::find_class(vm, this, module, name),
    )
    .doc("What is found in a module under a name."),
    method("persistent_load", "($self, pid, /)", |vm: &mut Vm, _: ThisUnpickler, _: Value| -> PyResult {
        let message =
            "A load persistent id instruction was encountered, but no persistent_load function was specified.";
        Err(raise(vm, Kind::Unpickling, message))
    })
    .doc("The object that is known by an id elsewhere; for classes that derive from it."),
];

const GETTERS: &[GetSetRow] = &[
    DICT_GETTER,
    field("memo", |this: ThisUnpickler| this.memo)
        .set_by(|vm: &mut Vm, mut this: ThisUnpickler, value: Option<Value>| {
            let Some(value) = value.filter(|&value| vm.has_layout(value, BuiltinType::Dict)) else {
                return Err(vm.raise_type("'memo' attribute must be an UnpicklerMemoProxy object or dict"));
            };
            let copy = vm.dict_copy(value, BuiltinType::Dict)?;
            this.memo = copy;
            vm.barrier(this.pointer());
            Ok(())
        })
        .doc("What was read, by the numbers of the objects."),
];

fn make(vm: &mut Vm, class: *mut stitch_runtime::object::layout::TypeObject) -> PyResult {
    let memo = vm.new_dict();
    vm.new_object(class, |header| Unpickler {
        header,
        read: Value::NONE,
        readline: Value::NONE,
        peek: Value::NONE,
        memo,
        buffers: Value::NONE,
        encoding: Value::NONE,
        errors: Value::NONE,
        protocol: 0,
        fixes_imports: true,
        is_initialized: false,
        is_at_work: false,
    })
}

fn new(vm: &mut Vm, class: ClassOf<Unpickler>, _: Rest, _: Keywords) -> PyResult {
    make(vm, class.class)
}

fn set_up(
    vm: &mut Vm,
    mut this: ThisUnpickler,
    file: Option<Value>,
    fixes_imports: Option<bool>,
    encoding: Option<Str>,
    errors: Option<Str>,
    buffers: Option<Value>,
) -> PyResult<()> {
    if let Some(file) = file {
        let (read, readline, peek) = (vm.intern("read"), vm.intern("readline"), vm.intern("peek"));
        let peek = vm.get_attr_opt(file, peek)?.unwrap_or(Value::NONE);
        let (read, readline) = (vm.get_attr_opt(file, read)?, vm.get_attr_opt(file, readline)?);
        let (Some(read), Some(readline)) = (read, readline) else {
            return Err(vm.raise_type("file must have 'read' and 'readline' attributes"));
        };
        (this.read, this.readline, this.peek) = (read, readline, peek);
    }
    let buffers = buffers.filter(|buffers| !buffers.is_none());
    this.buffers = match buffers {
        Some(buffers) => vm.get_iter(buffers)?,
        None => Value::NONE,
    };
    this.encoding = match encoding {
        Some(encoding) => encoding.value(),
        None => vm.new_str("ASCII"),
    };
    this.errors = match errors {
        Some(errors) => errors.value(),
        None => vm.new_str("strict"),
    };
    let memo = vm.new_dict();
    this.memo = memo;
    this.fixes_imports = fixes_imports.unwrap_or(true);
    this.protocol = 0;
    this.is_initialized = true;
    vm.barrier(this.pointer());
    Ok(())
}

fn load(vm: &mut Vm, mut this: ThisUnpickler, source: Source<'_>) -> PyResult {
    if this.is_at_work {
        return Err(vm.raise_runtime("Unpickler object is already being used"));
    }
    this.is_at_work = true;
    this.protocol = 0;
    let result = Loader::new(vm, this, Reader::new(source)).and_then(|mut loader| loader.run(vm));
    this.is_at_work = false;
    result
}

/// An attribute that a class which derives from it, or the object itself, gave another meaning.
pub fn own_attribute(vm: &mut Vm, this: ThisUnpickler, name: &str) -> PyResult<Option<Value>> {
    let name = vm.intern(name);
    let base = vm.type_of_spec(&UNPICKLER);
    let (base, class) = (vm.class_lookup(base, name), vm.class_of(this.value()));
    let found = vm.class_lookup(class, name);
    if found == base && vm.own_attribute(this.value(), name).is_none() {
        return Ok(None);
    }
    vm.get_attr_opt(this.value(), name)
}

pub fn loads(
    vm: &mut Vm,
    data: BytesLike,
    fixes_imports: Option<bool>,
    encoding: Option<Str>,
    errors: Option<Str>,
    buffers: OrNone<Value>,
) -> PyResult {
    let class = vm.type_of_spec(&UNPICKLER);
    let made = make(vm, class)?;
    let this = ThisUnpickler::expect(vm, made);
    set_up(vm, this, None, fixes_imports, encoding, errors, buffers.0)?;
    load(vm, this, Source::Memory(&data))
}

pub fn load_from(
    vm: &mut Vm,
    file: Value,
    fixes_imports: Option<bool>,
    encoding: Option<Str>,
    errors: Option<Str>,
    buffers: OrNone<Value>,
) -> PyResult {
    let class = vm.type_of_spec(&UNPICKLER);
    let made = make(vm, class)?;
    let this = ThisUnpickler::expect(vm, made);
    set_up(vm, this, Some(file), fixes_imports, encoding, errors, buffers.0)?;
    load(vm, this, Source::File(File::new(this.read, this.readline, this.peek)))
}
