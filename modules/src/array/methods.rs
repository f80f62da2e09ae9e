//! The methods of arrays.

use super::{Array, check_resizable, code_points};
use stitch_runtime::object::argument::{ClampedIndex, Index, Str, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::layout::{BytesObject, ListObject};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::string::View;
use stitch_runtime::{PyResult, Value, Vm};

pub const METHODS: &[NativeRow] = &[
    method("append", "($self, v, /)", append).doc("Adds an item at the end."),
    method("buffer_info", "($self, /)", buffer_info).doc("The address of the memory, and the number of items."),
    method("byteswap", "($self, /)", byteswap).doc("Reverses the bytes of every item."),
    method("clear", "($self, /)", clear).doc("Removes all items."),
    method("__copy__", "($self, /)", copy).doc("A copy."),
    method("__deepcopy__", "($self, unused, /)", |vm: &mut Vm, this: This<Array>, _: Value| copy(vm, this))
        .doc("A copy: items have no parts."),
    method("count", "($self, v, /)", count).doc("How many items equal a value."),
    method("extend", "($self, bb, /)", extend).doc("Adds the items of an array or iterable at the end."),
    method("frombytes", "($self, buffer, /)", push_bytes).doc("Adds items by their bytes."),
    method("fromfile", "($self, f, n, /)", from_file).doc("Adds n items that it reads from a file."),
    method("fromlist", "($self, list, /)", from_list).doc("Adds the items of a list, or none of them."),
    method("fromunicode", "($self, ustr, /)", from_unicode).doc("Adds the code points of a str."),
    method("index", "($self, v, start=0, stop=sys.maxsize, /)", index)
        .doc("The index of the first item that equals a value."),
    method("insert", "($self, i, v, /)", insert).doc("Inserts an item before an index."),
    method("pop", "($self, i=-1, /)", pop).doc("Removes an item and gives it."),
    method("remove", "($self, v, /)", remove).doc("Removes the first item that equals a value."),
    method("reverse", "($self, /)", reverse).doc("Reverses the order of the items."),
    method("tobytes", "($self, /)", |vm: &mut Vm, this: This<Array>| vm.new_bytes(this.data()))
        .doc("The bytes of all items."),
    method("tofile", "($self, f, /)", to_file).doc("Writes the bytes of all items to a file."),
    method("tolist", "($self, /)", to_list).doc("The items in a list."),
    method("tounicode", "($self, /)", to_unicode).doc("The code points as a str."),
    method("__reduce_ex__", "($self, value, /)", super::pickle::reduce).doc("How to make it again."),
];

fn append(vm: &mut Vm, this: This<Array>, value: Value) -> PyResult<()> {
    push(vm, this, value)
}

fn push(vm: &mut Vm, mut this: This<Array>, value: Value) -> PyResult<()> {
    let word = this.code.word_of(vm, value)?;
    let len = this.raw.len;
    Array::resize(vm, this, len + 1)?;
    this.store(len, word);
    Ok(())
}

/// Adds what an iterable gives.
pub fn push_all(vm: &mut Vm, this: This<Array>, iterable: Value) -> PyResult<()> {
    let iterator = vm.get_iter(iterable)?;
    while let Some(value) = vm.iter_next(iterator)? {
        push(vm, this, value)?;
    }
    Ok(())
}

/// Adds the items of an array, which may be the same one.
pub fn push_array(vm: &mut Vm, mut this: This<Array>, other: This<Array>) -> PyResult<()> {
    if this.code.code != other.code.code {
        return Err(vm.raise_type("can only extend with array of same kind"));
    }
    let (len, n_new) = (this.raw.len, other.raw.len);
    let Some(total) = len.checked_add(n_new) else { return Err(vm.raise_memory()) };
    Array::resize(vm, this, total)?;
    let n_bytes = n_new * this.item_bytes();
    let at = len * this.item_bytes();
    if this.pointer() == other.pointer() {
        this.data_mut().copy_within(..n_bytes, at);
    } else {
        this.data_mut()[at..].copy_from_slice(&other.data()[..n_bytes]);
    }
    Ok(())
}

pub fn push_text(vm: &mut Vm, mut this: This<Array>, text: View<'_>) -> PyResult<()> {
    let len = this.raw.len;
    let points = text.code_points();
    Array::resize(vm, this, len + points.len())?;
    for (nth, point) in points.enumerate() {
        this.store(len + nth, u64::from(point));
    }
    Ok(())
}

/// Adds items by their bytes.
pub fn push_bytes(vm: &mut Vm, mut this: This<Array>, bytes: Value) -> PyResult<()> {
    let bytes = BytesLike::of(vm, bytes)?;
    let size = this.item_bytes();
    if !bytes.len().is_multiple_of(size) {
        return Err(vm.raise_value("bytes length not a multiple of item size"));
    }
    let len = this.raw.len;
    Array::resize(vm, this, len + bytes.len() / size)?;
    this.data_mut()[len * size..].copy_from_slice(&bytes);
    Ok(())
}

fn buffer_info(vm: &mut Vm, this: This<Array>) -> Value {
    let address = vm.new_int_from_usize(this.raw.room().as_ptr() as usize);
    let len = vm.new_int_from_usize(this.raw.len);
    vm.new_tuple(&[address, len])
}

fn byteswap(mut this: This<Array>) {
    let size = this.item_bytes();
    this.data_mut().chunks_exact_mut(size).for_each(<[u8]>::reverse);
}

fn clear(vm: &mut Vm, this: This<Array>) -> PyResult<()> {
    Array::resize(vm, this, 0)
}

fn copy(vm: &mut Vm, this: This<Array>) -> PyResult<Value> {
    let mut copy = Array::of_bytes(vm, this.code, this.data().len())?;
    copy.data_mut().copy_from_slice(this.data());
    Ok(copy.value())
}

/// The first place from `start` on, and before `stop`, whose item equals a value.
pub fn position(vm: &mut Vm, array: Value, value: Value, start: usize, stop: usize) -> PyResult<Option<usize>> {
    let this = Array::at(vm, array);
    let mut at = start;
    while at < stop && at < this.raw.len {
        let item = Array::item(vm, this, at);
        if vm.equal(item, value)? {
            return Ok(Some(at));
        }
        at += 1;
    }
    Ok(None)
}

fn count(vm: &mut Vm, this: This<Array>, value: Value) -> PyResult<usize> {
    let (mut n, mut at) = (0, 0);
    while let Some(found) = position(vm, this.value(), value, at, usize::MAX)? {
        n += 1;
        at = found + 1;
    }
    Ok(n)
}

fn extend(vm: &mut Vm, this: This<Array>, items: Value) -> PyResult<()> {
    match This::<Array>::of(vm, items) {
        Some(other) => push_array(vm, this, other),
        None => push_all(vm, this, items),
    }
}

fn from_list(vm: &mut Vm, this: This<Array>, list: Value) -> PyResult<()> {
    let Some(list) = This::<ListObject>::of(vm, list) else { return Err(vm.raise_type("arg must be list")) };
    let (len, n_items) = (this.raw.len, list.len);
    for index in 0..n_items {
        let done = match list.items().get(index).copied() {
            Some(item) if list.len == n_items => push(vm, this, item),
            _ => Err(vm.raise_runtime("list changed size during iteration")),
        };
        if done.is_err() {
            let (exception, raised) = (vm.take_exception(), this.raw.len);
            Array::resize(vm, this, len.min(raised))?;
            return Err(vm.raise_value_object(exception));
        }
    }
    Ok(())
}

fn check_text(vm: &mut Vm, this: This<Array>, method: &str) -> PyResult<()> {
    if this.code.kind.is_none() {
        return Ok(());
    }
    let message = format!("{method}() may only be called on unicode type arrays ('u' or 'w')");
    Err(vm.raise_value(&message))
}

fn from_unicode(vm: &mut Vm, this: This<Array>, text: Str) -> PyResult<()> {
    check_text(vm, this, "fromunicode")?;
    push_text(vm, this, text.view())
}

/// The code points of a text array as a str.
pub fn text(vm: &mut Vm, this: This<Array>) -> Value {
    vm.str_from_code_points(&code_points(this))
}

fn to_unicode(vm: &mut Vm, this: This<Array>) -> PyResult<Value> {
    check_text(vm, this, "tounicode")?;
    Ok(text(vm, this))
}

fn index(
    vm: &mut Vm,
    this: This<Array>,
    value: Value,
    start: Option<ClampedIndex>,
    stop: Option<ClampedIndex>,
) -> PyResult<usize> {
    let len = this.raw.len as i64;
    let bound = |bound: Option<ClampedIndex>, default: i64| {
        let bound = bound.map_or(default, |bound| bound.0);
        if bound < 0 { bound.saturating_add(len).max(0) } else { bound }
    };
    let (start, stop) = (bound(start, 0), bound(stop, i64::MAX));
    match position(vm, this.value(), value, start as usize, stop as usize)? {
        Some(at) => Ok(at),
        None => Err(vm.raise_value("array.index(x): x not in array")),
    }
}

fn insert(vm: &mut Vm, mut this: This<Array>, index: Index, value: Value) -> PyResult<()> {
    let word = this.code.word_of(vm, value)?;
    let len = this.raw.len as i64;
    let at = if index.0 < 0 { (index.0 + len).max(0) } else { index.0.min(len) } as usize;
    Array::make_gap(vm, this, at, 0, 1)?;
    this.store(at, word);
    Ok(())
}

fn pop(vm: &mut Vm, this: This<Array>, index: Option<Index>) -> PyResult<Value> {
    let len = this.raw.len as i64;
    if len == 0 {
        return Err(vm.raise_index("pop from empty array"));
    }
    let index = index.map_or(-1, |index| index.0);
    let at = if index < 0 { index + len } else { index };
    if !(0..len).contains(&at) {
        return Err(vm.raise_index("pop index out of range"));
    }
    let item = Array::item(vm, this, at as usize);
    Array::make_gap(vm, this, at as usize, 1, 0)?;
    Ok(item)
}

fn remove(vm: &mut Vm, this: This<Array>, value: Value) -> PyResult<()> {
    match position(vm, this.value(), value, 0, usize::MAX)? {
        Some(at) if at < this.raw.len => Array::make_gap(vm, this, at, 1, 0),
        _ => Err(vm.raise_value("array.remove(x): x not in array")),
    }
}

fn reverse(mut this: This<Array>) {
    let size = this.item_bytes();
    let data = this.data_mut();
    data.reverse();
    data.chunks_exact_mut(size).for_each(<[u8]>::reverse);
}

pub fn to_list(vm: &mut Vm, this: This<Array>) -> PyResult<Value> {
    let list = vm.new_list_with_capacity(this.raw.len)?;
    for index in 0..this.raw.len {
        let item = Array::item(vm, this, index);
        vm.list_push(list.as_ptr(), item)?;
    }
    Ok(list)
}

/// How many bytes are written at a time.
const CHUNK_BYTES: usize = 64 << 10;

fn to_file(vm: &mut Vm, this: This<Array>, file: Value) -> PyResult<()> {
    let name = vm.intern("write");
    let mut at = 0;
    while at < this.data().len() {
        let end = (at + CHUNK_BYTES).min(this.data().len());
        let chunk = vm.new_bytes(&this.data()[at..end])?;
        vm.call_method(file, name, &[chunk])?;
        at = end;
    }
    Ok(())
}

fn from_file(vm: &mut Vm, this: This<Array>, file: Value, n: Index) -> PyResult<()> {
    let Ok(n) = usize::try_from(n.0) else { return Err(vm.raise_value("negative count")) };
    let Some(wanted) = n.checked_mul(this.item_bytes()) else { return Err(vm.raise_memory()) };
    check_resizable(vm, this)?;
    let (name, count) = (vm.intern("read"), vm.new_int_from_usize(wanted));
    let bytes = vm.call_method(file, name, &[count])?;
    let Some(bytes) = This::<BytesObject>::of(vm, bytes) else {
        return Err(vm.raise_type("read() didn't return bytes"));
    };
    push_bytes(vm, this, bytes.value())?;
    if bytes.data().len() == wanted {
        return Ok(());
    }
    Err(vm.raise(vm.exceptions.EOFError, "read() didn't return enough bytes"))
}
