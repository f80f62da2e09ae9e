//! `array`: sequences of machine numbers of one type, whose memory others can look into. Compiled code reads and writes
//! their items without a call (`RawSequence`).

mod code;
mod iterator;
mod methods;
mod pickle;

use code::{TypeCode, code_point_of};
use methods::METHODS;
use stitch_runtime::builtins::CLASS_GETITEM;
use stitch_runtime::builtins::types::BYTEARRAY;
use stitch_runtime::object::argument::{Class, ClassOf, Keywords, Rest, Str, This, method};
use stitch_runtime::object::buffer::{Export, ExportCount, Request};
use stitch_runtime::object::compare::{cmp, order_satisfies};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::item::slice::SliceRange;
use stitch_runtime::object::layout::BytesObject;
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::object::raw::RawSequence;
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::{Layout, MatchedAs, Object, TypeSpec, getter};
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "array",
    doc: "Arrays of machine numbers, all of one type.",
    functions: &[method("_array_reconstructor", "(arraytype, typecode, mformat_code, items, /)", pickle::reconstruct)
        .doc("What unpickling an array calls.")],
    constants: &[("typecodes", Constant::Str("bBuwhHiIlLqQfd"))],
    types: &[&ARRAY],
    exec: Some(|vm, module| {
        let class = vm.type_of_spec(&ARRAY);
        vm.set_module_entry(module, "ArrayType", Value::object(class));
        Ok(())
    }),
    ..ModuleSpec::NEW
};

pub static ARRAY: TypeSpec = TypeSpec {
    name: "array",
    module: "array",
    matched_as: MatchedAs::Sequence,
    doc: "A sequence of machine numbers, or of code points, all of one type.",
    layout: Some(Layout::of::<Array>(1)),
    has_raw_items: true,
    is_weakly_referable: true,
    is_base: true,
    is_unhashable: true,
    slots: Slots {
        len: Some(|vm, value| Ok(Array::at(vm, value).raw.len)),
        get_item: Some(get_item),
        set_item: Some(set_item),
        contains: Some(|vm, array, value| Ok(methods::position(vm, array, value, 0, usize::MAX)?.is_some())),
        iter: Some(iterator::over),
        repr: Some(write_repr),
        compare: Some(compare),
        concat: Some(concat),
        repeat: Some(repeat),
        inplace_concat: Some(inplace_concat),
        inplace_repeat: Some(inplace_repeat),
        buffer: Some(export),
        ..Slots::NONE
    },
    new: Some(method("__new__", "($type, /, *args, **kwargs)", new).doc("A new array.")),
    methods: METHODS,
    class_methods: &[CLASS_GETITEM],
    getters: &[
        getter("typecode", |vm, value| Ok(vm.new_str(Array::at(vm, value).code.text))).doc("The type of the items."),
        getter("itemsize", |vm, value| Ok(vm.new_int_from_usize(Array::at(vm, value).code.item_bytes())))
            .doc("How many bytes an item has."),
    ],
    ..TypeSpec::NEW
};

#[repr(C)]
pub struct Array {
    raw: RawSequence,
    exports: ExportCount,
    code: &'static TypeCode,
}

// SAFETY: `#[repr(C)]`, and a raw sequence begins with the header; all that derive from the type begin with it.
unsafe impl Object for Array {
    const SPEC: &'static TypeSpec = &ARRAY;
}

impl Array {
    /// The array that a value is; slots and getters of the type get no others.
    fn at(vm: &Vm, value: Value) -> This<Array> {
        This::of(vm, value).expect("an array's slot gets an array")
    }

    fn item_bytes(&self) -> usize {
        self.code.item_bytes()
    }
    fn data(&self) -> &[u8] {
        &self.raw.room()[..self.raw.len * self.item_bytes()]
    }
    fn data_mut(&mut self) -> &mut [u8] {
        let len = self.raw.len * self.item_bytes();
        &mut self.raw.room_mut()[..len]
    }
    fn bytes_at(&self, index: usize) -> &[u8] {
        &self.data()[index * self.item_bytes()..][..self.item_bytes()]
    }
    fn store(&mut self, index: usize, word: u64) {
        let (code, size) = (self.code, self.item_bytes());
        code.store(&mut self.data_mut()[index * size..][..size], word);
    }
    fn item(vm: &mut Vm, this: This<Array>, index: usize) -> Value {
        this.code.item(vm, this.bytes_at(index))
    }

    /// An array of `len` zeros.
    fn new(vm: &mut Vm, class: Class, code: &'static TypeCode, len: usize) -> PyResult<This<Array>> {
        let Some(size_bytes) = len.checked_mul(code.item_bytes()) else { return Err(vm.raise_memory()) };
        let storage = vm.new_raw_storage(size_bytes)?;
        let value = vm.new_object(class.0, |header: Header| Array {
            raw: RawSequence { header, storage, len, kind: code.raw_kind() },
            exports: ExportCount::NONE,
            code,
        })?;
        Ok(Array::at(vm, value))
    }

    /// One of the type itself, with these bytes.
    fn of_bytes(vm: &mut Vm, code: &'static TypeCode, size_bytes: usize) -> PyResult<This<Array>> {
        let class = Class(vm.type_of_spec(&ARRAY));
        Array::new(vm, class, code, size_bytes / code.item_bytes())
    }

    /// Makes it `len` items long; new ones are zero or what was there.
    fn resize(vm: &mut Vm, mut this: This<Array>, len: usize) -> PyResult<()> {
        if len == this.raw.len {
            return Ok(());
        }
        check_resizable(vm, this)?;
        let size = this.item_bytes();
        let room = this.raw.room().len();
        let Some(wanted) = len.checked_mul(size) else { return Err(vm.raise_memory()) };
        if wanted > room || room > 128 && wanted < room / 4 {
            let capacity = if len < this.raw.len { wanted } else { wanted + (wanted / 8 / size + 6) * size };
            let storage = vm.new_raw_storage(capacity)?;
            let n_kept = wanted.min(this.raw.len * size);
            let old = std::mem::replace(&mut this.raw.storage, storage);
            let kept = This::<BytesObject>::of(vm, old).expect("storage is bytes");
            this.raw.room_mut()[..n_kept].copy_from_slice(&kept.data()[..n_kept]);
            vm.barrier(this.pointer());
        }
        this.raw.len = len;
        Ok(())
    }

    /// Replaces the items `at..at + n_old` by room for `n_new`.
    fn make_gap(vm: &mut Vm, mut this: This<Array>, at: usize, n_old: usize, n_new: usize) -> PyResult<()> {
        let (len, size) = (this.raw.len, this.item_bytes());
        let after = (at + n_old) * size..len * size;
        let Some(new_len) = (len - n_old).checked_add(n_new) else { return Err(vm.raise_memory()) };
        if new_len > len {
            Array::resize(vm, this, new_len)?;
            this.raw.room_mut().copy_within(after, (at + n_new) * size);
        } else if new_len < len {
            check_resizable(vm, this)?;
            this.raw.room_mut().copy_within(after, (at + n_new) * size);
            Array::resize(vm, this, new_len)?;
        }
        Ok(())
    }
}

fn check_resizable(vm: &mut Vm, this: This<Array>) -> PyResult<()> {
    vm.check_resizable(&this.exports).map_err(|_| {
        vm.clear_exception();
        vm.raise_buffer("cannot resize an array that is exporting buffers")
    })
}

fn new(vm: &mut Vm, class: ClassOf<Array>, args: Rest, keywords: Keywords) -> PyResult<Value> {
    let is_exact = class.is_exact();
    if is_exact && !keywords.is_empty() {
        return Err(vm.raise_type("array.array() takes no keyword arguments"));
    }
    let (code, initializer) = match *args.items() {
        [code] => (code, None),
        [code, initializer] => (code, Some(initializer)),
        [] => return Err(vm.raise_type("array() takes at least 1 argument (0 given)")),
        ref many => {
            return Err(vm.raise_type(&format!("array() takes at most 2 arguments ({} given)", many.len())));
        }
    };
    let code = type_code(vm, code)?;
    if let Some(initializer) = initializer {
        check_text(vm, code, initializer)?;
    }
    let array = Array::new(vm, Class(class.class), code, 0)?;
    if let Some(initializer) = initializer {
        fill(vm, array, initializer)?;
    }
    Ok(array.value())
}

fn type_code(vm: &mut Vm, code: Value) -> PyResult<&'static TypeCode> {
    let given = match Str::of(vm, code).map(Str::view) {
        Some(text) if text.len() == 1 => {
            let found = char::from_u32(text.at(0)).and_then(TypeCode::of);
            return found
                .ok_or_else(|| vm.raise_value("bad typecode (must be b, B, u, w, h, H, i, I, l, L, q, Q, f or d)"));
        }
        Some(text) => format!("a string of length {}", text.len()),
        None => vm.class_name(code),
    };
    Err(vm.raise_type(&format!("array() argument 1 must be a unicode character, not {given}")))
}

/// TypeError for text that is to become numbers.
fn check_text(vm: &mut Vm, code: &TypeCode, initializer: Value) -> PyResult<()> {
    if code.kind.is_none() {
        return Ok(());
    }
    let what = if vm.is_str(initializer) {
        "a str"
    } else if This::<Array>::of(vm, initializer).is_some_and(|array| array.code.kind.is_none()) {
        "a unicode array"
    } else {
        return Ok(());
    };
    Err(vm.raise_type(&format!("cannot use {what} to initialize an array with typecode '{}'", code.text)))
}

fn fill(vm: &mut Vm, array: This<Array>, initializer: Value) -> PyResult<()> {
    if let Some(text) = Str::of(vm, initializer) {
        return methods::push_text(vm, array, text.view());
    }
    if vm.is_a::<BytesObject>(initializer) || vm.is_of_spec(initializer, &BYTEARRAY) {
        return methods::push_bytes(vm, array, initializer);
    }
    match This::<Array>::of(vm, initializer) {
        Some(other) if other.code.code == array.code.code => methods::push_array(vm, array, other),
        _ => methods::push_all(vm, array, initializer),
    }
}

/// A key as a place in an array of `len` items.
fn place(vm: &mut Vm, key: Value, len: usize, message: &str) -> PyResult<usize> {
    if !vm.is_index(key) {
        return Err(vm.raise_type("array indices must be integers"));
    }
    let int = vm.index(key)?;
    let Some(index) = vm.int_to_i64(int) else {
        let message = format!("cannot fit '{}' into an index-sized integer", vm.class_name(key));
        return Err(vm.raise_index(&message));
    };
    let at = if index < 0 { index.saturating_add(len as i64) } else { index };
    if (0..len as i64).contains(&at) { Ok(at as usize) } else { Err(vm.raise_index(message)) }
}

fn get_item(vm: &mut Vm, value: Value, key: Value) -> PyResult {
    let this = Array::at(vm, value);
    if let Some(slice) = This::of(vm, key) {
        let range = vm.slice_indices(slice, this.raw.len)?;
        return Ok(copy_range(vm, this, range)?.value());
    }
    let at = place(vm, key, this.raw.len, "array index out of range")?;
    if at >= this.raw.len {
        return Err(vm.raise_index("array index out of range"));
    }
    Ok(Array::item(vm, this, at))
}

fn copy_range(vm: &mut Vm, this: This<Array>, range: SliceRange) -> PyResult<This<Array>> {
    let size = this.item_bytes();
    let mut copy = Array::of_bytes(vm, this.code, range.count * size)?;
    if range.step == 1 {
        copy.data_mut().copy_from_slice(&this.data()[range.start as usize * size..][..range.count * size]);
    } else {
        for (to, from) in range.positions().enumerate() {
            copy.data_mut()[to * size..][..size].copy_from_slice(this.bytes_at(from));
        }
    }
    Ok(copy)
}

fn set_item(vm: &mut Vm, value: Value, key: Value, item: Option<Value>) -> PyResult<()> {
    let mut this = Array::at(vm, value);
    if let Some(slice) = This::of(vm, key) {
        let range = vm.slice_indices(slice, this.raw.len)?;
        return set_range(vm, this, range, item);
    }
    let at = place(vm, key, this.raw.len, "array assignment index out of range")?;
    let Some(item) = item else { return Array::make_gap(vm, this, at, 1, 0) };
    let word = this.code.word_of(vm, item)?;
    if at >= this.raw.len {
        return Err(vm.raise_index("array assignment index out of range"));
    }
    this.store(at, word);
    Ok(())
}

fn set_range(vm: &mut Vm, mut this: This<Array>, range: SliceRange, item: Option<Value>) -> PyResult<()> {
    let size = this.item_bytes();
    let new: Vec<u8> = match item {
        None => Vec::new(),
        Some(item) => {
            let Some(other) = This::<Array>::of(vm, item) else {
                let message = format!("can only assign array (not \"{}\") to array slice", vm.class_name(item));
                return Err(vm.raise_type(&message));
            };
            if other.code.code != this.code.code {
                return Err(vm.raise_type("bad argument type for built-in operation"));
            }
            other.data().to_vec()
        }
    };
    let n_new = new.len() / size;
    if range.step == 1 {
        let start = range.start as usize;
        Array::make_gap(vm, this, start, range.count, n_new)?;
        this.data_mut()[start * size..][..new.len()].copy_from_slice(&new);
        return Ok(());
    }
    if item.is_none() {
        return delete_range(vm, this, range);
    }
    if n_new != range.count {
        let message = format!("attempt to assign array of size {n_new} to extended slice of size {}", range.count);
        return Err(vm.raise_value(&message));
    }
    for (from, to) in range.positions().enumerate() {
        this.data_mut()[to * size..][..size].copy_from_slice(&new[from * size..][..size]);
    }
    Ok(())
}

fn delete_range(vm: &mut Vm, mut this: This<Array>, range: SliceRange) -> PyResult<()> {
    if range.count == 0 {
        return Ok(());
    }
    check_resizable(vm, this)?;
    let size = this.item_bytes();
    let mut dropped: Vec<usize> = range.positions().collect();
    dropped.sort_unstable();
    let mut to = dropped[0];
    for (nth, &gone) in dropped.iter().enumerate() {
        let end = dropped.get(nth + 1).copied().unwrap_or(this.raw.len);
        this.data_mut().copy_within((gone + 1) * size..end * size, to * size);
        to += end - gone - 1;
    }
    let len = this.raw.len - dropped.len();
    Array::resize(vm, this, len)
}

fn write_repr(vm: &mut Vm, out: &mut Text, value: Value) -> PyResult<()> {
    let this = Array::at(vm, value);
    let name = vm.type_name(vm.class_of(value));
    out.push_str(&format!("{name}('{}'", this.code.text));
    if this.raw.len > 0 {
        out.push_str(", ");
        let shown = if this.code.kind.is_none() { methods::text(vm, this) } else { methods::to_list(vm, this)? };
        vm.write_repr(out, shown)?;
    }
    out.push(')' as u32);
    Ok(())
}

fn compare(vm: &mut Vm, operation: u32, lhs: Value, rhs: Value) -> PyResult {
    let (Some(a), Some(b)) = (This::<Array>::of(vm, lhs), This::<Array>::of(vm, rhs)) else {
        return Ok(vm.not_implemented);
    };
    let is_equality = operation == cmp::EQ || operation == cmp::NE;
    if is_equality && a.raw.len != b.raw.len {
        return Ok(Value::bool(operation == cmp::NE));
    }
    if is_equality && a.code.kind == b.code.kind && a.code.kind.is_none_or(|kind| !kind.is_float()) {
        return Ok(Value::bool((a.data() == b.data()) == (operation == cmp::EQ)));
    }
    let mut index = 0;
    while index < a.raw.len && index < b.raw.len {
        let (left, right) = (Array::item(vm, a, index), Array::item(vm, b, index));
        let are_equal = vm.compare_op(cmp::EQ, left, right)?;
        if !vm.is_true(are_equal)? {
            return match operation {
                cmp::EQ => Ok(Value::FALSE),
                cmp::NE => Ok(Value::TRUE),
                _ => vm.compare_op(operation, left, right),
            };
        }
        index += 1;
    }
    Ok(Value::bool(order_satisfies(operation, Some(a.raw.len.cmp(&b.raw.len)))))
}

fn concat(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    let a = Array::at(vm, lhs);
    let Some(b) = This::<Array>::of(vm, rhs) else {
        let message = format!("can only append array (not \"{}\") to array", vm.class_name(rhs));
        return Err(vm.raise_type(&message));
    };
    if a.code.code != b.code.code {
        return Err(vm.raise_type("bad argument type for built-in operation"));
    }
    let mut result = Array::of_bytes(vm, a.code, a.data().len() + b.data().len())?;
    let (first, second) = result.data_mut().split_at_mut(a.data().len());
    first.copy_from_slice(a.data());
    second.copy_from_slice(b.data());
    Ok(result.value())
}

/// Has the bytes from `n` on repeat those before.
fn repeat_bytes(data: &mut [u8], n: usize) {
    let mut done = n;
    while done > 0 && done < data.len() {
        let more = done.min(data.len() - done);
        data.copy_within(..more, done);
        done += more;
    }
}

fn repeated_bytes(vm: &mut Vm, array: This<Array>, count: Value) -> PyResult<usize> {
    let count = vm.repeat_count(count)?;
    array.data().len().checked_mul(count).ok_or_else(|| vm.raise_memory())
}

fn repeat(vm: &mut Vm, lhs: Value, count: Value) -> PyResult {
    let this = Array::at(vm, lhs);
    let total = repeated_bytes(vm, this, count)?;
    let mut result = Array::of_bytes(vm, this.code, total)?;
    let n = this.data().len().min(total);
    result.data_mut()[..n].copy_from_slice(&this.data()[..n]);
    repeat_bytes(result.data_mut(), n);
    Ok(result.value())
}

fn inplace_concat(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    let this = Array::at(vm, lhs);
    match This::<Array>::of(vm, rhs) {
        Some(other) => methods::push_array(vm, this, other).map(|()| lhs),
        None => {
            let message = format!("can only extend array with array (not \"{}\")", vm.class_name(rhs));
            Err(vm.raise_type(&message))
        }
    }
}

fn inplace_repeat(vm: &mut Vm, lhs: Value, count: Value) -> PyResult {
    let mut this = Array::at(vm, lhs);
    let (n, total) = (this.data().len(), repeated_bytes(vm, this, count)?);
    let len = total / this.item_bytes();
    Array::resize(vm, this, len)?;
    repeat_bytes(this.data_mut(), n.min(total));
    Ok(lhs)
}

fn export(vm: &mut Vm, value: Value, _: Request) -> PyResult<Export> {
    let mut this = Array::at(vm, value);
    let (len, code) = (this.raw.len, this.code);
    let export = Export::items(value, this.raw.room_mut().as_mut_ptr(), len, code.format, code.item_bytes());
    // SAFETY: the count lies in the array, which is the owner.
    Ok(unsafe { export.counted_by(&this.exports) })
}

/// The code points of a text array.
fn code_points(this: This<Array>) -> Vec<u32> {
    this.data().chunks_exact(4).map(code_point_of).collect()
}
