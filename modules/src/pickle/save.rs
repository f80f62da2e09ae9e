//! Writing one object: what it is decides how.

use super::containers;
use super::global::save_global;
use super::note::noted;
use super::opcode::*;
use super::pickler::{Pickler, ThisPickler};
use super::reduce::{Reduced, save_reduce};
use super::{Kind, raise};
use stitch_runtime::builtins::types::BYTEARRAY;
use stitch_runtime::object::argument::{Str, This};
use stitch_runtime::object::layout::BytesObject;
use stitch_runtime::object::string::View;
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Value, Vm};

/// Writes an object; `asks`: its persistent id is asked for first.
pub fn save(vm: &mut Vm, mut this: ThisPickler, object: Value, asks: bool) -> PyResult<()> {
    this.out.may_end_frame();
    if asks && !this.persistent_id.is_none() {
        let id = vm.call(this.persistent_id, &[object])?;
        if !id.is_none() {
            return save_persistent(vm, this, id);
        }
    }
    if object.is_int() {
        save_word(this, object.as_int());
        return Ok(());
    }
    if object.is_float() {
        save_float(vm, this, object.as_float());
        return Ok(());
    }
    if object.is_none() {
        this.out.byte(NONE);
        return Ok(());
    }
    if object.is_bool() {
        let truth = object.as_bool();
        match (this.protocol >= 2, truth) {
            (true, true) => this.out.byte(NEWTRUE),
            (true, false) => this.out.byte(NEWFALSE),
            (false, true) => this.out.write(b"I01\n"),
            (false, false) => this.out.write(b"I00\n"),
        }
        return Ok(());
    }
    let shape = vm.shape_of(object);
    if shape == BuiltinType::Int.shape() {
        return save_integer(vm, this, object);
    }
    if !this.is_fast
        && let Some(place) = this.memo.get(object)
    {
        Pickler::refer(this, place);
        return Ok(());
    }
    if shape == BuiltinType::Str.shape() {
        save_str(vm, this, object);
        return Pickler::memoize(this, vm, object);
    }
    if shape == BuiltinType::Bytes.shape() {
        return save_bytes(vm, this, object);
    }
    vm.check_native_stack()?;
    if shape == BuiltinType::Dict.shape() {
        return containers::save_dict(vm, this, object);
    }
    if shape == BuiltinType::List.shape() {
        return containers::save_list(vm, this, object);
    }
    if shape == BuiltinType::Tuple.shape() {
        return containers::save_tuple(vm, this, object);
    }
    if shape == BuiltinType::Set.shape() {
        return containers::save_set(vm, this, object);
    }
    if shape == BuiltinType::FrozenSet.shape() {
        return containers::save_frozenset(vm, this, object);
    }
    let spec = vm.exact_spec(object);
    if spec.is_some_and(|spec| std::ptr::eq(spec, &BYTEARRAY)) {
        return save_bytearray(vm, this, object);
    }
    if spec.is_some_and(|spec| std::ptr::eq(spec, &super::buffer::PICKLE_BUFFER)) {
        return super::buffer::save(vm, this, object);
    }
    save_by_reduction(vm, this, object)
}

/// Asks an object, or who knows about its class, how it is made.
fn save_by_reduction(vm: &mut Vm, this: ThisPickler, object: Value) -> PyResult<()> {
    let mut reduced = None;
    if !this.reducer_override.is_none() {
        let answer = vm.call(this.reducer_override, &[object])?;
        if answer != vm.not_implemented {
            reduced = Some(answer);
        }
    }
    if reduced.is_none() {
        let class = vm.class_of(object);
        if class == vm.class(BuiltinType::Type) {
            return save_type(vm, this, object);
        }
        if class == vm.class(BuiltinType::Function) {
            return save_global(vm, this, object, None);
        }
        let table = if this.dispatch_table.is_none() { super::dispatch_table(vm)? } else { this.dispatch_table };
        let class = Value::object(class);
        let reducer = if vm.is_exact(table, BuiltinType::Dict) {
            vm.dict_get(table, class)?
        } else {
            match vm.get_item(table, class) {
                Ok(reducer) => Some(reducer),
                Err(_) if vm.exception_matches(vm.exceptions.KeyError) => {
                    vm.clear_exception();
                    None
                }
                Err(raised) => return Err(raised),
            }
        };
        reduced = Some(match reducer {
            Some(reducer) => vm.call(reducer, &[object])?,
            None if vm.has_layout(object, BuiltinType::Type) => return save_global(vm, this, object, None),
            None => reduce(vm, this, object)?,
        });
    }
    let reduced = reduced.unwrap_or(Value::NONE);
    if vm.is_str(reduced) {
        return save_global(vm, this, object, Some(reduced));
    }
    let result = Reduced::of(vm, reduced).and_then(|parts| save_reduce(vm, this, &parts, Some(object)));
    noted(vm, result, |vm| format!("when serializing {} object", vm.full_class_name(object)))
}

fn reduce(vm: &mut Vm, this: ThisPickler, object: Value) -> PyResult {
    let protocol = [Value::small_int(this.protocol)];
    for (name, arguments) in [(vm.names.__reduce_ex__, &protocol[..]), (vm.names.__reduce__, &[])] {
        if let Some(method) = vm.get_attr_opt(object, name)? {
            return vm.call(method, arguments);
        }
    }
    let class = vm.full_class_name(object);
    Err(raise(vm, Kind::Pickling, &format!("Can't pickle {class} object")))
}

fn save_type(vm: &mut Vm, this: ThisPickler, object: Value) -> PyResult<()> {
    let singletons = [Value::NONE, vm.not_implemented, vm.ellipsis];
    for singleton in singletons {
        if Value::object(vm.class_of(singleton)) == object {
            let arguments = vm.new_tuple(&[singleton]);
            let function = Value::object(vm.class(BuiltinType::Type));
            return save_reduce(vm, this, &Reduced::call(function, arguments), Some(object));
        }
    }
    save_global(vm, this, object, None)
}

fn save_persistent(vm: &mut Vm, mut this: ThisPickler, id: Value) -> PyResult<()> {
    if this.protocol > 0 {
        save(vm, this, id, false)?;
        this.out.byte(BINPERSID);
        return Ok(());
    }
    let text = vm.str(id)?;
    let text = Str::of(vm, text).map(|text| text.view().to_wtf8()).unwrap_or_default();
    if !text.is_ascii() {
        return Err(raise(vm, Kind::Pickling, "persistent IDs in protocol 0 must be ASCII strings"));
    }
    this.out.byte(PERSID);
    this.out.write(&text);
    this.out.write(b"\n");
    Ok(())
}

fn save_word(mut this: ThisPickler, word: i64) {
    match i32::try_from(word) {
        Ok(short) if this.protocol > 0 => match short {
            0..=0xFF => this.out.write(&[BININT1, short as u8]),
            0x100..=0xFFFF => this.out.write(&[BININT2, short as u8, (short >> 8) as u8]),
            _ => {
                let [a, b, c, d] = short.to_le_bytes();
                this.out.write(&[BININT, a, b, c, d]);
            }
        },
        Ok(short) => this.out.write(format!("I{short}\n").as_bytes()),
        Err(_) if this.protocol >= 2 => {
            let bytes = word.to_le_bytes();
            // As few bytes as keep the sign.
            let mut len = 8;
            while len > 1 && bytes[len - 1] == if bytes[len - 2] & 0x80 == 0 { 0 } else { 0xFF } {
                len -= 1;
            }
            this.out.write(&[LONG1, len as u8]);
            this.out.write(&bytes[..len]);
        }
        Err(_) => this.out.write(format!("L{word}L\n").as_bytes()),
    }
}

fn save_integer(vm: &mut Vm, mut this: ThisPickler, object: Value) -> PyResult<()> {
    if let Some(word) = vm.int_to_i64(object) {
        save_word(this, word);
        return Ok(());
    }
    if this.protocol < 2 {
        let digits = vm.int_to_string(object)?;
        this.out.write(format!("L{digits}L\n").as_bytes());
        return Ok(());
    }
    let name = vm.intern("bit_length");
    let n_bits = vm.call_method(object, name, &[])?;
    let len = vm.index_i64(n_bits)? / 8 + 1;
    let to_bytes = vm.intern("to_bytes");
    let to_bytes = vm.get_attr(object, to_bytes)?;
    let order = vm.new_str("little");
    let positional = vm.new_tuple(&[Value::small_int(len), order]);
    let (keywords, key) = (vm.new_dict(), vm.intern("signed"));
    vm.dict_set(keywords, key, Value::TRUE)?;
    let bytes = vm.call_expanded(to_bytes, positional, keywords)?;
    let bytes = This::<BytesObject>::expect(vm, bytes);
    let mut data = bytes.data();
    if let [rest @ .., 0xFF] = data
        && rest.last().is_some_and(|byte| byte & 0x80 != 0)
    {
        data = rest;
    }
    if let Ok(len) = u8::try_from(data.len()) {
        this.out.write(&[LONG1, len]);
    } else if let Ok(len) = i32::try_from(data.len()) {
        this.out.byte(LONG4);
        this.out.write(&len.to_le_bytes());
    } else {
        return Err(vm.raise_overflow("int too large to pickle"));
    }
    this.out.write(data);
    Ok(())
}

fn save_float(vm: &mut Vm, mut this: ThisPickler, float: f64) {
    if this.protocol > 0 {
        this.out.byte(BINFLOAT);
        this.out.write(&float.to_be_bytes());
        return;
    }
    let text = vm.repr_string(Value::float(float)).unwrap_or_default();
    this.out.write(format!("F{text}\n").as_bytes());
}

/// A str, not remembered yet.
pub fn save_str(vm: &mut Vm, mut this: ThisPickler, object: Value) {
    let Some(text) = Str::of(vm, object) else { return };
    let view = text.view();
    if this.protocol == 0 {
        let mut out = vec![UNICODE];
        for point in view.code_points() {
            match point {
                0x0 | 0xA | 0xD | 0x1A | 0x5C => out.extend_from_slice(format!("\\u{point:04x}").as_bytes()),
                0..=0xFF => out.push(point as u8),
                0x100..=0xFFFF => out.extend_from_slice(format!("\\u{point:04x}").as_bytes()),
                _ => out.extend_from_slice(format!("\\U{point:08x}").as_bytes()),
            }
        }
        out.push(b'\n');
        this.out.write(&out);
        return;
    }
    match view {
        View::One(data) if data.is_ascii() => write_text(this, data),
        view => write_text(this, &view.to_wtf8()),
    }
}

fn write_text(mut this: ThisPickler, data: &[u8]) {
    match data.len() {
        len @ 0..=0xFF if this.protocol >= 4 => {
            this.out.write_short(&[SHORT_BINUNICODE, len as u8], data);
        }
        len if len > u32::MAX as usize => {
            let mut header = vec![BINUNICODE8];
            header.extend_from_slice(&(len as u64).to_le_bytes());
            this.out.write_long(&header, data);
        }
        len => {
            let [a, b, c, d] = (len as u32).to_le_bytes();
            this.out.write_long(&[BINUNICODE, a, b, c, d], data);
        }
    }
}

fn save_bytes(vm: &mut Vm, this: ThisPickler, object: Value) -> PyResult<()> {
    let data = This::<BytesObject>::expect(vm, object);
    let data = data.data();
    if this.protocol < 3 {
        // There were no such bytes: they are made of a str.
        let parts = if data.is_empty() {
            Reduced::call(Value::object(vm.class(BuiltinType::Bytes)), vm.empty_tuple)
        } else {
            let (text, encoding) = (vm.str_from_latin1(data), vm.new_str("latin1"));
            let arguments = vm.new_tuple(&[text, encoding]);
            Reduced::call(super::codecs_encode(vm)?, arguments)
        };
        return save_reduce(vm, this, &parts, Some(object));
    }
    write_bytes(this, data);
    Pickler::memoize(this, vm, object)
}

pub fn write_bytes(mut this: ThisPickler, data: &[u8]) {
    match data.len() {
        len @ 0..=0xFF => {
            this.out.write(&[SHORT_BINBYTES, len as u8]);
            this.out.write(data);
        }
        len if len > u32::MAX as usize && this.protocol >= 4 => {
            let mut header = vec![BINBYTES8];
            header.extend_from_slice(&(len as u64).to_le_bytes());
            this.out.write_long(&header, data);
        }
        len => {
            let [a, b, c, d] = (len as u32).to_le_bytes();
            this.out.write_long(&[BINBYTES, a, b, c, d], data);
        }
    }
}

fn save_bytearray(vm: &mut Vm, this: ThisPickler, object: Value) -> PyResult<()> {
    let data = stitch_runtime::object::buffer::BytesLike::of(vm, object)?.to_vec();
    if this.protocol < 5 {
        let function = Value::object(vm.type_of_spec(&BYTEARRAY));
        let arguments = if data.is_empty() {
            vm.empty_tuple
        } else {
            let bytes = vm.new_bytes(&data)?;
            vm.new_tuple(&[bytes])
        };
        return save_reduce(vm, this, &Reduced::call(function, arguments), Some(object));
    }
    write_bytearray(this, &data);
    Pickler::memoize(this, vm, object)
}

pub fn write_bytearray(mut this: ThisPickler, data: &[u8]) {
    let mut header = vec![BYTEARRAY8];
    header.extend_from_slice(&(data.len() as u64).to_le_bytes());
    this.out.write_long(&header, data);
}
