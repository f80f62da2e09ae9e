//! `IncrementalNewlineDecoder`: makes all line ends `\n`, and remembers which there were.

use super::call;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, Str, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::TupleObject;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::object::string::View;
use stitch_runtime::{PyResult, Value, Vm};

const CR: u32 = '\r' as u32;
const LF: u32 = '\n' as u32;

/// The kinds of line ends that were met.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen(u8);

impl Seen {
    const KINDS: [(u8, &'static str); 3] = [(1, "\r"), (2, "\n"), (4, "\r\n")];

    /// Adds those of a text.
    pub fn note(&mut self, view: View<'_>) {
        match view {
            View::One(data) => self.note_bytes(data),
            _ => {
                let mut previous = 0;
                for point in view.code_points() {
                    self.step(previous, point);
                    previous = point;
                }
                self.end(previous);
            }
        }
    }

    /// Adds those of bytes in an encoding of which ASCII is a part.
    pub fn note_bytes(&mut self, data: &[u8]) {
        if self.0 == 7 {
            return;
        }
        if memchr::memchr(b'\r', data).is_none() {
            if self.0 & 2 == 0 && memchr::memchr(b'\n', data).is_some() {
                self.0 |= 2;
            }
            return;
        }
        let mut previous = 0;
        for &byte in data {
            self.step(previous, byte.into());
            previous = byte.into();
        }
        self.end(previous);
    }

    fn step(&mut self, previous: u32, point: u32) {
        self.0 |= match (previous, point) {
            (CR, LF) => 4,
            (CR, _) => 1,
            (_, LF) => 2,
            _ => 0,
        };
    }

    fn end(&mut self, last: u32) {
        if last == CR {
            self.0 |= 1;
        }
    }

    /// As the attribute `newlines` has it: None, a str, or a tuple of them.
    pub fn value(self, vm: &mut Vm) -> Value {
        let kinds: Vec<&str> = Seen::KINDS.iter().filter(|(bit, _)| self.0 & bit != 0).map(|&(_, kind)| kind).collect();
        match kinds[..] {
            [] => Value::NONE,
            [kind] => vm.intern(kind),
            // Interned strings stay.
            _ => {
                let kinds: Vec<Value> = kinds.into_iter().map(|kind| vm.intern(kind)).collect();
                vm.new_tuple(&kinds)
            }
        }
    }
}

/// What is done about line ends, and what was seen of them.
#[derive(Clone, Copy, Default)]
pub struct Newlines {
    /// Are all made `\n`?
    pub translates: bool,
    /// The text so far ended in `\r`, which was kept back: `\n` may follow.
    pub holds_cr: bool,
    pub seen: Seen,
}

impl Newlines {
    /// The next piece of text, its line ends as they are to be.
    pub fn pass(&mut self, vm: &mut Vm, text: Value, is_final: bool) -> PyResult {
        let mut text = text;
        let len = vm.str_of(text).len;
        if self.holds_cr && (is_final || len > 0) {
            let cr = vm.intern("\r");
            text = vm.str_concat(cr, text)?;
            self.holds_cr = false;
        }
        let view = vm.str_of(text).view();
        if !is_final && !view.is_empty() && view.at(view.len() - 1) == CR {
            text = vm.str_slice(text, 0, view.len() - 1);
            self.holds_cr = true;
        }
        let view = vm.str_of(text).view();
        self.seen.note(view);
        if !self.translates || !has_cr(view) {
            return Ok(text);
        }
        Ok(translated(view).finish(vm))
    }
}

fn has_cr(view: View<'_>) -> bool {
    match view {
        View::One(data) => memchr::memchr(b'\r', data).is_some(),
        _ => view.position(0, |point| point == CR).is_some(),
    }
}

/// With all line ends made `\n`.
fn translated(view: View<'_>) -> Text {
    let mut text = Text::new();
    let mut previous = 0;
    for point in view.code_points() {
        match (previous, point) {
            (CR, LF) => {}
            (_, CR) => text.push(LF),
            _ => text.push(point),
        }
        previous = point;
    }
    text
}

/// Likewise, of bytes.
pub fn translate_bytes(data: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(data.len());
    let mut rest = data;
    while let Some(at) = memchr::memchr(b'\r', rest) {
        text.extend_from_slice(&rest[..at]);
        text.push(b'\n');
        rest = &rest[at + 1..];
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }
    text.extend_from_slice(rest);
    text
}

#[repr(C)]
pub struct NewlineDecoder {
    header: Header,
    /// What makes text of bytes; None: what comes is text. Unbound before `__init__`.
    decoder: Value,
    errors: Value,
    pub newlines: Newlines,
}

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for NewlineDecoder {
    const SPEC: &'static TypeSpec = &NEWLINE_DECODER;
}

type ThisDecoder = This<NewlineDecoder>;

pub static NEWLINE_DECODER: TypeSpec = TypeSpec {
    name: "IncrementalNewlineDecoder",
    module: "_io",
    doc: "Decodes piece by piece, through another decoder where it is bytes, and makes all line ends the same if asked to.",
    layout: Some(Layout::of::<NewlineDecoder>(2)),
    is_base: true,
    new: Some(
        method(
            "__new__",
            "($type, /, *args, **kwargs)",
            |vm: &mut Vm, class: ClassOf<NewlineDecoder>, _: Rest, _: Keywords| new(vm, class.class),
        )
        .doc("A new one."),
    ),
    methods: &[
        method("__init__", "($self, /, decoder, translate, errors='strict')", init)
            .doc("Takes a decoder, or None, and whether line ends are made the same."),
        method(
            "decode",
            "($self, /, input, final=False)",
            |vm: &mut Vm, this: ThisDecoder, input: Value, is_final: Option<bool>| {
                decode(vm, this, input, is_final.unwrap_or(false))
            },
        )
        .doc("The text of the next piece."),
        method("getstate", "($self, /)", get_state).doc("What was kept back, and a number that says the rest."),
        method("setstate", "($self, state, /)", set_state).doc("Takes up a state."),
        method("reset", "($self, /)", |vm: &mut Vm, mut this: ThisDecoder| -> PyResult<()> {
            this.newlines.holds_cr = false;
            this.newlines.seen = Seen::default();
            match inner(vm, this)? {
                Some(decoder) => call(vm, decoder, "reset", &[]).map(drop),
                None => Ok(()),
            }
        })
        .doc("Forgets what came before."),
    ],
    getters: &[field("newlines", |vm: &mut Vm, this: ThisDecoder| this.newlines.seen.value(vm))
        .doc("The line ends that there were: None, one, or a tuple.")],
    ..TypeSpec::NEW
};

fn new(vm: &mut Vm, class: *mut stitch_runtime::object::layout::TypeObject) -> PyResult {
    vm.new_object(class, |header| NewlineDecoder {
        header,
        decoder: Value::UNBOUND,
        errors: Value::UNBOUND,
        newlines: Newlines::default(),
    })
}

/// One over a decoder, or None.
pub fn make(vm: &mut Vm, decoder: Value, translates: bool) -> PyResult<This<NewlineDecoder>> {
    let class = vm.type_of_spec(&NEWLINE_DECODER);
    let made = new(vm, class)?;
    let mut this = This::<NewlineDecoder>::expect(vm, made);
    this.decoder = decoder;
    this.newlines.translates = translates;
    vm.barrier(this.pointer());
    Ok(this)
}

fn init(vm: &mut Vm, mut this: ThisDecoder, decoder: Value, translates: bool, errors: Option<Value>) -> PyResult<()> {
    this.errors = errors.unwrap_or(Value::NONE);
    this.decoder = decoder;
    this.newlines = Newlines { translates, ..Newlines::default() };
    vm.barrier(this.pointer());
    Ok(())
}

/// The decoder of bytes.
fn inner(vm: &mut Vm, this: ThisDecoder) -> PyResult<Option<Value>> {
    match this.decoder {
        decoder if decoder.is_unbound() => Err(vm.raise_value("IncrementalNewlineDecoder.__init__() not called")),
        decoder => Ok((!decoder.is_none()).then_some(decoder)),
    }
}

pub fn decode(vm: &mut Vm, mut this: ThisDecoder, input: Value, is_final: bool) -> PyResult {
    let text = match inner(vm, this)? {
        Some(decoder) => call(vm, decoder, "decode", &[input, Value::bool(is_final)])?,
        None => input,
    };
    if Str::of(vm, text).is_none() {
        let given = vm.class_name(text);
        return Err(vm.raise_type(&format!("decoder should return a string result, not '{given}'")));
    }
    let mut newlines = this.newlines;
    let text = newlines.pass(vm, text, is_final);
    this.newlines = newlines;
    text
}

fn get_state(vm: &mut Vm, this: ThisDecoder) -> PyResult {
    let (buffer, flag) = match inner(vm, this)? {
        None => (vm.new_bytes(&[])?, 0),
        Some(decoder) => {
            let state = call(vm, decoder, "getstate", &[])?;
            pair_of(vm, state, "illegal decoder state")?
        }
    };
    let flag = vm.new_int(flag << 1 | i64::from(this.newlines.holds_cr));
    Ok(vm.new_tuple(&[buffer, flag]))
}

fn set_state(vm: &mut Vm, mut this: ThisDecoder, state: Value) -> PyResult<()> {
    let decoder = inner(vm, this)?;
    if !vm.is_a::<TupleObject>(state) {
        return Err(vm.raise_type("state argument must be a tuple"));
    }
    let (buffer, flag) = pair_of(vm, state, "setstate(): illegal state argument")?;
    this.newlines.holds_cr = flag & 1 != 0;
    let Some(decoder) = decoder else { return Ok(()) };
    let flag = vm.new_int(flag >> 1);
    let state = vm.new_tuple(&[buffer, flag]);
    call(vm, decoder, "setstate", &[state]).map(drop)
}

/// The two parts of a decoder's state.
pub fn pair_of(vm: &mut Vm, state: Value, message: &str) -> PyResult<(Value, i64)> {
    let parts = if vm.is_a::<TupleObject>(state) { vm.tuple_items(state) } else { &[] };
    match *parts {
        [buffer, flag] if vm.is_int_like(flag) => Ok((buffer, vm.index_i64(flag)?)),
        _ => Err(vm.raise_type(message)),
    }
}
