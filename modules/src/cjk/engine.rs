//! Encoding and decoding by codecs whose characters are of one or more bytes, and what is done about errors.

use rustpython_common::encodings::cjk::{
    Codec, DecodeOne, EncodeOne, decode_one, decode_reset, encode_one, encode_reset, initial_state,
};
use stitch_runtime::object::argument::{Str, This};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::layout::{BytesObject, TupleObject};
use stitch_runtime::{PyResult, Value, Vm};

/// A codec and its name.
#[derive(Clone, Copy)]
pub struct Named {
    pub codec: Codec,
    pub name: &'static str,
}

/// What a codec remembers between characters.
pub type State = [u8; 8];

pub fn start(codec: Codec, decodes: bool) -> State {
    initial_state(codec, decodes)
}

pub fn restart_decoding(codec: Codec, state: &mut State) {
    decode_reset(codec, state);
}

/// The bytes that bring a codec back to its initial state.
pub fn restart_encoding(codec: Codec, state: &mut State) -> Vec<u8> {
    encode_reset(codec, state).map_or(Vec::new(), |(bytes, len)| bytes[..len].to_vec())
}

/// What is done about what cannot be encoded or decoded.
pub enum Errors {
    Strict,
    Ignore,
    Replace,
    /// The name of a handler.
    Other(Value),
}

impl Errors {
    /// Of a str or None.
    pub fn of(vm: &Vm, errors: Value) -> Errors {
        let Some(text) = Str::of(vm, errors) else { return Errors::Strict };
        match text.text().as_str() {
            "strict" => Errors::Strict,
            "ignore" => Errors::Ignore,
            "replace" => Errors::Replace,
            _ => Errors::Other(errors),
        }
    }
}

/// What the handler says that an error is answered with: a replacement and where to go on.
fn handled(vm: &mut Vm, name: Value, exception: Value, len: usize, doing: &str) -> PyResult<(Value, usize)> {
    let module = vm.import_dotted("_codecs")?;
    let lookup = vm.intern("lookup_error");
    let handler = vm.call_method(module, lookup, &[name])?;
    let answer = vm.call(handler, &[exception])?;
    let pair = if vm.is_a::<TupleObject>(answer) { vm.tuple_items(answer) } else { &[] };
    let &[replacement, position] = pair else { return Err(raise_answer(vm, doing)) };
    let is_fit = vm.is_str(replacement) || doing == "encoding" && vm.is_a::<BytesObject>(replacement);
    if !is_fit || !vm.is_int_like(position) {
        return Err(raise_answer(vm, doing));
    }
    let position = vm.index_clamped(position)?;
    let at = if position < 0 { position.saturating_add(len as i64) } else { position };
    match usize::try_from(at) {
        Ok(at) if at <= len => Ok((replacement, at)),
        _ => Err(vm.raise_index(&format!("position {at} from error handler out of bounds"))),
    }
}

fn raise_answer(vm: &mut Vm, doing: &str) -> stitch_runtime::Raised {
    vm.raise_type(&format!("{doing} error handler must return (str, int) tuple"))
}

fn reason(is_incomplete: bool) -> &'static str {
    if is_incomplete { "incomplete multibyte sequence" } else { "illegal multibyte sequence" }
}

/// Text that is being encoded.
pub struct Encoding<'s> {
    pub named: Named,
    pub state: &'s mut State,
    /// Nothing comes behind the text.
    pub is_final: bool,
}

impl Encoding<'_> {
    /// Encodes text; gives the bytes and how many characters they are of.
    pub fn run(&mut self, vm: &mut Vm, text: Str, errors: &Errors) -> PyResult<(Vec<u8>, usize)> {
        let points: Vec<u32> = text.view().code_points().collect();
        let mut out = Vec::with_capacity(points.len() * 2);
        let mut at = 0;
        while at < points.len() {
            match encode_one(self.named.codec, &points[at..], self.is_final, self.state) {
                EncodeOne::Bytes(bytes, len, n_used) => {
                    out.extend_from_slice(&bytes[..len]);
                    at += n_used.max(1);
                }
                EncodeOne::Incomplete if !self.is_final => break,
                EncodeOne::Incomplete => at = self.fail(vm, text, at, points.len(), true, errors, &mut out)?,
                EncodeOne::Illegal(len) => {
                    let end = (at + len.max(1)).min(points.len());
                    at = self.fail(vm, text, at, end, false, errors, &mut out)?;
                }
            }
        }
        if self.is_final {
            out.extend(restart_encoding(self.named.codec, self.state));
        }
        Ok((out, at))
    }

    /// Does what is to be done about an error; gives where to go on.
    #[expect(clippy::too_many_arguments, reason = "an error is where it is, and what is to be done about it")]
    fn fail(
        &mut self,
        vm: &mut Vm,
        text: Str,
        at: usize,
        end: usize,
        is_incomplete: bool,
        errors: &Errors,
        out: &mut Vec<u8>,
    ) -> PyResult<usize> {
        let name = match errors {
            Errors::Ignore => return Ok(end),
            Errors::Replace => {
                match encode_one(self.named.codec, &['?' as u32], true, self.state) {
                    EncodeOne::Bytes(bytes, len, _) => out.extend_from_slice(&bytes[..len]),
                    _ => out.push(b'?'),
                }
                return Ok(end);
            }
            Errors::Strict => None,
            Errors::Other(name) => Some(*name),
        };
        let (encoding, reason) = (vm.new_str(self.named.name), vm.new_str(reason(is_incomplete)));
        let (from, to) = (Value::small_int(at as i64), Value::small_int(end as i64));
        let class = vm.exceptions.UnicodeEncodeError;
        let exception = vm.new_exception(class, &[encoding, text.value(), from, to, reason])?;
        let Some(name) = name else { return Err(vm.raise_value_object(exception)) };
        let (replacement, next) = handled(vm, name, exception, text.view().len(), "encoding")?;
        match Str::of(vm, replacement) {
            Some(replacement) => {
                let was_final = std::mem::replace(&mut self.is_final, true);
                let points: Vec<u32> = replacement.view().code_points().collect();
                let mut inner = 0;
                while inner < points.len() {
                    match encode_one(self.named.codec, &points[inner..], true, self.state) {
                        EncodeOne::Bytes(bytes, len, n_used) => {
                            out.extend_from_slice(&bytes[..len]);
                            inner += n_used.max(1);
                        }
                        _ => {
                            self.is_final = was_final;
                            return self.fail(vm, replacement, inner, inner + 1, false, &Errors::Strict, out);
                        }
                    }
                }
                self.is_final = was_final;
            }
            None => out.extend_from_slice(This::<BytesObject>::expect(vm, replacement).data()),
        }
        Ok(next)
    }
}

/// Bytes that are being decoded.
pub struct Decoding<'s> {
    pub named: Named,
    pub state: &'s mut State,
    pub is_final: bool,
}

impl Decoding<'_> {
    /// Decodes bytes; gives how many of them the text is of.
    pub fn run(&mut self, vm: &mut Vm, data: &[u8], errors: &Errors, out: &mut Text) -> PyResult<usize> {
        let mut at = 0;
        while at < data.len() {
            match decode_one(self.named.codec, &data[at..], self.state) {
                DecodeOne::Char(point, len) => {
                    out.push(point);
                    at += len.max(1);
                }
                DecodeOne::Pair(first, second, len) => {
                    out.push(first);
                    out.push(second);
                    at += len.max(1);
                }
                DecodeOne::Skip(len) => at += len.max(1),
                DecodeOne::Incomplete if !self.is_final => break,
                DecodeOne::Incomplete => at = self.fail(vm, data, at..data.len(), true, errors, out)?,
                DecodeOne::Illegal(len) => {
                    let end = (at + len.max(1)).min(data.len());
                    at = self.fail(vm, data, at..end, false, errors, out)?;
                }
            }
        }
        Ok(at)
    }

    fn fail(
        &mut self,
        vm: &mut Vm,
        data: &[u8],
        range: std::ops::Range<usize>,
        is_incomplete: bool,
        errors: &Errors,
        out: &mut Text,
    ) -> PyResult<usize> {
        let name = match errors {
            Errors::Ignore => return Ok(range.end),
            Errors::Replace => {
                out.push(0xFFFD);
                return Ok(range.end);
            }
            Errors::Strict => None,
            Errors::Other(name) => Some(*name),
        };
        let (encoding, reason) = (vm.new_str(self.named.name), vm.new_str(reason(is_incomplete)));
        let (from, to) = (Value::small_int(range.start as i64), Value::small_int(range.end as i64));
        let object = vm.new_bytes(data)?;
        let class = vm.exceptions.UnicodeDecodeError;
        let exception = vm.new_exception(class, &[encoding, object, from, to, reason])?;
        let Some(name) = name else { return Err(vm.raise_value_object(exception)) };
        let (replacement, next) = handled(vm, name, exception, data.len(), "decoding")?;
        out.push_view(vm.str_of(replacement).view());
        Ok(next)
    }
}
