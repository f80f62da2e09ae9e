//! What finds one match after the other: `SRE_Scanner`, and the iterators of `finditer`.

use super::matched;
use super::pattern::{Limits, Pattern, limited};
use super::search::{Matcher, Mode, Span};
use super::subject::Subject;
use stitch_runtime::object::argument::{This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::BytesObject;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Scanner {
    header: Header,
    pattern: Value,
    string: Value,
    /// A memoryview that keeps the string as long as it is; unbound where that cannot change.
    hold: Value,
    limits: Span,
    /// Where the next match may begin.
    at: usize,
    must_advance: bool,
    is_over: bool,
}

pub static SCANNER: TypeSpec = TypeSpec {
    name: "SRE_Scanner",
    module: "_sre",
    doc: "Finds one match after the other.",
    layout: Some(Layout::of::<Scanner>(3)),
    methods: &[
        method("match", "($self, /)", |vm: &mut Vm, this| next(vm, this, Mode::Match))
            .doc("The match that begins where the last one ended, or None."),
        method("search", "($self, /)", |vm: &mut Vm, this| next(vm, this, Mode::Search))
            .doc("The first match behind the last one, or None."),
    ],
    getters: &[field("pattern", |this: This<Scanner>| this.pattern).doc("The pattern.")],
    ..TypeSpec::NEW
};

pub static FIND_ITERATOR: TypeSpec = TypeSpec {
    name: "callable_iterator",
    doc: "Over the matches in a string.",
    layout: Some(Layout::of::<Scanner>(3)),
    slots: Slots {
        iter: Some(|_, iterator| Ok(iterator)),
        next: slot(|vm: &mut Vm, this: This<Scanner>| {
            let found = next(vm, this, Mode::Search)?;
            PyResult::Ok((!found.is_none()).then_some(found))
        }),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; neither type can be subclassed.
unsafe impl Object for Scanner {
    const SPEC: &'static TypeSpec = &SCANNER;
    const ALSO: &'static [&'static TypeSpec] = &[&FIND_ITERATOR];
}

pub fn new(vm: &mut Vm, spec: &'static TypeSpec, pattern: This<Pattern>, string: Value, limits: Limits) -> PyResult {
    let subject = Subject::for_pattern(vm, pattern, string)?;
    let limits = limited(limits, subject.len());
    let is_fixed = !subject.is_bytes() || vm.is_a::<BytesObject>(string);
    let hold = if is_fixed {
        Value::UNBOUND
    } else {
        let class = vm.type_of_spec(&stitch_runtime::builtins::types::MEMORYVIEW);
        vm.call(Value::object(class), &[string])?
    };
    let class = vm.type_of_spec(spec);
    let pattern = pattern.value();
    let (at, is_over) = (limits.start, limits.start > limits.end);
    vm.new_object(class, |header| Scanner { header, pattern, string, hold, limits, at, must_advance: false, is_over })
}

fn next(vm: &mut Vm, mut this: This<Scanner>, mode: Mode) -> PyResult {
    if this.is_over {
        return Ok(Value::NONE);
    }
    let pattern = This::<Pattern>::of(vm, this.pattern).expect("a scanner has its pattern");
    let subject = Subject::of(vm, this.string)?;
    let limits = this.limits;
    let end = limits.end.min(subject.len());
    let mut matcher = Matcher::new(pattern.program(), subject.units(), end);
    let Some(span) = matcher.find(vm, mode, this.at, this.must_advance)? else {
        this.is_over = true;
        release(vm, this)?;
        return Ok(Value::NONE);
    };
    (this.at, this.must_advance) = (span.end, span.start == span.end);
    matched::new(vm, pattern, this.string, span, &matcher, limits)
}

/// Lets the string change again.
fn release(vm: &mut Vm, mut this: This<Scanner>) -> PyResult<()> {
    if !this.hold.is_unbound() {
        let hold = std::mem::replace(&mut this.hold, Value::UNBOUND);
        let name = vm.intern("release");
        vm.call_method(hold, name, &[])?;
    }
    Ok(())
}
