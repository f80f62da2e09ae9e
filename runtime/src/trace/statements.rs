//! Recording `with`, `match`, `del`, and stars.

use super::Abort;
use super::frames::{Recorded, Recorder};
use crate::interp::dispatch::State;
use crate::object::argument::This;
use crate::object::layout::DictObject;
use crate::object::spec::MatchedAs;
use crate::object::types::BuiltinType;
use crate::uop::{Field, Helper, Op};
use crate::value::Value;
use crate::vm::Vm;

impl Recorder {
    /// `del local`.
    pub(super) fn delete_fast(&mut self, local: usize) -> Recorded<()> {
        let value = self.slot(local)?;
        let value = self.emitter.boxed(value);
        self.guarded(Op::GuardIsNot { bits: Value::UNBOUND.bits() }, &[value])?;
        let unbound = self.emitter.const_value(Value::UNBOUND);
        self.set_local(local, unbound);
        Ok(())
    }

    /// `__enter__` or `__exit__` of a context manager, to be called.
    pub(super) unsafe fn load_special(&mut self, vm: &mut Vm, s: State, which: usize) -> Recorded<()> {
        // SAFETY: the stack has the manager.
        let actual = unsafe { s.peek(1) };
        let name = match which {
            0 => vm.names.__enter__,
            1 => vm.names.__exit__,
            _ => return Err(Abort::Unsupported),
        };
        let method = vm.lookup_special(actual, name).ok_or(Abort::Unsupported)?;
        let is_method = vm.takes_receiver(method);
        if !is_method || !actual.is_object() {
            return Err(Abort::Unsupported);
        }
        let owner = self.peek(1)?;
        self.guard_object(vm, owner, actual)?;
        let method = self.constant(vm, method);
        self.drop(1);
        self.push(method);
        self.push(owner);
        Ok(())
    }

    /// The length of a `match` statement's subject, which stays.
    pub(super) unsafe fn get_len(&mut self, vm: &mut Vm, s: State) -> Recorded<()> {
        // SAFETY: the stack has the subject.
        let actual = unsafe { s.peek(1) };
        let field = Self::len_field(vm.layout_of(actual)).ok_or(Abort::Unsupported)?;
        if !self.inherits(vm, actual, vm.names.__len__) {
            return Err(Abort::Unsupported);
        }
        let subject = self.peek(1)?;
        self.guard_shape(subject, vm.shape_of(actual))?;
        let len = self.emit(Op::LoadWord { field }, &[subject], None)?;
        let len = self.box_int(len)?;
        self.push(len);
        Ok(())
    }

    /// Is the subject, which stays, one that patterns of this kind match?
    pub(super) unsafe fn match_kind(&mut self, vm: &mut Vm, s: State, kind: MatchedAs) -> Recorded<()> {
        // SAFETY: the stack has the subject.
        let actual = unsafe { s.peek(1) };
        let subject = self.peek(1)?;
        self.guard_type(vm, subject, actual)?;
        self.depend_on_class(vm.class_of(actual));
        let truth = self.emitter.const_bool(vm.matched_as(actual) == kind);
        let boxed = self.box_bool(truth)?;
        self.push(boxed);
        Ok(())
    }

    /// `first, *middle, last = value`, of an exact list or tuple.
    pub(super) unsafe fn unpack_ex(&mut self, vm: &mut Vm, s: State, arg: usize) -> Recorded<()> {
        // SAFETY: the stack has the value.
        let actual = unsafe { s.peek(1) };
        if !vm.is_exact(actual, BuiltinType::List) && !vm.is_exact(actual, BuiltinType::Tuple) {
            return Err(Abort::Unsupported);
        }
        let value = self.peek(1)?;
        self.guard_shape(value, vm.shape_of(actual))?;
        let (before, after) = (arg & 0xFF, arg >> 8);
        let counts = [before, after].map(|count| self.emitter.const_int(count as i64));
        let items = self.escaping(Op::CallHelper { helper: Helper::UnpackEx }, &[value, counts[0], counts[1]])?;
        self.emitter.assume_shape(items, BuiltinType::Tuple.shape());
        self.drop(1);
        for i in (0..before + 1 + after).rev() {
            let index = self.emitter.const_int(i as i64);
            let item = self.emit(Op::LoadElement { field: Field::TupleElement }, &[items, index], None)?;
            self.push(item);
        }
        Ok(())
    }

    /// Adds a `**` argument to the keywords of a call.
    pub(super) unsafe fn dict_merge(&mut self, vm: &mut Vm, s: State, place: usize) -> Recorded<()> {
        let (keywords, mapping, callee) = (self.peek(place + 1)?, self.peek(1)?, self.peek(place + 4)?);
        // SAFETY: the stack has the mapping on top.
        if let Some(dict) = This::<DictObject>::of(vm, unsafe { s.peek(1) })
            && vm.is_exact(dict.value(), BuiltinType::Dict)
            && dict.len == 0
        {
            self.guard_shape(mapping, BuiltinType::Dict.shape())?;
            self.guard_word(mapping, Field::DictLen, 0)?;
            self.drop(1);
            return Ok(());
        }
        self.escaping(Op::CallHelper { helper: Helper::MergeKeywords }, &[keywords, mapping, callee])?;
        self.drop(1);
        Ok(())
    }
}
