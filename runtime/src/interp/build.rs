//! Making code objects of what the compiler gives.

use super::code::{CO_VARARGS, CO_VARKEYWORDS, Code, Instruction};
use super::op::Op;
use crate::builtins::codec;
use crate::bytecode::source::{foreign_encoding, of_encoding};
use crate::bytecode::{CompileOptions, LocalKind, Opcode, Origin, RawCode, Tables, compile_with_warnings, decode};
use crate::object::argument::This;
use crate::object::layout::{CodeObject, TupleObject};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};
use std::borrow::Cow;
use std::cell::OnceCell;

/// What code objects are made of. Names and strings are interned.
pub struct CodeParts<'a> {
    pub consts: Value,
    pub names: Value,
    /// One name a slot: the locals, then the cells that are not locals, then the free variables.
    pub localsplus_names: Value,
    pub name: Value,
    pub qualname: Value,
    pub filename: Value,
    pub first_line: u32,
    pub flags: u32,
    pub argcount: u32,
    pub posonlyargcount: u32,
    pub kwonlyargcount: u32,
    pub stack_size: u32,
    pub localsplus_kinds: &'a [u8],
    pub co_code: &'a [u8],
    pub linetable: &'a [u8],
    pub exceptiontable: &'a [u8],
}

/// More slots than that, or a deeper stack, no frame is given.
const MAX_SLOTS: usize = 1 << 20;

impl CodeParts<'_> {
    fn n_of_kind(&self, kind: u8) -> usize {
        self.localsplus_kinds.iter().filter(|&&it| it & kind != 0).count()
    }

    /// What is wrong with the numbers: parts may come from anywhere.
    fn fault(&self, n_slots: usize) -> Option<&'static str> {
        if self.localsplus_kinds.len() != n_slots {
            return Some("code: there is not one kind for each variable");
        }
        let (n_locals, n_frees) = (self.n_of_kind(LocalKind::LOCAL), self.n_of_kind(LocalKind::FREE));
        let are_first = self.localsplus_kinds[..n_locals].iter().all(|kind| kind & LocalKind::LOCAL != 0);
        let are_last = self.localsplus_kinds[n_slots - n_frees..].iter().all(|kind| kind & LocalKind::FREE != 0);
        if !are_first || !are_last || n_locals + n_frees > n_slots {
            return Some("code: variables are out of order");
        }
        if n_slots > MAX_SLOTS || self.stack_size as usize > MAX_SLOTS {
            return Some("code: too large");
        }
        if self.posonlyargcount > self.argcount {
            return Some("code: posonlyargcount must not exceed argcount");
        }
        let n_variadic = [CO_VARARGS, CO_VARKEYWORDS].iter().filter(|&&flag| self.flags & flag != 0).count();
        let n_parameters = u64::from(self.argcount) + u64::from(self.kwonlyargcount) + n_variadic as u64;
        if n_parameters > n_locals as u64 {
            return Some("code: varnames is too small");
        }
        None
    }
}

impl Vm {
    /// Compiles source; SyntaxError and its kin where it is not Python.
    pub fn compile(&mut self, source: &[u8], filename: &str, options: &CompileOptions) -> PyResult {
        let (source, options) = &self.readable_source(source, filename, options)?;
        let mut warnings = Vec::new();
        let compiled = compile_with_warnings(source, filename, options, &mut warnings);
        self.warn_of_syntax(filename, &warnings)?;
        match compiled {
            Ok(raw) => self.new_code(&raw),
            Err(info) => Err(self.raise_syntax(&info)),
        }
    }

    /// The source as the compiler can read it: decoded where it declares an encoding that only the registry of codecs knows.
    pub fn readable_source<'s>(
        &mut self,
        source: &'s [u8],
        filename: &str,
        options: &CompileOptions,
    ) -> PyResult<(Cow<'s, [u8]>, CompileOptions)> {
        let options = CompileOptions { stack_left_bytes: self.native_stack_left(), ..options.clone() };
        let encoding = match options.origin {
            Origin::Text => None,
            Origin::File | Origin::Bytes => foreign_encoding(source),
        };
        let Some(encoding) = encoding else { return Ok((Cow::Borrowed(source), options)) };
        if let Ok(text) = codec::decode_text(self, source, &encoding, None) {
            let text = self.string_of(text).into_bytes();
            return Ok((Cow::Owned(text), CompileOptions { origin: Origin::Text, ..options }));
        }
        let exception = self.take_exception();
        let is_told = [self.exceptions.LookupError, self.exceptions.UnicodeError]
            .into_iter()
            .any(|class| self.is_instance(exception, class));
        if !is_told {
            self.exception = exception;
            return Err(Raised);
        }
        let message = self.str_string(exception)?;
        Err(self.raise_syntax(&of_encoding(message, filename)))
    }

    /// A code object of a compiled one.
    pub fn new_code(&mut self, raw: &RawCode) -> PyResult {
        let list = self.new_list_with_capacity(raw.consts.len())?;
        for constant in &raw.consts {
            let value = self.constant(constant)?;
            self.list_push(list.as_ptr(), value)?;
        }
        let consts = self.tuple_of_list(list);
        let names = self.name_tuple(&raw.names)?;
        let localsplus_names = self.name_tuple(&raw.localsplus_names)?;
        let (name, qualname) = (self.intern(&raw.name), self.intern(&raw.qualname));
        let filename = self.intern(&raw.filename);
        self.new_code_of(&CodeParts {
            consts,
            names,
            localsplus_names,
            name,
            qualname,
            filename,
            first_line: raw.first_line,
            flags: raw.flags,
            argcount: raw.argcount,
            posonlyargcount: raw.posonlyargcount,
            kwonlyargcount: raw.kwonlyargcount,
            stack_size: raw.stack_size,
            localsplus_kinds: &raw.localsplus_kinds,
            co_code: &raw.co_code,
            linetable: &raw.linetable,
            exceptiontable: &raw.exceptiontable,
        })
    }

    /// A code object of its parts: ValueError where the code is malformed.
    pub fn new_code_of(&mut self, parts: &CodeParts<'_>) -> PyResult {
        let &CodeParts { consts, names, localsplus_names, name, qualname, filename, .. } = parts;
        let n_of = |tuple: Value| This::<TupleObject>::expect(self, tuple).items().len();
        let tables = Tables {
            co_code: parts.co_code,
            exceptiontable: parts.exceptiontable,
            n_consts: n_of(consts),
            n_names: n_of(names),
            n_slots: n_of(localsplus_names),
        };
        if let Some(fault) = parts.fault(tables.n_slots) {
            return Err(self.raise_value(fault));
        }
        let decoded = match decode(&tables) {
            Ok(decoded) => decoded,
            Err(malformed) => return Err(self.raise_value(&malformed.to_string())),
        };
        let counts = self.jit.is_enabled();
        let (loop_counter, entry_counter) = (self.jit.loop_counter(), self.jit.entry_counter());
        let mut instructions: Vec<Instruction> = Vec::with_capacity(decoded.instructions.len());
        for (position, instruction) in decoded.instructions.iter().enumerate() {
            let (op, arg) = Op::of(instruction.opcode, instruction.arg, counts);
            let cache = match instruction.opcode {
                Opcode::LoadConst => Code::constant(consts, arg as usize).0,
                Opcode::LoadSmallInt => Value::small_int(arg as i64).0,
                // How far a branch that is not taken goes: past the NOT_TAKEN that follows.
                Opcode::PopJumpIfFalse | Opcode::PopJumpIfTrue | Opcode::PopJumpIfNone | Opcode::PopJumpIfNotNone => {
                    let is_marked =
                        decoded.instructions.get(position + 1).is_some_and(|next| next.opcode == Opcode::NotTaken);
                    (1 + is_marked as u64) * size_of::<Instruction>() as u64
                }
                _ => 0,
            };
            let distance = match op {
                Op::JumpForward
                | Op::JumpBackwardNoInterrupt
                | Op::PopJumpIfFalse
                | Op::PopJumpIfTrue
                | Op::PopJumpIfNone
                | Op::PopJumpIfNotNone => arg as i64 - instructions.len() as i64,
                Op::ForIter => arg as i64 + 1 - instructions.len() as i64,
                _ => 0,
            };
            let counter = match op {
                Op::JumpBackwardCounting => loop_counter,
                Op::ResumeCounting => entry_counter,
                _ => 0,
            };
            instructions.push(Instruction {
                op: op as u16,
                counter,
                arg,
                cache: [cache, (distance * size_of::<Instruction>() as i64) as u64],
            });
        }
        let (n_locals, n_frees) = (parts.n_of_kind(LocalKind::LOCAL), parts.n_of_kind(LocalKind::FREE));
        let n_localsplus = tables.n_slots;
        let is_simple = parts.flags & (CO_VARARGS | CO_VARKEYWORDS) == 0 && parts.kwonlyargcount == 0;
        let mut code = Box::new(Code {
            instructions,
            original: decoded.instructions,
            handlers: decoded.handlers,
            positions: OnceCell::new(),
            co_code: parts.co_code.into(),
            linetable: parts.linetable.into(),
            exceptiontable: parts.exceptiontable.into(),
            n_locals,
            n_cells: n_localsplus - n_locals - n_frees,
            n_frees,
            n_localsplus,
            stack_size: parts.stack_size as usize + 1,
            arg_count: parts.argcount as usize,
            positional_only: parts.posonlyargcount as usize,
            keyword_only: parts.kwonlyargcount as usize,
            flags: parts.flags,
            first_line: parts.first_line,
            localsplus_kinds: parts.localsplus_kinds.into(),
            namespace: None,
            ran_as_module: None,
            is_shared: false,
            has_hot_loop: false,
            landings: OnceCell::new(),
            watch: None,
            freshness: self.watchers.fresh.none_yet(),
            simple_arity: if is_simple { parts.argcount } else { u32::MAX },
            call_entry: 0,
            yields_in_try: false,
        });
        code.yields_in_try = code.finds_yields_in_try();
        let code = Box::into_raw(code);
        let object = self.make(BuiltinType::Code, |header| CodeObject {
            header,
            consts,
            names,
            localsplus_names,
            name,
            qualname,
            filename,
            code,
        });
        self.heap.register_finalizable(object.as_ptr());
        self.watch_new_code(code);
        Ok(object)
    }

    fn name_tuple(&mut self, names: &[String]) -> PyResult {
        let list = self.new_list_with_capacity(names.len())?;
        for name in names {
            let name = self.intern(name);
            self.list_push(list.as_ptr(), name)?;
        }
        Ok(self.tuple_of_list(list))
    }

    /// A tuple of a list's items.
    pub fn tuple_of_list(&mut self, list: Value) -> Value {
        // SAFETY: callers pass a list; making the tuple runs no Python code.
        let items = unsafe { (*list.as_ptr::<crate::object::layout::ListObject>()).items() };
        self.new_tuple(items)
    }
}
