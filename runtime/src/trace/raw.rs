//! Recording access to items of arrays of machine numbers.

use super::frames::{Recorded, Recorder};
use crate::uop::{ElementKind, Field, Op, UopIdx};
use crate::value::Value;
use crate::vm::Vm;

/// One element: of which storage, at which index, and what it is.
struct Element {
    storage: UopIdx,
    index: UopIdx,
    kind: ElementKind,
}

impl Recorder {
    /// The element that `container[key]` is, if that is one of a raw array.
    fn raw_element(&mut self, vm: &Vm, container: Value, key: Value, at: [UopIdx; 2]) -> Recorded<Option<Element>> {
        let [owner, index] = at;
        if !key.is_int() {
            return Ok(None);
        }
        let (Some(sequence), Some(kind)) = (vm.raw_sequence(container), vm.raw_kind(container)) else {
            return Ok(None);
        };
        let len_now = sequence.len as i64;
        if !(-len_now..len_now).contains(&key.as_int()) {
            return Ok(None);
        }
        self.guard_shape(owner, vm.shape_of(container))?;
        let kind_now = self.emit(Op::LoadWord { field: Field::RawKind }, &[owner], None)?;
        let wanted = self.emitter.const_int(kind as i64);
        let is_wanted = self.emit(Op::IntEq {}, &[kind_now, wanted], None)?;
        self.guarded(Op::GuardTrue {}, &[is_wanted])?;
        let len = self.emit(Op::LoadWord { field: Field::RawLen }, &[owner], None)?;
        let index = self.checked_index(index, key.as_int(), len)?;
        let storage = self.emit(Op::LoadField { field: Field::RawStorage }, &[owner], None)?;
        Ok(Some(Element { storage, index, kind }))
    }

    /// `container[key]`, if that is an item of a raw array.
    pub(super) fn raw_subscript(
        &mut self,
        vm: &Vm,
        container: Value,
        key: Value,
        at: [UopIdx; 2],
    ) -> Recorded<Option<UopIdx>> {
        let Some(Element { storage, index, kind: element }) = self.raw_element(vm, container, key, at)? else {
            return Ok(None);
        };
        if element.is_float() {
            let float = self.emit(Op::LoadRawFloat { element }, &[storage, index], None)?;
            return self.box_float(float).map(Some);
        }
        let integer = self.emit(Op::LoadRawInt { element }, &[storage, index], None)?;
        if element == ElementKind::U64 {
            let zero = self.emitter.const_int(0);
            let is_large = self.emit(Op::IntLt {}, &[integer, zero], None)?;
            self.guarded(Op::GuardFalse {}, &[is_large])?;
        }
        self.box_int(integer).map(Some)
    }

    /// `container[key] = value`, if that is an item of a raw array that has room for the value; false where it is not.
    pub(super) fn store_raw_subscript(
        &mut self,
        vm: &Vm,
        [container, key, actual]: [Value; 3],
        [owner, index, value]: [UopIdx; 3],
    ) -> Recorded<bool> {
        let Some(kind) = vm.raw_kind(container) else { return Ok(false) };
        let fits = match kind.bounds() {
            Some((low, high)) => actual.is_int() && (low..=high).contains(&actual.as_int()),
            None if kind.is_float() => actual.is_float() || actual.is_int(),
            None => actual.is_int() && actual.as_int() >= 0,
        };
        if !fits {
            return Ok(false);
        }
        let Some(Element { storage, index, kind: element }) = self.raw_element(vm, container, key, [owner, index])?
        else {
            return Ok(false);
        };
        if element.is_float() {
            let float = self.as_float(value, actual)?;
            self.emit(Op::StoreRawFloat { element }, &[storage, index, float], None)?;
        } else {
            let integer = self.int(value)?;
            self.guard_fits(element, integer)?;
            self.emit(Op::StoreRawInt { element }, &[storage, index, integer], None)?;
        }
        Ok(true)
    }

    /// Leaves where the kind has no room for an integer.
    fn guard_fits(&mut self, element: ElementKind, integer: UopIdx) -> Recorded<()> {
        let (low, high) = element.bounds().unwrap_or((0, i64::MAX));
        if low > i64::MIN {
            let low = self.emitter.const_int(low);
            let is_below = self.emit(Op::IntLt {}, &[integer, low], None)?;
            self.guarded(Op::GuardFalse {}, &[is_below])?;
        }
        if high < i64::MAX {
            let high = self.emitter.const_int(high);
            let is_inside = self.emit(Op::IntLe {}, &[integer, high], None)?;
            self.guarded(Op::GuardTrue {}, &[is_inside])?;
        }
        Ok(())
    }

    /// `len(value)`, if that is a raw array.
    pub(crate) fn raw_len(&mut self, vm: &Vm, actual: Value, value: UopIdx) -> Recorded<Option<UopIdx>> {
        if vm.raw_sequence(actual).is_none() {
            return Ok(None);
        }
        self.guard_shape(value, vm.shape_of(actual))?;
        let len = self.emit(Op::LoadWord { field: Field::RawLen }, &[value], None)?;
        self.box_int(len).map(Some)
    }
}
