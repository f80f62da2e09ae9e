//! `make_encoder`: what writes a value as JSON text.

use super::{MODULE, State, escape};
use std::collections::HashSet;
use stitch_runtime::object::argument::{ClassOf, Index, OrNone, Receiver, Str, This, ThisFloat, method};
use stitch_runtime::object::convert::float_repr;
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::dict::Table;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::{DictObject, ListObject, TupleObject};
use stitch_runtime::object::native::Arguments;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::object::string::View;
use stitch_runtime::{PyResult, Raised, Value, Vm};

#[repr(C)]
pub struct Encoder {
    header: Header,
    markers: Value,
    default: Value,
    encoder: Value,
    indent: Value,
    key_separator: Value,
    item_separator: Value,
    sort_keys: bool,
    skip_keys: bool,
    allow_nan: bool,
    /// In ASCII or not, where strings are written here; `None`: by calling the encoder.
    is_ascii: Option<bool>,
}

pub static ENCODER: TypeSpec = TypeSpec {
    name: "Encoder",
    module: "_json",
    doc: "Writes a value as JSON text.",
    layout: Some(Layout::of::<Encoder>(6)),
    is_base: true,
    slots: Slots { call: slot(call), ..Slots::NONE },
    new: Some(
        method(
            "__new__",
            "($type, markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)",
            new,
        )
        .doc("Takes how it is to write."),
    ),
    getters: &[
        field("markers", |this: This<Encoder>| this.markers).doc("A dict, where circles are to be noticed."),
        field("default", |this: This<Encoder>| this.default).doc("Makes something else of what has no JSON text."),
        field("encoder", |this: This<Encoder>| this.encoder).doc("Makes JSON text of strings."),
        field("indent", |this: This<Encoder>| this.indent).doc("What lines begin with at each level, or None."),
        field("key_separator", |this: This<Encoder>| this.key_separator).doc("Stands between a key and its value."),
        field("item_separator", |this: This<Encoder>| this.item_separator).doc("Stands between items."),
        field("sort_keys", |this: This<Encoder>| this.sort_keys).doc("Are keys sorted?"),
        field("skipkeys", |this: This<Encoder>| this.skip_keys).doc("Are keys left out that cannot be written?"),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Encoder {
    const SPEC: &'static TypeSpec = &ENCODER;
}

#[expect(clippy::too_many_arguments, reason = "as many as the Python class has attributes")]
fn new(
    vm: &mut Vm,
    class: ClassOf<Encoder>,
    markers: Value,
    default: Value,
    encoder: Value,
    indent: OrNone<Str>,
    key_separator: Str,
    item_separator: Str,
    sort_keys: bool,
    skip_keys: bool,
    allow_nan: bool,
) -> PyResult {
    if !markers.is_none() && !vm.is_a::<DictObject>(markers) {
        let message = format!("make_encoder() argument 1 must be dict or None, not {}", vm.class_name(markers));
        return Err(vm.raise_type(&message));
    }
    let writers = vm.module_state::<State>(&MODULE).map_or([None; 2], |state| state.writers);
    let is_ascii = writers.iter().position(|&writer| writer == Some(encoder)).map(|nth| nth == 0);
    let indent = indent.0.map_or(Value::NONE, Str::value);
    let (key_separator, item_separator) = (key_separator.value(), item_separator.value());
    vm.new_object(class.class, |header| Encoder {
        header,
        markers,
        default,
        encoder,
        indent,
        key_separator,
        item_separator,
        sort_keys,
        skip_keys,
        allow_nan,
        is_ascii,
    })
}

fn call(vm: &mut Vm, this: This<Encoder>, arguments: Arguments<'_>) -> PyResult {
    let (mut object, mut level) = (Value::UNBOUND, Value::UNBOUND);
    let names = arguments.keyword_names();
    for (nth, &value) in arguments.values.iter().enumerate() {
        let name = nth.checked_sub(arguments.n_positional()).map(|nth| vm.string_of(names[nth]));
        match (nth, name.as_deref()) {
            (0, None) | (_, Some("obj")) => object = value,
            (1, None) | (_, Some("_current_indent_level")) => level = value,
            _ => return Err(vm.raise_type("_iterencode() takes the arguments obj and _current_indent_level")),
        }
    }
    if object.is_unbound() || level.is_unbound() {
        return Err(vm.raise_type("_iterencode() takes the arguments obj and _current_indent_level"));
    }
    let level = vm.index_i64(level)?;
    let mut writer = Writer::new(vm, this, Index(level));
    writer.value(vm, object)?;
    let text = writer.out.finish(vm);
    Ok(vm.new_tuple(&[text]))
}

struct Writer<'a> {
    out: Text,
    encoder: This<Encoder>,
    indent: Option<View<'a>>,
    key_separator: View<'a>,
    item_separator: View<'a>,
    level: usize,
    /// Containers that are being written; all of them are reachable from the value.
    open: Open,
}

/// Addresses: those of the outermost containers in a row, which is searched faster than a set is; of the others in a set.
#[derive(Default)]
struct Open {
    outer: Vec<u64>,
    inner: HashSet<u64>,
}

impl Open {
    const OUTER: usize = 16;

    /// False where it is there already.
    fn insert(&mut self, address: u64) -> bool {
        if self.outer.contains(&address) {
            return false;
        }
        if self.outer.len() < Self::OUTER {
            self.outer.push(address);
            return true;
        }
        self.inner.insert(address)
    }

    /// Takes the latest one out.
    fn remove(&mut self, address: u64) {
        if !self.inner.remove(&address) {
            self.outer.pop();
        }
    }
}

impl Writer<'_> {
    fn new<'a>(vm: &Vm, encoder: This<Encoder>, level: Index) -> Writer<'a> {
        let view = |value| Str::of(vm, value).map(Str::view);
        Writer {
            out: Text::new(),
            encoder,
            indent: view(encoder.indent),
            key_separator: view(encoder.key_separator).unwrap_or(View::One(b"")),
            item_separator: view(encoder.item_separator).unwrap_or(View::One(b"")),
            level: level.0.clamp(0, 1 << 20) as usize,
            open: Open::default(),
        }
    }

    fn push(&mut self, text: &str) {
        self.out.push_view(View::One(text.as_bytes()));
    }

    fn value(&mut self, vm: &mut Vm, value: Value) -> PyResult<()> {
        if value.is_int() {
            self.push_word(value.as_int());
        } else if let Some(text) = Str::of(vm, value) {
            self.string(vm, text)?;
        } else if let Some(float) = ThisFloat::receive(vm, value) {
            let text = self.float(vm, float)?;
            self.push(&text);
        } else {
            return self.other_value(vm, value);
        }
        Ok(())
    }

    /// What is no str, no float and no small int.
    fn other_value(&mut self, vm: &mut Vm, value: Value) -> PyResult<()> {
        if value.is_none() {
            self.push("null");
        } else if value.is_bool() {
            self.push(if value.as_bool() { "true" } else { "false" });
        } else if vm.is_a::<DictObject>(value) {
            self.container(vm, value, Self::entries)?;
        } else if vm.is_a::<ListObject>(value) || vm.is_a::<TupleObject>(value) {
            self.container(vm, value, Self::items)?;
        } else if vm.is_int_like(value) {
            let text = vm.int_to_string(value)?;
            self.push(&text);
        } else {
            self.container(vm, value, Self::other)?;
        }
        Ok(())
    }

    fn push_word(&mut self, word: i64) {
        let mut digits = [0; 20];
        let (mut at, mut rest) = (digits.len(), word.unsigned_abs());
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if word < 0 {
            self.out.push(0x2D);
        }
        self.out.push_view(View::One(&digits[at..]));
    }

    fn string(&mut self, vm: &mut Vm, text: Str) -> PyResult<()> {
        if let Some(is_ascii) = self.encoder.is_ascii {
            escape::push_quoted(&mut self.out, text.view(), is_ascii);
            return Ok(());
        }
        let encoded = vm.call(self.encoder.encoder, &[text.value()])?;
        match Str::of(vm, encoded) {
            Some(encoded) => self.out.push_view(encoded.view()),
            None => {
                let message = format!("encoder() must return a string, not {}", vm.class_name(encoded));
                return Err(vm.raise_type(&message));
            }
        }
        Ok(())
    }

    fn float(&mut self, vm: &mut Vm, float: ThisFloat) -> PyResult<String> {
        let number = float.get();
        if number.is_finite() {
            return Ok(float_repr(number));
        }
        if !self.encoder.allow_nan {
            let shown = vm.repr_string(float.value())?;
            return Err(vm.raise_value(&format!("Out of range float values are not JSON compliant: {shown}")));
        }
        let name = match number {
            _ if number.is_nan() => "NaN",
            _ if number > 0.0 => "Infinity",
            _ => "-Infinity",
        };
        Ok(name.to_string())
    }

    /// Writes what may contain itself.
    fn container(
        &mut self,
        vm: &mut Vm,
        value: Value,
        write: fn(&mut Self, &mut Vm, Value) -> PyResult<()>,
    ) -> PyResult<()> {
        vm.check_native_stack()?;
        if self.encoder.markers.is_none() {
            return write(self, vm, value);
        }
        if !self.open.insert(value.bits()) {
            return Err(vm.raise_value("Circular reference detected"));
        }
        write(self, vm, value)?;
        self.open.remove(value.bits());
        Ok(())
    }

    fn other(&mut self, vm: &mut Vm, value: Value) -> PyResult<()> {
        let replaced = vm.call(self.encoder.default, &[value])?;
        self.value(vm, replaced).map_err(|raised| {
            let name = vm.full_name_of_class(vm.class_of(value));
            note(vm, raised, &format!("when serializing {name} object"))
        })
    }

    fn new_line(&mut self) {
        if let Some(indent) = self.indent {
            self.out.push(0x0A);
            for _ in 0..self.level {
                self.out.push_view(indent);
            }
        }
    }

    /// Opens a container, or separates its items.
    fn separate(&mut self, is_first: bool) {
        if is_first {
            self.level += 1;
        } else {
            self.out.push_view(self.item_separator);
        }
        self.new_line();
    }

    fn close(&mut self, sign: &str) {
        self.level -= 1;
        self.new_line();
        self.push(sign);
    }

    fn items(&mut self, vm: &mut Vm, sequence: Value) -> PyResult<()> {
        let list = This::<ListObject>::of(vm, sequence);
        let tuple = This::<TupleObject>::of(vm, sequence);
        // What is called meanwhile may change it.
        let item_at = |at: usize| match (&list, &tuple) {
            (Some(list), _) => list.items().get(at).copied(),
            (None, Some(tuple)) => tuple.items().get(at).copied(),
            (None, None) => None,
        };
        if item_at(0).is_none() {
            self.push("[]");
            return Ok(());
        }
        self.push("[");
        let mut at = 0;
        while let Some(item) = item_at(at) {
            self.separate(at == 0);
            self.value(vm, item).map_err(|raised| {
                let name = vm.full_name_of_class(vm.class_of(sequence));
                note(vm, raised, &format!("when serializing {name} item {at}"))
            })?;
            at += 1;
        }
        self.close("]");
        Ok(())
    }

    fn entries(&mut self, vm: &mut Vm, dict: Value) -> PyResult<()> {
        if This::<DictObject>::of(vm, dict).is_none_or(|dict| dict.len == 0) {
            self.push("{}");
            return Ok(());
        }
        self.push("{");
        let mut is_first = true;
        if self.encoder.sort_keys || !vm.is_exactly::<DictObject>(dict) {
            let pairs = sorted_items(vm, dict, self.encoder.sort_keys)?;
            let mut at = 0;
            while let Some(&pair) = This::<ListObject>::expect(vm, pairs).items().get(at) {
                let Some(pair) = This::<TupleObject>::of(vm, pair).filter(|pair| pair.len == 2) else {
                    return Err(vm.raise_value("items must return 2-tuples"));
                };
                let pair = pair.items();
                self.entry(vm, dict, pair[0], pair[1], &mut is_first)?;
                at += 1;
            }
        } else {
            let mut at = 0;
            let Some(table) = Table::of(vm, dict) else { return Ok(()) };
            while let Some((index, entry)) = table.next_entry(at) {
                at = index + 1;
                self.entry(vm, dict, entry.key, entry.value, &mut is_first)?;
            }
        }
        if is_first {
            self.push("}");
        } else {
            self.close("}");
        }
        Ok(())
    }

    fn entry(&mut self, vm: &mut Vm, dict: Value, key: Value, value: Value, is_first: &mut bool) -> PyResult<()> {
        let Some(text) = self.key(vm, key)? else { return Ok(()) };
        self.separate(*is_first);
        *is_first = false;
        self.string(vm, text)?;
        self.out.push_view(self.key_separator);
        self.value(vm, value).map_err(|raised| {
            let name = vm.full_name_of_class(vm.class_of(dict));
            note_shown(vm, raised, &format!("when serializing {name} item "), key)
        })
    }

    /// A key as a string; `None`: it is left out.
    fn key(&mut self, vm: &mut Vm, key: Value) -> PyResult<Option<Str>> {
        if let Some(text) = Str::of(vm, key) {
            return Ok(Some(text));
        }
        let text = if let Some(float) = ThisFloat::receive(vm, key) {
            self.float(vm, float)?
        } else {
            match key {
                Value::TRUE => "true".to_string(),
                Value::FALSE => "false".to_string(),
                Value::NONE => "null".to_string(),
                _ if vm.is_int_like(key) => vm.int_to_string(key)?,
                _ if self.encoder.skip_keys => return Ok(None),
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

/// A list of what `items` gives, sorted if that is wanted.
fn sorted_items(vm: &mut Vm, dict: Value, is_sorted: bool) -> PyResult {
    let name = vm.intern("items");
    let items = vm.call_method(dict, name, &[])?;
    let list = vm.collect(items)?;
    if is_sorted {
        let name = vm.intern("sort");
        vm.call_method(list, name, &[])?;
    }
    Ok(list)
}

/// Adds a note to the exception that was raised.
fn note(vm: &mut Vm, raised: Raised, text: &str) -> Raised {
    let Raised = raised;
    let exception = vm.take_exception();
    let (name, text) = (vm.intern("add_note"), vm.new_str(text));
    if vm.call_method(exception, name, &[text]).is_err() {
        vm.clear_exception();
    }
    vm.raise_value_object(exception)
}

/// As `note`, with a value's `repr` at the end.
fn note_shown(vm: &mut Vm, raised: Raised, text: &str, value: Value) -> Raised {
    let Raised = raised;
    let exception = vm.take_exception();
    let shown = vm.repr_string(value).unwrap_or_else(|_| {
        vm.clear_exception();
        String::new()
    });
    let raised = vm.raise_value_object(exception);
    note(vm, raised, &format!("{text}{shown}"))
}
