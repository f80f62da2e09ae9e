//! Strings: 1, 2 or 4 bytes a code point; interning; the names that the VM itself uses.

use super::append::{AppendedStr, Growth, Side, Sum, text_of};
use super::argument::This;
use super::header::Header;
use super::layout::StrObject;
use super::points::{all_bits, copy_points, width_of};
use super::types::BuiltinType;
use super::utf8::{measure, push_utf8, write_points};
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use hashbrown::HashTable;
use siphasher::sip::SipHasher13;
use std::hash::Hasher;

/// The code points of a string.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum View<'a> {
    One(&'a [u8]),
    Two(&'a [u16]),
    Four(&'a [u32]),
}

impl View<'_> {
    pub fn len(self) -> usize {
        match self {
            View::One(data) => data.len(),
            View::Two(data) => data.len(),
            View::Four(data) => data.len(),
        }
    }
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
    /// Bytes a code point.
    pub fn width(self) -> u8 {
        match self {
            View::One(_) => 1,
            View::Two(_) => 2,
            View::Four(_) => 4,
        }
    }
    /// Code points `start..end`.
    pub fn part(self, start: usize, end: usize) -> Self {
        match self {
            View::One(data) => View::One(&data[start..end]),
            View::Two(data) => View::Two(&data[start..end]),
            View::Four(data) => View::Four(&data[start..end]),
        }
    }
    pub fn at(self, index: usize) -> u32 {
        match self {
            View::One(data) => data[index] as u32,
            View::Two(data) => data[index] as u32,
            View::Four(data) => data[index],
        }
    }
    /// The first place from `start` on of a code point that passes.
    pub fn position(self, start: usize, test: impl Fn(u32) -> bool) -> Option<usize> {
        fn first<T: Copy + Into<u32>>(data: &[T], start: usize, test: impl Fn(u32) -> bool) -> Option<usize> {
            data.get(start..)?.iter().position(|&point| test(point.into())).map(|at| at + start)
        }
        match self {
            View::One(data) => first(data, start, test),
            View::Two(data) => first(data, start, test),
            View::Four(data) => first(data, start, test),
        }
    }
    /// The last place before `end` of a code point that passes.
    pub fn rposition(self, end: usize, test: impl Fn(u32) -> bool) -> Option<usize> {
        fn last<T: Copy + Into<u32>>(data: &[T], end: usize, test: impl Fn(u32) -> bool) -> Option<usize> {
            data.get(..end)?.iter().rposition(|&point| test(point.into()))
        }
        match self {
            View::One(data) => last(data, end, test),
            View::Two(data) => last(data, end, test),
            View::Four(data) => last(data, end, test),
        }
    }
    /// Do all code points pass?
    pub fn all(self, test: impl Fn(u32) -> bool) -> bool {
        self.position(0, |point| !test(point)).is_none()
    }
    pub fn code_points(self) -> impl DoubleEndedIterator<Item = u32> + ExactSizeIterator {
        (0..self.len()).map(move |index| self.at(index))
    }
    /// UTF-8, with surrogates encoded like other code points.
    pub fn to_wtf8(self) -> Vec<u8> {
        if let View::One(data) = self
            && data.is_ascii()
        {
            return data.to_vec();
        }
        let mut bytes = Vec::with_capacity(self.len());
        let mut at = push_utf8(self, 0, &mut bytes);
        while at < self.len() {
            // A surrogate: three bytes.
            let point = self.at(at);
            bytes.extend([0xE0 | (point >> 12) as u8, 0x80 | (point >> 6 & 0x3F) as u8, 0x80 | (point & 0x3F) as u8]);
            at = push_utf8(self, at + 1, &mut bytes);
        }
        bytes
    }
    /// UTF-8, with lone surrogates as the replacement character.
    pub fn to_string_lossy(self) -> String {
        match self {
            View::One(data) if data.is_ascii() => String::from_utf8_lossy(data).into_owned(),
            View::One(data) => data.iter().map(|&byte| byte as char).collect(),
            view => view.code_points().map(|c| char::from_u32(c).unwrap_or('\u{FFFD}')).collect(),
        }
    }
}

/// A piece of a string that is put together.
pub enum Padding<'a> {
    Text(View<'a>),
    /// A code point, so many times.
    Fill(u32, usize),
}

impl Padding<'_> {
    fn len(&self) -> usize {
        match *self {
            Padding::Text(view) => view.len(),
            Padding::Fill(_, n) => n,
        }
    }
    fn width(&self) -> u8 {
        match *self {
            Padding::Text(view) => view.width(),
            Padding::Fill(point, _) => width_of(point),
        }
    }
}

impl StrObject {
    pub fn view(&self) -> View<'_> {
        let data = text_of(self);
        // SAFETY: `len` code points of `width` bytes lie there, aligned: the sizes of the structs in front see to it.
        unsafe {
            match self.width {
                1 => View::One(std::slice::from_raw_parts(data.cast(), self.len)),
                2 => View::Two(std::slice::from_raw_parts(data.cast(), self.len)),
                _ => View::Four(std::slice::from_raw_parts(data.cast(), self.len)),
            }
        }
    }
}

/// The string that a value is.
///
/// # Safety
/// It is a str, which stays alive.
#[inline(always)]
pub unsafe fn known_str<'a>(value: Value) -> &'a StrObject {
    // SAFETY: the caller says what it is; strings do not move.
    unsafe { &*value.as_ptr::<StrObject>() }
}

/// The text of an interned string.
fn interned_view<'a>(interned: &Value) -> View<'a> {
    // SAFETY: only strings are interned; they live as long as the VM.
    unsafe { known_str(*interned) }.view()
}

/// So many names that a program makes as it runs are interned.
const MAX_MADE: usize = 10_000;

/// The interned strings of a VM; they live as long as it.
#[derive(Default)]
pub struct Interner {
    table: HashTable<Value>,
    /// Those that were interned since the last collection.
    young: Vec<Value>,
    /// How many were for names that a program made: see `name_from`.
    n_made: usize,
    latest: Latest,
}

/// Interned strings by where in the program the text is that was asked for: there it is the same text the next time, mostly.
struct Latest([Value; Latest::N_PLACES]);

impl Latest {
    const N_PLACES: usize = 256;

    fn place(text: &[u8]) -> usize {
        // Texts of the program lie one behind the other.
        (text.as_ptr() as usize).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (usize::BITS - Latest::N_PLACES.ilog2())
    }
}

impl Default for Latest {
    fn default() -> Latest {
        Latest([Value::UNBOUND; Latest::N_PLACES])
    }
}

impl Interner {
    pub fn values(&self) -> impl Iterator<Item = Value> + '_ {
        self.table.iter().copied()
    }
    pub fn young(&self) -> impl Iterator<Item = Value> + '_ {
        self.young.iter().copied()
    }
    pub fn forget_young(&mut self) {
        self.young.clear();
    }
}

impl Vm {
    pub(super) fn alloc_str(&mut self, len: usize, width: u8) -> PyResult<*mut StrObject> {
        let size = size_of::<StrObject>().saturating_add(len.saturating_mul(width as usize));
        let object = if size <= 1024 {
            self.allocate(BuiltinType::Str.shape(), 0, size)
        } else {
            self.allocate_text(BuiltinType::Str.shape(), 0, size)?
        };
        let object = object.cast::<StrObject>();
        // SAFETY: fresh memory with room for the struct and its data.
        unsafe {
            (*object).hash = 0;
            (*object).len = len;
            (*object).width = width;
            (*object).is_interned = false;
            (*object).growth = Growth::NONE;
        }
        Ok(object)
    }

    /// A string of code points below 256.
    pub fn str_from_latin1(&mut self, data: &[u8]) -> Value {
        if let [one] = data
            && !self.characters[*one as usize].is_unbound()
        {
            return self.characters[*one as usize];
        }
        let object = self.alloc_str(data.len(), 1).expect("memory for a string");
        // SAFETY: the fresh string has room for the data.
        unsafe { std::ptr::copy_nonoverlapping(data.as_ptr(), object.add(1).cast(), data.len()) };
        Value::object(object)
    }

    /// A string of code points below 256, as `change` leaves them.
    pub fn str_changed(&mut self, data: &[u8], change: impl FnOnce(&mut [u8])) -> PyResult {
        if let &[one] = data {
            let mut one = [one];
            change(&mut one);
            return Ok(self.characters[one[0] as usize]);
        }
        let object = self.alloc_str(data.len(), 1)?;
        // SAFETY: the fresh string, which nobody else has seen, has room for the data, and they are written before they are read.
        unsafe {
            let text = object.add(1).cast();
            std::ptr::copy_nonoverlapping(data.as_ptr(), text, data.len());
            change(std::slice::from_raw_parts_mut(text, data.len()));
        }
        Ok(Value::object(object))
    }

    pub fn new_str(&mut self, text: &str) -> Value {
        if text.is_ascii() {
            return self.str_from_latin1(text.as_bytes());
        }
        let (len, width) = measure(text);
        if let (1, 1, Some(point)) = (len, width, text.chars().next()) {
            return self.str_from_latin1(&[point as u8]);
        }
        let object = self.alloc_str(len, width).expect("memory for a string");
        let data = object.wrapping_add(1);
        // SAFETY: the fresh string has room for `len` code points in the width that holds them all.
        unsafe {
            match width {
                1 => write_points(text, data.cast::<u8>(), len, |point| point as u8),
                2 => write_points(text, data.cast::<u16>(), len, |point| point as u16),
                _ => write_points(text, data.cast::<u32>(), len, |point| point),
            }
        }
        Value::object(object)
    }

    /// In the narrowest width that holds them.
    pub fn str_from_code_points(&mut self, points: &[u32]) -> Value {
        self.str_from_view(View::Four(points), all_bits(points))
    }

    /// In the narrowest width that holds them.
    pub fn str_from_units(&mut self, points: &[u16]) -> Value {
        self.str_from_view(View::Two(points), all_bits(points))
    }

    /// A string of code points that have those bits together.
    fn str_from_view(&mut self, view: View<'_>, bits: u32) -> Value {
        let width = width_of(bits);
        if view.len() == 1 && width == 1 {
            return self.characters[view.at(0) as usize];
        }
        let object = self.alloc_str(view.len(), width).expect("memory for a string");
        // SAFETY: the fresh string has room for them, in the width that holds the greatest of them.
        unsafe { copy_points(view, object.add(1).cast(), width) };
        Value::object(object)
    }

    /// A string of so many of each code point, one behind the other, with texts between.
    pub fn str_padded(&mut self, parts: &[Padding<'_>]) -> PyResult {
        let len = parts.iter().fold(0_usize, |len, part| len.saturating_add(part.len()));
        let width = parts.iter().filter(|part| part.len() > 0).map(Padding::width).max().unwrap_or(1);
        let object = self.alloc_str(len, width)?;
        let mut to = object.wrapping_add(1).cast::<u8>();
        for part in parts {
            // SAFETY: the fresh string has room for all of them, in a width that is no narrower than any.
            unsafe {
                match *part {
                    Padding::Text(view) => copy_points(view, to, width),
                    Padding::Fill(point, n) => match width {
                        1 => to.write_bytes(point as u8, n),
                        2 => std::slice::from_raw_parts_mut(to.cast::<u16>(), n).fill(point as u16),
                        _ => std::slice::from_raw_parts_mut(to.cast::<u32>(), n).fill(point),
                    },
                }
                to = to.add(part.len() * width as usize);
            }
        }
        Ok(Value::object(object))
    }

    /// From UTF-8 with surrogates encoded like other code points (WTF-8), as the compiler gives constants.
    pub fn str_from_wtf8(&mut self, bytes: &[u8]) -> Value {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return self.new_str(text);
        }
        let mut points = Vec::with_capacity(bytes.len());
        let mut at = 0;
        while at < bytes.len() {
            let lead = bytes[at] as u32;
            let extra = match lead {
                0..0x80 => 0,
                0x80..0xE0 => 1,
                0xE0..0xF0 => 2,
                _ => 3,
            };
            let mut point = if extra == 0 { lead } else { lead & (0x3F >> extra) };
            for &byte in bytes.iter().skip(at + 1).take(extra) {
                point = point << 6 | (byte as u32 & 0x3F);
            }
            points.push(point);
            at += extra + 1;
        }
        self.str_from_code_points(&points)
    }

    /// A string of one code point.
    pub fn str_from_code_point(&mut self, point: u32) -> Value {
        if point < 256 { self.characters[point as usize] } else { self.str_from_code_points(&[point]) }
    }

    /// The hash of a value of string layout.
    #[inline]
    pub fn str_hash(&self, value: Value) -> i64 {
        let mut string = This::<StrObject>::expect(self, value);
        if string.hash == 0 {
            string.hash = self.hash_view(string.view());
        }
        string.hash
    }

    fn hash_view(&self, view: View<'_>) -> i64 {
        if view.is_empty() {
            return 0;
        }
        let mut hasher = SipHasher13::new_with_keys(self.hash_seed.0, self.hash_seed.1);
        match view {
            View::One(data) => hasher.write(data),
            View::Two(data) => {
                // SAFETY: plain old data as bytes.
                hasher.write(unsafe { std::slice::from_raw_parts(data.as_ptr().cast(), data.len() * 2) })
            }
            View::Four(data) => {
                // SAFETY: plain old data as bytes.
                hasher.write(unsafe { std::slice::from_raw_parts(data.as_ptr().cast(), data.len() * 4) })
            }
        }
        match hasher.finish() as i64 {
            -1 => -2,
            hash => hash,
        }
    }

    /// The one interned string of this text.
    pub fn intern(&mut self, text: &str) -> Value {
        let data = text.as_bytes();
        let place = Latest::place(data);
        let latest = self.interner.latest.0[place];
        if !latest.is_unbound()
            && let View::One(known) = interned_view(&latest)
            && known == data
        {
            return latest;
        }
        if data.is_ascii() {
            let interned = self.intern_latin1(data);
            self.interner.latest.0[place] = interned;
            return interned;
        }
        let string = self.new_str(text);
        self.intern_value(string)
    }

    /// The string that a value is known to be, which the caller keeps alive: a bug where it is none.
    #[inline]
    #[track_caller]
    pub fn str_of<'a>(&self, value: Value) -> &'a StrObject {
        // SAFETY: just found to be a str.
        unsafe { known_str(This::<StrObject>::expect(self, value).value()) }
    }

    /// The text of a value that is known to be a str, what is no character in it replaced.
    #[track_caller]
    pub fn string_of(&self, value: Value) -> String {
        self.str_of(value).view().to_string_lossy()
    }

    /// The interned string of these code points below 256.
    pub fn intern_latin1(&mut self, data: &[u8]) -> Value {
        let view = View::One(data);
        let hash = self.hash_view(view) as u64;
        if let Some(&found) = self.interner.table.find(hash, |other| interned_view(other) == view) {
            return found;
        }
        let string = self.str_from_latin1(data);
        self.intern_value(string)
    }

    /// The interned equal of an exact string.
    pub fn intern_value(&mut self, string: Value) -> Value {
        if self.str_of(string).is_interned {
            return string;
        }
        let hash = self.str_hash(string) as u64;
        let view = self.str_of(string).view();
        if let Some(&found) = self.interner.table.find(hash, |other| interned_view(other) == view) {
            return found;
        }
        // SAFETY: only strings are interned.
        let hash_of = |value: &Value| unsafe { known_str(*value) }.hash as u64;
        self.interner.table.insert_unique(hash, string, hash_of);
        self.interner.young.push(string);
        This::<StrObject>::expect(self, string).is_interned = true;
        string
    }

    /// The form of an exact string by which attributes and keywords are looked up, which a program may have made as it runs: the
    /// interned one if there is one, or as long as few were made so; else the string itself. Interned strings stay, and a program
    /// may make names for ever. What is not interned can be found in dicts alone: not in shapes, and not among a function's parameters.
    pub fn name_from(&mut self, string: Value) -> Value {
        if let Some(found) = self.interned_equal(string) {
            return found;
        }
        if self.interner.n_made == MAX_MADE {
            return string;
        }
        self.interner.n_made += 1;
        self.intern_value(string)
    }

    pub fn is_interned(&self, string: Value) -> bool {
        self.str_of(string).is_interned
    }

    /// The interned string that equals a value, if there is one.
    pub(super) fn interned_equal(&self, value: Value) -> Option<Value> {
        if !self.is_str(value) {
            return None;
        }
        if self.str_of(value).is_interned {
            return Some(value);
        }
        let view = self.str_of(value).view();
        self.interner.table.find(self.str_hash(value) as u64, |other| interned_view(other) == view).copied()
    }

    pub fn str_concat(&mut self, lhs: Value, rhs: Value) -> PyResult<Value> {
        let (a, b) = (self.str_of(lhs), self.str_of(rhs));
        if a.len == 0 {
            return self.exact_alias(rhs);
        }
        if b.len == 0 {
            return self.exact_alias(lhs);
        }
        let width = a.width.max(b.width);
        let sum = Sum::of((a.len * width as usize, a.growth), (b.len * width as usize, b.growth));
        if sum.is_worth_a_buffer() {
            return self.str_in_buffer(lhs, rhs, sum);
        }
        let result = self.alloc_str(a.len + b.len, width)?;
        let data = result.wrapping_add(1);
        // SAFETY: the fresh string has room for both, in this width.
        unsafe {
            (*result).growth = sum.growth;
            copy_points(a.view(), data.cast(), width);
            copy_points(b.view(), data.cast::<u8>().add(a.len * width as usize), width);
        }
        Ok(Value::object(result))
    }

    /// As `str_concat`, with a buffer.
    fn str_in_buffer(&mut self, lhs: Value, rhs: Value, sum: Sum) -> PyResult<Value> {
        let (a, b) = (self.str_of(lhs), self.str_of(rhs));
        let width = a.width.max(b.width);
        let (n_left, n_right) = (a.len * width as usize, b.len * width as usize);
        let (old, n_old, n_new) = match sum.side {
            Side::Before => (rhs, n_right, n_left),
            Side::Behind => (lhs, n_left, n_right),
        };
        let own = (self.str_of(old).width == width).then_some(old);
        let room = self.room_at(sum.side, own, n_old, n_new)?;
        let shape = BuiltinType::Str.shape();
        let object = self.allocate_or_raise(shape, Header::TRACE_APPENDED, size_of::<AppendedStr>())?;
        let object = object.cast::<AppendedStr>();
        // SAFETY: the buffer has room for both, and nobody's text where the new one comes; the object is fresh memory of its size.
        unsafe {
            if room.is_fresh || sum.side == Side::Before {
                copy_points(a.view(), room.sum, width);
            }
            if room.is_fresh || sum.side == Side::Behind {
                copy_points(b.view(), room.sum.add(n_left), width);
            }
            (*object).string.hash = 0;
            (*object).string.len = a.len + b.len;
            (*object).string.width = width;
            (*object).string.is_interned = false;
            (*object).string.growth = sum.growth;
            (*object).tail = room.taken(n_left + n_right);
        }
        Ok(Value::object(object))
    }

    /// The concatenation of several strings.
    pub fn str_concat_all(&mut self, parts: &[Value]) -> PyResult<Value> {
        match *parts {
            [one] => Ok(one),
            [lhs, rhs] => self.str_concat(lhs, rhs),
            _ => self.str_join(View::One(b""), parts),
        }
    }

    /// Strings with a separator between them. Runs no Python code.
    pub fn str_join(&mut self, separator: View<'_>, parts: &[Value]) -> PyResult<Value> {
        let Some((&first, others)) = parts.split_first() else { return Ok(self.str_from_latin1(b"")) };
        let mut width = if others.is_empty() { 1 } else { separator.width() };
        let mut len = separator.len().saturating_mul(others.len());
        for &part in parts {
            let StrObject { len: n, width: w, .. } = *self.str_of(part);
            (len, width) = (len.saturating_add(n), width.max(w));
        }
        if len == 0 {
            return Ok(self.str_from_latin1(b""));
        }
        let result = self.alloc_str(len, width)?;
        let mut to = result.wrapping_add(1).cast::<u8>();
        let mut push = |view: View<'_>| {
            // SAFETY: the fresh string has room for all of them, in this width.
            unsafe {
                copy_points(view, to, width);
                to = to.add(view.len() * width as usize);
            }
        };
        push(self.str_of(first).view());
        for &part in others {
            push(separator);
            push(self.str_of(part).view());
        }
        Ok(Value::object(result))
    }

    /// A string of the same text that has it behind itself.
    pub(super) fn str_plain(&mut self, string: Value) -> PyResult<Value> {
        let StrObject { len, width, .. } = *self.str_of(string);
        let copy = self.alloc_str(len, width)?;
        // SAFETY: the fresh string has room for the text.
        unsafe { copy_points(self.str_of(string).view(), copy.add(1).cast(), width) };
        Ok(Value::object(copy))
    }

    /// Code points `start..end`.
    pub fn str_slice(&mut self, value: Value, start: usize, end: usize) -> Value {
        match self.str_of(value).view() {
            View::One(data) if end - start == 1 => self.characters[data[start] as usize],
            View::One(data) => {
                let data = &data[start..end];
                let object = self.alloc_str(data.len(), 1).expect("memory for a string");
                // SAFETY: the fresh string has room for the data, which do not move; the caller holds their string.
                unsafe { std::ptr::copy_nonoverlapping(data.as_ptr(), object.add(1).cast(), data.len()) };
                Value::object(object)
            }
            View::Two(data) => self.str_from_units(&data[start..end]),
            View::Four(data) => self.str_from_code_points(&data[start..end]),
        }
    }
}

macro_rules! names {
    ($($name:ident)*) => {
        /// Interned names that the VM looks up.
        #[derive(Clone, Copy)]
        pub struct Names { $(pub $name: Value,)* }
        impl Names {
            pub const fn unset() -> Names { Names { $($name: Value::UNBOUND,)* } }
            pub fn intern(vm: &mut Vm) -> Names { Names { $($name: vm.intern(stringify!($name)),)* } }
        }
    };
}

names! {
    __init__ __new__ __name__ __qualname__ __module__ __doc__ __dict__ __class__ __bases__ __mro__ __slots__ __main__
    __get__ __set__ __delete__ __getattr__ __getattribute__ __setattr__ __delattr__ __set_name__ __init_subclass__
    __call__ __len__ __getitem__ __setitem__ __delitem__ __contains__ __iter__ __next__ __reversed__ __missing__ __length_hint__
    __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __hash__ __bool__ __int__ __float__ __index__ __str__ __repr__ __format__ __bytes__ __buffer__ __release_buffer__
    __add__ __sub__ __mul__ __truediv__ __floordiv__ __mod__ __pow__ __lshift__ __rshift__ __and__ __or__ __xor__ __matmul__ __divmod__
    __radd__ __rsub__ __rmul__ __rtruediv__ __rfloordiv__ __rmod__ __rpow__ __rlshift__ __rrshift__ __rand__ __ror__ __rxor__ __rmatmul__ __rdivmod__
    __iadd__ __isub__ __imul__ __itruediv__ __ifloordiv__ __imod__ __ipow__ __ilshift__ __irshift__ __iand__ __ior__ __ixor__ __imatmul__
    __neg__ __pos__ __invert__ __abs__ __round__ __trunc__ __floor__ __ceil__ __complex__
    __enter__ __exit__ __aenter__ __aexit__ __await__ __aiter__ __anext__
    __build_class__ __import__ __builtins__ __file__ __path__ __package__ __spec__ __loader__ __cached__ __all__ __annotations__ __annotate__ __annotate_func__
    __static_attributes__ __firstlineno__ __classcell__ __classdictcell__ __type_params__ __match_args__ __debug__ __cause__ __context__ __traceback__
    __suppress_context__ __instancecheck__ __subclasscheck__ __subclasshook__ __mro_entries__ __prepare__ __class_getitem__ __abstractmethods__
    __defaults__ __kwdefaults__ __closure__ __code__ __globals__ __wrapped__ __func__ __self__ __del__ __weakref__ __notes__ __sizeof__
    args send throw close keys items values get append pop insert update metaclass value code msg print stdout stderr name path obj
    write flush end sep file key default reverse strict
    __reduce__ __reduce_ex__ __getstate__ __setstate__ __getnewargs__ __getnewargs_ex__ __newobj__ __newobj_ex__ __slotnames__ copyreg _slotnames _reduce_ex
}
