//! Making code objects of what the compiler gives.

use super::code::{CO_VARARGS, CO_VARKEYWORDS, Code, Instruction};
use super::op::Op;
use crate::bytecode::{CompileOptions, Opcode, RawCode, RawConst, compile_with_warnings, decode};
use crate::object::header::Header;
use crate::object::integer::BigInt;
use crate::object::layout::{CodeObject, ComplexObject};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

impl Vm {
    /// Compiles source; SyntaxError and its kin where it is not Python.
    pub fn compile(&mut self, source: &[u8], filename: &str, options: &CompileOptions) -> PyResult {
        let mut warnings = Vec::new();
        let compiled = compile_with_warnings(source, filename, options, &mut warnings);
        self.warn_of_syntax(filename, &warnings)?;
        match compiled {
            Ok(raw) => self.new_code(&raw),
            Err(info) => Err(self.raise_syntax(&info)),
        }
    }

    /// A code object of a compiled one.
    pub fn new_code(&mut self, raw: &RawCode) -> PyResult {
        let decoded = match decode(raw) {
            Ok(decoded) => decoded,
            Err(malformed) => return Err(self.raise_value(&malformed.to_string())),
        };
        let mut consts = self.new_list_with_capacity(raw.consts.len())?;
        for constant in &raw.consts {
            let value = self.constant(constant)?;
            self.list_push(consts.as_ptr(), value)?;
        }
        consts = self.tuple_of_list(consts);
        let names = self.name_tuple(&raw.names)?;
        let localsplus_names = self.name_tuple(&raw.localsplus_names)?;
        let name = self.intern(&raw.name);
        let qualname = self.intern(&raw.qualname);
        let filename = self.intern(&raw.filename);
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
        let n_locals = raw.varnames.len();
        let n_frees = raw.freevars.len();
        let n_localsplus = raw.localsplus_names.len();
        let is_simple = raw.flags & (CO_VARARGS | CO_VARKEYWORDS) == 0 && raw.kwonlyargcount == 0;
        let mut code = Box::new(Code {
            instructions,
            original: decoded.instructions,
            handlers: decoded.handlers,
            positions: decoded.positions,
            co_code: raw.co_code.to_vec(),
            n_locals,
            n_cells: n_localsplus - n_locals - n_frees,
            n_frees,
            n_localsplus,
            stack_size: raw.stack_size as usize + 1,
            arg_count: raw.argcount as usize,
            positional_only: raw.posonlyargcount as usize,
            keyword_only: raw.kwonlyargcount as usize,
            flags: raw.flags,
            first_line: raw.first_line,
            localsplus_kinds: raw.localsplus_kinds.to_vec(),
            namespace: None,
            ran_as_module: None,
            is_shared: false,
            simple_arity: if is_simple { raw.argcount } else { u32::MAX },
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

    fn constant(&mut self, constant: &RawConst) -> PyResult {
        Ok(match constant {
            RawConst::None => Value::NONE,
            RawConst::True => Value::TRUE,
            RawConst::False => Value::FALSE,
            RawConst::Ellipsis => self.ellipsis,
            RawConst::Int(word) => self.new_int(*word),
            RawConst::BigInt { negative, magnitude } => {
                let integer = malachite_nz::integer::Integer::from_sign_and_abs_ref(!negative, magnitude);
                self.new_big(BigInt(integer))
            }
            RawConst::Float(float) => Value::float(*float),
            RawConst::Complex { real, imag } => {
                self.make(BuiltinType::Complex, |header: Header| ComplexObject { header, real: *real, imag: *imag })
            }
            RawConst::Str(bytes) => {
                let string = self.str_from_wtf8(bytes);
                let text = crate::object::string::str_of(string);
                let is_identifier = text.len <= 64
                    && text
                        .view()
                        .code_points()
                        .all(|c| c < 128 && (c as u8 == b'_' || (c as u8).is_ascii_alphanumeric()));
                if is_identifier { self.intern_value(string) } else { string }
            }
            RawConst::Bytes(bytes) => self.new_bytes(bytes)?,
            RawConst::Tuple(items) => {
                let list = self.constant_list(items)?;
                self.tuple_of_list(list)
            }
            RawConst::FrozenSet(items) => {
                let list = self.constant_list(items)?;
                let set = self.new_set(BuiltinType::FrozenSet, items.len())?;
                for i in 0..items.len() {
                    // SAFETY: a list made here.
                    let item = unsafe { (*list.as_ptr::<crate::object::layout::ListObject>()).items()[i] };
                    self.set_add(set, item)?;
                }
                set
            }
            RawConst::Slice(parts) => {
                let (start, stop, step) =
                    (self.constant(&parts[0])?, self.constant(&parts[1])?, self.constant(&parts[2])?);
                self.new_slice(start, stop, step)
            }
            RawConst::Code(code) => self.new_code(code)?,
        })
    }

    fn constant_list(&mut self, items: &[RawConst]) -> PyResult {
        let list = self.new_list_with_capacity(items.len())?;
        for item in items {
            let value = self.constant(item)?;
            self.list_push(list.as_ptr(), value)?;
        }
        Ok(list)
    }
}
