//! What is searched: a str, or the bytes of an object, for the duration of a call.

use super::pattern::Pattern;
use super::search::Span;
use stitch_runtime::object::argument::{Str, This};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::layout::BytesObject;
use stitch_runtime::object::layout::StrObject;
use stitch_runtime::object::string::View;
use stitch_runtime::{PyResult, Value, Vm};

pub enum Subject {
    Text(Str),
    Bytes(Value, BytesLike),
}

/// The units `start..end` of a view.
fn part(view: View<'_>, Span { start, end }: Span) -> View<'_> {
    match view {
        View::One(data) => View::One(&data[start..end]),
        View::Two(data) => View::Two(&data[start..end]),
        View::Four(data) => View::Four(&data[start..end]),
    }
}

impl Subject {
    /// TypeError where it is neither.
    pub fn of(vm: &mut Vm, value: Value) -> PyResult<Subject> {
        if let Some(text) = Str::of(vm, value) {
            return Ok(Subject::Text(text));
        }
        if !vm.is_bytes_like(value) {
            let message = format!("expected string or bytes-like object, got '{}'", vm.class_name(value));
            return Err(vm.raise_type(&message));
        }
        Ok(Subject::Bytes(value, BytesLike::of(vm, value)?))
    }

    /// TypeError where the pattern is for the other kind.
    pub fn for_pattern(vm: &mut Vm, pattern: This<Pattern>, value: Value) -> PyResult<Subject> {
        let subject = Subject::of(vm, value)?;
        match (pattern.is_bytes(), subject.is_bytes()) {
            (Some(false), true) => Err(vm.raise_type("cannot use a string pattern on a bytes-like object")),
            (Some(true), false) => Err(vm.raise_type("cannot use a bytes pattern on a string-like object")),
            _ => Ok(subject),
        }
    }

    pub fn is_bytes(&self) -> bool {
        matches!(self, Subject::Bytes(..))
    }

    pub fn units(&self) -> View<'_> {
        match self {
            Subject::Text(text) => text.view(),
            Subject::Bytes(_, bytes) => View::One(bytes),
        }
    }

    pub fn len(&self) -> usize {
        self.units().len()
    }

    /// A part as a str or bytes of its own.
    pub fn slice(&self, vm: &mut Vm, span: Span) -> PyResult {
        let is_all = span.start == 0 && span.end == self.len();
        match self {
            Subject::Text(text) if is_all && vm.is_exactly::<StrObject>(text.value()) => Ok(text.value()),
            Subject::Text(text) => Ok(vm.str_slice(text.value(), span.start, span.end)),
            Subject::Bytes(value, _) if is_all && vm.is_exactly::<BytesObject>(*value) => Ok(*value),
            Subject::Bytes(_, bytes) => vm.new_bytes(&bytes[span.start..span.end]),
        }
    }

    /// A part, or the empty text where there is none.
    pub fn slice_or_empty(&self, vm: &mut Vm, span: Option<Span>) -> PyResult {
        self.slice(vm, span.unwrap_or(Span { start: 0, end: 0 }))
    }

    /// Something empty to append to.
    pub fn joined(&self) -> Joined {
        Joined {
            parts: if self.is_bytes() { Parts::Bytes(Vec::new()) } else { Parts::Text(Text::new()) },
            n_parts: 0,
            misfit: None,
        }
    }
}

enum Parts {
    Text(Text),
    Bytes(Vec<u8>),
}

/// Parts of a text and what stands in place of others, put together.
pub struct Joined {
    parts: Parts,
    n_parts: usize,
    /// What was wrong with the first part that was wrong.
    misfit: Option<String>,
}

impl Joined {
    pub fn push_part(&mut self, subject: &Subject, span: Span) {
        self.n_parts += 1;
        match (&mut self.parts, part(subject.units(), span)) {
            (Parts::Text(text), view) => text.push_view(view),
            (Parts::Bytes(bytes), View::One(more)) => bytes.extend_from_slice(more),
            (Parts::Bytes(_), _) => unreachable!("bytes are one byte wide"),
        }
    }

    /// Appends a str or bytes-like object; what does not fit is told of at the end.
    pub fn push_value(&mut self, vm: &mut Vm, value: Value) {
        let nth = self.n_parts;
        self.n_parts += 1;
        let wanted = match &mut self.parts {
            Parts::Text(text) => match Str::of(vm, value) {
                Some(more) => return text.push_view(more.view()),
                None => "str instance",
            },
            Parts::Bytes(bytes) => match This::<BytesObject>::of(vm, value) {
                Some(more) => return bytes.extend_from_slice(more.data()),
                None if vm.is_bytes_like(value) => match BytesLike::of(vm, value) {
                    Ok(more) => return bytes.extend_from_slice(&more),
                    Err(_) => {
                        vm.clear_exception();
                        "a bytes-like object"
                    }
                },
                None => "a bytes-like object",
            },
        };
        if self.misfit.is_none() {
            self.misfit = Some(format!("sequence item {nth}: expected {wanted}, {} found", vm.class_name(value)));
        }
    }

    pub fn finish(self, vm: &mut Vm) -> PyResult {
        match (self.misfit, self.parts) {
            (Some(message), _) => Err(vm.raise_type(&message)),
            (None, Parts::Text(text)) => Ok(text.finish(vm)),
            (None, Parts::Bytes(bytes)) => vm.new_bytes(&bytes),
        }
    }
}
