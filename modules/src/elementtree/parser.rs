//! `XMLParser`: reads a document and tells a target of it.

use super::builder::{EVENTS, Told, TreeBuilder, new_builder};
use super::events::{Events, Texts};
use super::{LIBRARY, raise_parse_error};
use crate::pyexpat::{Encoding, ErrorCode, Parser, Shared, encoding};
use hashbrown::HashMap;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, Str, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::BytesObject;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Raised, Value, Vm};

/// The methods of targets that are told of events.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Handler {
    StartNamespace,
    EndNamespace,
    Start,
    Data,
    End,
    Comment,
    Pi,
    Close,
    Doctype,
}

const HANDLERS: [&str; 9] = ["start_ns", "end_ns", "start", "data", "end", "comment", "pi", "close", "doctype"];

#[repr(C)]
pub struct XmlParser {
    header: Header,
    /// Unbound: `__init__` was not called.
    pub target: Value,
    /// A dict of the texts of entities that the document does not declare.
    pub entity: Value,
    /// A list of the names that were given out.
    pub names: Value,
    /// What the target has; unbound: it has no such method.
    pub handlers: [Value; HANDLERS.len()],
    /// What was raised while the parser was at work, or None.
    pub raised: Value,
    pub wants_namespaces: bool,
    pub wants_comments: bool,
    pub wants_pis: bool,
    /// `None` while it is at work.
    engine: Option<Box<Parser>>,
    shared: Option<Shared>,
    /// Of an encoding that is given from outside and not built in.
    encoding: Option<String>,
    /// By name as it is written: its place in `names`.
    pub places: HashMap<Vec<u8>, usize>,
}

pub type ThisParser = This<XmlParser>;

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for XmlParser {
    const SPEC: &'static TypeSpec = &XML_PARSER;
}

pub static XML_PARSER: TypeSpec = TypeSpec {
    name: "XMLParser",
    module: LIBRARY,
    doc: "Reads a document, and tells a target of it: by default a TreeBuilder.",
    layout: Some(Layout::of::<XmlParser>(4 + HANDLERS.len() as u8).finalized_by(|object| {
        // SAFETY: a dead object; what lies outside of the heap is its alone.
        unsafe {
            let this = object.cast::<XmlParser>();
            (*this).engine = None;
            (*this).shared = None;
            (*this).encoding = None;
            (*this).places = HashMap::new();
        }
    })),
    is_base: true,
    new: Some(
        method(
            "__new__",
            "($type, *args, **kwargs)",
            |vm: &mut Vm, class: ClassOf<XmlParser>, _: Rest, _: Keywords| {
                vm.new_object(class.class, |header| XmlParser {
                    header,
                    target: Value::UNBOUND,
                    entity: Value::UNBOUND,
                    names: Value::UNBOUND,
                    handlers: [Value::UNBOUND; HANDLERS.len()],
                    raised: Value::NONE,
                    wants_namespaces: false,
                    wants_comments: false,
                    wants_pis: false,
                    engine: None,
                    shared: None,
                    encoding: None,
                    places: HashMap::new(),
                })
            },
        )
        .doc("A new one, which has no target."),
    ),
    methods: METHODS,
    getters: &[
        field("entity", |this: ThisParser| or_none(this.entity)).doc("The texts of entities, a dict."),
        field("target", |this: ThisParser| or_none(this.target)).doc("Who is told of the document."),
        field("version", |_: ThisParser| "Expat 2.7.1").doc("The parser's version."),
    ],
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    method("__init__", "($self, /, *, target=None, encoding=None)", init)
        .called("XMLParser")
        .doc("Takes the target, and an encoding that goes before what documents say."),
    method("feed", "($self, data, /)", |vm: &mut Vm, this: ThisParser, data: Value| {
        check_init(vm, this)?;
        if let Some(text) = Str::of(vm, data) {
            return feed_text(vm, this, text);
        }
        let data = BytesLike::of(vm, data)?;
        parse(vm, this, &data, false)
    })
    .doc("Reads a piece of the document."),
    method("close", "($self, /)", |vm: &mut Vm, this: ThisParser| -> PyResult {
        check_init(vm, this)?;
        parse(vm, this, b"", true)?;
        if let Some(builder) = vm.exactly::<TreeBuilder>(this.target) {
            return Ok(builder.result());
        }
        match this.handlers[Handler::Close as usize] {
            none if none.is_unbound() => Ok(Value::NONE),
            close => vm.call(close, &[]),
        }
    })
    .doc("Ends the document; gives what the target makes of it."),
    method("flush", "($self, /)", |vm: &mut Vm, this: ThisParser| {
        check_init(vm, this)?;
        let settings = this.shared.as_ref().map(|shared| shared.settings.clone());
        let defer = |defers: bool| settings.iter().for_each(|settings| settings.defers.set(defers));
        defer(false);
        let result = parse(vm, this, b"", false);
        defer(true);
        result
    })
    .doc("Tells of what was read, as far as it is complete."),
    method("_parse_whole", "($self, file, /)", parse_whole).doc("Reads the document that a file has."),
    method("_setevents", "($self, events_queue, events_to_report=None, /)", set_events)
        .doc("Has a queue get the events of these kinds."),
];

fn or_none(value: Value) -> Value {
    if value.is_unbound() { Value::NONE } else { value }
}

fn check_init(vm: &mut Vm, this: ThisParser) -> PyResult<()> {
    if this.target.is_unbound() {
        return Err(vm.raise_value("XMLParser.__init__() wasn't called"));
    }
    Ok(())
}

fn init(vm: &mut Vm, mut this: ThisParser, target: Option<Value>, name: Option<Value>) -> PyResult<()> {
    let name = match name.filter(|name| !name.is_none()) {
        None => None,
        Some(name) => match Str::of(vm, name) {
            Some(name) => Some(name.text()),
            None => {
                let given = vm.class_name(name);
                let message = format!("XMLParser() argument 'encoding' must be str or None, not {given}");
                return Err(vm.raise_type(&message));
            }
        },
    };
    let target = match target.filter(|target| !target.is_none()) {
        Some(target) => target,
        None => new_builder(vm)?,
    };
    let mut handlers = [Value::UNBOUND; HANDLERS.len()];
    for (handler, name) in handlers.iter_mut().zip(HANDLERS) {
        let name = vm.intern(name);
        if let Some(method) = vm.get_attr_opt(target, name)? {
            *handler = method;
        }
    }
    let (entity, names) = (vm.new_dict(), vm.new_list(&[])?);
    let shared = Shared::new(Some(Some(b'}')));
    let known = name.as_deref().and_then(Encoding::named);
    this.encoding = if known.is_some() { None } else { name };
    this.engine = Some(Box::new(Parser::new(&shared, known)));
    this.shared = Some(shared);
    this.places = HashMap::new();
    (this.target, this.entity, this.names, this.handlers) = (target, entity, names, handlers);
    let has = |handler: Handler| !handlers[handler as usize].is_unbound();
    this.wants_namespaces = has(Handler::StartNamespace) || has(Handler::EndNamespace);
    this.wants_comments = has(Handler::Comment);
    this.wants_pis = has(Handler::Pi);
    vm.barrier(this.pointer());
    Ok(())
}

fn feed_text(vm: &mut Vm, mut this: ThisParser, text: Str) -> PyResult<()> {
    let bytes = utf8(vm, text)?;
    if let Some(engine) = &mut this.engine
        && !engine.has_begun()
    {
        engine.set_encoding(Encoding::Utf8);
        this.encoding = None;
    }
    parse(vm, this, &bytes, false)
}

/// The text as UTF-8; UnicodeEncodeError where it has none.
fn utf8(vm: &mut Vm, text: Str) -> PyResult<Vec<u8>> {
    let view = text.view();
    if !view.all(|point| char::from_u32(point).is_some()) {
        // Raises what is wrong with it.
        let encode = vm.intern("encode");
        vm.call_method(text.value(), encode, &[])?;
    }
    Ok(view.to_wtf8())
}

fn parse(vm: &mut Vm, mut this: ThisParser, data: &[u8], is_final: bool) -> PyResult<()> {
    let Some(mut engine) = this.engine.take() else {
        let message = format!("{}: line 0, column 0", ErrorCode::Suspended.message());
        return Err(raise_parse_error(vm, &message, ErrorCode::Suspended as i64, [0, 0]));
    };
    let mut result = Ok(());
    if let Some(name) = this.encoding.take() {
        match encoding(vm, name.as_bytes()) {
            Ok(Some(encoding)) => engine.set_encoding(encoding),
            Ok(None) => result = Err(ErrorCode::UnknownEncoding),
            Err(raised) => {
                this.engine = Some(engine);
                return Err(raised);
            }
        }
    }
    if result.is_ok() {
        let mut events = Events { vm, this, texts: Texts::default() };
        result = engine.parse(data, is_final, &mut events);
        events.finish();
    }
    let place = engine.place();
    this.engine = Some(engine);
    let raised = std::mem::replace(&mut this.raised, Value::NONE);
    if !raised.is_none() {
        return Err(vm.raise_value_object(raised));
    }
    result.map_err(|code| {
        let message = format!("{}: line {}, column {}", code.message(), place.line, place.column);
        raise_parse_error(vm, &message, code as i64, [place.line as u64, place.column as u64])
    })
}

/// How much is read of a file at once.
const CHUNK: i64 = 64 << 10;

fn parse_whole(vm: &mut Vm, this: ThisParser, file: Value) -> PyResult {
    check_init(vm, this)?;
    let read = vm.intern("read");
    let read = vm.get_attr(file, read)?;
    loop {
        let piece = vm.call(read, &[Value::small_int(CHUNK)])?;
        if let Some(text) = Str::of(vm, piece) {
            let bytes = text.view().to_wtf8();
            if bytes.is_empty() {
                break;
            }
            parse(vm, this, &bytes, false)?;
            continue;
        }
        let Some(bytes) = vm.exactly::<BytesObject>(piece).filter(|bytes| bytes.len > 0) else { break };
        parse(vm, this, bytes.data(), false)?;
    }
    parse(vm, this, b"", true)?;
    Ok(vm.exactly::<TreeBuilder>(this.target).map_or(Value::NONE, |builder| builder.result()))
}

fn set_events(vm: &mut Vm, mut this: ThisParser, queue: Value, wanted: Option<Value>) -> PyResult<()> {
    check_init(vm, this)?;
    let Some(builder) = vm.exactly::<TreeBuilder>(this.target) else {
        return Err(vm.raise_type("event handling only supported for ElementTree.TreeBuilder targets"));
    };
    let append = vm.intern("append");
    let append = vm.get_attr(queue, append)?;
    TreeBuilder::set_events(vm, builder, append);
    let Some(wanted) = wanted.filter(|wanted| !wanted.is_none()) else {
        let name = vm.intern("end");
        TreeBuilder::set_event(vm, builder, Told::End, name);
        return Ok(());
    };
    let wanted = super::items::collected(vm, wanted, "events must be a sequence")?;
    for &name in wanted.items() {
        let Some(text) = event_name(vm, name) else { return Err(vm.raise_value("invalid events sequence")) };
        let Some(&(_, kind)) = EVENTS.iter().find(|event| event.0.as_bytes() == text) else {
            let message = format!("unknown event '{}'", String::from_utf8_lossy(&text));
            return Err(vm.raise_value(&message));
        };
        TreeBuilder::set_event(vm, builder, kind, name);
        match kind {
            Told::Start | Told::End => {}
            Told::StartNamespace | Told::EndNamespace => this.wants_namespaces = true,
            Told::Comment => this.wants_comments = true,
            Told::Pi => this.wants_pis = true,
        }
    }
    Ok(())
}

fn event_name(vm: &Vm, name: Value) -> Option<Vec<u8>> {
    match Str::of(vm, name) {
        Some(text) => Some(text.view().to_wtf8()),
        None => This::<BytesObject>::of(vm, name).map(|bytes| bytes.data().to_vec()),
    }
}

/// Raises ParseError of an entity that the document does not declare.
pub fn raise_undefined(vm: &mut Vm, reference: &[u8], place: [u64; 2]) -> Raised {
    let shown = &reference[..reference.len().min(100)];
    let message =
        format!("undefined entity {}: line {}, column {}", String::from_utf8_lossy(shown), place[0], place[1]);
    raise_parse_error(vm, &message, ErrorCode::UndefinedEntity as i64, place)
}
