//! `_tokenize`: the tokens of a source that comes line by line.

mod scanner;
mod strings;
mod words;

use scanner::{Fault, FaultKind, Scanner, Step, Token};
use stitch_runtime::object::argument::{ClassOf, OrNone, Str, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::BytesObject;
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub static MODULE: ModuleSpec =
    ModuleSpec { name: "_tokenize", doc: "The tokens of a source.", types: &[&TOKENIZER_ITER], ..ModuleSpec::NEW };

#[repr(C)]
struct TokenizerIter {
    header: Header,
    readline: Value,
    /// None where the lines are text.
    encoding: Value,
    scanner: Option<Box<Scanner>>,
}

static TOKENIZER_ITER: TypeSpec = TypeSpec {
    name: "TokenizerIter",
    module: "_tokenize",
    doc: "Over the tokens of the lines that a function gives: kind, text, start, end, line.",
    layout: Some(Layout::of::<TokenizerIter>(2).finalized_by(|object| {
        // SAFETY: a dead iterator, which has its scanner for itself.
        unsafe { (*object.cast::<TokenizerIter>()).scanner = None };
    })),
    slots: Slots { iter: Some(|_, iterator| Ok(iterator)), next: Some(next), ..Slots::NONE },
    new: Some(
        method("__new__", "($type, readline, *, encoding=None, extra_tokens=False)", new)
            .doc("Over the tokens of the lines that readline gives."),
    ),
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for TokenizerIter {
    const SPEC: &'static TypeSpec = &TOKENIZER_ITER;
}

fn new(
    vm: &mut Vm,
    class: ClassOf<TokenizerIter>,
    readline: Value,
    encoding: OrNone<Str>,
    extra_tokens: Option<Value>,
) -> PyResult {
    let Some(extra_tokens) = extra_tokens else {
        return Err(vm.raise_type("tokenizeriter() missing required argument 'extra_tokens' (pos 2)"));
    };
    let is_extra = vm.is_true(extra_tokens)?;
    let encoding = encoding.0.map_or(Value::NONE, |encoding| encoding.value());
    let scanner = Some(Box::new(Scanner::new(is_extra)));
    vm.new_object(class.class, |header| TokenizerIter { header, readline, encoding, scanner })
}

fn next(vm: &mut Vm, value: Value) -> PyResult<Option<Value>> {
    let mut this = This::<TokenizerIter>::of(vm, value).expect("the slot of a tokenizer's iterator");
    loop {
        // Reading a line may run code that asks for the next token.
        let Some(scanner) = &mut this.scanner else { return Ok(None) };
        match scanner.step() {
            Step::Token(token) => return token_value(vm, token).map(Some),
            Step::End => {
                this.scanner = None;
                return Ok(None);
            }
            Step::Fault(fault) => {
                this.scanner = None;
                return Err(raise(vm, fault));
            }
            Step::NeedsLine => {
                vm.answer_interrupt()?;
                let line = read_line(vm, this)?;
                if let Some(scanner) = &mut this.scanner {
                    scanner.feed(&line);
                }
            }
        }
    }
}

/// The next line; none at the end.
fn read_line(vm: &mut Vm, this: This<TokenizerIter>) -> PyResult<Vec<char>> {
    let line = match vm.call(this.readline, &[]) {
        Ok(line) => line,
        Err(_) if vm.exception_matches(vm.exceptions.StopIteration) => {
            vm.clear_exception();
            return Ok(Vec::new());
        }
        Err(raised) => return Err(raised),
    };
    let line = if this.encoding.is_none() {
        line
    } else if vm.is_a::<BytesObject>(line) {
        if This::<BytesObject>::expect(vm, line).data().is_empty() {
            return Ok(Vec::new());
        }
        let decode = vm.intern("decode");
        let decode = vm.get_attr(line, decode)?;
        vm.call(decode, &[this.encoding])?
    } else {
        return Err(vm.raise_type("readline() returned a non-bytes object"));
    };
    if !vm.is_str(line) {
        return Err(vm.raise_type("readline() returned a non-string object"));
    }
    let points = vm.str_of(line).view().code_points();
    Ok(points.map(|point| char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

fn token_value(vm: &mut Vm, token: Token) -> PyResult {
    let Token { kind, text, start, end, line } = token;
    let text = vm.new_str(&text);
    let line = vm.new_str(&line);
    let mut place = |(line, col): (usize, i64)| vm.new_tuple(&[Value::small_int(line as i64), Value::small_int(col)]);
    let (start, end) = (place(start), place(end));
    Ok(vm.new_tuple(&[Value::small_int(kind.into()), text, start, end, line]))
}

fn raise(vm: &mut Vm, fault: Fault) -> Raised {
    let class = match fault.kind {
        FaultKind::Syntax => vm.exceptions.SyntaxError,
        FaultKind::Indentation => vm.exceptions.IndentationError,
        FaultKind::Tabs => vm.exceptions.TabError,
    };
    let message = vm.new_str(&fault.message);
    let Some(place) = fault.place else { return vm.raise_with(class, &[message]) };
    let (file, text) = (vm.intern("<string>"), vm.new_str(&place.text));
    let (line, offset) = (Value::small_int(place.line as i64), Value::small_int(place.offset as i64));
    let (end_line, end) = if place.has_end { (line, offset) } else { (Value::NONE, Value::NONE) };
    let place = vm.new_tuple(&[file, line, offset, text, end_line, end]);
    vm.raise_with(class, &[message, place])
}
