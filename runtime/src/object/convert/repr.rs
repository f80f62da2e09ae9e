//! `repr` of every built-in layout.

use super::number::float_repr;
use super::text::Text;
use crate::object::class::class_ref;
use crate::object::dict::dict_of;
use crate::object::layout::*;
use crate::object::string::{View, str_of, str_to_string};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// Does `repr` show the code point as it is?
pub fn is_printable(point: u32) -> bool {
    if point < 0x7F {
        return point >= 0x20;
    }
    let Some(c) = char::from_u32(point) else { return false };
    if point < 0xA1 || point == 0xAD {
        return false;
    }
    // The standard library's debug escapes spare exactly the printable ones, behind another character.
    let mut text = String::from("a");
    text.push(c);
    text.escape_debug().count() == 2
}

/// `\x..`, `\u....` or `\U........`.
pub(super) fn push_escape(out: &mut Text, point: u32) {
    out.push_str(&match point {
        0..0x100 => format!("\\x{point:02x}"),
        0x100..0x1_0000 => format!("\\u{point:04x}"),
        _ => format!("\\U{point:08x}"),
    });
}

fn push_str_repr(out: &mut Text, view: View<'_>) {
    let has = |quote: char| view.code_points().any(|point| point == quote as u32);
    let quote = if has('\'') && !has('"') { '"' } else { '\'' };
    out.push(quote as u32);
    for point in view.code_points() {
        match char::from_u32(point) {
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some('\\') => out.push_str("\\\\"),
            Some(c) if c == quote => {
                out.push('\\' as u32);
                out.push(point);
            }
            _ if is_printable(point) => out.push(point),
            _ => push_escape(out, point),
        }
    }
    out.push(quote as u32);
}

fn push_bytes_repr(out: &mut Text, data: &[u8]) {
    let quote = if data.contains(&b'\'') && !data.contains(&b'"') { b'"' } else { b'\'' };
    out.push('b' as u32);
    out.push(quote as u32);
    for &byte in data {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b'\\' => out.push_str("\\\\"),
            _ if byte == quote => {
                out.push('\\' as u32);
                out.push(byte as u32);
            }
            0x20..0x7F => out.push(byte as u32),
            _ => push_escape(out, byte as u32),
        }
    }
    out.push(quote as u32);
}

/// A part of a complex number: as a float's repr, whole numbers without fraction.
fn complex_part(float: f64) -> String {
    let text = float_repr(float);
    text.strip_suffix(".0").map(str::to_string).unwrap_or(text)
}

pub(crate) fn complex_repr(re: f64, im: f64) -> String {
    if re == 0.0 && re.is_sign_positive() {
        return format!("{}j", complex_part(im));
    }
    let sign = if im.is_sign_negative() && !im.is_nan() { "" } else { "+" };
    format!("({}{sign}{}j)", complex_part(re), complex_part(im))
}

impl Vm {
    /// Appends `repr(value)`.
    pub fn write_repr(&mut self, out: &mut Text, value: Value) -> PyResult<()> {
        if self.is_plain(value) {
            return self.write_native_repr(out, value);
        }
        let shown = self.repr(value)?;
        out.push_value(shown);
        Ok(())
    }

    /// Appends the repr by built-in layout.
    pub(super) fn write_native_repr(&mut self, out: &mut Text, value: Value) -> PyResult<()> {
        match self.layout_of(value) {
            BuiltinType::NoneType => out.push_str("None"),
            BuiltinType::Bool => out.push_str(if value.as_bool() { "True" } else { "False" }),
            BuiltinType::Int => out.push_str(&self.int_to_string(value)?),
            BuiltinType::Float if value.is_float() => out.push_str(&float_repr(value.as_float())),
            BuiltinType::Complex => {
                let (re, im) = self.complex_parts(value).unwrap_or_default();
                out.push_str(&complex_repr(re, im));
            }
            BuiltinType::Str => push_str_repr(out, str_of(value).view()),
            // SAFETY: the layout was matched.
            BuiltinType::Bytes => push_bytes_repr(out, unsafe { (*value.as_ptr::<BytesObject>()).data() }),
            BuiltinType::Ellipsis => out.push_str("Ellipsis"),
            BuiltinType::NotImplemented => out.push_str("NotImplemented"),
            BuiltinType::List
            | BuiltinType::Tuple
            | BuiltinType::Dict
            | BuiltinType::Set
            | BuiltinType::FrozenSet
            | BuiltinType::DictKeys
            | BuiltinType::DictValues
            | BuiltinType::DictItems => return self.write_container_repr(out, value),
            BuiltinType::Range => self.write_range_repr(out, value)?,
            BuiltinType::Slice => {
                // SAFETY: the layout was matched; slices do not change.
                let slice = unsafe { &*value.as_ptr::<SliceObject>() };
                self.write_parts(out, "slice(", &[slice.start, slice.stop, slice.step], ")")?;
            }
            BuiltinType::Type => {
                let name = self.qualified_class_name(value.as_ptr());
                out.push_str(&format!("<class '{name}'>"));
            }
            _ => {
                let text = self.describe(value)?;
                out.push_str(&text);
            }
        }
        Ok(())
    }

    fn write_parts(&mut self, out: &mut Text, open: &str, parts: &[Value], close: &str) -> PyResult<()> {
        out.push_str(open);
        for (i, &part) in parts.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            self.write_repr(out, part)?;
        }
        out.push_str(close);
        Ok(())
    }

    fn write_range_repr(&mut self, out: &mut Text, value: Value) -> PyResult<()> {
        // SAFETY: the caller has matched the layout; ranges do not change.
        let range = unsafe { &*value.as_ptr::<RangeObject>() };
        let parts = [range.start, range.stop, range.step];
        let n = if range.step == Value::small_int(1) { 2 } else { 3 };
        self.write_parts(out, "range(", &parts[..n], ")")
    }

    /// Containers: those that are being shown already are left out.
    fn write_container_repr(&mut self, out: &mut Text, value: Value) -> PyResult<()> {
        self.check_native_stack()?;
        if self.repr_stack.contains(&value) {
            out.push_str(match self.layout_of(value) {
                BuiltinType::List => "[...]",
                BuiltinType::Tuple => "(...)",
                BuiltinType::Dict => "{...}",
                _ => "...",
            });
            return Ok(());
        }
        self.repr_stack.push(value);
        let result = self.write_items_repr(out, value);
        self.repr_stack.pop();
        result
    }

    fn write_items_repr(&mut self, out: &mut Text, value: Value) -> PyResult<()> {
        match self.layout_of(value) {
            BuiltinType::List => {
                out.push('[' as u32);
                let mut index = 0;
                // SAFETY: the layout was matched; the list is looked at anew for each item.
                while let Some(item) = unsafe { (*value.as_ptr::<ListObject>()).items() }.get(index).copied() {
                    if index > 0 {
                        out.push_str(", ");
                    }
                    self.write_repr(out, item)?;
                    index += 1;
                }
                out.push(']' as u32);
            }
            BuiltinType::Tuple => {
                // SAFETY: the layout was matched; tuples do not change.
                let items = unsafe { (*value.as_ptr::<TupleObject>()).items() };
                self.write_parts(out, "(", items, if items.len() == 1 { ",)" } else { ")" })?;
            }
            BuiltinType::Dict => {
                out.push('{' as u32);
                self.write_table(out, value, |vm, out, key, item| {
                    vm.write_repr(out, key)?;
                    out.push_str(": ");
                    vm.write_repr(out, item)
                })?;
                out.push('}' as u32);
            }
            BuiltinType::Set | BuiltinType::FrozenSet => {
                let is_exact_set = self.is_exact(value, BuiltinType::Set);
                let name = self.class_name(value);
                if dict_of(value).len == 0 {
                    out.push_str(&format!("{name}()"));
                    return Ok(());
                }
                out.push_str(&if is_exact_set { "{".to_string() } else { format!("{name}({{") });
                self.write_table(out, value, |vm, out, key, _| vm.write_repr(out, key))?;
                out.push_str(if is_exact_set { "}" } else { "})" });
            }
            layout => {
                // SAFETY: the callers' match leaves dict views.
                let dict = unsafe { (*value.as_ptr::<DictView>()).dict };
                out.push_str(&format!("{}([", layout.name()));
                self.write_table(out, dict, |vm, out, key, item| match layout {
                    BuiltinType::DictKeys => vm.write_repr(out, key),
                    BuiltinType::DictValues => vm.write_repr(out, item),
                    _ => vm.write_parts(out, "(", &[key, item], ")"),
                })?;
                out.push_str("])");
            }
        }
        Ok(())
    }

    fn write_table(
        &mut self,
        out: &mut Text,
        table: Value,
        write: impl Fn(&mut Vm, &mut Text, Value, Value) -> PyResult<()>,
    ) -> PyResult<()> {
        let (mut at, mut is_first) = (0, true);
        while let Some((index, entry)) = dict_of(table).next_entry(at) {
            at = index + 1;
            if !std::mem::take(&mut is_first) {
                out.push_str(", ");
            }
            write(self, out, entry.key, entry.value)?;
        }
        Ok(())
    }

    /// A class's name with its module, built-in classes without.
    pub fn qualified_class_name(&mut self, class: *mut TypeObject) -> String {
        let (dict, qualname) = (class_ref(class).dict, class_ref(class).qualname);
        let name =
            if self.has_layout(qualname, BuiltinType::Str) { str_to_string(qualname) } else { self.type_name(class) };
        let module = if self.has_layout(dict, BuiltinType::Dict) {
            self.dict_get_name(dict, self.names.__module__)
        } else {
            None
        };
        match module {
            Some(module) if self.has_layout(module, BuiltinType::Str) => match str_to_string(module).as_str() {
                "builtins" => name,
                module => format!("{module}.{name}"),
            },
            _ => name,
        }
    }

    /// `<module.Class object at 0x…>`.
    pub fn default_repr(&mut self, value: Value) -> String {
        let name = self.qualified_class_name(self.class_of(value));
        format!("<{name} object at {:#x}>", value.0)
    }

    fn name_text(&self, name: Value) -> String {
        if self.has_layout(name, BuiltinType::Str) { str_to_string(name) } else { "?".to_string() }
    }

    /// The repr of objects that show no items.
    fn describe(&mut self, value: Value) -> PyResult<String> {
        // SAFETY: each arm reads the object as the layout it matched.
        unsafe {
            Ok(match self.layout_of(value) {
                BuiltinType::Function => {
                    let name = self.name_text((*value.as_ptr::<FunctionObject>()).qualname);
                    format!("<function {name} at {:#x}>", value.0)
                }
                BuiltinType::NativeFunction => {
                    let native = &*value.as_ptr::<NativeFunction>();
                    let name = (*native.binding).row.name;
                    if native.owner.is_unbound() || self.has_layout(native.owner, BuiltinType::Module) {
                        format!("<built-in function {name}>")
                    } else {
                        let owner = self.class_name(native.owner);
                        format!("<built-in method {name} of {owner} object at {:#x}>", native.owner.0)
                    }
                }
                BuiltinType::NativeMethod => {
                    let binding = &*(*value.as_ptr::<NativeFunction>()).binding;
                    let kind = if binding.row.name.starts_with("__") { "slot wrapper" } else { "method" };
                    format!("<{kind} '{}' of '{}' objects>", binding.row.name, binding.qualifier)
                }
                BuiltinType::BoundMethod => {
                    let method = &*value.as_ptr::<BoundMethod>();
                    let name = match self.get_attr_opt(method.function, self.names.__qualname__)? {
                        Some(name) => self.name_text(name),
                        None => "?".to_string(),
                    };
                    let owner = self.repr_string((*value.as_ptr::<BoundMethod>()).owner)?;
                    format!("<bound method {name} of {owner}>")
                }
                BuiltinType::Module => {
                    let module = &*value.as_ptr::<ModuleObject>();
                    let name = self.name_text(module.name);
                    match self.dict_get_name(module.dict, self.names.__file__) {
                        Some(file) => format!("<module '{name}' from {}>", self.repr_string(file)?),
                        None => format!("<module '{name}' (built-in)>"),
                    }
                }
                BuiltinType::Generator | BuiltinType::Coroutine | BuiltinType::AsyncGenerator => {
                    let name = self.name_text((*value.as_ptr::<GeneratorObject>()).qualname);
                    format!("<{} object {name} at {:#x}>", self.layout_of(value).name(), value.0)
                }
                BuiltinType::Code => {
                    let code = &*value.as_ptr::<CodeObject>();
                    let (name, file) = (self.name_text(code.name), self.name_text(code.filename));
                    format!("<code object {name} at {:#x}, file \"{file}\">", value.0)
                }
                BuiltinType::Cell => {
                    let content = (*value.as_ptr::<CellObject>()).content;
                    let shown = if content.is_unbound() {
                        "empty".to_string()
                    } else {
                        format!("{} object at {:#x}", self.class_name(content), content.0)
                    };
                    format!("<cell at {:#x}: {shown}>", value.0)
                }
                BuiltinType::GetSet => {
                    let getset = &*value.as_ptr::<GetSetObject>();
                    let (name, class) = (self.name_text(getset.name), self.class_or_unknown(getset.class));
                    format!("<attribute '{name}' of '{class}' objects>")
                }
                BuiltinType::Member => {
                    let member = &*value.as_ptr::<MemberObject>();
                    let (name, class) = (self.name_text(member.name), self.class_or_unknown(member.class));
                    format!("<member '{name}' of '{class}' objects>")
                }
                BuiltinType::StaticMethod | BuiltinType::ClassMethod => {
                    let function = (*value.as_ptr::<MethodWrapper>()).function;
                    let shown = self.repr_string(function)?;
                    format!("<{}({shown})>", self.layout_of(value).name())
                }
                BuiltinType::Super => {
                    let object = &*value.as_ptr::<SuperObject>();
                    let class = self.class_or_unknown(object.class);
                    let owner = object.owner_class;
                    if self.has_layout(owner, BuiltinType::Type) {
                        let owner = self.type_name(owner.as_ptr());
                        format!("<super: <class '{class}'>, <{owner} object>>")
                    } else {
                        format!("<super: <class '{class}'>, NULL>")
                    }
                }
                _ => self.default_repr(value),
            })
        }
    }

    fn class_or_unknown(&self, class: Value) -> String {
        if self.has_layout(class, BuiltinType::Type) { self.type_name(class.as_ptr()) } else { "?".to_string() }
    }
}
