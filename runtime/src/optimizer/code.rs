//! Code objects as optimizers and executors see them.

use crate::bytecode::Opcode;
use crate::interp::code::Code;
use crate::object::layout::{CodeObject, TupleObject};
use crate::value::Value;
use crate::vm::Vm;

/// A code object of a VM, of use with that one alone. Nobody who has not been given one can make it; the VM keeps the object
/// alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CodeId(pub(crate) u64);

/// A place that got hot.
#[derive(Clone, Copy)]
pub struct CodeLocation<'a> {
    pub code: CodeView<'a>,
    /// Of the instruction at which the executor will be installed, in bytes of `co_code`.
    pub offset: u32,
}

impl CodeLocation<'_> {
    /// As messages name it.
    pub fn describe(&self) -> String {
        let line = self.code.line_at(self.offset).unwrap_or(0);
        format!("File \"{}\", line {line}, in {}, offset {}", self.code.filename(), self.code.qualname(), self.offset)
    }
}

/// Reads a code object.
#[derive(Clone, Copy)]
pub struct CodeView<'a> {
    vm: &'a Vm,
    object: *mut CodeObject,
}

/// A constant of `co_consts`.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    /// Anything else.
    Other,
}

/// One instruction, with its prefixes folded in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstructionView {
    /// Of the instruction itself, behind its prefixes, in bytes of `co_code`.
    pub offset: u32,
    /// CPython's number and name.
    pub number: u8,
    pub name: &'static str,
    pub arg: u32,
    /// Of jumps: the offset they go to (`FOR_ITER`: when the iterator is exhausted).
    pub target: Option<u32>,
    /// `None`: of no line.
    pub line: Option<u32>,
}

impl<'a> CodeView<'a> {
    /// # Safety
    /// The object is a live code object for as long as the VM is borrowed.
    pub(super) unsafe fn new(vm: &'a Vm, object: *mut CodeObject) -> CodeView<'a> {
        CodeView { vm, object }
    }

    fn object(&self) -> &'a CodeObject {
        // SAFETY: as `new` was promised.
        unsafe { &*self.object }
    }

    pub(super) fn own(&self) -> &'a Code {
        // SAFETY: a code object's code lives as long as it does.
        unsafe { &*self.object().code }
    }

    pub fn id(&self) -> CodeId {
        CodeId(self.object as u64)
    }
    pub fn name(&self) -> String {
        self.vm.string_of(self.object().name)
    }
    pub fn qualname(&self) -> String {
        self.vm.string_of(self.object().qualname)
    }
    pub fn filename(&self) -> String {
        self.vm.string_of(self.object().filename)
    }
    pub fn first_line(&self) -> u32 {
        self.own().first_line
    }
    /// `co_code`.
    pub fn bytes(&self) -> &'a [u8] {
        &self.own().co_code
    }
    /// `co_nlocals`.
    pub fn n_locals(&self) -> usize {
        self.own().n_locals
    }
    /// `co_argcount`.
    pub fn argument_count(&self) -> usize {
        self.own().arg_count
    }
    /// `co_stacksize`.
    pub fn stack_size(&self) -> usize {
        self.own().stack_size - 1
    }
    /// Of a variable, by its slot.
    pub fn local_name(&self, slot: usize) -> Option<String> {
        let name = items(self.object().localsplus_names).get(slot)?;
        Some(self.vm.string_of(*name))
    }
    /// Of `co_names`.
    pub fn name_at(&self, index: usize) -> Option<String> {
        Some(self.vm.string_of(*items(self.object().names).get(index)?))
    }
    pub fn constant(&self, index: usize) -> Option<Constant> {
        let &value = items(self.object().consts).get(index)?;
        Some(match value {
            Value::NONE => Constant::None,
            _ if value.is_bool() => Constant::Bool(value.as_bool()),
            _ if value.is_float() => Constant::Float(value.as_float()),
            _ if self.vm.is_str(value) => Constant::Text(self.vm.string_of(value)),
            _ if self.vm.is_int_like(value) => self.vm.int_to_i64(value).map_or(Constant::Other, Constant::Int),
            _ => Constant::Other,
        })
    }

    /// In the order of their offsets.
    pub fn instructions(&self) -> impl Iterator<Item = InstructionView> + 'a {
        let code = self.own();
        (0..code.original.len()).map(move |index| {
            let decoded = code.original[index];
            let byte_of = |index: usize| code.byte_of(index) as u32;
            // `FOR_ITER` passes over the `END_FOR`.
            let target = decoded.arg as usize + usize::from(decoded.opcode == Opcode::ForIter);
            let jumps = decoded.opcode.jump().is_some();
            InstructionView {
                offset: byte_of(index),
                number: decoded.opcode.number(),
                name: decoded.opcode.name(),
                arg: decoded.arg,
                target: jumps.then(|| byte_of(target)),
                line: code.positions().get(index).and_then(|position| u32::try_from(position.line).ok()),
            }
        })
    }

    /// The line of the instruction at an offset.
    pub fn line_at(&self, offset: u32) -> Option<u32> {
        let code = self.own();
        let position = code.positions().get(code.instruction_at(offset as usize))?;
        u32::try_from(position.line).ok()
    }
}

/// # The caller's promise
/// A code object's tuple of constants or names, which it keeps.
fn items<'a>(tuple: Value) -> &'a [Value] {
    // SAFETY: as promised; a tuple does not change.
    unsafe { (*tuple.as_ptr::<TupleObject>()).items() }
}
