//! What encodes and decodes piece by piece: incremental codecs, and readers and writers of streams.

use super::codec::of_class;
use super::engine::{Decoding, Encoding, Errors, Named, State, restart_decoding, restart_encoding, start};
use stitch_runtime::object::argument::{Class, ClassOf, Keywords, Rest, Str, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::{BytesObject, TupleObject, TypeObject};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::{GetSetRow, Layout, Object, TypeSpec, field};
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Value, Vm};

/// So many characters, or bytes, may wait for what comes behind them.
const MAX_PENDING_CHARACTERS: usize = 2;
const MAX_PENDING_BYTES: usize = 8;

/// Any of them.
#[repr(C)]
pub struct Piecewise {
    header: Header,
    /// Of readers and writers, or None.
    stream: Value,
    /// A str.
    errors: Value,
    named: Named,
    state: State,
    /// Characters that wait.
    text: Vec<u32>,
    /// Bytes that wait.
    bytes: Vec<u8>,
}

type ThisPiecewise = This<Piecewise>;

// SAFETY: `#[repr(C)]` with the header first; all that derive from the types begin with it.
unsafe impl Object for Piecewise {
    const SPEC: &'static TypeSpec = &INCREMENTAL_ENCODER;
    const ALSO: &'static [&'static TypeSpec] = &[&INCREMENTAL_DECODER, &STREAM_READER, &STREAM_WRITER];
}

const LAYOUT: Layout = Layout::of::<Piecewise>(2).finalized_by(|object| {
    // SAFETY: a dead object, which has for itself what lies outside of the heap.
    unsafe {
        (*object.cast::<Piecewise>()).text = Vec::new();
        (*object.cast::<Piecewise>()).bytes = Vec::new();
    }
});

const ERRORS: GetSetRow = field("errors", |this: ThisPiecewise| this.errors)
    .set_by(|vm: &mut Vm, mut this: ThisPiecewise, value: Option<Value>| {
        match value {
            Some(value) if vm.is_str(value) => this.errors = value,
            Some(_) => return Err(vm.raise_type("errors must be a string")),
            None => return Err(vm.raise_attribute("cannot delete attribute")),
        }
        vm.barrier(this.pointer());
        Ok(())
    })
    .doc("What is done about errors.");

const STREAM: GetSetRow = field("stream", |this: ThisPiecewise| this.stream).doc("What is read or written.");

const INIT: NativeRow =
    method("__init__", "($self, /, *args, **kwargs)", |_: ThisPiecewise, _: Rest, _: Keywords| ()).doc("Does nothing.");

pub static INCREMENTAL_ENCODER: TypeSpec = TypeSpec {
    name: "MultibyteIncrementalEncoder",
    module: "_multibytecodec",
    doc: "Encodes piece by piece.",
    layout: Some(LAYOUT),
    is_base: true,
    new: Some(
        method("__new__", "($type, errors='strict')", |vm: &mut Vm, class: ClassOf<Piecewise>, errors: Option<Str>| {
            make(vm, class.class, false, Value::NONE, errors)
        })
        .doc("One of the class's codec."),
    ),
    methods: &[
        INIT,
        method(
            "encode",
            "($self, input, final=False)",
            |vm: &mut Vm, this: ThisPiecewise, input: Value, end: Option<bool>| {
                let bytes = encode(vm, this, input, end.unwrap_or(false))?;
                vm.new_bytes(&bytes)
            },
        )
        .doc("The bytes of text, so far as what comes behind it does not matter."),
        method("getstate", "($self, /)", |vm: &mut Vm, this: ThisPiecewise| -> PyResult {
            let waiting = utf8(&this.text);
            let mut bytes = vec![waiting.len() as u8];
            bytes.extend_from_slice(&waiting);
            bytes.extend_from_slice(&this.state);
            int_of_bytes(vm, &bytes)
        })
        .doc("What it remembers, as an int."),
        method("setstate", "($self, state, /)", |vm: &mut Vm, mut this: ThisPiecewise, state: Value| -> PyResult<()> {
            let bytes = bytes_of_int(vm, state, 1 + 4 * MAX_PENDING_CHARACTERS + 8)?;
            let len = usize::from(bytes[0]);
            if len > 4 * MAX_PENDING_CHARACTERS {
                return Err(vm.raise(vm.exceptions.UnicodeError, "pending buffer too large"));
            }
            let Ok(waiting) = std::str::from_utf8(&bytes[1..1 + len]) else {
                return Err(vm.raise(vm.exceptions.UnicodeError, "pending text is not valid"));
            };
            this.text = waiting.chars().map(u32::from).collect();
            this.state.copy_from_slice(&bytes[1 + len..1 + len + 8]);
            Ok(())
        })
        .doc("Has it remember what an int says."),
        method("reset", "($self, /)", |mut this: ThisPiecewise| {
            let codec = this.named.codec;
            restart_encoding(codec, &mut this.state);
            this.text.clear();
        })
        .doc("It begins anew."),
    ],
    getters: &[ERRORS],
    ..TypeSpec::NEW
};

pub static INCREMENTAL_DECODER: TypeSpec = TypeSpec {
    name: "MultibyteIncrementalDecoder",
    module: "_multibytecodec",
    doc: "Decodes piece by piece.",
    layout: Some(LAYOUT),
    is_base: true,
    new: Some(
        method("__new__", "($type, errors='strict')", |vm: &mut Vm, class: ClassOf<Piecewise>, errors: Option<Str>| {
            make(vm, class.class, true, Value::NONE, errors)
        })
        .doc("One of the class's codec."),
    ),
    methods: &[
        INIT,
        method(
            "decode",
            "($self, input, final=False)",
            |vm: &mut Vm, this: ThisPiecewise, data: BytesLike, end: Option<bool>| -> PyResult {
                let mut out = Text::new();
                decode(vm, this, &data, end.unwrap_or(false), &mut out)?;
                Ok(out.finish(vm))
            },
        )
        .doc("The text of bytes, so far as they are complete."),
        method("getstate", "($self, /)", |vm: &mut Vm, this: ThisPiecewise| -> PyResult {
            let waiting = vm.new_bytes(&this.bytes)?;
            let state = vm.new_int_from_u64(u64::from_le_bytes(this.state));
            Ok(vm.new_tuple(&[waiting, state]))
        })
        .doc("The bytes that wait, and what it remembers as an int."),
        method("setstate", "($self, state, /)", |vm: &mut Vm, mut this: ThisPiecewise, state: Value| -> PyResult<()> {
            let parts = if vm.is_a::<TupleObject>(state) { vm.tuple_items(state) } else { &[] };
            let &[waiting, state] = parts else {
                return Err(vm.raise_type("setstate() argument must be a tuple of bytes and int"));
            };
            let waiting = BytesLike::of(vm, waiting)?;
            if waiting.len() > MAX_PENDING_BYTES {
                return Err(vm.raise(vm.exceptions.UnicodeError, "pending buffer too large"));
            }
            let bytes = bytes_of_int(vm, state, 8)?;
            this.bytes = waiting.to_vec();
            this.state.copy_from_slice(&bytes);
            Ok(())
        })
        .doc("Has bytes wait, and it remember what an int says."),
        method("reset", "($self, /)", restart_reading).doc("It begins anew."),
    ],
    getters: &[ERRORS],
    ..TypeSpec::NEW
};

pub static STREAM_READER: TypeSpec = TypeSpec {
    name: "MultibyteStreamReader",
    module: "_multibytecodec",
    doc: "Decodes what a stream gives.",
    layout: Some(LAYOUT),
    is_base: true,
    new: Some(
        method(
            "__new__",
            "($type, stream, errors='strict')",
            |vm: &mut Vm, class: ClassOf<Piecewise>, stream: Value, errors: Option<Str>| {
                make(vm, class.class, true, stream, errors)
            },
        )
        .doc("One of the class's codec and a stream."),
    ),
    methods: &[
        INIT,
        method("read", "($self, sizeobj=None, /)", |vm: &mut Vm, this: ThisPiecewise, size: Option<Value>| {
            read(vm, this, "read", size)
        })
        .doc("Text of so many bytes, or of all."),
        method("readline", "($self, sizeobj=None, /)", |vm: &mut Vm, this: ThisPiecewise, size: Option<Value>| {
            read(vm, this, "readline", size)
        })
        .doc("A line."),
        method(
            "readlines",
            "($self, sizehintobj=None, /)",
            |vm: &mut Vm, this: ThisPiecewise, size: Option<Value>| -> PyResult {
                let text = read(vm, this, "read", size)?;
                let (name, ends) = (vm.intern("splitlines"), Value::TRUE);
                vm.call_method(text, name, &[ends])
            },
        )
        .doc("Lines."),
        method("reset", "($self, /)", restart_reading).doc("It begins anew."),
    ],
    getters: &[ERRORS, STREAM],
    ..TypeSpec::NEW
};

pub static STREAM_WRITER: TypeSpec = TypeSpec {
    name: "MultibyteStreamWriter",
    module: "_multibytecodec",
    doc: "Encodes what a stream gets.",
    layout: Some(LAYOUT),
    is_base: true,
    new: Some(
        method(
            "__new__",
            "($type, stream, errors='strict')",
            |vm: &mut Vm, class: ClassOf<Piecewise>, stream: Value, errors: Option<Str>| {
                make(vm, class.class, false, stream, errors)
            },
        )
        .doc("One of the class's codec and a stream."),
    ),
    methods: &[
        INIT,
        method("write", "($self, strobj, /)", write).doc("Writes text."),
        method("writelines", "($self, lines, /)", |vm: &mut Vm, this: ThisPiecewise, lines: Value| -> PyResult<()> {
            if !vm.is_sequence(lines) {
                return Err(vm.raise_type("arg must be a sequence object"));
            }
            let lines = vm.get_iter(lines)?;
            while let Some(line) = vm.iter_next(lines)? {
                write(vm, this, line)?;
            }
            Ok(())
        })
        .doc("Writes many texts."),
        method("reset", "($self, /)", |vm: &mut Vm, mut this: ThisPiecewise| -> PyResult<()> {
            let waiting = std::mem::take(&mut this.text);
            let text = vm.str_from_code_points(&waiting);
            let bytes = encode(vm, this, text, true)?;
            if bytes.is_empty() {
                return Ok(());
            }
            let bytes = vm.new_bytes(&bytes)?;
            let name = vm.intern("write");
            vm.call_method(this.stream, name, &[bytes]).map(|_| ())
        })
        .doc("Writes what waits, and begins anew."),
    ],
    getters: &[ERRORS, STREAM],
    ..TypeSpec::NEW
};

fn make(vm: &mut Vm, class: *mut TypeObject, decodes: bool, stream: Value, errors: Option<Str>) -> PyResult {
    let errors = match errors {
        Some(errors) => errors.value(),
        None => vm.new_str("strict"),
    };
    debug_assert!(Class::of(vm, Value::object(class)).is_some());
    let named = of_class(vm, Value::object(class))?;
    let state = start(named.codec, decodes);
    vm.new_object(class, |header| Piecewise {
        header,
        stream,
        errors,
        named,
        state,
        text: Vec::new(),
        bytes: Vec::new(),
    })
}

fn restart_reading(mut this: ThisPiecewise) {
    let codec = this.named.codec;
    restart_decoding(codec, &mut this.state);
    this.bytes.clear();
}

fn utf8(points: &[u32]) -> Vec<u8> {
    points.iter().filter_map(|&point| char::from_u32(point)).collect::<String>().into_bytes()
}

/// So many bytes as one int, the lowest first.
fn int_of_bytes(vm: &mut Vm, bytes: &[u8]) -> PyResult {
    let (class, name) = (Value::object(vm.class(BuiltinType::Int)), vm.intern("from_bytes"));
    let (bytes, order) = (vm.new_bytes(bytes)?, vm.new_str("little"));
    vm.call_method(class, name, &[bytes, order])
}

fn bytes_of_int(vm: &mut Vm, int: Value, len: usize) -> PyResult<Vec<u8>> {
    if !vm.is_int_like(int) {
        let given = vm.class_name(int);
        return Err(vm.raise_type(&format!("setstate() argument must be int, not {given}")));
    }
    let (name, order) = (vm.intern("to_bytes"), vm.new_str("little"));
    let bytes = vm.call_method(int, name, &[Value::small_int(len as i64), order])?;
    Ok(BytesLike::of(vm, bytes)?.to_vec())
}

/// Encodes text behind what waits.
fn encode(vm: &mut Vm, mut this: ThisPiecewise, input: Value, is_final: bool) -> PyResult<Vec<u8>> {
    let Some(input) = Str::of(vm, input) else {
        let given = vm.class_name(input);
        return Err(vm.raise_type(&format!("couldn't convert the object to str: {given}")));
    };
    let text = if this.text.is_empty() {
        input
    } else {
        let mut all = Text::new();
        this.text.iter().for_each(|&point| all.push(point));
        all.push_view(input.view());
        let all = all.finish(vm);
        Str::of(vm, all).expect("it was made")
    };
    let errors = Errors::of(vm, this.errors);
    let (named, mut state) = (this.named, this.state);
    let (bytes, n_used) = Encoding { named, state: &mut state, is_final }.run(vm, text, &errors)?;
    let rest: Vec<u32> = text.view().code_points().skip(n_used).collect();
    if rest.len() > MAX_PENDING_CHARACTERS {
        return Err(vm.raise(vm.exceptions.UnicodeError, "pending buffer overflow"));
    }
    this.state = state;
    this.text = rest;
    Ok(bytes)
}

/// Decodes bytes behind what waits.
fn decode(vm: &mut Vm, mut this: ThisPiecewise, data: &[u8], is_final: bool, out: &mut Text) -> PyResult<()> {
    let mut all = this.bytes.clone();
    all.extend_from_slice(data);
    let errors = Errors::of(vm, this.errors);
    let (named, mut state) = (this.named, this.state);
    let n_used = Decoding { named, state: &mut state, is_final }.run(vm, &all, &errors, out)?;
    if all.len() - n_used > MAX_PENDING_BYTES {
        return Err(vm.raise(vm.exceptions.UnicodeError, "pending buffer overflow"));
    }
    this.state = state;
    this.bytes = all.split_off(n_used);
    Ok(())
}

fn read(vm: &mut Vm, this: ThisPiecewise, how: &str, size: Option<Value>) -> PyResult {
    let mut size = match size.filter(|size| !size.is_none()) {
        Some(size) => vm.index_i64(size)?,
        None => -1,
    };
    let mut out = Text::new();
    let how = vm.intern(how);
    while size != 0 {
        let piece = if size < 0 {
            vm.call_method(this.stream, how, &[])?
        } else {
            let wanted = vm.new_int(size);
            vm.call_method(this.stream, how, &[wanted])?
        };
        if !vm.is_a::<BytesObject>(piece) {
            let given = vm.class_name(piece);
            return Err(vm.raise_type(&format!("stream function returned a non-bytes object ({given})")));
        }
        let data = BytesLike::of(vm, piece)?;
        let is_end = data.is_empty() || size < 0;
        decode(vm, this, &data, is_end, &mut out)?;
        if is_end || !out.is_empty() {
            break;
        }
        // There is no character yet: one byte more may complete it.
        size = 1;
    }
    Ok(out.finish(vm))
}

fn write(vm: &mut Vm, this: ThisPiecewise, text: Value) -> PyResult<()> {
    let bytes = encode(vm, this, text, false)?;
    let bytes = vm.new_bytes(&bytes)?;
    let name = vm.intern("write");
    vm.call_method(this.stream, name, &[bytes]).map(|_| ())
}
