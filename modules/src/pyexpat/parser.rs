//! The parser object.

use super::bridge::{Bridge, encoding};
use super::engine::{Encoding, ErrorCode, Kind, ParameterEntities, Parser, Place, Shared};
use super::handlers::{N_HANDLERS, ROWS, given};
use super::str_or_none;
use super::values::{raise_error, raise_with, text};
use stitch_runtime::object::argument::{OrNone, Str, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::DictObject;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::{GetSetRow, Layout, Object, TypeSpec, field, joined};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct XmlParser {
    header: Header,
    /// By kind of event; None: there is none.
    pub handlers: [Value; N_HANDLERS],
    /// A dict of the names that were given out, or None.
    pub intern: Value,
    /// What system identifiers are relative to: a str or None.
    pub base: Value,
    /// What a handler raised while the parser was at work, or None.
    pub raised: Value,
    /// Which of the two handlers of all that nobody else is told of counts.
    pub default_kind: Option<Kind>,
    pub expands_entities: bool,
    pub is_ordered: bool,
    pub is_specified_alone: bool,
    pub is_in_callback: bool,
    has_prefixes: bool,
    is_subparser: bool,
    buffer_size: usize,
    /// So much text is kept before a handler is told of it; `None`: it is told at once.
    pub buffer_limit: Option<usize>,
    pub buffered: Vec<u8>,
    /// `None` while it is at work.
    engine: Option<Box<Parser>>,
    shared: Shared,
    /// Of an encoding that is given from outside and not built in.
    encoding: Option<String>,
    error: Option<ErrorCode>,
    /// Of the event that is being told of, or the last one.
    pub place: Place,
    /// In a callback: the text from the event on.
    pub rest: (*const u8, usize),
}

// SAFETY: `#[repr(C)]` with the header first; nothing derives from the type.
unsafe impl Object for XmlParser {
    const SPEC: &'static TypeSpec = &XML_PARSER;
}

type ThisParser = This<XmlParser>;

pub static XML_PARSER: TypeSpec = TypeSpec {
    name: "xmlparser",
    module: "pyexpat",
    doc: "Reads XML, and tells handlers of it.",
    layout: Some(Layout::of::<XmlParser>(N_HANDLERS as u8 + 3).finalized_by(|object| {
        // SAFETY: a dead object; what lies outside of the heap is its alone.
        unsafe {
            let this = object.cast::<XmlParser>();
            (*this).engine = None;
            std::ptr::drop_in_place(&raw mut (*this).shared);
            (*this).buffered = Vec::new();
            (*this).encoding = None;
        }
    })),
    methods: METHODS,
    getters: &GETTERS,
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    method(
        "Parse",
        "($self, data, isfinal=False, /)",
        |vm: &mut Vm, this: ThisParser, data: Value, end: Option<bool>| {
            parse_value(vm, this, data, end.unwrap_or(false))
        },
    )
    .doc("Reads a piece of the document, maybe the last."),
    method("ParseFile", "($self, file, /)", parse_file).doc("Reads the document that a file has."),
    method("SetBase", "($self, base, /)", |vm: &mut Vm, mut this: ThisParser, base: Str| {
        this.base = base.value();
        vm.barrier(this.pointer());
    })
    .doc("Sets what system identifiers are relative to."),
    method("GetBase", "($self, /)", |this: ThisParser| this.base).doc("What system identifiers are relative to."),
    method("GetInputContext", "($self, /)", |vm: &mut Vm, this: ThisParser| -> PyResult {
        if this.rest.0.is_null() {
            return Ok(Value::NONE);
        }
        // SAFETY: set for the time of a callback, while the parser's text is not touched.
        vm.new_bytes(unsafe { std::slice::from_raw_parts(this.rest.0, this.rest.1) })
    })
    .doc("In a handler: the text from the event on."),
    method("ExternalEntityParserCreate", "($self, context, encoding=None, /)", create_external)
        .doc("A parser for an external entity, of the context that the handler got."),
    method("SetParamEntityParsing", "($self, flag, /)", |this: ThisParser, flag: i32| {
        let is_fresh = this.engine.as_ref().is_some_and(|engine| !engine.has_begun());
        let chosen = match flag {
            0 => ParameterEntities::Never,
            1 => ParameterEntities::UnlessStandalone,
            2 => ParameterEntities::Always,
            _ => return 0,
        };
        if is_fresh {
            this.shared.settings.parameter_entities.set(chosen);
        }
        i32::from(is_fresh)
    })
    .doc("Are parameter entities read that lie elsewhere? Gives whether that could be set."),
    method("UseForeignDTD", "($self, flag=True, /)", |vm: &mut Vm, this: ThisParser, flag: Option<bool>| {
        if this.engine.as_ref().is_none_or(|engine| engine.has_begun()) {
            return Err(raise_error(vm, ErrorCode::CantChangeFeature, this.place));
        }
        this.shared.settings.uses_foreign_dtd.set(flag.unwrap_or(true));
        Ok(())
    })
    .doc("A document type is asked for even if the document names none."),
    method("GetReparseDeferralEnabled", "($self, /)", |this: ThisParser| this.shared.settings.defers.get())
        .doc("Are incomplete tokens left alone until there is much more?"),
    method("SetReparseDeferralEnabled", "($self, enabled, /)", |this: ThisParser, enabled: bool| {
        this.shared.settings.defers.set(enabled);
    })
    .doc("Sets whether incomplete tokens are left alone until there is much more."),
    method(
        "SetBillionLaughsAttackProtectionActivationThreshold",
        "($self, threshold, /)",
        |vm: &mut Vm, this: ThisParser, threshold: Value| -> PyResult<()> {
            let threshold = vm.index(threshold)?;
            let negative = vm.less_than(threshold, Value::small_int(0))?;
            if negative {
                return Err(vm.raise_value("Cannot convert negative int"));
            }
            let threshold = match vm.int_view(threshold).and_then(|view| u64::try_from(&view.to_big()).ok()) {
                Some(threshold) => threshold,
                None => return Err(vm.raise_overflow("Python int too large to convert to C unsigned long long")),
            };
            check_root(vm, this)?;
            this.shared.accounting.threshold.set(threshold);
            Ok(())
        },
    )
    .doc("From so many bytes on it is looked at how much text entities make."),
    method(
        "SetBillionLaughsAttackProtectionMaximumAmplification",
        "($self, max_factor, /)",
        |vm: &mut Vm, this: ThisParser, max_factor: f64| -> PyResult<()> {
            check_root(vm, this)?;
            if max_factor.is_nan() || max_factor < 1.0 {
                let code = ErrorCode::InvalidArgument as i64;
                return Err(raise_with(vm, "'max_factor' must be at least 1.0", code, this.place));
            }
            this.shared.accounting.max_factor.set(max_factor);
            Ok(())
        },
    )
    .doc("How many times the text that came in entities may make."),
];

const fn read_only(row: GetSetRow) -> GetSetRow {
    row
}

fn place(this: ThisParser) -> Place {
    this.engine.as_ref().map_or(this.place, |engine| engine.place())
}

const OWN_GETTERS: [GetSetRow; 14] = [
    read_only(field("intern", |this: ThisParser| this.intern)).doc("The names that were given out."),
    read_only(field("ErrorCode", |this: ThisParser| this.error.map_or(0, |code| code as i64)))
        .doc("The number of the last error."),
    read_only(field("ErrorLineNumber", |this: ThisParser| place(this).line)).doc("The line of the last error."),
    read_only(field("ErrorColumnNumber", |this: ThisParser| place(this).column)).doc("Its column."),
    read_only(field("ErrorByteIndex", |this: ThisParser| place(this).byte)).doc("Its byte."),
    read_only(field("CurrentLineNumber", |this: ThisParser| place(this).line)).doc("The line of the event."),
    read_only(field("CurrentColumnNumber", |this: ThisParser| place(this).column)).doc("Its column."),
    read_only(field("CurrentByteIndex", |this: ThisParser| place(this).byte)).doc("Its byte."),
    field("buffer_size", |this: ThisParser| this.buffer_size).set_by(set_buffer_size).doc("How much text is kept."),
    field("buffer_text", |this: ThisParser| this.buffer_limit.is_some())
        .set_by(|vm: &mut Vm, mut this: ThisParser, value: Option<Value>| {
            let is_wanted = flag(vm, value)?;
            if !is_wanted {
                XmlParser::flush(vm, this)?;
            }
            this.buffer_limit = is_wanted.then_some(this.buffer_size);
            Ok(())
        })
        .doc("Is text kept until there is more of it?"),
    field("buffer_used", |this: ThisParser| this.buffered.len()).doc("How much text is being kept."),
    field("namespace_prefixes", |this: ThisParser| this.has_prefixes)
        .set_by(|vm: &mut Vm, mut this: ThisParser, value: Option<Value>| {
            let is_wanted = flag(vm, value)?;
            this.has_prefixes = is_wanted;
            if let Some(engine) = &mut this.engine {
                engine.set_triplets(is_wanted);
            }
            Ok(())
        })
        .doc("Do expanded names have their prefixes?"),
    field("ordered_attributes", |this: ThisParser| this.is_ordered)
        .set_by(|vm: &mut Vm, mut this: ThisParser, value: Option<Value>| {
            this.is_ordered = flag(vm, value)?;
            Ok(())
        })
        .doc("Are attributes told of as a list?"),
    field("specified_attributes", |this: ThisParser| this.is_specified_alone)
        .set_by(|vm: &mut Vm, mut this: ThisParser, value: Option<Value>| {
            this.is_specified_alone = flag(vm, value)?;
            Ok(())
        })
        .doc("Are attributes left out that do not stand in the tag?"),
];

const GETTERS: [GetSetRow; N_HANDLERS + 14] = joined(ROWS, OWN_GETTERS);

fn flag(vm: &mut Vm, value: Option<Value>) -> PyResult<bool> {
    let value = given(vm, value)?;
    vm.is_true(value)
}

fn check_root(vm: &mut Vm, this: ThisParser) -> PyResult<()> {
    if this.is_subparser {
        let code = ErrorCode::InvalidArgument as i64;
        return Err(raise_with(vm, "parser must be a root parser", code, this.place));
    }
    Ok(())
}

fn set_buffer_size(vm: &mut Vm, mut this: ThisParser, value: Option<Value>) -> PyResult<()> {
    let value = given(vm, value)?;
    if !vm.is_int_like(value) {
        return Err(vm.raise_type("buffer_size must be an integer"));
    }
    let size = vm.index_i64(value)?;
    if size == this.buffer_size as i64 {
        return Ok(());
    }
    if size <= 0 {
        return Err(vm.raise_value("buffer_size must be greater than zero"));
    }
    if size > i64::from(i32::MAX) {
        return Err(vm.raise_value(&format!("buffer_size must not be greater than {}", i32::MAX)));
    }
    XmlParser::flush(vm, this)?;
    this.buffer_size = size as usize;
    this.buffer_limit = this.buffer_limit.map(|_| size as usize);
    Ok(())
}

impl XmlParser {
    /// Tells of text that was kept.
    pub fn flush(vm: &mut Vm, mut this: ThisParser) -> PyResult<()> {
        if this.buffered.is_empty() {
            return Ok(());
        }
        let kept = std::mem::take(&mut this.buffered);
        XmlParser::tell_text(vm, this, &kept)
    }

    pub fn tell_text(vm: &mut Vm, mut this: ThisParser, data: &[u8]) -> PyResult<()> {
        let handler = this.handlers[Kind::CharacterData as usize];
        if handler.is_none() {
            return Ok(());
        }
        let data = text(vm, data);
        let was_in_callback = std::mem::replace(&mut this.is_in_callback, true);
        let result = vm.call(handler, &[data]);
        this.is_in_callback = was_in_callback;
        result.map(|_| ())
    }
}

/// `ParserCreate`.
pub fn create(vm: &mut Vm, encoding: Option<Value>, separator: Option<Value>, intern: Option<Value>) -> PyResult {
    let encoding = str_or_none(vm, "encoding", encoding)?.map(Str::text);
    let separator = match str_or_none(vm, "namespace_separator", separator)?.map(|text| text.view().to_wtf8()) {
        None => None,
        Some(text) if text.len() > 1 => {
            return Err(vm.raise_value("namespace_separator must be at most one character, omitted, or None"));
        }
        Some(text) => Some(text.first().copied()),
    };
    let intern = match intern {
        None => vm.new_dict(),
        Some(none) if none.is_none() => none,
        Some(dict) if vm.is_a::<DictObject>(dict) => dict,
        Some(_) => return Err(vm.raise_type("intern must be a dictionary")),
    };
    let shared = Shared::new(separator);
    let (known, encoding) = named_encoding(encoding);
    let engine = Parser::new(&shared, known);
    make(vm, engine, shared, intern, encoding)
}

/// An encoding that is built in, or the name of another one.
fn named_encoding(name: Option<String>) -> (Option<Encoding>, Option<String>) {
    let known = name.as_deref().and_then(Encoding::named);
    let unknown = if known.is_some() { None } else { name };
    (known, unknown)
}

fn make(vm: &mut Vm, engine: Parser, shared: Shared, intern: Value, encoding: Option<String>) -> PyResult {
    let class = vm.type_of_spec(&XML_PARSER);
    vm.new_object(class, |header| XmlParser {
        header,
        handlers: [Value::NONE; N_HANDLERS],
        intern,
        base: Value::NONE,
        raised: Value::NONE,
        default_kind: None,
        expands_entities: true,
        is_ordered: false,
        is_specified_alone: false,
        is_in_callback: false,
        has_prefixes: false,
        is_subparser: false,
        buffer_size: 8192,
        buffer_limit: None,
        buffered: Vec::new(),
        engine: Some(Box::new(engine)),
        shared,
        encoding,
        error: None,
        place: Place::START,
        rest: (std::ptr::null(), 0),
    })
}

fn create_external(vm: &mut Vm, this: ThisParser, context: OrNone<Str>, encoding: OrNone<Str>) -> PyResult {
    let context = context.0.map(|context| context.view().to_wtf8());
    let shared = this.shared.for_external(context.is_some());
    let (known, encoding) = named_encoding(encoding.0.map(Str::text));
    let mut engine = Parser::of_external(&shared, context.as_deref(), known);
    engine.set_triplets(this.has_prefixes);
    let made = make(vm, engine, shared, this.intern, encoding)?;
    let mut sub = ThisParser::expect(vm, made);
    sub.handlers = this.handlers;
    sub.base = this.base;
    sub.default_kind = this.default_kind;
    sub.expands_entities = this.expands_entities;
    sub.is_ordered = this.is_ordered;
    sub.is_specified_alone = this.is_specified_alone;
    sub.has_prefixes = this.has_prefixes;
    sub.is_subparser = true;
    sub.buffer_size = this.buffer_size;
    sub.buffer_limit = this.buffer_limit;
    vm.barrier(sub.pointer());
    Ok(made)
}

fn parse_value(vm: &mut Vm, mut this: ThisParser, data: Value, is_final: bool) -> PyResult<i64> {
    let Some(text) = Str::of(vm, data) else {
        let data = BytesLike::of(vm, data)?;
        return parse(vm, this, &data, is_final);
    };
    let view = text.view();
    if !view.all(|point| char::from_u32(point).is_some()) {
        // Raises what is wrong with it.
        let encode = vm.intern("encode");
        vm.call_method(data, encode, &[])?;
    }
    if let Some(engine) = &mut this.engine
        && !engine.has_begun()
    {
        engine.set_encoding(Encoding::Utf8);
        this.encoding = None;
    }
    parse(vm, this, &view.to_wtf8(), is_final)
}

fn parse(vm: &mut Vm, mut this: ThisParser, data: &[u8], is_final: bool) -> PyResult<i64> {
    let Some(mut engine) = this.engine.take() else {
        return Err(raise_error(vm, ErrorCode::Suspended, this.place));
    };
    let mut unknown = false;
    if let Some(name) = this.encoding.take() {
        match encoding(vm, name.as_bytes()) {
            Ok(Some(encoding)) => engine.set_encoding(encoding),
            Ok(None) => unknown = true,
            Err(raised) => {
                this.engine = Some(engine);
                return Err(raised);
            }
        }
    }
    let result =
        if unknown { Err(ErrorCode::UnknownEncoding) } else { engine.parse(data, is_final, &mut Bridge { vm, this }) };
    this.place = engine.place();
    this.error = result.err();
    this.engine = Some(engine);
    let raised = std::mem::replace(&mut this.raised, Value::NONE);
    if !raised.is_none() {
        return Err(vm.raise_value_object(raised));
    }
    if let Err(code) = result {
        return Err(raise_error(vm, code, this.place));
    }
    XmlParser::flush(vm, this)?;
    Ok(1)
}

/// How much is read of a file at once.
const CHUNK: i64 = 2048;

fn parse_file(vm: &mut Vm, this: ThisParser, file: Value) -> PyResult<i64> {
    let read = vm.intern("read");
    let Some(read) = vm.get_attr_opt(file, read)? else {
        return Err(vm.raise_type("argument must have 'read' attribute"));
    };
    loop {
        let piece = vm.call(read, &[Value::small_int(CHUNK)])?;
        if !vm.is_bytes_like(piece) {
            let given = vm.class_name(piece);
            return Err(vm.raise_type(&format!("read() did not return a bytes object (type={given})")));
        }
        let data = BytesLike::of(vm, piece)?;
        if data.len() as i64 > CHUNK {
            let message = format!("read() returned too much data: {CHUNK} bytes requested, {} returned", data.len());
            return Err(vm.raise_value(&message));
        }
        let is_final = data.is_empty();
        let result = parse(vm, this, &data, is_final)?;
        if is_final {
            return Ok(result);
        }
    }
}
