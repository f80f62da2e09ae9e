//! `StringIO`: a stream of text in memory.

mod state;

use super::base::check_open;
use super::call;
use super::newlines::Newlines;
use super::size::Size;
use super::text_base::TEXT_IO_BASE;
use crate::io::line_end::LineEnd;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, Str, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::object::string::View;
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct StringIo {
    header: Header,
    text: Text,
    /// In code points; maybe beyond the text.
    position: usize,
    is_closed: bool,
    is_ready: bool,
    line_end: LineEnd,
    newlines: Newlines,
}

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for StringIo {
    const SPEC: &'static TypeSpec = &STRING_IO;
}

pub type ThisStringIo = This<StringIo>;

pub static STRING_IO: TypeSpec = TypeSpec {
    name: "StringIO",
    module: "_io",
    doc: "A stream of text in memory.",
    base: Some(&TEXT_IO_BASE),
    layout: Some(Layout::of::<StringIo>(0).finalized_by(|object| {
        // SAFETY: a dead object, which has its text for itself.
        unsafe { (*object.cast::<StringIo>()).text = Text::new() };
    })),
    is_base: true,
    has_dict: true,
    is_weakly_referable: true,
    slots: Slots {
        next: slot(|vm: &mut Vm, this: ThisStringIo| -> PyResult<Option<Value>> {
            this.check(vm)?;
            if !vm.exact_spec(this.value()).is_some_and(|spec| std::ptr::eq(spec, &STRING_IO)) {
                return super::text_base::next_line(vm, this.value());
            }
            let line = StringIo::take_line(this, vm, usize::MAX);
            Ok((vm.str_of(line).len > 0).then_some(line))
        }),
        ..Slots::NONE
    },
    new: Some(
        method(
            "__new__",
            "($type, /, *args, **kwargs)",
            |vm: &mut Vm, class: ClassOf<StringIo>, _: Rest, _: Keywords| {
                vm.new_object(class.class, |header| StringIo {
                    header,
                    text: Text::new(),
                    position: 0,
                    is_closed: false,
                    is_ready: false,
                    line_end: LineEnd::Lf,
                    newlines: Newlines::default(),
                })
            },
        )
        .doc("A new stream."),
    ),
    methods: METHODS,
    getters: &[
        field("closed", |vm: &mut Vm, this: ThisStringIo| this.check_ready(vm).map(|()| this.is_closed))
            .doc("Was it closed?"),
        field("newlines", |vm: &mut Vm, this: ThisStringIo| {
            this.check(vm)?;
            Ok::<Value, stitch_runtime::Raised>(this.newlines.seen.value(vm))
        })
        .doc("The line ends that were written."),
        field("line_buffering", |vm: &mut Vm, this: ThisStringIo| this.check(vm).map(|()| false))
            .doc("Is each line written at once? There is nothing to write to."),
    ],
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    method("__init__", "($self, /, initial_value='', newline='\\n')", init).doc("Has it hold a text."),
    method("readable", "($self, /)", |vm: &mut Vm, this: ThisStringIo| this.check(vm).map(|()| true))
        .doc("Can it be read? Always."),
    method("writable", "($self, /)", |vm: &mut Vm, this: ThisStringIo| this.check(vm).map(|()| true))
        .doc("Can it be written? Always."),
    method("seekable", "($self, /)", |vm: &mut Vm, this: ThisStringIo| this.check(vm).map(|()| true))
        .doc("Can the position be moved? Always."),
    method("close", "($self, /)", |mut this: ThisStringIo| {
        this.is_closed = true;
        this.text = Text::new();
    })
    .doc("Lets its text go."),
    method("getvalue", "($self, /)", |vm: &mut Vm, this: ThisStringIo| -> PyResult {
        this.check(vm)?;
        Ok(str_of_view(vm, this.text.view()))
    })
    .doc("All its text."),
    method("read", "($self, size=-1, /)", |vm: &mut Vm, mut this: ThisStringIo, size: Size| -> PyResult {
        this.check(vm)?;
        let available = this.text.len().saturating_sub(this.position);
        let count = size.of_available(available);
        let start = this.position.min(this.text.len());
        this.position += count;
        Ok(str_of_view(vm, this.text.view().part(start, start + count)))
    })
    .doc("So much text, or all from the position on."),
    method("readline", "($self, size=-1, /)", |vm: &mut Vm, this: ThisStringIo, size: Size| -> PyResult {
        this.check(vm)?;
        Ok(StringIo::take_line(this, vm, size.of_available(usize::MAX)))
    })
    .doc("The next line with its end; empty at the end."),
    method("write", "($self, s, /)", |vm: &mut Vm, this: ThisStringIo, text: Value| -> PyResult<usize> {
        let Some(text) = Str::of(vm, text) else {
            let given = vm.class_name(text);
            return Err(vm.raise_type(&format!("string argument expected, got '{given}'")));
        };
        this.check(vm)?;
        write(vm, this, text)?;
        Ok(text.object().len)
    })
    .doc("Writes text; gives how much."),
    method("seek", "($self, pos, whence=0, /)", seek).doc("Moves the position: from the beginning, or to the end."),
    method("tell", "($self, /)", |vm: &mut Vm, this: ThisStringIo| this.check(vm).map(|()| this.position))
        .doc("The position."),
    method("truncate", "($self, pos=None, /)", truncate).doc("Drops what is beyond a position."),
    method("__getstate__", "($self, /)", state::get_state).doc("Its text, line ends, position and attributes."),
    method("__setstate__", "($self, state, /)", state::set_state).doc("Becomes what __getstate__ told of."),
];

fn str_of_view(vm: &mut Vm, view: View<'_>) -> Value {
    match view {
        View::One(data) => vm.str_from_latin1(data),
        View::Four(data) => vm.str_from_code_points(data),
        View::Two(data) => vm.str_from_units(data),
    }
}

fn init(vm: &mut Vm, mut this: ThisStringIo, initial: Option<Value>, newline: Option<Value>) -> PyResult<()> {
    let newline = newline.unwrap_or_else(|| vm.intern("\n"));
    if !newline.is_none() && Str::of(vm, newline).is_none() {
        let given = vm.class_name(newline);
        return Err(vm.raise_type(&format!("newline must be str or None, not {given}")));
    }
    let Some(line_end) = LineEnd::of(vm, newline) else {
        let shown = vm.repr(newline)?;
        return Err(vm.raise_value(&format!("illegal newline value: {}", vm.string_of(shown))));
    };
    let initial = initial.unwrap_or(Value::NONE);
    if !initial.is_none() && Str::of(vm, initial).is_none() {
        let given = vm.class_name(initial);
        return Err(vm.raise_type(&format!("initial_value must be str or None, not {given}")));
    }
    this.text = Text::new();
    (this.position, this.is_closed, this.is_ready, this.line_end) = (0, false, true, line_end);
    this.newlines = Newlines { translates: line_end == LineEnd::Translated, ..Newlines::default() };
    if let Some(initial) = Str::of(vm, initial) {
        write(vm, this, initial)?;
        this.position = 0;
    }
    Ok(())
}

impl StringIo {
    fn check_ready(&self, vm: &mut Vm) -> PyResult<()> {
        if self.is_ready { Ok(()) } else { Err(vm.raise_value("I/O operation on uninitialized object")) }
    }

    fn check(&self, vm: &mut Vm) -> PyResult<()> {
        self.check_ready(vm)?;
        if self.is_closed { Err(vm.raise_value("I/O operation on closed file")) } else { Ok(()) }
    }

    /// Moves the position over the line there, or so much of it.
    fn take_line(mut this: ThisStringIo, vm: &mut Vm, limit: usize) -> Value {
        let view = this.text.view();
        let start = this.position.min(view.len());
        let end = this.line_end.line_in(view, start).unwrap_or(view.len());
        let end = end.min(start.saturating_add(limit));
        let line = str_of_view(vm, view.part(start, end));
        if end > start {
            this.position = end;
        }
        line
    }
}

fn write(vm: &mut Vm, mut this: ThisStringIo, text: Str) -> PyResult<()> {
    let mut text = text.value();
    match this.line_end {
        LineEnd::Translated | LineEnd::Any => {
            let mut newlines = this.newlines;
            text = newlines.pass(vm, text, true)?;
            this.newlines = newlines;
        }
        LineEnd::Cr | LineEnd::CrLf => text = this.line_end.put_into(vm, text)?,
        LineEnd::Lf => {}
    }
    let view = vm.str_of(text).view();
    if view.is_empty() {
        return Ok(());
    }
    let (len, at) = (this.text.len(), this.position);
    let Some(end) = at.checked_add(view.len()).filter(|&end| end < isize::MAX as usize / 4) else {
        return Err(vm.raise_overflow("new position too large"));
    };
    if !this.text.has_room(view, end - len.min(end)) {
        return Err(vm.raise_memory());
    }
    if at > len {
        this.text.push_repeated(0, at - len);
    }
    if at >= len {
        this.text.push_view(view);
    } else {
        this.text.overwrite(at, view);
    }
    this.position = end;
    Ok(())
}

fn seek(vm: &mut Vm, mut this: ThisStringIo, position: i64, whence: Option<i32>) -> PyResult<usize> {
    this.check(vm)?;
    let whence = whence.unwrap_or(0);
    if !(0..=2).contains(&whence) {
        return Err(vm.raise_value(&format!("Invalid whence ({whence}, should be 0, 1 or 2)")));
    }
    if whence == 0 && position < 0 {
        return Err(vm.raise_value(&format!("Negative seek position {position}")));
    }
    if whence != 0 && position != 0 {
        return Err(vm.raise(vm.exceptions.OSError, "Can't do nonzero cur-relative seeks"));
    }
    match whence {
        0 => this.position = position as usize,
        2 => this.position = this.text.len(),
        _ => {}
    }
    Ok(this.position)
}

fn truncate(vm: &mut Vm, mut this: ThisStringIo, size: Size) -> PyResult<usize> {
    this.check(vm)?;
    let size = match size.0 {
        None => this.position,
        Some(size) if size < 0 => return Err(vm.raise_value(&format!("Negative size value {size}"))),
        Some(size) => size as usize,
    };
    this.text.truncate(size);
    Ok(size)
}
