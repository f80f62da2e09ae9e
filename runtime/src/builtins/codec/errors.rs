//! Error handlers: what stands for that which cannot be encoded or decoded.

use super::{Codec, Order, Wide, registry};
use crate::object::argument::This;
use crate::object::layout::{BytesObject, TupleObject, TypeObject};
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};
use std::ops::Range;

/// An error handler, by its name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Handler {
    Strict,
    Ignore,
    Replace,
    BackslashReplace,
    XmlCharRefReplace,
    SurrogateEscape,
    SurrogatePass,
    /// By the names of characters, which a module has.
    NameReplace,
    /// One to be looked up among those that were registered.
    Registered(String),
}

/// The names of the handlers that are always there.
pub const BUILTIN: [&str; 8] = [
    "strict",
    "ignore",
    "replace",
    "backslashreplace",
    "xmlcharrefreplace",
    "surrogateescape",
    "surrogatepass",
    "namereplace",
];

impl Handler {
    pub fn named(name: Option<&str>) -> Handler {
        match name {
            None | Some("strict") => Handler::Strict,
            Some("ignore") => Handler::Ignore,
            Some("replace") => Handler::Replace,
            Some("backslashreplace") => Handler::BackslashReplace,
            Some("xmlcharrefreplace") => Handler::XmlCharRefReplace,
            Some("surrogateescape") => Handler::SurrogateEscape,
            Some("surrogatepass") => Handler::SurrogatePass,
            Some(name) => Handler::Registered(name.to_string()),
        }
    }
}

/// What was in the way, and in what.
pub struct Trouble<'t> {
    /// UnicodeEncodeError or UnicodeDecodeError.
    pub class: *mut TypeObject,
    pub encoding: &'t str,
    /// The text, or bytes.
    pub object: Value,
    pub len: usize,
    pub at: Range<usize>,
    pub reason: &'t str,
}

/// What a registered handler answers.
pub struct Answer {
    /// What stands for the trouble: a str, or bytes where something is encoded.
    pub replacement: Value,
    /// Where to go on.
    pub place: usize,
    /// In what.
    pub object: Value,
}

/// The bytes that a UnicodeDecodeError has, and how many.
fn decoded_object(vm: &mut Vm, exception: Value) -> PyResult<(Value, usize)> {
    let name = vm.intern("object");
    let object = vm.get_attr(exception, name)?;
    match This::<BytesObject>::of(vm, object) {
        Some(bytes) => Ok((object, bytes.len)),
        None => Err(vm.raise_type("UnicodeError 'object' attribute must be a bytes")),
    }
}

impl Trouble<'_> {
    fn exception_arguments(&self, vm: &mut Vm) -> [Value; 5] {
        let (encoding, reason) = (vm.new_str(self.encoding), vm.new_str(self.reason));
        let [start, end] = [self.at.start, self.at.end].map(|place| vm.new_int_from_usize(place));
        [encoding, self.object, start, end, reason]
    }

    pub fn raise(&self, vm: &mut Vm) -> Raised {
        let arguments = self.exception_arguments(vm);
        vm.raise_with(self.class, &arguments)
    }

    /// What a registered handler makes of it. One for decoding may have put other bytes into the exception.
    pub fn ask(&self, vm: &mut Vm, handler: &str) -> PyResult<Answer> {
        let function = registry::error_handler(vm, handler)?;
        let arguments = self.exception_arguments(vm);
        let exception = vm.new_exception(self.class, &arguments)?;
        let answer = vm.call(function, &[exception])?;
        let is_encoding = self.class == vm.exceptions.UnicodeEncodeError;
        let wanted = if is_encoding {
            "encoding error handler must return (str/bytes, int) tuple"
        } else {
            "decoding error handler must return (str, int) tuple"
        };
        let Some(pair) = This::<TupleObject>::of(vm, answer) else { return Err(vm.raise_type(wanted)) };
        let [replacement, place] = *pair.items() else { return Err(vm.raise_type(wanted)) };
        let fits = vm.is_str(replacement) || is_encoding && This::<BytesObject>::of(vm, replacement).is_some();
        if !fits || !vm.is_index(place) {
            return Err(vm.raise_type(wanted));
        }
        let given = vm.index_clamped(place)?;
        let (object, len) = if is_encoding { (self.object, self.len) } else { decoded_object(vm, exception)? };
        let place = if given < 0 { given.saturating_add(len as i64) } else { given };
        match usize::try_from(place) {
            Ok(place) if place <= len => Ok(Answer { replacement, place, object }),
            _ => Err(vm.raise_index(&format!("position {given} from error handler out of bounds"))),
        }
    }
}

/// `\xhh`, `\uhhhh` or `\Uhhhhhhhh`.
pub fn escaped(point: u32) -> String {
    let mut text = [0; 10];
    let n_bytes = write_escape(point, &mut text);
    text[..n_bytes].iter().map(|&byte| byte as char).collect()
}

/// As `escaped`; gives how long it is.
pub fn write_escape(point: u32, text: &mut [u8; 10]) -> usize {
    let (letter, n_digits) = match point {
        0..0x100 => (b'x', 2),
        0x100..0x1_0000 => (b'u', 4),
        _ => (b'U', 8),
    };
    (text[0], text[1]) = (b'\\', letter);
    for (at, digit) in text[2..2 + n_digits].iter_mut().enumerate() {
        *digit = b"0123456789abcdef"[(point >> (4 * (n_digits - 1 - at)) & 0xF) as usize];
    }
    2 + n_digits
}

/// What one of the handlers that are always there makes of an exception that Python code hands it.
pub fn handle_exception(vm: &mut Vm, handler: &Handler, exception: Value) -> PyResult {
    let exceptions = vm.exceptions;
    let class = vm.class_of(exception);
    if *handler == Handler::Strict {
        if !vm.is_exception(exception) {
            return Err(vm.raise_type("codec must pass exception instance"));
        }
        return Err(vm.raise_value_object(exception));
    }
    let is = |vm: &Vm, base: *mut TypeObject| vm.is_subclass(class, base);
    let is_encoding = is(vm, exceptions.UnicodeEncodeError);
    let is_decoding = is(vm, exceptions.UnicodeDecodeError);
    let is_translating = is(vm, exceptions.UnicodeTranslateError);
    let refuse = |vm: &mut Vm| {
        let name = vm.class_name(exception);
        Err(vm.raise_type(&format!("don't know how to handle {name} in error callback")))
    };
    if !is_encoding && !is_decoding && !is_translating {
        return refuse(vm);
    }
    let attribute = |vm: &mut Vm, name: &str| {
        let name = vm.intern(name);
        vm.get_attr(exception, name)
    };
    let (object, start, end) = (attribute(vm, "object")?, attribute(vm, "start")?, attribute(vm, "end")?);
    let (start, end) = (vm.index_clamped(start)?.max(0) as usize, vm.index_clamped(end)?.max(0) as usize);
    let mut text = crate::object::convert::text::Text::new();
    let bytes = if is_decoding { crate::object::buffer::copied_bytes(vm, object)? } else { Vec::new() };
    let bad_bytes = bytes.get(start.min(bytes.len())..end.min(bytes.len())).unwrap_or_default();
    let points: Vec<u32> = if is_decoding || !vm.is_str(object) {
        Vec::new()
    } else {
        vm.str_of(object).view().code_points().take(end).skip(start).collect()
    };
    match handler {
        Handler::Ignore => {}
        Handler::Replace if is_decoding => text.push(0xFFFD),
        Handler::Replace => points.iter().for_each(|_| text.push(if is_encoding { '?' as u32 } else { 0xFFFD })),
        Handler::BackslashReplace if is_decoding => {
            bad_bytes.iter().for_each(|&byte| text.push_str(&escaped(byte as u32)))
        }
        Handler::BackslashReplace => points.iter().for_each(|&point| text.push_str(&escaped(point))),
        Handler::XmlCharRefReplace if is_encoding => {
            points.iter().for_each(|point| text.push_str(&format!("&#{point};")))
        }
        Handler::SurrogateEscape if is_encoding && points.iter().all(|point| (0xDC80..0xDD00).contains(point)) => {
            let raw: Vec<u8> = points.iter().map(|point| (point - 0xDC00) as u8).collect();
            let raw = vm.new_bytes(&raw)?;
            let end = vm.new_int_from_usize(end);
            return Ok(vm.new_tuple(&[raw, end]));
        }
        Handler::SurrogateEscape if is_decoding => {
            let n_high = bad_bytes.iter().take_while(|&&byte| byte >= 0x80).count();
            if n_high == 0 {
                return Err(vm.raise_value_object(exception));
            }
            bad_bytes[..n_high].iter().for_each(|&byte| text.push(0xDC00 + byte as u32));
            let end = vm.new_int_from_usize(start + n_high);
            let text = text.finish(vm);
            return Ok(vm.new_tuple(&[text, end]));
        }
        Handler::NameReplace if is_encoding => {
            for &point in &points {
                push_named(vm, point, &mut text)?;
            }
        }
        Handler::SurrogatePass if is_encoding => {
            let encoding = attribute(vm, "encoding")?;
            let Some(raw) = surrogates_as_bytes(codec_of(vm, encoding), &points) else {
                return Err(vm.raise_value_object(exception));
            };
            let (raw, end) = (vm.new_bytes(&raw)?, vm.new_int_from_usize(end));
            return Ok(vm.new_tuple(&[raw, end]));
        }
        Handler::SurrogatePass if is_decoding => {
            let encoding = attribute(vm, "encoding")?;
            let rest = bytes.get(start..).unwrap_or_default();
            let Some((point, width)) = surrogate_at(codec_of(vm, encoding), rest) else {
                return Err(vm.raise_value_object(exception));
            };
            let (text, end) = (vm.str_from_code_points(&[point]), vm.new_int_from_usize(start + width));
            return Ok(vm.new_tuple(&[text, end]));
        }
        Handler::SurrogateEscape if is_encoding || is_decoding => return Err(vm.raise_value_object(exception)),
        _ => return refuse(vm),
    }
    let (text, end) = (text.finish(vm), vm.new_int_from_usize(end));
    Ok(vm.new_tuple(&[text, end]))
}

/// The encoding of ours that an exception's `encoding` names.
fn codec_of(vm: &Vm, encoding: Value) -> Option<Codec> {
    if vm.is_str(encoding) { Codec::named(&vm.string_of(encoding)) } else { None }
}

/// Surrogates as an encoding would have them, were they characters.
fn surrogates_as_bytes(codec: Option<Codec>, points: &[u32]) -> Option<Vec<u8>> {
    let mut raw = Vec::new();
    for &point in points {
        match codec? {
            _ if !(0xD800..0xE000).contains(&point) => return None,
            Codec::Utf8 => {
                raw.extend([0xE0 | point >> 12, 0x80 | point >> 6 & 0x3F, 0x80 | point & 0x3F].map(|byte| byte as u8));
            }
            Codec::Wide(Wide { width, order: Order::Big }) => raw.extend(&point.to_be_bytes()[4 - width..]),
            Codec::Wide(Wide { width, .. }) => raw.extend(&point.to_le_bytes()[..width]),
            Codec::Ascii | Codec::Latin1 => return None,
        }
    }
    Some(raw)
}

/// The surrogate with which bytes in an encoding begin, and how many bytes it takes.
fn surrogate_at(codec: Option<Codec>, bytes: &[u8]) -> Option<(u32, usize)> {
    let (point, width) = match codec? {
        Codec::Utf8 => match *bytes {
            [0xED, middle @ 0x80..=0xBF, low @ 0x80..=0xBF, ..] => {
                (0xD000 | (middle as u32 & 0x3F) << 6 | low as u32 & 0x3F, 3)
            }
            _ => return None,
        },
        Codec::Wide(Wide { width, order }) => {
            let fold = |sum: u32, &byte: &u8| sum << 8 | byte as u32;
            let unit = bytes.get(..width)?.iter();
            (if order == Order::Big { unit.fold(0, fold) } else { unit.rev().fold(0, fold) }, width)
        }
        Codec::Ascii | Codec::Latin1 => return None,
    };
    (0xD800..0xE000).contains(&point).then_some((point, width))
}

/// `\N{NAME}` for a character; its number where it has no name.
fn push_named(vm: &mut Vm, point: u32, text: &mut crate::object::convert::text::Text) -> PyResult<()> {
    let (data, name) = (vm.import_dotted("unicodedata")?, vm.intern("name"));
    let character = vm.str_from_code_points(&[point]);
    let found = vm.call_method(data, name, &[character, Value::NONE])?;
    if found.is_none() {
        text.push_str(&escaped(point));
        return Ok(());
    }
    text.push_str("\\N{");
    text.push_view(vm.str_of(found).view());
    text.push('}' as u32);
    Ok(())
}
