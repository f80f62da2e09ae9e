//! Changes that go past what shapes promise: another class for an instance, a hook for a class that has instances.

use super::class::class_ref;
use super::header::Header;
use super::layout::*;
use super::string::str_to_string;
use super::types::BuiltinType;
use crate::interp::op::Op;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

impl Vm {
    /// `owner.__class__ = class`.
    pub fn assign_class(&mut self, owner: Value, class: Value) -> PyResult<()> {
        if !self.has_layout(class, BuiltinType::Type) {
            let message = format!("__class__ must be set to a class, not '{}' object", self.class_name(class));
            return Err(self.raise_type(&message));
        }
        let (old, new) = (class_ref(self.class_of(owner)), class_ref(class.as_ptr()));
        if old.flags & new.flags & TypeObject::HEAP == 0 || !owner.is_object() {
            return Err(self.raise_type("__class__ assignment only supported for mutable types or ModuleType subclasses"));
        }
        let root_names = |vm: &Vm, class: &TypeObject| vm.shapes.get(class.instance_shape).names.clone();
        let reserved = root_names(self, old);
        let is_fixed = TypeObject::NO_DICT | TypeObject::EXCEPTION;
        if old.base_layout != new.base_layout || (old.flags ^ new.flags) & is_fixed != 0 || reserved != root_names(self, new) {
            let message = format!("__class__ assignment: '{}' object layout differs from '{}'", str_to_string(new.name), str_to_string(old.name));
            return Err(self.raise_type(&message));
        }
        let from = self.shape_of(owner);
        let (same_room, is_dict_mode) = {
            let (from, to) = (self.shapes.get(from), self.shapes.get(new.instance_shape));
            (from.inline_slots == to.inline_slots, from.is_dict_mode)
        };
        let mut shape = new.instance_shape;
        if same_room && !is_dict_mode {
            for name in self.shapes.get(from).names[reserved.len()..].to_vec() {
                match self.shapes.with_name(shape, name) {
                    Some(next) => shape = next,
                    None => return Err(self.raise_memory()),
                }
            }
        } else if old.flags & is_fixed == 0 {
            self.instance_dict(owner)?;
            shape = self.shapes.dict_mode(new.instance_shape);
        } else {
            return Err(self.raise_type("__class__ assignment: object layout differs"));
        }
        // SAFETY: a live object; its memory suits the shape: as many slots, or none but what `__slots__` reserved.
        unsafe { (*owner.as_ptr::<Header>()).shape = shape };
        Ok(())
    }

    /// Has tier 1 look attributes up anew where it reads or writes slots by shape alone: a hook or a data descriptor
    /// that goes before the instances' own attributes was set on a class.
    pub(super) fn forget_slot_caches(&mut self) {
        for &object in self.heap.finalizable() {
            // SAFETY: registered objects are alive; code objects own their code.
            unsafe {
                if (*object).shape == BuiltinType::Code.shape() {
                    let code = (*object.cast::<CodeObject>()).code;
                    for instruction in &mut (*code).instructions {
                        let general = match Op::from_number(instruction.op) {
                            Op::LoadAttrSlot => Op::LoadAttr,
                            Op::StoreAttrSlot | Op::StoreAttrAdd => Op::StoreAttr,
                            _ => continue,
                        };
                        instruction.op = general as u16;
                    }
                }
            }
        }
    }
}
