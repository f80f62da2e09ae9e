//! `_stitch_json`: the reader and writer under the frozen module `json`.

use super::string::StrBuilder;
use crate::object::argument::{OrNone, Receiver, Str, This, ThisFloat, method};
use crate::object::convert::float_repr;
use crate::object::layout::{DictObject, DictView, ListObject, TupleObject};
use crate::object::module::ModuleSpec;
use crate::object::native::NativeRow;
use crate::object::string::View;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

const FUNCTIONS: &[NativeRow] = &[
    method("parse", "(text, hooks, fail, /)", parse).doc("The value of a JSON text."),
    method(
        "encode",
        "(value, ensure_ascii, indent, item_separator, key_separator, sort_keys, skipkeys, allow_nan, default, /)",
        encode,
    )
    .doc("The JSON text of a value."),
];

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_stitch_json",
    doc: "The reader and writer under the module json.",
    functions: FUNCTIONS,
    ..ModuleSpec::NEW
};

/// Functions that a program may give to the reader; unbound where it did not.
#[derive(Clone, Copy)]
struct Hooks {
    object: Value,
    object_pairs: Value,
    float: Value,
    int: Value,
    constant: Value,
}

struct Reader<'a> {
    text: View<'a>,
    at: usize,
    hooks: Hooks,
    /// Called with a message and a position: raises JSONDecodeError.
    fail: Value,
}

/// `parse(text, (object_hook, object_pairs_hook, parse_float, parse_int, parse_constant), fail)`.
fn parse(vm: &mut Vm, text: Str, hooks: This<TupleObject>, fail: Value) -> PyResult {
    let hook = |i: usize| hooks.items().get(i).copied().filter(|hook| !hook.is_none()).unwrap_or(Value::UNBOUND);
    let hooks = Hooks { object: hook(0), object_pairs: hook(1), float: hook(2), int: hook(3), constant: hook(4) };
    let mut reader = Reader { text: text.view(), at: 0, hooks, fail };
    reader.skip_blanks();
    let value = reader.value(vm)?;
    reader.skip_blanks();
    if reader.at < reader.text.len() {
        let at = reader.at;
        return Err(reader.failure(vm, "Extra data", at));
    }
    Ok(value)
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        if self.at < self.text.len() { Some(char::from_u32(self.text.at(self.at)).unwrap_or('\u{FFFD}')) } else { None }
    }

    fn skip_blanks(&mut self) {
        while let Some(' ' | '\t' | '\n' | '\r') = self.peek() {
            self.at += 1;
        }
    }

    fn failure(&self, vm: &mut Vm, message: &str, at: usize) -> Raised {
        let message = vm.new_str(message);
        match vm.call(self.fail, &[message, Value::small_int(at as i64)]) {
            Ok(_) => vm.raise_value("invalid JSON"),
            Err(raised) => raised,
        }
    }

    fn takes(&mut self, word: &str) -> bool {
        let fits = word
            .chars()
            .enumerate()
            .all(|(i, c)| self.at + i < self.text.len() && self.text.at(self.at + i) == c as u32);
        if fits {
            self.at += word.len();
        }
        fits
    }

    fn value(&mut self, vm: &mut Vm) -> PyResult {
        vm.check_native_stack()?;
        let start = self.at;
        match self.peek() {
            Some('"') => {
                self.at += 1;
                self.string(vm)
            }
            Some('{') => self.object(vm),
            Some('[') => self.array(vm),
            Some('n') if self.takes("null") => Ok(Value::NONE),
            Some('t') if self.takes("true") => Ok(Value::TRUE),
            Some('f') if self.takes("false") => Ok(Value::FALSE),
            Some('N') if self.takes("NaN") => self.constant(vm, "NaN", f64::NAN),
            Some('I') if self.takes("Infinity") => self.constant(vm, "Infinity", f64::INFINITY),
            Some('-') if self.takes("-Infinity") => self.constant(vm, "-Infinity", f64::NEG_INFINITY),
            Some('-' | '0'..='9') => match self.number(vm)? {
                Some(number) => Ok(number),
                None => Err(self.failure(vm, "Expecting value", start)),
            },
            _ => Err(self.failure(vm, "Expecting value", start)),
        }
    }

    fn constant(&self, vm: &mut Vm, name: &str, float: f64) -> PyResult {
        if self.hooks.constant.is_unbound() {
            return Ok(Value::float(float));
        }
        let name = vm.new_str(name);
        vm.call(self.hooks.constant, &[name])
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while let Some('0'..='9') = self.peek() {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self, vm: &mut Vm) -> PyResult<Option<Value>> {
        let start = self.at;
        if self.peek() == Some('-') {
            self.at += 1;
        }
        if self.peek() == Some('0') {
            self.at += 1;
        } else if self.digits() == 0 {
            return Ok(None);
        }
        let mut is_float = false;
        let whole_end = self.at;
        if self.peek() == Some('.') {
            self.at += 1;
            if self.digits() > 0 {
                is_float = true;
            } else {
                self.at = whole_end;
            }
        }
        let mantissa_end = self.at;
        if let Some('e' | 'E') = self.peek() {
            self.at += 1;
            if let Some('+' | '-') = self.peek() {
                self.at += 1;
            }
            if self.digits() > 0 {
                is_float = true;
            } else {
                self.at = mantissa_end;
            }
        }
        let text: String = (start..self.at).filter_map(|i| char::from_u32(self.text.at(i))).collect();
        let hook = if is_float { self.hooks.float } else { self.hooks.int };
        if !hook.is_unbound() {
            let text = vm.new_str(&text);
            return vm.call(hook, &[text]).map(Some);
        }
        if is_float {
            return Ok(Some(Value::float(text.parse().unwrap_or(f64::NAN))));
        }
        if let Ok(word) = text.parse::<i64>() {
            return Ok(Some(vm.new_int(word)));
        }
        let text = vm.new_str(&text);
        vm.int_from_str(text, 10).map(Some)
    }

    /// The string whose opening quote has been read.
    fn string(&mut self, vm: &mut Vm) -> PyResult {
        let begin = self.at - 1;
        let mut result = StrBuilder::new();
        loop {
            let start = self.at;
            while self.at < self.text.len() && !matches!(self.text.at(self.at), 0x22 | 0x5C | 0..=0x1F) {
                self.at += 1;
            }
            result.push_part(self.text, start, self.at);
            match self.peek() {
                None => return Err(self.failure(vm, "Unterminated string starting at", begin)),
                Some('"') => {
                    self.at += 1;
                    return Ok(result.finish(vm));
                }
                Some('\\') => self.escape(vm, &mut result, begin)?,
                Some(_) => {
                    let at = self.at;
                    return Err(self.failure(vm, "Invalid control character at", at));
                }
            }
        }
    }

    fn hex4(&self, at: usize) -> Option<u32> {
        if at + 4 > self.text.len() {
            return None;
        }
        (at..at + 4).try_fold(0, |sum, i| Some(sum << 4 | char::from_u32(self.text.at(i))?.to_digit(16)?))
    }

    fn escape(&mut self, vm: &mut Vm, result: &mut StrBuilder, begin: usize) -> PyResult<()> {
        let at = self.at;
        self.at += 1;
        let point = match self.peek() {
            None => return Err(self.failure(vm, "Unterminated string starting at", begin)),
            Some(c @ ('"' | '\\' | '/')) => c as u32,
            Some('b') => 8,
            Some('f') => 12,
            Some('n') => 10,
            Some('r') => 13,
            Some('t') => 9,
            Some('u') => {
                let Some(mut point) = self.hex4(self.at + 1) else {
                    return Err(self.failure(vm, "Invalid \\uXXXX escape", at + 1));
                };
                self.at += 4;
                let is_pair = (0xD800..0xDC00).contains(&point)
                    && self.at + 2 < self.text.len()
                    && self.text.at(self.at + 1) == 0x5C
                    && self.text.at(self.at + 2) == 'u' as u32;
                if is_pair && let Some(low @ 0xDC00..0xE000) = self.hex4(self.at + 3) {
                    point = 0x1_0000 + ((point - 0xD800) << 10 | (low - 0xDC00));
                    self.at += 6;
                }
                point
            }
            Some(_) => return Err(self.failure(vm, "Invalid \\escape", at)),
        };
        self.at += 1;
        result.push(point);
        Ok(())
    }

    fn array(&mut self, vm: &mut Vm) -> PyResult {
        self.at += 1;
        let list = vm.new_list(&[])?;
        self.skip_blanks();
        if self.peek() == Some(']') {
            self.at += 1;
            return Ok(list);
        }
        loop {
            let item = self.value(vm)?;
            vm.list_push(list.as_ptr(), item)?;
            self.skip_blanks();
            match self.peek() {
                Some(']') => {
                    self.at += 1;
                    return Ok(list);
                }
                Some(',') => self.at += 1,
                _ => {
                    let at = self.at;
                    return Err(self.failure(vm, "Expecting ',' delimiter", at));
                }
            }
            let comma = self.at - 1;
            self.skip_blanks();
            if self.peek() == Some(']') {
                return Err(self.failure(vm, "Illegal trailing comma before end of array", comma));
            }
        }
    }

    fn object(&mut self, vm: &mut Vm) -> PyResult {
        self.at += 1;
        let wants_pairs = !self.hooks.object_pairs.is_unbound();
        let result = if wants_pairs { vm.new_list(&[])? } else { vm.new_dict() };
        self.skip_blanks();
        if self.peek() == Some('}') {
            self.at += 1;
            return self.finish_object(vm, result);
        }
        loop {
            if self.peek() != Some('"') {
                let at = self.at;
                return Err(self.failure(vm, "Expecting property name enclosed in double quotes", at));
            }
            self.at += 1;
            let key = self.string(vm)?;
            self.skip_blanks();
            if self.peek() != Some(':') {
                let at = self.at;
                return Err(self.failure(vm, "Expecting ':' delimiter", at));
            }
            self.at += 1;
            self.skip_blanks();
            let value = self.value(vm)?;
            if wants_pairs {
                let pair = vm.new_tuple(&[key, value]);
                vm.list_push(result.as_ptr(), pair)?;
            } else {
                vm.dict_set(result, key, value)?;
            }
            self.skip_blanks();
            match self.peek() {
                Some('}') => {
                    self.at += 1;
                    return self.finish_object(vm, result);
                }
                Some(',') => self.at += 1,
                _ => {
                    let at = self.at;
                    return Err(self.failure(vm, "Expecting ',' delimiter", at));
                }
            }
            let comma = self.at - 1;
            self.skip_blanks();
            if self.peek() == Some('}') {
                return Err(self.failure(vm, "Illegal trailing comma before end of object", comma));
            }
        }
    }

    fn finish_object(&self, vm: &mut Vm, result: Value) -> PyResult {
        if !self.hooks.object_pairs.is_unbound() {
            vm.call(self.hooks.object_pairs, &[result])
        } else if !self.hooks.object.is_unbound() {
            vm.call(self.hooks.object, &[result])
        } else {
            Ok(result)
        }
    }
}

struct Writer<'a> {
    out: StrBuilder,
    ensure_ascii: bool,
    indent: Option<View<'a>>,
    item_separator: View<'a>,
    key_separator: View<'a>,
    sort_keys: bool,
    skip_keys: bool,
    allow_nan: bool,
    default: Value,
    depth: usize,
    /// Containers being written, to notice cycles; they are all reachable from the value.
    open: Vec<u64>,
}

#[expect(clippy::too_many_arguments, reason = "as many as the Python class has attributes")]
fn encode(
    vm: &mut Vm,
    value: Value,
    ensure_ascii: bool,
    indent: OrNone<Str>,
    item_separator: Str,
    key_separator: Str,
    sort_keys: bool,
    skip_keys: bool,
    allow_nan: bool,
    default: Value,
) -> PyResult {
    let mut writer = Writer {
        out: StrBuilder::new(),
        ensure_ascii,
        indent: indent.0.map(Str::view),
        item_separator: item_separator.view(),
        key_separator: key_separator.view(),
        sort_keys,
        skip_keys,
        allow_nan,
        default,
        depth: 0,
        open: Vec::new(),
    };
    writer.value(vm, value)?;
    Ok(writer.out.finish(vm))
}

impl Writer<'_> {
    fn push(&mut self, text: &str) {
        self.out.push_view(View::One(text.as_bytes()));
    }

    fn value(&mut self, vm: &mut Vm, value: Value) -> PyResult<()> {
        vm.check_native_stack()?;
        if let Some(text) = Str::of(vm, value) {
            self.string(text.view());
            return Ok(());
        }
        if let Some(float) = ThisFloat::receive(vm, value) {
            return self.float(vm, float.get());
        }
        match vm.layout_of(value) {
            BuiltinType::NoneType => self.push("null"),
            BuiltinType::Bool => self.push(if value.as_bool() { "true" } else { "false" }),
            BuiltinType::Int => {
                let text = vm.int_to_string(value)?;
                self.push(&text);
            }
            BuiltinType::List | BuiltinType::Tuple => self.container(vm, value, Self::items)?,
            BuiltinType::Dict => self.container(vm, value, Self::entries)?,
            _ => self.container(vm, value, |writer, vm, value| {
                let replaced = vm.call(writer.default, &[value])?;
                writer.value(vm, replaced)
            })?,
        }
        Ok(())
    }

    fn container(
        &mut self,
        vm: &mut Vm,
        value: Value,
        write: fn(&mut Self, &mut Vm, Value) -> PyResult<()>,
    ) -> PyResult<()> {
        if self.open.contains(&value.bits()) {
            return Err(vm.raise_value("Circular reference detected"));
        }
        self.open.push(value.bits());
        write(self, vm, value)?;
        self.open.pop();
        Ok(())
    }

    fn float(&mut self, vm: &mut Vm, x: f64) -> PyResult<()> {
        if !x.is_finite() {
            if !self.allow_nan {
                let message = format!("Out of range float values are not JSON compliant: {}", float_repr(x));
                return Err(vm.raise_value(&message));
            }
            self.push(if x.is_nan() {
                "NaN"
            } else if x > 0.0 {
                "Infinity"
            } else {
                "-Infinity"
            });
            return Ok(());
        }
        self.push(&float_repr(x));
        Ok(())
    }

    fn string(&mut self, text: View<'_>) {
        self.out.push('"' as u32);
        let mut plain = 0;
        for i in 0..text.len() {
            let point = text.at(i);
            if point >= 0x20 && point != 0x22 && point != 0x5C && (point < 0x7F || !self.ensure_ascii) {
                continue;
            }
            self.out.push_part(text, plain, i);
            plain = i + 1;
            match point {
                0x22 => self.push("\\\""),
                0x5C => self.push("\\\\"),
                0x0A => self.push("\\n"),
                0x0D => self.push("\\r"),
                0x09 => self.push("\\t"),
                0x0C => self.push("\\f"),
                0x08 => self.push("\\b"),
                0x7F => self.out.push(0x7F),
                0..0x1_0000 => self.push(&format!("\\u{point:04x}")),
                _ => {
                    let (high, low) = (0xD800 + ((point - 0x1_0000) >> 10), 0xDC00 + ((point - 0x1_0000) & 0x3FF));
                    self.push(&format!("\\u{high:04x}\\u{low:04x}"));
                }
            }
        }
        self.out.push_part(text, plain, text.len());
        self.out.push('"' as u32);
    }

    fn new_line(&mut self) {
        if let Some(indent) = self.indent {
            self.out.push('\n' as u32);
            for _ in 0..self.depth {
                self.out.push_view(indent);
            }
        }
    }

    fn items(&mut self, vm: &mut Vm, sequence: Value) -> PyResult<()> {
        let (tuple, list) = (This::<TupleObject>::of(vm, sequence), This::<ListObject>::of(vm, sequence));
        let item_at = |at: usize| match (&tuple, &list) {
            (Some(tuple), _) => tuple.items().get(at).copied(),
            (_, Some(list)) => list.items().get(at).copied(),
            _ => None,
        };
        if item_at(0).is_none() {
            self.push("[]");
            return Ok(());
        }
        self.push("[");
        self.depth += 1;
        let mut i = 0;
        while let Some(item) = item_at(i) {
            if i > 0 {
                self.out.push_view(self.item_separator);
            }
            self.new_line();
            self.value(vm, item)?;
            i += 1;
        }
        self.depth -= 1;
        self.new_line();
        self.push("]");
        Ok(())
    }

    fn entries(&mut self, vm: &mut Vm, dict: Value) -> PyResult<()> {
        if This::<DictObject>::of(vm, dict).is_none_or(|dict| dict.len == 0) {
            self.push("{}");
            return Ok(());
        }
        self.push("{");
        self.depth += 1;
        let view = vm.make(BuiltinType::DictItems, |header| DictView { header, dict });
        let pairs = vm.collect(view)?;
        if self.sort_keys {
            super::sort::sort(vm, pairs, None, false)?;
        }
        let mut written = 0;
        let pairs = This::<ListObject>::of(vm, pairs).expect("a list was made");
        for &pair in pairs.items() {
            let pair = This::<TupleObject>::of(vm, pair).expect("items of a dict are pairs");
            let (key, value) = (pair.items()[0], pair.items()[1]);
            let Some(key) = self.key(vm, key)? else { continue };
            if written > 0 {
                self.out.push_view(self.item_separator);
            }
            self.new_line();
            self.string(key.view());
            self.out.push_view(self.key_separator);
            self.value(vm, value)?;
            written += 1;
        }
        self.depth -= 1;
        self.new_line();
        self.push("}");
        Ok(())
    }

    /// A key as a string; `None`: it is skipped.
    fn key(&mut self, vm: &mut Vm, key: Value) -> PyResult<Option<Str>> {
        if let Some(text) = Str::of(vm, key) {
            return Ok(Some(text));
        }
        let text = if let Some(float) = ThisFloat::receive(vm, key) {
            float_repr(float.get())
        } else {
            match vm.layout_of(key) {
                BuiltinType::Bool => if key.as_bool() { "true" } else { "false" }.to_string(),
                BuiltinType::NoneType => "null".to_string(),
                BuiltinType::Int => vm.int_to_string(key)?,
                _ if self.skip_keys => return Ok(None),
                _ => {
                    let message = format!("keys must be str, int, float, bool or None, not {}", vm.class_name(key));
                    return Err(vm.raise_type(&message));
                }
            }
        };
        let text = vm.new_str(&text);
        Ok(Str::of(vm, text))
    }
}
