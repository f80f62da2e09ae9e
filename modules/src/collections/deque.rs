//! `deque`: a ring of values.
//!
//! ```text
//!   items:   | … d e ·  ·  ·  a b c |      a value array of 2ⁿ places; the first item is at `head`
//!                           ↑ head         unused places are unbound
//! ```

mod methods;
pub mod trace;

use super::deque_iterator;
use stitch_runtime::builtins::CLASS_GETITEM;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, This, method};
use stitch_runtime::object::compare::{cmp, order_satisfies};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::{ListObject, ValueArray};
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::{Layout, MatchedAs, Object, TypeSpec, getter};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Deque {
    header: Header,
    /// A value array of a power of two of places, or an empty one.
    items: Value,
    head: usize,
    pub len: usize,
    /// `usize::MAX`: any.
    max_len: usize,
    /// How often items were added or removed.
    pub changes: u64,
}

pub static DEQUE: TypeSpec = TypeSpec {
    name: "deque",
    shown_signature: Some(""),
    module: "collections",
    matched_as: MatchedAs::Sequence,
    doc: "A sequence whose both ends are cheap to change, of at most maxlen items.",
    layout: Some(Layout::of::<Deque>(1)),
    is_weakly_referable: true,
    is_base: true,
    is_unhashable: true,
    slots: Slots {
        len: Some(|vm, value| Ok(Deque::at(vm, value).len)),
        get_item: Some(|vm, value, key| {
            let this = Deque::at(vm, value);
            place(vm, this, key).map(|at| this.get(at))
        }),
        set_item: Some(set_item),
        contains: Some(contains),
        iter: Some(|vm, value| deque_iterator::over::<false>(vm, Deque::at(vm, value))),
        repr: Some(write_repr),
        compare: Some(compare),
        concat: Some(concat),
        repeat: Some(|vm, value, count| {
            let copy = copy(vm, Deque::at(vm, value))?;
            inplace_repeat(vm, copy, count)
        }),
        inplace_concat: Some(|vm, value, other| methods::extend(vm, Deque::at(vm, value), other).map(|()| value)),
        inplace_repeat: Some(inplace_repeat),
        ..Slots::NONE
    },
    traced: trace::RULES,
    new: Some(method("__new__", "($type, /, *args, **kwargs)", new).doc("A new one, empty.")),
    methods: methods::METHODS,
    class_methods: &[CLASS_GETITEM],
    getters: &[getter("maxlen", |vm, value| Ok(Deque::at(vm, value).max_len_value(vm)))
        .doc("The most items that it keeps, or None.")],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Deque {
    const SPEC: &'static TypeSpec = &DEQUE;
}

impl Deque {
    pub fn at(vm: &Vm, value: Value) -> This<Deque> {
        This::of(vm, value).expect("a deque's slot gets a deque")
    }

    fn places(&self) -> &[Value] {
        // SAFETY: `items` is a value array from the deque's birth on.
        unsafe { (*self.items.as_ptr::<ValueArray>()).elements() }
    }
    fn places_mut(&mut self) -> &mut [Value] {
        // SAFETY: as in `places`; the array is this deque's own, or has no places.
        unsafe { (*self.items.as_ptr::<ValueArray>()).elements_mut() }
    }
    fn place(&self, at: usize) -> usize {
        (self.head + at) & (self.places().len() - 1)
    }
    /// Item `at`, which there is.
    pub fn get(&self, at: usize) -> Value {
        self.places()[self.place(at)]
    }
    fn put(&mut self, at: usize, value: Value) {
        let place = self.place(at);
        self.places_mut()[place] = value;
    }
    fn max_len_value(&self, vm: &mut Vm) -> Value {
        if self.max_len == usize::MAX { Value::NONE } else { vm.new_int_from_usize(self.max_len) }
    }

    /// Sets an item and tells the collector.
    fn set(mut this: This<Deque>, vm: &mut Vm, at: usize, value: Value) {
        this.put(at, value);
        vm.barrier(this.items.as_ptr::<ValueArray>());
    }

    /// Makes room for one item more.
    fn reserve(mut this: This<Deque>, vm: &mut Vm) -> PyResult<()> {
        let capacity = this.places().len();
        if this.len < capacity {
            return Ok(());
        }
        let items = vm.new_array((capacity * 2).max(8))?;
        // SAFETY: a fresh value array.
        let places = unsafe { (*items.as_ptr::<ValueArray>()).elements_mut() };
        for (at, place) in places.iter_mut().enumerate().take(this.len) {
            *place = this.get(at);
        }
        (this.items, this.head) = (items, 0);
        vm.barrier(items.as_ptr::<ValueArray>());
        vm.barrier(this.pointer());
        Ok(())
    }

    pub fn push_back(mut this: This<Deque>, vm: &mut Vm, value: Value) -> PyResult<()> {
        if this.len >= this.max_len {
            if this.max_len == 0 {
                return Ok(());
            }
            this.pop_front();
        }
        Deque::reserve(this, vm)?;
        this.len += 1;
        this.changes += 1;
        let last = this.len - 1;
        Deque::set(this, vm, last, value);
        Ok(())
    }

    pub fn push_front(mut this: This<Deque>, vm: &mut Vm, value: Value) -> PyResult<()> {
        if this.len >= this.max_len {
            if this.max_len == 0 {
                return Ok(());
            }
            this.pop_back();
        }
        Deque::reserve(this, vm)?;
        this.head = this.head.wrapping_sub(1) & (this.places().len() - 1);
        this.len += 1;
        this.changes += 1;
        Deque::set(this, vm, 0, value);
        Ok(())
    }

    /// Takes the last item; unbound where there is none.
    fn pop_back(&mut self) -> Value {
        if self.len == 0 {
            return Value::UNBOUND;
        }
        let last = self.len - 1;
        let value = self.get(last);
        self.put(last, Value::UNBOUND);
        self.len = last;
        self.changes += 1;
        value
    }

    fn pop_front(&mut self) -> Value {
        if self.len == 0 {
            return Value::UNBOUND;
        }
        let value = self.get(0);
        self.put(0, Value::UNBOUND);
        self.head = self.place(1);
        self.len -= 1;
        self.changes += 1;
        value
    }

    /// Moves items from the front to the back; so many are no more than there are.
    fn rotate_left(mut this: This<Deque>, vm: &mut Vm, count: usize) {
        let len = this.len;
        if len == this.places().len() {
            this.head = this.place(count);
        } else if count <= len / 2 {
            for _ in 0..count {
                let value = this.get(0);
                this.put(0, Value::UNBOUND);
                this.head = this.place(1);
                this.put(len - 1, value);
            }
        } else {
            for _ in count..len {
                let value = this.get(len - 1);
                this.put(len - 1, Value::UNBOUND);
                this.head = this.head.wrapping_sub(1) & (this.places().len() - 1);
                this.put(0, value);
            }
        }
        this.changes += 1;
        vm.barrier(this.items.as_ptr::<ValueArray>());
    }

    fn clear(mut this: This<Deque>, vm: &mut Vm) {
        this.items = vm.empty_array;
        (this.head, this.len) = (0, 0);
        this.changes += 1;
        vm.barrier(this.pointer());
    }
}

/// RuntimeError where items came or went since.
pub fn check_unchanged(vm: &mut Vm, this: This<Deque>, changes: u64) -> PyResult<()> {
    if this.changes == changes { Ok(()) } else { Err(vm.raise_runtime("deque mutated during iteration")) }
}

fn new(vm: &mut Vm, class: ClassOf<Deque>, _: Rest, _: Keywords) -> PyResult<Value> {
    let items = vm.empty_array;
    vm.new_object(class.class, |header| Deque { header, items, head: 0, len: 0, max_len: usize::MAX, changes: 0 })
}

/// A key as a place; IndexError where there is none.
fn place(vm: &mut Vm, this: This<Deque>, key: Value) -> PyResult<usize> {
    if !vm.is_index(key) {
        let message = format!("sequence index must be integer, not '{}'", vm.class_name(key));
        return Err(vm.raise_type(&message));
    }
    let int = vm.index(key)?;
    let Some(index) = vm.int_to_i64(int) else {
        let message = format!("cannot fit '{}' into an index-sized integer", vm.class_name(key));
        return Err(vm.raise_index(&message));
    };
    let at = if index < 0 { index.saturating_add(this.len as i64) } else { index };
    if (0..this.len as i64).contains(&at) { Ok(at as usize) } else { Err(vm.raise_index("deque index out of range")) }
}

fn set_item(vm: &mut Vm, value: Value, key: Value, item: Option<Value>) -> PyResult<()> {
    let this = Deque::at(vm, value);
    let at = place(vm, this, key)?;
    match item {
        Some(item) => Deque::set(this, vm, at, item),
        None => remove_at(vm, this, at),
    }
    Ok(())
}

fn remove_at(vm: &mut Vm, mut this: This<Deque>, at: usize) {
    let len = this.len;
    if at < len / 2 {
        for i in (0..at).rev() {
            let value = this.get(i);
            this.put(i + 1, value);
        }
        this.pop_front();
    } else {
        for i in at + 1..len {
            let value = this.get(i);
            this.put(i - 1, value);
        }
        this.pop_back();
    }
    vm.barrier(this.items.as_ptr::<ValueArray>());
}

/// The first place of an item that equals a value; RuntimeError where the comparison changes the deque.
fn position(vm: &mut Vm, this: This<Deque>, value: Value, start: usize, stop: usize) -> PyResult<Option<usize>> {
    let changes = this.changes;
    for at in start..stop.min(this.len) {
        let item = this.get(at);
        let is_equal = vm.equal(item, value)?;
        check_unchanged(vm, this, changes)?;
        if is_equal {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

fn contains(vm: &mut Vm, deque: Value, value: Value) -> PyResult<bool> {
    Ok(position(vm, Deque::at(vm, deque), value, 0, usize::MAX)?.is_some())
}

fn write_repr(vm: &mut Vm, out: &mut Text, value: Value) -> PyResult<()> {
    vm.write_container(out, value, "[...]", |vm, out| {
        let this = Deque::at(vm, value);
        out.push_str(&format!("{}(", vm.type_name(vm.class_of(value))));
        let list = methods::to_list(vm, this)?;
        vm.write_repr(out, list)?;
        if this.max_len != usize::MAX {
            out.push_str(&format!(", maxlen={}", this.max_len));
        }
        out.push(')' as u32);
        Ok(())
    })
}

fn compare(vm: &mut Vm, operation: u32, lhs: Value, rhs: Value) -> PyResult {
    let (Some(a), Some(b)) = (This::<Deque>::of(vm, lhs), This::<Deque>::of(vm, rhs)) else {
        return Ok(vm.not_implemented);
    };
    if (operation == cmp::EQ || operation == cmp::NE) && a.len != b.len {
        return Ok(Value::bool(operation == cmp::NE));
    }
    vm.check_native_stack()?;
    let (a_changes, b_changes) = (a.changes, b.changes);
    for at in 0..a.len.min(b.len) {
        let (left, right) = (a.get(at), b.get(at));
        if !vm.equal(left, right)? {
            return match operation {
                cmp::EQ => Ok(Value::FALSE),
                cmp::NE => Ok(Value::TRUE),
                _ => vm.compare_op(operation, left, right),
            };
        }
        check_unchanged(vm, a, a_changes)?;
        check_unchanged(vm, b, b_changes)?;
    }
    Ok(Value::bool(order_satisfies(operation, Some(a.len.cmp(&b.len)))))
}

/// A copy as the class makes it: a plain deque directly, others by calling the class.
fn copy(vm: &mut Vm, this: This<Deque>) -> PyResult<Value> {
    let class = vm.class_of(this.value());
    if class != vm.type_of_spec(&DEQUE) {
        let class = Value::object(class);
        let arguments = [this.value(), this.max_len_value(vm)];
        return vm.call(class, if this.max_len == usize::MAX { &arguments[..1] } else { &arguments });
    }
    let items = if this.len == 0 { vm.empty_array } else { vm.new_array(this.places().len())? };
    // SAFETY: a fresh value array with as many places as the deque has, or an empty one.
    let places = unsafe { (*items.as_ptr::<ValueArray>()).elements_mut() };
    places.copy_from_slice(&this.places()[..places.len()]);
    vm.barrier(items.as_ptr::<ValueArray>());
    let (head, len, max_len) = (if this.len == 0 { 0 } else { this.head }, this.len, this.max_len);
    vm.new_object(class, |header| Deque { header, items, head, len, max_len, changes: 0 })
}

fn concat(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    let this = Deque::at(vm, lhs);
    if This::<Deque>::of(vm, rhs).is_none() {
        let message = format!("can only concatenate deque (not \"{}\") to deque", vm.class_name(rhs));
        return Err(vm.raise_type(&message));
    }
    let result = copy(vm, this)?;
    match This::<Deque>::of(vm, result) {
        Some(copy) => methods::extend(vm, copy, rhs).map(|()| result),
        None => Err(vm.raise_type("the class of a deque did not make a deque")),
    }
}

fn inplace_repeat(vm: &mut Vm, value: Value, count: Value) -> PyResult {
    let Some(this) = This::<Deque>::of(vm, value) else {
        return Err(vm.raise_type("the class of a deque did not make a deque"));
    };
    let count = vm.repeat_count(count)?;
    if count == 0 {
        Deque::clear(this, vm);
        return Ok(value);
    }
    let n_items = this.len;
    if n_items == 0 || count == 1 {
        return Ok(value);
    }
    let Some(total) = n_items.checked_mul(count).filter(|&total| total <= isize::MAX as usize / 8) else {
        return Err(vm.raise_memory());
    };
    let list = methods::to_list(vm, this)?;
    let list = This::<ListObject>::of(vm, list).expect("a list was made");
    // Of a bounded one, the last items are those that stay.
    let n_new = (total - n_items).min(if this.max_len == usize::MAX { usize::MAX } else { this.max_len });
    for nth in 0..n_new {
        let item = list.items()[(total - n_new + nth) % n_items];
        Deque::push_back(this, vm, item)?;
    }
    Ok(value)
}
