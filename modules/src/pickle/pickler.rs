//! `Pickler`, `dump` and `dumps`.

use super::memo::Memo;
use super::opcode::{DEFAULT_PROTOCOL, HIGHEST_PROTOCOL, PROTO, STOP};
use super::output::Output;
use super::{Kind, raise};
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::{DictObject, ListObject, TupleObject, TypeObject};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::{DICT_GETTER, GetSetRow, Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Pickler {
    header: Header,
    /// The file's method, or None.
    write: Value,
    /// The objects of the memo by their places: a list.
    pub kept: Value,
    /// None: that of `copyreg`.
    pub dispatch_table: Value,
    pub buffer_callback: Value,
    /// What objects are asked for before anything else, while it is at work; or None.
    pub persistent_id: Value,
    pub reducer_override: Value,
    pub protocol: i64,
    pub is_fast: bool,
    pub fixes_imports: bool,
    has_dispatch_table: bool,
    is_initialized: bool,
    is_at_work: bool,
    /// No program sees it: it has what its type gives it.
    is_hidden: bool,
    pub memo: Memo,
    pub out: Output,
}

pub type ThisPickler = This<Pickler>;

pub static PICKLER: TypeSpec = TypeSpec {
    name: "Pickler",
    module: "_pickle",
    doc: "Writes objects to a file.",
    layout: Some(Layout::of::<Pickler>(6).finalized_by(|object| {
        // SAFETY: a dead object, which has for itself what lies outside of the heap.
        unsafe {
            let this = object.cast::<Pickler>();
            (*this).memo = Memo::default();
            (*this).out = Output::default();
        }
    })),
    is_base: true,
    has_dict: true,
    new: Some(method("__new__", "($type, /, *args, **kwargs)", new).doc("One that is yet to be made ready.")),
    methods: METHODS,
    getters: GETTERS,
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Pickler {
    const SPEC: &'static TypeSpec = &PICKLER;
}

const METHODS: &[NativeRow] = &[
    method(
        "__init__",
        "($self, file, protocol=None, fix_imports=True, buffer_callback=None)",
        |vm: &mut Vm,
         this: ThisPickler,
         file: Value,
         protocol: Option<Value>,
         fixes: Option<bool>,
         callback: Option<Value>| {
            let name = vm.intern("write");
            let Some(write) = vm.get_attr_opt(file, name)? else {
                return Err(vm.raise_type("file must have a 'write' attribute"));
            };
            set_up(vm, this, write, protocol, fixes, callback)
        },
    )
    .doc("Makes it ready for a file."),
    method("dump", "($self, obj, /)", |vm: &mut Vm, this: ThisPickler, object: Value| -> PyResult<()> {
        if !this.is_initialized {
            let class = vm.class_name(this.value());
            let message = format!("Pickler.__init__() was not called by {class}.__init__()");
            return Err(raise(vm, Kind::Pickling, &message));
        }
        dump(vm, this, object)?;
        let data = vm.new_bytes(&this.out.bytes)?;
        vm.call(this.write, &[data]).map(|_| ())
    })
    .doc("Writes an object."),
    method("clear_memo", "($self, /)", |vm: &mut Vm, this: ThisPickler| clear_memo(vm, this))
        .doc("What was written is forgotten."),
    method("persistent_id", "($self, obj, /)", |_: ThisPickler, _: Value| ())
        .doc("What an object is known by elsewhere, or None; for classes that derive from it."),
];

const GETTERS: &[GetSetRow] = &[
    DICT_GETTER,
    field("bin", |this: ThisPickler| i64::from(this.protocol > 0)).doc("Is it no text?"),
    field("fast", |this: ThisPickler| i64::from(this.is_fast))
        .set_by(|vm: &mut Vm, mut this: ThisPickler, value: Option<Value>| {
            this.is_fast = match value {
                Some(value) => vm.index_i64(value)? != 0,
                None => return Err(vm.raise_type("can't delete numeric/char attribute")),
            };
            Ok(())
        })
        .doc("Is nothing remembered? Then objects may not refer to themselves."),
    field("dispatch_table", |vm: &mut Vm, this: ThisPickler| -> PyResult {
        if this.has_dispatch_table {
            return Ok(this.dispatch_table);
        }
        Err(vm.raise_attribute("dispatch_table"))
    })
    .set_by(|vm: &mut Vm, mut this: ThisPickler, value: Option<Value>| {
        this.has_dispatch_table = value.is_some();
        this.dispatch_table = value.unwrap_or(Value::NONE);
        vm.barrier(this.pointer());
        Ok(())
    })
    .doc("Functions that tell how objects of classes are made, by class."),
    field("memo", |vm: &mut Vm, this: ThisPickler| -> PyResult {
        let memo = vm.new_dict();
        for &object in vm.items_of(this.kept) {
            let place = vm.new_int_from_usize(this.memo.get(object).unwrap_or_default());
            let row = vm.new_tuple(&[place, object]);
            let id = vm.new_int_from_u64(object.0);
            vm.dict_set(memo, id, row)?;
        }
        Ok(memo)
    })
    .set_by(|vm: &mut Vm, mut this: ThisPickler, value: Option<Value>| {
        let Some(value) = value.filter(|&value| vm.is_a::<DictObject>(value)) else {
            return Err(vm.raise_type("'memo' attribute must be a PicklerMemoProxy object or dict"));
        };
        clear_memo(vm, this)?;
        let mut at = 0;
        while let Some((index, entry)) = vm.table(value).next_entry(at) {
            at = index + 1;
            if !vm.is_a::<TupleObject>(entry.value) || vm.tuple_items(entry.value).len() != 2 {
                return Err(vm.raise_type("'memo' values must be 2-item tuples"));
            }
            let [place, object] = vm.unpack_pair(entry.value)?;
            let place = vm.index_i64(place)? as usize;
            this.memo.insert(object, place);
            vm.list_push(this.kept.as_ptr(), object)?;
        }
        Ok(())
    })
    .doc("What was written, by the numbers of the objects."),
];

fn new(vm: &mut Vm, class: ClassOf<Pickler>, _: Rest, _: Keywords) -> PyResult {
    blank(vm, class.class)
}

/// One that is yet to be made ready.
fn blank(vm: &mut Vm, class: *mut TypeObject) -> PyResult {
    let kept = vm.new_list(&[])?;
    vm.new_object(class, |header| Pickler {
        header,
        write: Value::NONE,
        kept,
        dispatch_table: Value::NONE,
        buffer_callback: Value::NONE,
        persistent_id: Value::NONE,
        reducer_override: Value::NONE,
        protocol: DEFAULT_PROTOCOL,
        is_fast: false,
        fixes_imports: true,
        has_dispatch_table: false,
        is_initialized: false,
        is_at_work: false,
        is_hidden: false,
        memo: Memo::default(),
        out: Output::default(),
    })
}

fn set_up(
    vm: &mut Vm,
    mut this: ThisPickler,
    write: Value,
    protocol: Option<Value>,
    fixes_imports: Option<bool>,
    callback: Option<Value>,
) -> PyResult<()> {
    let is_given = |value: &Value| !value.is_none();
    this.protocol = match protocol.filter(is_given) {
        None => DEFAULT_PROTOCOL,
        Some(protocol) => {
            let index = vm.index(protocol)?;
            let negative = vm.less_than(index, Value::small_int(0))?;
            match vm.int_to_i64(index) {
                _ if negative => HIGHEST_PROTOCOL,
                Some(protocol) if protocol <= HIGHEST_PROTOCOL => protocol,
                _ => return Err(vm.raise_value(&format!("pickle protocol must be <= {HIGHEST_PROTOCOL}"))),
            }
        }
    };
    let callback = callback.filter(is_given);
    if callback.is_some() && this.protocol < 5 {
        return Err(vm.raise_value("buffer_callback needs protocol >= 5"));
    }
    this.write = write;
    this.buffer_callback = callback.unwrap_or(Value::NONE);
    this.fixes_imports = fixes_imports.unwrap_or(true) && this.protocol < 3;
    this.is_fast = false;
    clear_memo(vm, this)?;
    vm.barrier(this.pointer());
    let name = vm.intern("dispatch_table");
    if !this.has_dispatch_table
        && let Some(table) = own_attribute(vm, this, name)?
    {
        this.dispatch_table = table;
        this.has_dispatch_table = true;
        vm.barrier(this.pointer());
    }
    this.is_initialized = true;
    Ok(())
}

/// An attribute that a class which derives from it, or the object itself, gave another meaning.
pub fn own_attribute(vm: &mut Vm, this: ThisPickler, name: Value) -> PyResult<Option<Value>> {
    if this.is_hidden {
        return Ok(None);
    }
    let base = vm.type_of_spec(&PICKLER);
    let (base, class) = (vm.class_lookup(base, name), vm.class_of(this.value()));
    let found = vm.class_lookup(class, name);
    if found == base && vm.own_attribute(this.value(), name).is_none() {
        return Ok(None);
    }
    vm.get_attr_opt(this.value(), name)
}

fn clear_memo(vm: &mut Vm, mut this: ThisPickler) -> PyResult<()> {
    this.memo.clear();
    let kept = vm.new_list(&[])?;
    this.kept = kept;
    vm.barrier(this.pointer());
    Ok(())
}

/// Writes an object to `out`.
fn dump(vm: &mut Vm, mut this: ThisPickler, object: Value) -> PyResult<()> {
    if this.is_at_work {
        return Err(vm.raise_runtime("Pickler object is already being used"));
    }
    if !this.is_hidden {
        let name = vm.intern("persistent_id");
        this.persistent_id = own_attribute(vm, this, name)?.unwrap_or(Value::NONE);
        let name = vm.intern("reducer_override");
        this.reducer_override = vm.get_attr_opt(this.value(), name)?.unwrap_or(Value::NONE);
        vm.barrier(this.pointer());
    }
    this.out.start(false);
    if this.protocol >= 2 {
        let version = [PROTO, this.protocol as u8];
        this.out.write(&version);
        if this.protocol >= 4 {
            let start = std::mem::take(&mut this.out.bytes);
            this.out.start(true);
            this.out.bytes = start;
        }
    }
    this.is_at_work = true;
    let result = super::save::save(vm, this, object, true);
    this.is_at_work = false;
    this.persistent_id = Value::NONE;
    this.reducer_override = Value::NONE;
    result?;
    this.out.byte(STOP);
    this.out.finish();
    Ok(())
}

/// A pickler that no program sees.
fn hidden(
    vm: &mut Vm,
    write: Value,
    protocol: Option<Value>,
    fixes_imports: Option<bool>,
    callback: Option<Value>,
) -> PyResult<ThisPickler> {
    let class = vm.type_of_spec(&PICKLER);
    let made = blank(vm, class)?;
    let mut this = ThisPickler::expect(vm, made);
    this.is_hidden = true;
    (this.memo, this.out.bytes) = std::mem::take(&mut super::state(vm).spare);
    set_up(vm, this, write, protocol, fixes_imports, callback)?;
    Ok(this)
}

/// The memory outside of the heap of one that is done is for the next one, unless there is much of it.
fn give_back(vm: &mut Vm, mut this: ThisPickler) {
    const MANY_BYTES: usize = 16 << 10;
    let (memo, bytes) = (std::mem::take(&mut this.memo), std::mem::take(&mut this.out.bytes));
    if memo.size_bytes() <= MANY_BYTES && bytes.capacity() <= MANY_BYTES {
        super::state(vm).spare = (memo, bytes);
    }
}

pub fn dumps(
    vm: &mut Vm,
    object: Value,
    protocol: Option<Value>,
    fixes_imports: Option<bool>,
    callback: Option<Value>,
) -> PyResult {
    let this = hidden(vm, Value::NONE, protocol, fixes_imports, callback)?;
    let result = dump(vm, this, object).and_then(|()| vm.new_bytes(&this.out.bytes));
    give_back(vm, this);
    result
}

pub fn dump_to(
    vm: &mut Vm,
    object: Value,
    file: Value,
    protocol: Option<Value>,
    fixes_imports: Option<bool>,
    callback: Option<Value>,
) -> PyResult<()> {
    let name = vm.intern("write");
    let Some(write) = vm.get_attr_opt(file, name)? else {
        return Err(vm.raise_type("file must have a 'write' attribute"));
    };
    let this = hidden(vm, write, protocol, fixes_imports, callback)?;
    dump(vm, this, object)?;
    let data = vm.new_bytes(&this.out.bytes)?;
    vm.call(write, &[data]).map(|_| ())
}

impl Pickler {
    /// Remembers an object that was just written.
    pub fn memoize(mut this: ThisPickler, vm: &mut Vm, object: Value) -> PyResult<()> {
        use super::opcode::{BINPUT, LONG_BINPUT, MEMOIZE, PUT};
        if this.is_fast {
            return Ok(());
        }
        let place = this.memo.len();
        this.memo.insert(object, place);
        let kept: *mut ListObject = this.kept.as_ptr();
        vm.list_push(kept, object)?;
        if this.protocol >= 4 {
            this.out.byte(MEMOIZE);
        } else if this.protocol == 0 {
            let text = format!("{}{place}\n", PUT as char);
            this.out.write(text.as_bytes());
        } else if place < 256 {
            this.out.write(&[BINPUT, place as u8]);
        } else {
            this.out.byte(LONG_BINPUT);
            this.out.write(&(place as u32).to_le_bytes());
        }
        Ok(())
    }

    /// Refers to an object that was remembered.
    pub fn refer(mut this: ThisPickler, place: usize) {
        use super::opcode::{BINGET, GET, LONG_BINGET};
        if this.protocol == 0 {
            let text = format!("{}{place}\n", GET as char);
            this.out.write(text.as_bytes());
        } else if place < 256 {
            this.out.write(&[BINGET, place as u8]);
        } else {
            this.out.byte(LONG_BINGET);
            this.out.write(&(place as u32).to_le_bytes());
        }
    }
}
