//! C data: what all its types have in common. Memory, whose it is, and what is kept alive for it.
//!
//! ```text
//!   CData: | header | info | base | objects | memory | extra | address | size | index | small … |
//!                              │                  │              └► small, or the bytes of `memory`, or a place in the base's
//!                              └► the object whose memory it is a part of
//! ```

use super::info::{Info, Kind};
use super::raw;
use std::fmt::Write as _;
use stitch_runtime::object::argument::This;
use stitch_runtime::object::argument::method;
use stitch_runtime::object::buffer::{Dimension, Dimensions, Export, Request};
use stitch_runtime::object::class::class_ref;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::{BytesObject, DictObject, TypeObject};
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

/// What is this small needs no memory of its own.
const SMALL_BYTES: usize = 16;

#[repr(C)]
pub struct CData {
    pub header: Header,
    pub info: Value,
    /// Whose memory it is a part of; unbound: it is its own.
    pub base: Value,
    /// What is kept alive for the memory: unbound, None, a dict by places, or one object.
    pub objects: Value,
    /// The bytes object that the memory lies in, or unbound.
    pub memory: Value,
    /// Of a function: its `Function`; else unbound.
    pub extra: Value,
    pub address: usize,
    pub size: usize,
    /// Where it is in the base: an index of a field or item.
    pub index: usize,
    small: [u64; SMALL_BYTES / 8],
}

pub static CDATA: TypeSpec = TypeSpec {
    name: "_CData",
    module: "_ctypes",
    doc: "What all types of C data have in common.",
    metaclass: Some(&super::class::CTYPE),
    layout: Some(Layout::of::<CData>(5)),
    is_base: true,
    is_weakly_referable: true,
    slots: Slots { buffer: Some(export), hash: Some(|vm, _| Err(vm.raise_type("unhashable type"))), ..Slots::NONE },
    methods: &[
        method("__ctypes_from_outparam__", "($self, /)", |this: This<CData>| this.value())
            .doc("What a call gives for an argument that it has filled."),
        method("__reduce__", "($self, /)", super::pickle::reduce).doc("How to make it again."),
        method("__setstate__", "($self, attributes, data, /)", super::pickle::set_state)
            .doc("Takes the attributes and bytes of another."),
    ],
    getters: &[
        field("_b_base_", |this: This<CData>| or_none(this.base)).doc("The object whose memory it is a part of."),
        field("_b_needsfree_", |this: This<CData>| i64::from(this.owns_memory()))
            .doc("Does the memory belong to the object?"),
        field("_objects", |this: This<CData>| or_none(this.objects)).doc("What is kept alive for the memory."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for CData {
    const SPEC: &'static TypeSpec = &CDATA;
}

fn or_none(value: Value) -> Value {
    if value.is_unbound() { Value::NONE } else { value }
}

impl CData {
    /// The data that a value is; slots and getters of the types get no others.
    pub fn at(vm: &Vm, value: Value) -> This<CData> {
        This::expect(vm, value)
    }

    pub fn info(vm: &Vm, this: This<CData>) -> This<Info> {
        This::expect(vm, this.info)
    }

    pub fn owns_memory(&self) -> bool {
        !self.memory.is_unbound() || self.address == self.small.as_ptr() as usize
    }

    fn bare(vm: &mut Vm, class: Value, info: This<Info>) -> PyResult<This<CData>> {
        let class: *mut TypeObject = class.as_ptr();
        let value = vm.new_object(class, |header| CData {
            header,
            info: info.value(),
            base: Value::UNBOUND,
            objects: Value::UNBOUND,
            memory: Value::UNBOUND,
            extra: Value::UNBOUND,
            address: 0,
            size: info.size,
            index: 0,
            small: [0; SMALL_BYTES / 8],
        })?;
        Ok(This::expect(vm, value))
    }

    /// A new one, of zeros.
    pub fn new(vm: &mut Vm, class: Value, mut info: This<Info>) -> PyResult<This<CData>> {
        info.is_final = true;
        let mut this = CData::bare(vm, class, info)?;
        CData::take_memory(vm, &mut this, info.size)?;
        if info.kind == Kind::Function {
            super::prototype::add_part(vm, this)?;
        }
        Ok(this)
    }

    /// Gives it fresh memory.
    fn take_memory(vm: &mut Vm, this: &mut This<CData>, size: usize) -> PyResult<()> {
        if size <= SMALL_BYTES {
            this.address = this.small.as_ptr() as usize;
        } else {
            let memory = vm.new_raw_storage(size)?;
            this.memory = memory;
            this.address = This::<BytesObject>::expect(vm, memory).data().as_ptr() as usize;
            vm.barrier(this.pointer());
        }
        this.size = size;
        Ok(())
    }

    /// One in memory that somebody else keeps.
    pub fn at_address(vm: &mut Vm, class: Value, address: usize) -> PyResult<This<CData>> {
        let mut info = Info::expect_of(vm, class)?;
        info.is_final = true;
        let mut this = CData::bare(vm, class, info)?;
        this.address = address;
        if info.kind == Kind::Function {
            super::prototype::add_part(vm, this)?;
        }
        Ok(this)
    }

    /// A part of another's memory.
    pub fn within(vm: &mut Vm, class: Value, base: This<CData>, index: usize, address: usize) -> PyResult<This<CData>> {
        let mut this = CData::at_address(vm, class, address)?;
        (this.base, this.index) = (base.value(), index);
        Ok(this)
    }

    /// One with a copy of the bytes at an address.
    pub fn copy_of(vm: &mut Vm, class: Value, address: usize) -> PyResult<This<CData>> {
        let info = Info::expect_of(vm, class)?;
        let this = CData::new(vm, class, info)?;
        raw::copy(this.address, address, info.size);
        Ok(this)
    }

    /// Gives its memory another size; what is in it stays.
    pub fn resize(vm: &mut Vm, mut this: This<CData>, size: usize) -> PyResult<()> {
        let (address, old) = (this.address, this.size);
        if size <= SMALL_BYTES && this.memory.is_unbound() {
            this.size = size;
            return Ok(());
        }
        CData::take_memory(vm, &mut this, size)?;
        raw::copy(this.address, address, old.min(size));
        Ok(())
    }

    pub fn set_objects(vm: &mut Vm, mut this: This<CData>, objects: Value) {
        this.objects = objects;
        vm.barrier(this.pointer());
    }

    /// The object whose memory it is in, at last.
    fn outermost(vm: &Vm, this: This<CData>) -> This<CData> {
        let mut this = this;
        while !this.base.is_unbound() {
            this = CData::at(vm, this.base);
        }
        this
    }

    /// What is kept alive for the memory that it lies in.
    pub fn kept(vm: &mut Vm, this: This<CData>) -> Value {
        let root = CData::outermost(vm, this);
        if root.objects.is_unbound() {
            let has_places = CData::info(vm, root).length > 0;
            let objects = if has_places { vm.new_dict() } else { Value::NONE };
            CData::set_objects(vm, root, objects);
        }
        root.objects
    }

    /// Keeps something alive for what is at an index.
    pub fn keep(vm: &mut Vm, this: This<CData>, index: usize, kept: Value) -> PyResult<()> {
        if kept.is_none() {
            return Ok(());
        }
        let objects = CData::kept(vm, this);
        if !vm.is_exactly::<DictObject>(objects) {
            let root = CData::outermost(vm, this);
            CData::set_objects(vm, root, kept);
            return Ok(());
        }
        let mut key = format!("{index:x}");
        let mut at = this;
        while !at.base.is_unbound() {
            _ = write!(key, ":{:x}", at.index);
            at = CData::at(vm, at.base);
        }
        let key = vm.new_str(&key);
        vm.dict_set(objects, key, kept)
    }

    /// The address that a pointer or function holds.
    pub fn pointer_in(&self) -> usize {
        raw::read(self.address)
    }
}

/// What is read where a class says that there is something.
pub fn get(vm: &mut Vm, class: Value, owner: This<CData>, index: usize, address: usize) -> PyResult {
    let info = Info::expect_of(vm, class)?;
    if info.kind == Kind::Simple && !super::info::is_own_class(vm, class) {
        return super::info::load(vm, info, address);
    }
    Ok(CData::within(vm, class, owner, index, address)?.value())
}

/// Writes a value where a class says that there is something of it, and keeps alive what it needs.
pub fn set(vm: &mut Vm, class: Value, owner: This<CData>, index: usize, address: usize, value: Value) -> PyResult<()> {
    let kept = put(vm, class, address, value)?;
    CData::keep(vm, owner, index, kept)
}

/// As `set`; gives what is to be kept alive.
fn put(vm: &mut Vm, class: Value, address: usize, value: Value) -> PyResult {
    vm.check_native_stack()?;
    let info = Info::expect_of(vm, class)?;
    let Some(data) = This::<CData>::of(vm, value) else {
        if info.kind == Kind::Simple {
            return super::info::store(vm, info, address, value);
        }
        if stitch_runtime::object::argument::This::<stitch_runtime::object::layout::TupleObject>::of(vm, value)
            .is_some()
        {
            let made = vm.call(class, vm.tuple_items(value));
            let made = match made {
                Ok(made) => made,
                Err(_) => {
                    let name = vm.shown_name(class.as_ptr());
                    let error = vm.exceptions.RuntimeError;
                    return Err(super::error::extend(vm, error, &format!("({name}) ")));
                }
            };
            return put(vm, class, address, made);
        }
        if info.kind == Kind::Pointer && value.is_none() {
            raw::write(address, 0usize);
            return Ok(Value::NONE);
        }
        let (wanted, given) = (vm.shown_name(class.as_ptr()), vm.class_name(value));
        return Err(vm.raise_type(&format!("expected {wanted} instance, got {given}")));
    };
    if vm.is_instance(value, class.as_ptr()) {
        raw::copy(address, data.address, info.size);
        return Ok(CData::kept(vm, data));
    }
    let given = CData::info(vm, data);
    let is_array = given.kind == Kind::Array;
    if info.kind == Kind::Pointer && is_array && given.item == info.item {
        raw::write(address, data.address);
        let kept = CData::kept(vm, data);
        return Ok(vm.new_tuple(&[kept, value]));
    }
    let (given, wanted) = if info.kind == Kind::Pointer && is_array {
        (vm.shown_name(given.item.as_ptr()), vm.shown_name(info.item.as_ptr()))
    } else {
        (vm.class_name(value), vm.shown_name(class.as_ptr()))
    };
    Err(vm.raise_type(&format!("incompatible types, {given} instance instead of {wanted} instance")))
}

/// The shape of an array of arrays, and the format of what is in it at last.
pub fn shape_and_format(vm: &Vm, info: This<Info>) -> (Vec<usize>, String) {
    let (mut shape, mut info) = (Vec::new(), info);
    while info.kind == Kind::Array {
        shape.push(info.length);
        match Info::of_class(vm, info.item) {
            Some(item) => info = item,
            None => break,
        }
    }
    (shape, vm.string_of(info.format))
}

fn export(vm: &mut Vm, value: Value, _: Request) -> PyResult<Export> {
    let this = CData::at(vm, value);
    let info = CData::info(vm, this);
    let (shape, format) = shape_and_format(vm, info);
    let n_items: usize = shape.iter().product();
    // What was resized is as large as it was made in the buffer's eyes.
    let item_bytes = info.size.checked_div(n_items).unwrap_or_else(|| innermost_bytes(vm, info));
    let mut dimensions: Dimensions = shape.iter().map(|&len| Dimension { len, stride: item_bytes as isize }).collect();
    for i in (1..dimensions.len()).rev() {
        dimensions[i - 1].stride = dimensions[i].stride * dimensions[i].len as isize;
    }
    let mut export = Export::items(value, this.address as *mut u8, n_items, "B", item_bytes);
    export.len_bytes = if shape.is_empty() { this.size } else { info.size };
    export.format = format.into();
    export.dimensions = dimensions;
    if !this.memory.is_unbound() {
        export = export.in_memory_of(this.memory);
    }
    Ok(export)
}

fn innermost_bytes(vm: &Vm, info: This<Info>) -> usize {
    let mut info = info;
    while info.kind == Kind::Array {
        match Info::of_class(vm, info.item) {
            Some(item) => info = item,
            None => return 1,
        }
    }
    info.size
}

/// The class of a value, as a value.
pub fn class_of(vm: &Vm, value: Value) -> Value {
    Value::object(vm.class_of(value))
}

/// The first class of the order of resolution that is made in Rust: what makes the instances of a class.
pub fn name_of(vm: &Vm, class: Value) -> String {
    vm.string_of(class_ref(class.as_ptr()).name)
}

impl CData {
    /// Keeps an object alive for as long as this one.
    pub fn keep_whole(vm: &mut Vm, this: This<CData>, kept: Value) -> PyResult<()> {
        if CData::info(vm, this).length == 0 {
            CData::set_objects(vm, this, kept);
            return Ok(());
        }
        let objects = CData::kept(vm, this);
        let key = vm.new_str("ffffffff");
        vm.dict_set(objects, key, kept)
    }
}
