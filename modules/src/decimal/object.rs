//! `Decimal` objects and what stands for them in operations.
//!
//! ```text
//!   | header | storage ─┐ | exponent | two limbs | count | kind | sign |
//!                       └► limbs of numbers of more than 38 digits
//! ```

use super::number::limbs::from_wide;
use super::number::short::Short;
use super::number::{Kind, Number, View, integer};
use super::spec::DECIMAL;
use super::state::State;
use stitch_runtime::object::argument::This;
use stitch_runtime::object::class::class_ref;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::integer::IntView;
use stitch_runtime::object::layout::{BytesObject, TypeObject};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

/// Limbs that lie in the object itself.
const N_INLINE: usize = 2;

#[repr(C)]
pub struct Decimal {
    header: Header,
    /// Raw bytes, or unbound where the limbs lie in the object.
    storage: Value,
    exponent: i64,
    inline: [u64; N_INLINE],
    n_limbs: u32,
    kind: Kind,
    is_negative: bool,
}

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Decimal {
    const SPEC: &'static TypeSpec = &DECIMAL;
}

pub const LAYOUT: Layout = Layout::of::<Decimal>(1);

impl Decimal {
    /// Its value, for as long as the caller keeps the object alive: decimals neither change nor move.
    #[inline]
    pub fn view<'a>(this: This<Decimal>) -> View<'a> {
        let object = this.pointer();
        // SAFETY: a live decimal, whose limbs lie in it or in its storage: raw bytes after their header, as many as were made room
        // for when it was made.
        unsafe {
            let storage = (*object).storage;
            let limbs = if storage.is_unbound() {
                std::slice::from_raw_parts((&raw const (*object).inline).cast::<u64>(), (*object).n_limbs as usize)
            } else {
                let data = storage.as_ptr::<BytesObject>().add(1).cast::<u64>();
                std::slice::from_raw_parts(data, (*object).n_limbs as usize)
            };
            View { is_negative: (*object).is_negative, kind: (*object).kind, exponent: (*object).exponent, limbs }
        }
    }

    /// The view of a value that is a decimal.
    #[inline]
    pub fn of<'a>(vm: &Vm, value: Value) -> Option<View<'a>> {
        This::of(vm, value).map(Decimal::view)
    }
}

/// A new object of a class.
pub fn new_of_class(vm: &mut Vm, class: *mut TypeObject, number: &Number) -> PyResult {
    let n_limbs = number.limbs.len();
    let mut inline = [0; N_INLINE];
    let storage = if n_limbs <= N_INLINE {
        inline[..n_limbs].copy_from_slice(&number.limbs);
        Value::UNBOUND
    } else {
        let storage = vm.new_raw_storage(n_limbs * size_of::<u64>())?;
        // SAFETY: just made with room for so many words, behind its header.
        unsafe {
            let data = storage.as_ptr::<BytesObject>().add(1).cast::<u64>();
            data.copy_from_nonoverlapping(number.limbs.as_ptr(), n_limbs);
        }
        storage
    };
    let (exponent, kind, is_negative) = (number.exponent, number.kind, number.is_negative);
    vm.new_object(class, |header| Decimal {
        header,
        storage,
        exponent,
        inline,
        n_limbs: n_limbs as u32,
        kind,
        is_negative,
    })
}

/// A new object whose limbs lie in it.
#[inline]
pub fn new_short(vm: &mut Vm, class: *mut TypeObject, short: Short) -> PyResult {
    let Short { is_negative, limbs, exponent } = short;
    let n_limbs = if limbs[1] > 0 { 2 } else { (limbs[0] > 0) as u32 };
    let (storage, kind) = (Value::UNBOUND, Kind::Finite);
    vm.new_object(class, |header| Decimal { header, storage, exponent, inline: limbs, n_limbs, kind, is_negative })
}

/// A new object of the type itself.
#[inline]
pub fn new(vm: &mut Vm, number: &Number) -> PyResult {
    let class = State::of(vm).decimal_class;
    new_of_class(vm, class, number)
}

/// The number that an int is.
pub fn number_of_int(int: IntView<'_>) -> Number {
    let is_negative = int.is_negative();
    let limbs = match int {
        IntView::Word(word) => super::number::limbs::from_word(word.unsigned_abs()),
        IntView::Wide(wide) => from_wide(wide.unsigned_abs()),
        IntView::Big(big) => integer::from_binary(&big.unsigned_abs_ref().to_limbs_asc()),
    };
    Number::finite(is_negative, limbs, 0)
}

/// What an operation computes with.
pub enum Operand {
    Object(This<Decimal>),
    Number(Number),
}

impl Operand {
    /// A decimal or an int; `None`: something else.
    #[inline]
    pub fn of(vm: &Vm, value: Value) -> Option<Operand> {
        if let Some(this) = This::of(vm, value) {
            return Some(Operand::Object(this));
        }
        vm.int_view(value).map(|int| Operand::Number(number_of_int(int)))
    }

    /// The same for an argument: TypeError where it is something else.
    pub fn expect(vm: &mut Vm, value: Value) -> PyResult<Operand> {
        Operand::of(vm, value).ok_or_else(|| {
            let message = format!("conversion from {} to Decimal is not supported", vm.class_name(value));
            vm.raise_type(&message)
        })
    }

    #[inline]
    pub fn view(&self) -> View<'_> {
        match self {
            Operand::Object(this) => Decimal::view(*this),
            Operand::Number(number) => number.view(),
        }
    }

    /// The operand as an object.
    pub fn object(self, vm: &mut Vm) -> PyResult {
        match self {
            Operand::Object(this) => Ok(this.value()),
            Operand::Number(number) => new(vm, &number),
        }
    }
}

/// The bytes of an object, its limbs included.
pub fn size_bytes(this: This<Decimal>) -> usize {
    let view = Decimal::view(this);
    let n_outside = if view.limbs.len() > N_INLINE { view.limbs.len() } else { 0 };
    size_of::<Decimal>() + n_outside * size_of::<u64>()
}

/// Is it the class of `Decimal` itself?
pub fn is_own_class(class: *mut TypeObject) -> bool {
    class_ref(class).is_of(&DECIMAL)
}
