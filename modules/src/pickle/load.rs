//! Reading: a machine with a stack, whose instructions make objects.
//!
//! ```text
//!   stack:  a b c │ d e f          the bars are marks: what stands behind the last one belongs together
//! ```

use super::opcode::*;
use super::source::Reader;
use super::unpickler::{ThisUnpickler, own_attribute};
use super::{Kind, raise};
use std::ops::Range;
use stitch_runtime::object::argument::{Class, Str};
use stitch_runtime::object::layout::{DictObject, ListObject, StrObject, TupleObject};
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub struct Loader<'a> {
    this: ThisUnpickler,
    reader: Reader<'a>,
    /// A list.
    stack: Value,
    marks: Vec<usize>,
    /// Objects by their numbers from 0 on: a list. Others are in the unpickler's dict.
    memo: Value,
    /// Or None.
    find_class: Value,
    persistent_load: Value,
}

impl<'a> Loader<'a> {
    pub fn new(vm: &mut Vm, this: ThisUnpickler, reader: Reader<'a>) -> PyResult<Loader<'a>> {
        let stack = vm.new_list(&[])?;
        let memo = vm.new_list(&[])?;
        let find_class = own_attribute(vm, this, "find_class")?.unwrap_or(Value::NONE);
        let persistent_load = own_attribute(vm, this, "persistent_load")?.unwrap_or(Value::NONE);
        Ok(Loader { this, reader, stack, marks: Vec::new(), memo, find_class, persistent_load })
    }

    /// Reads an object.
    pub fn run(&mut self, vm: &mut Vm) -> PyResult {
        let result = self.instructions(vm);
        self.keep_memo(vm)?;
        let result = result?;
        self.reader.finish(vm)?;
        Ok(result)
    }

    /// Later pickles of the file may refer to what was read.
    fn keep_memo(&mut self, vm: &mut Vm) -> PyResult<()> {
        if matches!(self.reader.source, super::source::Source::Memory(_)) {
            return Ok(());
        }
        for (number, &object) in self.known().iter().enumerate() {
            vm.dict_set(self.this.memo, Value::small_int(number as i64), object)?;
        }
        Ok(())
    }

    fn instructions(&mut self, vm: &mut Vm) -> PyResult {
        loop {
            let Some(opcode) = self.reader.opcode(vm)? else {
                return Err(vm.raise(vm.exceptions.EOFError, "Ran out of input"));
            };
            match opcode {
                STOP => return self.pop(vm),
                MARK => {
                    let len = self.len();
                    self.marks.push(len);
                }
                _ => self.instruction(vm, opcode)?,
            }
        }
    }

    fn instruction(&mut self, vm: &mut Vm, opcode: u8) -> PyResult<()> {
        match opcode {
            NONE => self.push(vm, Value::NONE),
            NEWTRUE => self.push(vm, Value::TRUE),
            NEWFALSE => self.push(vm, Value::FALSE),
            BININT => {
                let word = i32::from_le_bytes(self.reader.array(vm)?);
                self.push(vm, Value::small_int(word.into()))
            }
            BININT1 => {
                let [byte] = self.reader.array(vm)?;
                self.push(vm, Value::small_int(byte.into()))
            }
            BININT2 => {
                let word = u16::from_le_bytes(self.reader.array(vm)?);
                self.push(vm, Value::small_int(word.into()))
            }
            INT => self.int_line(vm),
            LONG => self.long_line(vm),
            LONG1 => {
                let [len] = self.reader.array(vm)?;
                self.long(vm, len.into())
            }
            LONG4 => {
                let len = i32::from_le_bytes(self.reader.array(vm)?);
                let Ok(len) = usize::try_from(len) else {
                    return Err(raise(vm, Kind::Unpickling, "LONG pickle has negative byte count"));
                };
                self.long(vm, len)
            }
            FLOAT => self.float_line(vm),
            BINFLOAT => {
                let float = f64::from_be_bytes(self.reader.array(vm)?);
                self.push(vm, Value::float(float))
            }
            SHORT_BINUNICODE | BINUNICODE | BINUNICODE8 => {
                let len = self.counted(vm, opcode == SHORT_BINUNICODE, opcode == BINUNICODE8)?;
                let range = self.reader.take(vm, len)?;
                let text = self.text(vm, range)?;
                self.push(vm, text)
            }
            UNICODE => {
                let range = self.reader.line(vm)?;
                let text = self.decoded(vm, range, "raw-unicode-escape", "strict")?;
                self.push(vm, text)
            }
            SHORT_BINBYTES | BINBYTES | BINBYTES8 => {
                let len = self.counted(vm, opcode == SHORT_BINBYTES, opcode == BINBYTES8)?;
                let range = self.reader.take(vm, len)?;
                let bytes = vm.new_bytes(self.reader.slice(range))?;
                self.push(vm, bytes)
            }
            BYTEARRAY8 => {
                let len = self.counted(vm, false, true)?;
                let range = self.reader.take(vm, len)?;
                let bytes = vm.new_bytes(self.reader.slice(range))?;
                let class = Value::object(vm.type_of_spec(&stitch_runtime::builtins::types::BYTEARRAY));
                let made = vm.call(class, &[bytes])?;
                self.push(vm, made)
            }
            STRING => self.string_line(vm),
            BINSTRING | SHORT_BINSTRING => {
                let len = if opcode == SHORT_BINSTRING {
                    let [len] = self.reader.array(vm)?;
                    usize::from(len)
                } else {
                    let len = i32::from_le_bytes(self.reader.array(vm)?);
                    match usize::try_from(len) {
                        Ok(len) => len,
                        Err(_) => {
                            let message = "BINSTRING pickle has negative byte count";
                            return Err(raise(vm, Kind::Unpickling, message));
                        }
                    }
                };
                let range = self.reader.take(vm, len)?;
                let data = self.reader.slice(range).to_vec();
                self.old_string(vm, &data)
            }
            NEXT_BUFFER | READONLY_BUFFER => self.buffer(vm, opcode == READONLY_BUFFER),
            EMPTY_LIST => {
                let list = vm.new_list(&[])?;
                self.push(vm, list)
            }
            EMPTY_TUPLE => self.push(vm, vm.empty_tuple),
            EMPTY_DICT => {
                let dict = vm.new_dict();
                self.push(vm, dict)
            }
            EMPTY_SET => {
                let set = vm.new_set(BuiltinType::Set)?;
                self.push(vm, set)
            }
            TUPLE1 | TUPLE2 | TUPLE3 => {
                let n = usize::from(opcode - TUPLE1) + 1;
                let start = self.start_of(vm, n)?;
                self.tuple_from(vm, start)
            }
            TUPLE => {
                let start = self.pop_mark(vm)?;
                self.tuple_from(vm, start)
            }
            LIST => {
                let start = self.pop_mark(vm)?;
                let list = vm.new_list(&self.items()[start..])?;
                self.truncate(vm, start)?;
                self.push(vm, list)
            }
            DICT => {
                let start = self.pop_mark(vm)?;
                let dict = vm.new_dict();
                self.set_pairs(vm, dict, start)?;
                self.truncate(vm, start)?;
                self.push(vm, dict)
            }
            FROZENSET => {
                let start = self.pop_mark(vm)?;
                let list = vm.new_list(&self.items()[start..])?;
                let class = Value::object(vm.class(BuiltinType::FrozenSet));
                let set = vm.call(class, &[list])?;
                self.truncate(vm, start)?;
                self.push(vm, set)
            }
            APPEND => {
                let start = self.start_of(vm, 1)?;
                self.append_from(vm, start)
            }
            APPENDS => {
                let start = self.pop_mark(vm)?;
                self.append_from(vm, start)
            }
            SETITEM => {
                let start = self.start_of(vm, 2)?;
                self.set_items_from(vm, start)
            }
            SETITEMS => {
                let start = self.pop_mark(vm)?;
                self.set_items_from(vm, start)
            }
            ADDITEMS => self.add_items(vm),
            BINGET => {
                let [number] = self.reader.array(vm)?;
                self.get(vm, number.into())
            }
            LONG_BINGET => {
                let number = u32::from_le_bytes(self.reader.array(vm)?);
                self.get(vm, number as usize)
            }
            GET => {
                let number = self.number_line(vm)?;
                self.get(vm, number)
            }
            MEMOIZE => {
                let number = self.known().len() + self.n_others(vm);
                self.put(vm, number)
            }
            BINPUT => {
                let [number] = self.reader.array(vm)?;
                self.put(vm, number.into())
            }
            LONG_BINPUT => {
                let number = u32::from_le_bytes(self.reader.array(vm)?);
                self.put(vm, number as usize)
            }
            PUT => {
                let number = self.number_line(vm)?;
                self.put(vm, number)
            }
            POP => {
                let len = self.len();
                if self.marks.last() == Some(&len) {
                    self.marks.pop();
                    return Ok(());
                }
                self.pop(vm).map(|_| ())
            }
            POP_MARK => {
                let start = self.pop_mark(vm)?;
                self.truncate(vm, start)
            }
            DUP => {
                let top = self.top(vm)?;
                self.push(vm, top)
            }
            GLOBAL | STACK_GLOBAL => self.global(vm, opcode == STACK_GLOBAL),
            REDUCE => {
                let arguments = self.pop(vm)?;
                let function = self.pop(vm)?;
                if !vm.is_a::<TupleObject>(arguments) {
                    return Err(vm.raise_type("argument list must be a tuple"));
                }
                let made = vm.call_expanded(function, arguments, Value::UNBOUND)?;
                self.push(vm, made)
            }
            BUILD => self.build(vm),
            NEWOBJ => self.new_object(vm, false),
            NEWOBJ_EX => self.new_object(vm, true),
            INST | OBJ => self.instance(vm, opcode == INST),
            EXT1 => {
                let [code] = self.reader.array(vm)?;
                self.extension(vm, code.into())
            }
            EXT2 => {
                let code = u16::from_le_bytes(self.reader.array(vm)?);
                self.extension(vm, code.into())
            }
            EXT4 => {
                let code = i32::from_le_bytes(self.reader.array(vm)?);
                self.extension(vm, code.into())
            }
            PERSID | BINPERSID => self.persistent(vm, opcode == PERSID),
            PROTO => {
                let [protocol] = self.reader.array(vm)?;
                if i64::from(protocol) > HIGHEST_PROTOCOL {
                    return Err(vm.raise_value(&format!("unsupported pickle protocol: {protocol}")));
                }
                self.this.protocol = protocol.into();
                Ok(())
            }
            FRAME => {
                let len = u64::from_le_bytes(self.reader.array(vm)?);
                match usize::try_from(len) {
                    Ok(len) if len <= isize::MAX as usize => self.reader.see_to(vm, len),
                    _ => Err(vm.raise_value(&format!("FRAME length exceeds system's maximum of {} bytes", isize::MAX))),
                }
            }
            other => {
                let shown = if (0x20..0x7F).contains(&other) && other != b'\'' {
                    (other as char).to_string()
                } else {
                    format!("\\x{other:02x}")
                };
                Err(raise(vm, Kind::Unpickling, &format!("invalid load key, '{shown}'.")))
            }
        }
    }

    fn list(&self) -> *mut ListObject {
        self.stack.as_ptr()
    }
    /// What is on the stack. Not to be held across anything that changes it.
    #[inline]
    fn items(&self) -> &[Value] {
        // SAFETY: a list from the loader's birth on, which has it on the native stack.
        unsafe { (*self.stack.as_ptr::<ListObject>()).items() }
    }
    /// The objects that have numbers from 0 on; as above.
    #[inline]
    fn known(&self) -> &[Value] {
        // SAFETY: as in `items`.
        unsafe { (*self.memo.as_ptr::<ListObject>()).items() }
    }
    #[inline]
    fn len(&self) -> usize {
        self.items().len()
    }
    /// Below this nothing can be taken before the mark is.
    fn fence(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }
    #[inline]
    fn push(&mut self, vm: &mut Vm, value: Value) -> PyResult<()> {
        vm.list_push(self.list(), value)
    }
    fn raise_underflow(&self, vm: &mut Vm) -> Raised {
        let message = if self.marks.is_empty() { "unpickling stack underflow" } else { "unexpected MARK found" };
        raise(vm, Kind::Unpickling, message)
    }
    /// Where the last `n` values begin.
    fn start_of(&self, vm: &mut Vm, n: usize) -> PyResult<usize> {
        match self.len().checked_sub(n) {
            Some(start) if start >= self.fence() => Ok(start),
            _ => Err(self.raise_underflow(vm)),
        }
    }
    fn pop(&mut self, vm: &mut Vm) -> PyResult {
        let at = self.start_of(vm, 1)?;
        vm.list_pop(self.list(), at as i64)
    }
    fn top(&self, vm: &mut Vm) -> PyResult {
        let at = self.start_of(vm, 1)?;
        Ok(self.items()[at])
    }
    fn pop_mark(&mut self, vm: &mut Vm) -> PyResult<usize> {
        self.marks.pop().ok_or_else(|| raise(vm, Kind::Unpickling, "could not find MARK"))
    }
    fn truncate(&mut self, vm: &mut Vm, start: usize) -> PyResult<()> {
        let len = self.len();
        vm.list_splice(self.list(), start, len, &[])
    }

    fn counted(&mut self, vm: &mut Vm, is_short: bool, is_long: bool) -> PyResult<usize> {
        if is_short {
            let [len] = self.reader.array(vm)?;
            return Ok(len.into());
        }
        if !is_long {
            return Ok(u32::from_le_bytes(self.reader.array(vm)?) as usize);
        }
        let len = u64::from_le_bytes(self.reader.array(vm)?);
        match usize::try_from(len) {
            Ok(len) if len <= isize::MAX as usize => Ok(len),
            _ => Err(vm.raise_overflow(&format!("data exceed system's maximum size of {} bytes", isize::MAX))),
        }
    }

    fn text(&mut self, vm: &mut Vm, range: Range<usize>) -> PyResult {
        let data = self.reader.slice(range.clone());
        if data.is_ascii() {
            return Ok(vm.str_from_latin1(data));
        }
        if let Ok(text) = std::str::from_utf8(data) {
            return Ok(vm.new_str(text));
        }
        self.decoded(vm, range, "utf-8", "surrogatepass")
    }

    fn decoded(&mut self, vm: &mut Vm, range: Range<usize>, encoding: &str, errors: &str) -> PyResult {
        let bytes = vm.new_bytes(self.reader.slice(range))?;
        let (encoding, errors, decode) = (vm.new_str(encoding), vm.new_str(errors), vm.intern("decode"));
        vm.call_method(bytes, decode, &[encoding, errors])
    }

    fn line_text(&mut self, vm: &mut Vm) -> PyResult<String> {
        let range = self.reader.line(vm)?;
        Ok(String::from_utf8_lossy(self.reader.slice(range)).into_owned())
    }

    fn int_line(&mut self, vm: &mut Vm) -> PyResult<()> {
        let line = self.line_text(vm)?;
        let value = match line.as_str() {
            "00" => Value::FALSE,
            "01" => Value::TRUE,
            _ => self.parsed(vm, &line)?,
        };
        self.push(vm, value)
    }

    fn parsed(&mut self, vm: &mut Vm, line: &str) -> PyResult {
        let text = vm.new_str(line);
        vm.int_from_str(text, 0)
    }

    fn long_line(&mut self, vm: &mut Vm) -> PyResult<()> {
        let line = self.line_text(vm)?;
        let value = self.parsed(vm, line.strip_suffix('L').unwrap_or(&line))?;
        self.push(vm, value)
    }

    fn long(&mut self, vm: &mut Vm, len: usize) -> PyResult<()> {
        let range = self.reader.take(vm, len)?;
        let data = self.reader.slice(range);
        if len <= 8 {
            let fill = if data.last().is_some_and(|byte| byte & 0x80 != 0) { 0xFF } else { 0 };
            let mut word = [fill; 8];
            word[..len].copy_from_slice(data);
            let int = vm.new_int(i64::from_le_bytes(word));
            return self.push(vm, int);
        }
        let bytes = vm.new_bytes(data)?;
        let class = Value::object(vm.class(BuiltinType::Int));
        let name = vm.intern("from_bytes");
        let from_bytes = vm.get_attr(class, name)?;
        let order = vm.new_str("little");
        let positional = vm.new_tuple(&[bytes, order]);
        let (keywords, key) = (vm.new_dict(), vm.intern("signed"));
        vm.dict_set(keywords, key, Value::TRUE)?;
        let int = vm.call_expanded(from_bytes, positional, keywords)?;
        self.push(vm, int)
    }

    fn float_line(&mut self, vm: &mut Vm) -> PyResult<()> {
        let line = self.line_text(vm)?;
        let text = vm.new_str(&line);
        let Ok(float) = vm.float_from_str(text) else {
            vm.clear_exception();
            return Err(vm.raise_value("could not convert string to float"));
        };
        self.push(vm, Value::float(float))
    }

    /// A number of the memo.
    fn number_line(&mut self, vm: &mut Vm) -> PyResult<usize> {
        let line = self.line_text(vm)?;
        let number = self.parsed(vm, &line)?;
        match vm.int_to_i64(number) {
            Some(number) if number >= 0 => Ok(number as usize),
            Some(_) => Err(vm.raise_value("negative PUT argument")),
            None => Err(vm.raise_overflow("Python int too large to convert to C ssize_t")),
        }
    }

    fn string_line(&mut self, vm: &mut Vm) -> PyResult<()> {
        let range = self.reader.line(vm)?;
        let line = self.reader.slice(range);
        let end = line.iter().rposition(|byte| !byte.is_ascii_whitespace()).map_or(0, |at| at + 1);
        let quoted = match &line[..end] {
            [b'\'', inner @ .., b'\''] | [b'"', inner @ .., b'"'] => inner.to_vec(),
            _ => {
                let message = "the STRING opcode argument must be quoted";
                return Err(raise(vm, Kind::Unpickling, message));
            }
        };
        let bytes = vm.new_bytes(&quoted)?;
        let module = vm.import_dotted("codecs")?;
        let name = vm.intern("escape_decode");
        let decode = vm.get_attr(module, name)?;
        let pair = vm.call(decode, &[bytes])?;
        let [decoded, _] = vm.unpack_pair(pair)?;
        let data = stitch_runtime::object::buffer::BytesLike::of(vm, decoded)?.to_vec();
        self.old_string(vm, &data)
    }

    /// A str of Python 2.
    fn old_string(&mut self, vm: &mut Vm, data: &[u8]) -> PyResult<()> {
        let bytes = vm.new_bytes(data)?;
        let is_kept = Str::of(vm, self.this.encoding).is_some_and(|encoding| encoding.text() == "bytes");
        let value = if is_kept {
            bytes
        } else {
            let decode = vm.intern("decode");
            vm.call_method(bytes, decode, &[self.this.encoding, self.this.errors])?
        };
        self.push(vm, value)
    }

    fn buffer(&mut self, vm: &mut Vm, is_read_only: bool) -> PyResult<()> {
        if !is_read_only {
            if self.this.buffers.is_none() {
                let message = "pickle stream refers to out-of-band data but no *buffers* argument was given";
                return Err(raise(vm, Kind::Unpickling, message));
            }
            let Some(buffer) = vm.iter_next(self.this.buffers)? else {
                return Err(raise(vm, Kind::Unpickling, "not enough out-of-band buffers"));
            };
            return self.push(vm, buffer);
        }
        let buffer = self.top(vm)?;
        let class = Value::object(vm.type_of_spec(&stitch_runtime::builtins::types::MEMORYVIEW));
        let view = vm.call(class, &[buffer])?;
        let (read_only, to_read_only) = (vm.intern("readonly"), vm.intern("toreadonly"));
        let is_so = vm.get_attr(view, read_only)?;
        if vm.is_true(is_so)? {
            return Ok(());
        }
        let view = vm.call_method(view, to_read_only, &[])?;
        self.pop(vm)?;
        self.push(vm, view)
    }

    fn tuple_from(&mut self, vm: &mut Vm, start: usize) -> PyResult<()> {
        let tuple = vm.new_tuple(&self.items()[start..]);
        self.truncate(vm, start)?;
        self.push(vm, tuple)
    }

    /// What the values from `start` on are put into: the one in front of them.
    fn owner(&self, vm: &mut Vm, start: usize) -> PyResult {
        match start.checked_sub(1) {
            Some(at) if at >= self.fence() => Ok(self.items()[at]),
            _ => Err(self.raise_underflow(vm)),
        }
    }

    fn append_from(&mut self, vm: &mut Vm, start: usize) -> PyResult<()> {
        let owner = self.owner(vm, start)?;
        let end = self.len();
        if start == end {
            return Ok(());
        }
        if vm.is_exact(owner, BuiltinType::List) {
            let at = vm.items_of(owner).len();
            if owner == self.stack {
                return Err(raise(vm, Kind::Unpickling, "unexpected list"));
            }
            vm.list_splice(owner.as_ptr(), at, at, &self.items()[start..])?;
            return self.truncate(vm, start);
        }
        let extend = vm.intern("extend");
        if let Some(extend) = vm.get_attr_opt(owner, extend)? {
            let list = vm.new_list(&self.items()[start..])?;
            vm.call(extend, &[list])?;
            return self.truncate(vm, start);
        }
        let append = vm.intern("append");
        let append = vm.get_attr(owner, append)?;
        for at in start..end {
            let item = self.items()[at];
            vm.call(append, &[item])?;
        }
        self.truncate(vm, start)
    }

    fn set_items_from(&mut self, vm: &mut Vm, start: usize) -> PyResult<()> {
        let owner = self.owner(vm, start)?;
        self.set_pairs(vm, owner, start)?;
        self.truncate(vm, start)
    }

    fn set_pairs(&mut self, vm: &mut Vm, owner: Value, start: usize) -> PyResult<()> {
        let end = self.len();
        if !(end - start).is_multiple_of(2) {
            return Err(raise(vm, Kind::Unpickling, "odd number of items for SETITEMS"));
        }
        let is_dict = vm.is_exact(owner, BuiltinType::Dict);
        if is_dict {
            vm.dict_reserve(owner, (end - start) / 2)?;
        }
        for at in (start..end).step_by(2) {
            let (key, value) = (self.items()[at], self.items()[at + 1]);
            if is_dict {
                vm.dict_set(owner, key, value)?;
            } else {
                vm.set_item(owner, key, value)?;
            }
        }
        Ok(())
    }

    fn add_items(&mut self, vm: &mut Vm) -> PyResult<()> {
        let start = self.pop_mark(vm)?;
        let owner = self.owner(vm, start)?;
        let end = self.len();
        let is_set = vm.is_exact(owner, BuiltinType::Set);
        let add = vm.intern("add");
        let add = if is_set { Value::NONE } else { vm.get_attr(owner, add)? };
        for at in start..end {
            let element = self.items()[at];
            if is_set {
                vm.set_add(owner, element)?;
            } else {
                vm.call(add, &[element])?;
            }
        }
        self.truncate(vm, start)
    }

    /// How many objects have numbers beyond those in order, or from pickles before.
    fn n_others(&self, vm: &Vm) -> usize {
        vm.table(self.this.memo).len
    }

    fn get(&mut self, vm: &mut Vm, number: usize) -> PyResult<()> {
        let mut found = None;
        if self.n_others(vm) > 0 {
            let key = vm.new_int_from_usize(number);
            found = vm.dict_get(self.this.memo, key)?;
        }
        match found.or_else(|| self.known().get(number).copied()) {
            Some(object) => self.push(vm, object),
            None => {
                let message = format!("Memo value not found at index {number}");
                Err(raise(vm, Kind::Unpickling, &message))
            }
        }
    }

    fn put(&mut self, vm: &mut Vm, number: usize) -> PyResult<()> {
        let object = self.top(vm)?;
        let len = self.known().len();
        if self.n_others(vm) == 0 && number == len {
            return vm.list_push(self.memo.as_ptr(), object);
        }
        let key = vm.new_int_from_usize(number);
        vm.dict_set(self.this.memo, key, object)
    }

    fn global(&mut self, vm: &mut Vm, is_on_stack: bool) -> PyResult<()> {
        let (module, name);
        if is_on_stack {
            name = self.pop(vm)?;
            module = self.pop(vm)?;
            if !vm.is_exactly::<StrObject>(name) || !vm.is_exactly::<StrObject>(module) {
                return Err(raise(vm, Kind::Unpickling, "STACK_GLOBAL requires str"));
            }
        } else {
            let range = self.reader.line(vm)?;
            module = self.decoded(vm, range, "utf-8", "strict")?;
            let range = self.reader.line(vm)?;
            name = self.decoded(vm, range, "utf-8", "strict")?;
        }
        let found = self.found(vm, module, name)?;
        self.push(vm, found)
    }

    fn found(&mut self, vm: &mut Vm, module: Value, name: Value) -> PyResult {
        if self.find_class.is_none() {
            return find_class(vm, self.this, module, name);
        }
        vm.call(self.find_class, &[module, name])
    }

    fn extension(&mut self, vm: &mut Vm, code: i64) -> PyResult<()> {
        let code_value = Value::small_int(code);
        let cache = super::copyreg(vm, "_extension_cache")?;
        if let Some(found) = vm.dict_get(cache, code_value)? {
            return self.push(vm, found);
        }
        let registry = super::copyreg(vm, "_inverted_registry")?;
        let Some(pair) = vm.dict_get(registry, code_value)? else {
            if code <= 0 {
                return Err(raise(vm, Kind::Unpickling, "EXT specifies code <= 0"));
            }
            return Err(vm.raise_value(&format!("unregistered extension code {code}")));
        };
        let [module, name] = vm.unpack_pair(pair)?;
        let found = self.found(vm, module, name)?;
        vm.dict_set(cache, code_value, found)?;
        self.push(vm, found)
    }

    fn persistent(&mut self, vm: &mut Vm, is_line: bool) -> PyResult<()> {
        let id = if is_line {
            let range = self.reader.line(vm)?;
            let line = self.reader.slice(range);
            if !line.is_ascii() {
                let message = "persistent IDs in protocol 0 must be ASCII strings";
                return Err(raise(vm, Kind::Unpickling, message));
            }
            vm.str_from_latin1(line)
        } else {
            self.pop(vm)?
        };
        if self.persistent_load.is_none() {
            let message =
                "A load persistent id instruction was encountered, but no persistent_load function was specified.";
            return Err(raise(vm, Kind::Unpickling, message));
        }
        let object = vm.call(self.persistent_load, &[id])?;
        self.push(vm, object)
    }

    fn new_object(&mut self, vm: &mut Vm, has_keywords: bool) -> PyResult<()> {
        let keywords = if has_keywords { self.pop(vm)? } else { Value::UNBOUND };
        let arguments = self.pop(vm)?;
        let class = self.pop(vm)?;
        let name = if has_keywords { "NEWOBJ_EX" } else { "NEWOBJ" };
        if Class::of(vm, class).is_none() {
            let given = vm.class_name(class);
            let message = format!("{name} class argument must be a type, not {given}");
            return Err(raise(vm, Kind::Unpickling, &message));
        }
        if !vm.is_a::<TupleObject>(arguments) {
            let given = vm.class_name(arguments);
            let message = format!("{name} args argument must be a tuple, not {given}");
            return Err(raise(vm, Kind::Unpickling, &message));
        }
        if has_keywords && !vm.is_a::<DictObject>(keywords) {
            let given = vm.class_name(keywords);
            let message = format!("{name} kwargs argument must be a dict, not {given}");
            return Err(raise(vm, Kind::Unpickling, &message));
        }
        let new = vm.get_attr(class, vm.names.__new__)?;
        let items = vm.tuple_items(arguments);
        let made = if items.is_empty() && !has_keywords {
            vm.call(new, &[class])?
        } else {
            let list = vm.new_list(&[class])?;
            vm.list_extend(list, arguments)?;
            let positional = vm.list_to_tuple(list)?;
            vm.call_expanded(new, positional, keywords)?
        };
        self.push(vm, made)
    }

    /// An instance as Python 2 had them.
    fn instance(&mut self, vm: &mut Vm, is_line: bool) -> PyResult<()> {
        let start = self.pop_mark(vm)?;
        let (class, first) = if is_line {
            let range = self.reader.line(vm)?;
            let module = self.decoded(vm, range, "ascii", "strict")?;
            let range = self.reader.line(vm)?;
            let name = self.decoded(vm, range, "ascii", "strict")?;
            (self.found(vm, module, name)?, start)
        } else {
            let Some(&class) = self.items().get(start) else { return Err(self.raise_underflow(vm)) };
            (class, start + 1)
        };
        let arguments = vm.new_tuple(&self.items()[first..]);
        let init_arguments = vm.intern("__getinitargs__");
        let is_called = !vm.tuple_items(arguments).is_empty()
            || Class::of(vm, class).is_none()
            || vm.get_attr_opt(class, init_arguments)?.is_some();
        let made = if is_called {
            vm.call_expanded(class, arguments, Value::UNBOUND)?
        } else {
            let new = vm.get_attr(class, vm.names.__new__)?;
            vm.call(new, &[class])?
        };
        self.truncate(vm, start)?;
        self.push(vm, made)
    }

    fn build(&mut self, vm: &mut Vm) -> PyResult<()> {
        let start = self.start_of(vm, 2)?;
        let (object, mut state) = (self.items()[start], self.items()[start + 1]);
        let set_state = vm.intern("__setstate__");
        if let Some(method) = vm.get_attr_opt(object, set_state)? {
            vm.call(method, &[state])?;
            return self.truncate(vm, start + 1);
        }
        let mut slots = Value::NONE;
        if vm.is_a::<TupleObject>(state)
            && let &[attributes, others] = vm.tuple_items(state)
        {
            (state, slots) = (attributes, others);
        }
        if !state.is_none() {
            if !vm.is_a::<DictObject>(state) {
                return Err(raise(vm, Kind::Unpickling, "state is not a dictionary"));
            }
            let name = vm.intern("__dict__");
            let dict = vm.get_attr(object, name)?;
            let is_dict = vm.is_exact(dict, BuiltinType::Dict);
            let mut at = 0;
            while let Some((index, entry)) = vm.table(state).next_entry(at) {
                at = index + 1;
                let key = if vm.is_exactly::<StrObject>(entry.key) { vm.name_from(entry.key) } else { entry.key };
                if is_dict {
                    vm.dict_set(dict, key, entry.value)?;
                } else {
                    vm.set_item(dict, key, entry.value)?;
                }
            }
        }
        if !slots.is_none() {
            if !vm.is_a::<DictObject>(slots) {
                return Err(raise(vm, Kind::Unpickling, "slot state is not a dictionary"));
            }
            let mut at = 0;
            while let Some((index, entry)) = vm.table(slots).next_entry(at) {
                at = index + 1;
                if !vm.is_str(entry.key) {
                    return Err(vm.raise_type("attribute name must be string"));
                }
                let name = vm.name_from(entry.key);
                vm.set_attr(object, name, entry.value)?;
            }
        }
        self.truncate(vm, start + 1)
    }
}

/// What is found in a module under a name.
pub fn find_class(vm: &mut Vm, this: ThisUnpickler, module: Value, name: Value) -> PyResult {
    vm.audit("pickle.find_class", |vm| vm.new_tuple(&[module, name]))?;
    let (mut module, mut name) = (module, name);
    if this.protocol < 3 && this.fixes_imports {
        let key = vm.new_tuple(&[module, name]);
        let names = super::compatible(vm, "NAME_MAPPING")?;
        if let Some(pair) = vm.dict_get(names, key)? {
            [module, name] = vm.unpack_pair(pair)?;
        } else {
            let modules = super::compatible(vm, "IMPORT_MAPPING")?;
            module = vm.dict_get(modules, module)?.unwrap_or(module);
        }
    }
    let (Some(module_name), Some(text)) = (Str::of(vm, module), Str::of(vm, name)) else {
        return Err(vm.raise_type("find_class() arguments must be str"));
    };
    let owner = match vm.dict_get(vm.modules, module)? {
        Some(owner) if !owner.is_none() => owner,
        _ => {
            let import = vm.builtin("__import__");
            vm.call(import, &[module])?;
            match vm.dict_get(vm.modules, module)? {
                Some(owner) => owner,
                None => vm.import_dotted(&module_name.text())?,
            }
        }
    };
    if this.protocol < 4 || text.view().position(0, |point| point == '.' as u32).is_none() {
        let name = vm.name_from(name);
        return vm.get_attr(owner, name);
    }
    let mut found = owner;
    for part in text.text().split('.') {
        let part = vm.intern(part);
        let next = if part == vm.intern("<locals>") { None } else { vm.get_attr_opt(found, part)? };
        let Some(next) = next else {
            let (name, module) = (vm.repr_or_unknown(name), vm.repr_or_unknown(module));
            return Err(vm.raise_attribute(&format!("Can't resolve path {name} on module {module}")));
        };
        found = next;
    }
    Ok(found)
}
