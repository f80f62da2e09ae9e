//! The one table of special methods that stand for slots.

use super::python;
use super::wrap::{self, Wrap};
use super::{DIVMOD, Slots};
use crate::object::operate::op;
use crate::object::string::Names;
use crate::value::Value;

/// One slot as a whole: copied from another class, called from Python, empty, or there.
pub struct SlotRow {
    pub id: SlotId,
    pub copy: fn(&mut Slots, &Slots),
    /// Has the slot call the special methods; empties it where a special method is no function for it.
    pub set_python: fn(&mut Slots),
    pub clear: fn(&mut Slots),
    pub is_filled: fn(&Slots) -> bool,
    pub methods: &'static [MethodRow],
}

/// One special method of a slot.
#[derive(Clone, Copy)]
pub struct MethodRow {
    pub name: &'static str,
    /// Where the name is among the VM's.
    pub interned: fn(&Names) -> Value,
    pub signature: &'static str,
    pub doc: &'static str,
    /// Calls the slot as the method does; `None`: built-in types have no such method.
    pub wrap: Option<Wrap>,
}

const NULLARY: &str = "($self, /)";
const UNARY: &str = "($self, value, /)";
const KEY: &str = "($self, key, /)";

macro_rules! slots {
    ($( $id:ident [$($field:tt)+] = $python:expr; { $( $name:ident $signature:tt $wrap:expr, $doc:literal; )+ } )*) => {
        /// A slot, by its place in the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum SlotId { $($id,)* }

        pub static SLOTS: &[SlotRow] = &[$(
            SlotRow {
                id: SlotId::$id,
                copy: |to, from| to.$($field)+ = from.$($field)+,
                set_python: |slots| slots.$($field)+ = $python,
                clear: |slots| slots.$($field)+ = None,
                is_filled: |slots| slots.$($field)+.is_some(),
                methods: &[$(
                    MethodRow {
                        name: stringify!($name),
                        interned: |names| names.$name,
                        signature: $signature,
                        doc: $doc,
                        wrap: $wrap,
                    },
                )+],
            },
        )*];
    };
}

macro_rules! binary_wrap {
    ($op:expr) => {
        Some(|vm, slots, args| wrap::binary(vm, slots.binary[$op as usize], args[0], args[1]))
    };
}
macro_rules! reflected_wrap {
    ($op:expr) => {
        Some(|vm, slots, args| wrap::binary(vm, slots.binary[$op as usize], args[1], args[0]))
    };
}
macro_rules! inplace_wrap {
    ($op:expr) => {
        Some(|vm, slots, args| wrap::binary(vm, slots.inplace[$op as usize], args[0], args[1]))
    };
}

slots! {
    Len [len] = Some(python::len); { __len__ NULLARY Some(wrap::len), "The number of items."; }
    GetItem [get_item] = Some(python::get_item); { __getitem__ KEY Some(wrap::get_item), "The item under a key."; }
    SetItem [set_item] = Some(python::set_item); {
        __setitem__ "($self, key, value, /)" Some(wrap::set_item), "Sets the item under a key.";
        __delitem__ KEY Some(wrap::del_item), "Deletes the item under a key.";
    }
    Contains [contains] = Some(python::contains); { __contains__ KEY Some(wrap::contains), "Is it one of the items?"; }
    Iter [iter] = Some(python::iter); { __iter__ NULLARY Some(wrap::iter), "An iterator over the items."; }
    Next [next] = Some(python::next); { __next__ NULLARY Some(wrap::next), "The next item; StopIteration at the end."; }
    Repr [repr] = Some(python::repr); { __repr__ NULLARY Some(wrap::repr), "A text for programmers."; }
    Str [str] = Some(python::str); { __str__ NULLARY Some(wrap::str), "A text for people."; }
    Hash [hash] = Some(python::hash); { __hash__ NULLARY Some(wrap::hash), "The hash."; }
    Compare [compare] = Some(python::compare); {
        __lt__ UNARY Some(wrap::compare::<0>), "Less than the value?";
        __le__ UNARY Some(wrap::compare::<1>), "Less than the value, or equal to it?";
        __eq__ UNARY Some(wrap::compare::<2>), "Equal to the value?";
        __ne__ UNARY Some(wrap::compare::<3>), "Not equal to the value?";
        __gt__ UNARY Some(wrap::compare::<4>), "Greater than the value?";
        __ge__ UNARY Some(wrap::compare::<5>), "Greater than the value, or equal to it?";
    }
    Truth [truth] = Some(python::truth); { __bool__ NULLARY Some(wrap::truth), "Does it count as true?"; }
    Call [call] = Some(python::call); {
        __call__ "($self, /, *args, **kwargs)" Some(wrap::call), "Calls it as a function.";
    }
    GetAttribute [get_attribute] = Some(python::get_attribute); {
        __getattribute__ "($self, name, /)" Some(wrap::get_attribute), "The attribute of this name.";
        __getattr__ "($self, name, /)" None, "The attribute of a name that was not found.";
    }
    SetAttribute [set_attribute] = Some(python::set_attribute); {
        __setattr__ "($self, name, value, /)" Some(wrap::set_attribute), "Sets the attribute of this name.";
        __delattr__ "($self, name, /)" Some(wrap::del_attribute), "Deletes the attribute of this name.";
    }
    Get [get] = Some(python::get); {
        __get__ "($self, instance, owner=None, /)" Some(wrap::get), "What is read through it as a class attribute.";
    }
    Set [set] = Some(python::set); {
        __set__ "($self, instance, value, /)" Some(wrap::set), "Writes through it as a class attribute.";
        __delete__ "($self, instance, /)" Some(wrap::delete), "Deletes through it as a class attribute.";
    }
    Add [binary[op::ADD as usize]] = Some(python::binary::<{ op::ADD }>); {
        __add__ UNARY binary_wrap!(op::ADD), "self + value."; __radd__ UNARY reflected_wrap!(op::ADD), "value + self.";
    }
    Subtract [binary[op::SUBTRACT as usize]] = Some(python::binary::<{ op::SUBTRACT }>); {
        __sub__ UNARY binary_wrap!(op::SUBTRACT), "self - value.";
        __rsub__ UNARY reflected_wrap!(op::SUBTRACT), "value - self.";
    }
    Multiply [binary[op::MULTIPLY as usize]] = Some(python::binary::<{ op::MULTIPLY }>); {
        __mul__ UNARY binary_wrap!(op::MULTIPLY), "self * value.";
        __rmul__ UNARY reflected_wrap!(op::MULTIPLY), "value * self.";
    }
    Remainder [binary[op::REMAINDER as usize]] = Some(python::binary::<{ op::REMAINDER }>); {
        __mod__ UNARY binary_wrap!(op::REMAINDER), "self % value.";
        __rmod__ UNARY reflected_wrap!(op::REMAINDER), "value % self.";
    }
    Divmod [binary[DIVMOD]] = Some(python::binary::<{ DIVMOD as u32 }>); {
        __divmod__ UNARY binary_wrap!(DIVMOD), "divmod(self, value).";
        __rdivmod__ UNARY reflected_wrap!(DIVMOD), "divmod(value, self).";
    }
    Power [binary[op::POWER as usize]] = Some(python::binary::<{ op::POWER }>); {
        __pow__ "($self, value, mod=None, /)" Some(wrap::power), "pow(self, value, mod).";
        __rpow__ "($self, value, mod=None, /)" Some(wrap::reflected_power), "pow(value, self, mod).";
    }
    LeftShift [binary[op::LEFT_SHIFT as usize]] = Some(python::binary::<{ op::LEFT_SHIFT }>); {
        __lshift__ UNARY binary_wrap!(op::LEFT_SHIFT), "self << value.";
        __rlshift__ UNARY reflected_wrap!(op::LEFT_SHIFT), "value << self.";
    }
    RightShift [binary[op::RIGHT_SHIFT as usize]] = Some(python::binary::<{ op::RIGHT_SHIFT }>); {
        __rshift__ UNARY binary_wrap!(op::RIGHT_SHIFT), "self >> value.";
        __rrshift__ UNARY reflected_wrap!(op::RIGHT_SHIFT), "value >> self.";
    }
    And [binary[op::AND as usize]] = Some(python::binary::<{ op::AND }>); {
        __and__ UNARY binary_wrap!(op::AND), "self & value."; __rand__ UNARY reflected_wrap!(op::AND), "value & self.";
    }
    Xor [binary[op::XOR as usize]] = Some(python::binary::<{ op::XOR }>); {
        __xor__ UNARY binary_wrap!(op::XOR), "self ^ value."; __rxor__ UNARY reflected_wrap!(op::XOR), "value ^ self.";
    }
    Or [binary[op::OR as usize]] = Some(python::binary::<{ op::OR }>); {
        __or__ UNARY binary_wrap!(op::OR), "self | value."; __ror__ UNARY reflected_wrap!(op::OR), "value | self.";
    }
    FloorDivide [binary[op::FLOOR_DIVIDE as usize]] = Some(python::binary::<{ op::FLOOR_DIVIDE }>); {
        __floordiv__ UNARY binary_wrap!(op::FLOOR_DIVIDE), "self // value.";
        __rfloordiv__ UNARY reflected_wrap!(op::FLOOR_DIVIDE), "value // self.";
    }
    TrueDivide [binary[op::TRUE_DIVIDE as usize]] = Some(python::binary::<{ op::TRUE_DIVIDE }>); {
        __truediv__ UNARY binary_wrap!(op::TRUE_DIVIDE), "self / value.";
        __rtruediv__ UNARY reflected_wrap!(op::TRUE_DIVIDE), "value / self.";
    }
    MatrixMultiply [binary[op::MATRIX_MULTIPLY as usize]] = Some(python::binary::<{ op::MATRIX_MULTIPLY }>); {
        __matmul__ UNARY binary_wrap!(op::MATRIX_MULTIPLY), "self @ value.";
        __rmatmul__ UNARY reflected_wrap!(op::MATRIX_MULTIPLY), "value @ self.";
    }
    InplaceAdd [inplace[op::ADD as usize]] = Some(python::inplace::<{ op::ADD }>); {
        __iadd__ UNARY inplace_wrap!(op::ADD), "self += value.";
    }
    InplaceSubtract [inplace[op::SUBTRACT as usize]] = Some(python::inplace::<{ op::SUBTRACT }>); {
        __isub__ UNARY inplace_wrap!(op::SUBTRACT), "self -= value.";
    }
    InplaceMultiply [inplace[op::MULTIPLY as usize]] = Some(python::inplace::<{ op::MULTIPLY }>); {
        __imul__ UNARY inplace_wrap!(op::MULTIPLY), "self *= value.";
    }
    InplaceRemainder [inplace[op::REMAINDER as usize]] = Some(python::inplace::<{ op::REMAINDER }>); {
        __imod__ UNARY inplace_wrap!(op::REMAINDER), "self %= value.";
    }
    InplacePower [inplace[op::POWER as usize]] = Some(python::inplace::<{ op::POWER }>); {
        __ipow__ UNARY inplace_wrap!(op::POWER), "self **= value.";
    }
    InplaceLeftShift [inplace[op::LEFT_SHIFT as usize]] = Some(python::inplace::<{ op::LEFT_SHIFT }>); {
        __ilshift__ UNARY inplace_wrap!(op::LEFT_SHIFT), "self <<= value.";
    }
    InplaceRightShift [inplace[op::RIGHT_SHIFT as usize]] = Some(python::inplace::<{ op::RIGHT_SHIFT }>); {
        __irshift__ UNARY inplace_wrap!(op::RIGHT_SHIFT), "self >>= value.";
    }
    InplaceAnd [inplace[op::AND as usize]] = Some(python::inplace::<{ op::AND }>); {
        __iand__ UNARY inplace_wrap!(op::AND), "self &= value.";
    }
    InplaceXor [inplace[op::XOR as usize]] = Some(python::inplace::<{ op::XOR }>); {
        __ixor__ UNARY inplace_wrap!(op::XOR), "self ^= value.";
    }
    InplaceOr [inplace[op::OR as usize]] = Some(python::inplace::<{ op::OR }>); {
        __ior__ UNARY inplace_wrap!(op::OR), "self |= value.";
    }
    InplaceFloorDivide [inplace[op::FLOOR_DIVIDE as usize]] = Some(python::inplace::<{ op::FLOOR_DIVIDE }>); {
        __ifloordiv__ UNARY inplace_wrap!(op::FLOOR_DIVIDE), "self //= value.";
    }
    InplaceTrueDivide [inplace[op::TRUE_DIVIDE as usize]] = Some(python::inplace::<{ op::TRUE_DIVIDE }>); {
        __itruediv__ UNARY inplace_wrap!(op::TRUE_DIVIDE), "self /= value.";
    }
    InplaceMatrixMultiply [inplace[op::MATRIX_MULTIPLY as usize]] = Some(python::inplace::<{ op::MATRIX_MULTIPLY }>); {
        __imatmul__ UNARY inplace_wrap!(op::MATRIX_MULTIPLY), "self @= value.";
    }
    Negative [negative] = Some(python::negative); { __neg__ NULLARY Some(wrap::negative), "-self."; }
    Positive [positive] = Some(python::positive); { __pos__ NULLARY Some(wrap::positive), "+self."; }
    Absolute [absolute] = Some(python::absolute); { __abs__ NULLARY Some(wrap::absolute), "abs(self)."; }
    Invert [invert] = Some(python::invert); { __invert__ NULLARY Some(wrap::invert), "~self."; }
    Concat [concat] = None; { __add__ UNARY Some(wrap::concat), "self + value."; }
    Repeat [repeat] = None; {
        __mul__ UNARY Some(wrap::repeat), "self * value."; __rmul__ UNARY Some(wrap::repeat), "value * self.";
    }
    InplaceConcat [inplace_concat] = None; { __iadd__ UNARY Some(wrap::inplace_concat), "self += value."; }
    InplaceRepeat [inplace_repeat] = None; { __imul__ UNARY Some(wrap::inplace_repeat), "self *= value."; }
    Buffer [buffer] = Some(python::buffer); {
        __buffer__ "($self, flags, /)" Some(wrap::buffer), "A memoryview of its memory.";
    }
    ReleaseBuffer [release_buffer] = Some(python::release_buffer); {
        __release_buffer__ "($self, buffer, /)" Some(wrap::release_buffer), "Takes back a memoryview of its memory.";
    }
    Finalize [finalize] = Some(python::finalize); {
        __del__ NULLARY Some(wrap::finalize), "Called when the object is about to be destroyed.";
    }
}

impl SlotId {
    pub const fn bit(self) -> SlotSet {
        SlotSet(1 << self as u8)
    }
    pub fn row(self) -> &'static SlotRow {
        &SLOTS[self as usize]
    }
    /// The slot of an operation (or of `DIVMOD`).
    pub const fn of_operation(operation: u32) -> SlotId {
        match operation {
            op::ADD => SlotId::Add,
            op::AND => SlotId::And,
            op::FLOOR_DIVIDE => SlotId::FloorDivide,
            op::LEFT_SHIFT => SlotId::LeftShift,
            op::MATRIX_MULTIPLY => SlotId::MatrixMultiply,
            op::MULTIPLY => SlotId::Multiply,
            op::REMAINDER => SlotId::Remainder,
            op::OR => SlotId::Or,
            op::POWER => SlotId::Power,
            op::RIGHT_SHIFT => SlotId::RightShift,
            op::SUBTRACT => SlotId::Subtract,
            op::TRUE_DIVIDE => SlotId::TrueDivide,
            op::XOR => SlotId::Xor,
            _ => SlotId::Divmod,
        }
    }
}

/// A set of slots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(transparent)]
pub struct SlotSet(pub u64);

impl SlotSet {
    pub const ALL: SlotSet = SlotSet((1 << SLOTS.len()) - 1);

    pub const fn has(self, id: SlotId) -> bool {
        self.0 & id.bit().0 != 0
    }
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
    pub fn insert(&mut self, id: SlotId) {
        self.0 |= id.bit().0;
    }
    pub fn remove(&mut self, id: SlotId) {
        self.0 &= !id.bit().0;
    }
    pub fn rows(self) -> impl Iterator<Item = &'static SlotRow> {
        SLOTS.iter().filter(move |row| self.has(row.id))
    }
}
