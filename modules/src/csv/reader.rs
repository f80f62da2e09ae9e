//! The reader: rows of lines of text.

use super::dialect::{Dialect, QUOTE_NONE, QUOTE_NONNUMERIC, QUOTE_NOTNULL, QUOTE_STRINGS, call_dialect};
use super::{raise, state};
use stitch_runtime::object::argument::{Keywords, Str, This};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::ListObject;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::object::string::View;
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Reader {
    header: Header,
    lines: Value,
    dialect: Value,
    n_lines: usize,
}

pub static READER: TypeSpec = TypeSpec {
    name: "reader",
    module: "_csv",
    doc: "Reads rows of lines of text.",
    layout: Some(Layout::of::<Reader>(2)),
    slots: Slots { iter: Some(|_, iterator| Ok(iterator)), next: slot(next), ..Slots::NONE },
    getters: &[
        field("dialect", |this: This<Reader>| this.dialect).doc("How the table is written."),
        field("line_num", |this: This<Reader>| this.n_lines).doc("How many lines were read."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for Reader {
    const SPEC: &'static TypeSpec = &READER;
}

pub fn new(vm: &mut Vm, iterable: Value, dialect: Option<Value>, changes: Keywords) -> PyResult {
    let lines = vm.get_iter(iterable)?;
    let dialect = call_dialect(vm, dialect, changes)?.value();
    let class = vm.type_of_spec(&READER);
    vm.new_object(class, |header| Reader { header, lines, dialect, n_lines: 0 })
}

/// Where in a row the reader is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    RowStart,
    FieldStart,
    Field,
    Escaped,
    EscapedLineEnd,
    Quoted,
    QuotedEscaped,
    QuotedQuote,
    RowEnd,
}

/// A row that is being read.
struct Row {
    dialect: This<Dialect>,
    /// A list of those that are complete.
    fields: Value,
    field: Text,
    is_quoted: bool,
    place: Place,
    limit: i64,
}

/// What stands behind the last character of a line.
const END: u32 = u32::MAX - 1;

fn is_line_end(point: u32) -> bool {
    point == '\n' as u32 || point == '\r' as u32
}

fn next(vm: &mut Vm, mut this: This<Reader>) -> PyResult<Option<Value>> {
    let dialect = This::<Dialect>::of(vm, this.dialect).expect("a reader has its dialect");
    let fields = vm.new_list(&[])?;
    let limit = state(vm).field_limit;
    let mut row = Row { dialect, fields, field: Text::new(), is_quoted: false, place: Place::RowStart, limit };
    loop {
        let Some(line) = vm.iter_next(this.lines)? else {
            if row.field.is_empty() && row.place != Place::Quoted {
                return Ok(None);
            }
            if dialect.strict {
                return Err(raise(vm, "unexpected end of data"));
            }
            row.save(vm)?;
            break;
        };
        let Some(text) = Str::of(vm, line) else {
            let message = format!(
                "iterator should return strings, not {} (the file should be opened in text mode)",
                vm.class_name(line)
            );
            return Err(raise(vm, &message));
        };
        this.n_lines += 1;
        row.line(vm, text.view())?;
        if row.place == Place::RowStart {
            break;
        }
    }
    Ok(Some(fields))
}

fn part(view: View<'_>, start: usize, end: usize) -> View<'_> {
    match view {
        View::One(data) => View::One(&data[start..end]),
        View::Two(data) => View::Two(&data[start..end]),
        View::Four(data) => View::Four(&data[start..end]),
    }
}

impl Row {
    fn line(&mut self, vm: &mut Vm, view: View<'_>) -> PyResult<()> {
        let len = view.len();
        let mut at = 0;
        while at < len {
            if matches!(self.place, Place::Field | Place::Quoted) {
                let run = self.run(view, at);
                if run > at {
                    self.push(vm, part(view, at, run))?;
                    at = run;
                    continue;
                }
            }
            self.take(vm, view.at(at))?;
            at += 1;
        }
        self.take(vm, END)
    }

    /// Where characters end that only are added to the field.
    fn run(&self, view: View<'_>, start: usize) -> usize {
        let Dialect { delimiter, escape_char, quote_char, .. } = *self.dialect;
        let is_quoted = self.place == Place::Quoted;
        let stops = |point: u32| {
            point == escape_char
                || if is_quoted { point == quote_char } else { point == delimiter || is_line_end(point) }
        };
        let found = match view {
            View::One(data) => data[start..].iter().position(|&unit| stops(unit.into())),
            View::Two(data) => data[start..].iter().position(|&unit| stops(unit.into())),
            View::Four(data) => data[start..].iter().position(|&unit| stops(unit)),
        };
        found.map_or(view.len(), |found| start + found)
    }

    fn push(&mut self, vm: &mut Vm, view: View<'_>) -> PyResult<()> {
        if self.field.len().saturating_add(view.len()) as i64 > self.limit {
            return Err(raise(vm, &format!("field larger than field limit ({})", self.limit)));
        }
        match view {
            View::One(_) => self.field.push_view(view),
            _ => view.code_points().for_each(|point| self.field.push(point)),
        }
        Ok(())
    }

    fn add(&mut self, vm: &mut Vm, point: u32) -> PyResult<()> {
        self.push(vm, View::Four(&[point]))
    }

    /// The field is complete.
    fn save(&mut self, vm: &mut Vm) -> PyResult<()> {
        let text = std::mem::take(&mut self.field);
        let quoting = i64::from(self.dialect.quoting);
        let is_bare = !std::mem::take(&mut self.is_quoted);
        let is_empty = text.is_empty();
        let field = if is_bare && is_empty && (quoting == QUOTE_NOTNULL || quoting == QUOTE_STRINGS) {
            Value::NONE
        } else {
            let text = text.finish(vm);
            match quoting {
                QUOTE_NONNUMERIC | QUOTE_STRINGS if is_bare && !is_empty => vm.float_from(text)?,
                _ => text,
            }
        };
        vm.list_push(self.fields.as_ptr::<ListObject>(), field)
    }

    /// The field is complete; the row as well, if a line end or the end follows.
    fn finish_field(&mut self, vm: &mut Vm, point: u32) -> PyResult<()> {
        self.save(vm)?;
        self.place = match point {
            END => Place::RowStart,
            point if is_line_end(point) => Place::RowEnd,
            _ => Place::FieldStart,
        };
        Ok(())
    }

    fn take(&mut self, vm: &mut Vm, point: u32) -> PyResult<()> {
        let dialect = self.dialect;
        let has_quotes = i64::from(dialect.quoting) != QUOTE_NONE;
        let ends_row = is_line_end(point) || point == END;
        match self.place {
            Place::RowStart if point == END => {}
            Place::RowStart if is_line_end(point) => self.place = Place::RowEnd,
            Place::RowStart | Place::FieldStart => {
                self.place = Place::FieldStart;
                if ends_row || point == dialect.delimiter {
                    return self.finish_field(vm, point);
                }
                if point == dialect.quote_char && has_quotes {
                    (self.is_quoted, self.place) = (true, Place::Quoted);
                } else if point == dialect.escape_char {
                    self.place = Place::Escaped;
                } else if point != ' ' as u32 || !dialect.skip_initial_space {
                    self.place = Place::Field;
                    self.add(vm, point)?;
                }
            }
            Place::Escaped if is_line_end(point) => {
                self.place = Place::EscapedLineEnd;
                self.add(vm, point)?;
            }
            Place::Escaped => {
                self.place = Place::Field;
                self.add(vm, if point == END { '\n' as u32 } else { point })?;
            }
            Place::EscapedLineEnd if point == END => {}
            Place::EscapedLineEnd | Place::Field => {
                if ends_row || point == dialect.delimiter {
                    return self.finish_field(vm, point);
                }
                self.place = if point == dialect.escape_char { Place::Escaped } else { Place::Field };
                if self.place == Place::Field {
                    self.add(vm, point)?;
                }
            }
            Place::Quoted if point == END => {}
            Place::Quoted if point == dialect.escape_char => self.place = Place::QuotedEscaped,
            Place::Quoted if point == dialect.quote_char && has_quotes => {
                self.place = if dialect.double_quote { Place::QuotedQuote } else { Place::Field };
            }
            Place::Quoted => self.add(vm, point)?,
            Place::QuotedEscaped => {
                self.place = Place::Quoted;
                self.add(vm, if point == END { '\n' as u32 } else { point })?;
            }
            Place::QuotedQuote => return self.behind_quote(vm, point),
            Place::RowEnd if point == END => self.place = Place::RowStart,
            Place::RowEnd if is_line_end(point) => {}
            Place::RowEnd => {
                return Err(raise(
                    vm,
                    "new-line character seen in unquoted field - do you need to open the file with newline=''?",
                ));
            }
        }
        Ok(())
    }

    /// Behind a quote that ends the quotes, or is the first of two.
    fn behind_quote(&mut self, vm: &mut Vm, point: u32) -> PyResult<()> {
        let dialect = self.dialect;
        if point == dialect.quote_char && i64::from(dialect.quoting) != QUOTE_NONE {
            self.place = Place::Quoted;
            return self.add(vm, point);
        }
        if point == dialect.delimiter || is_line_end(point) || point == END {
            return self.finish_field(vm, point);
        }
        if dialect.strict {
            let shown = |point: u32| char::from_u32(point).unwrap_or('\u{FFFD}');
            let message = format!("'{}' expected after '{}'", shown(dialect.delimiter), shown(dialect.quote_char));
            return Err(raise(vm, &message));
        }
        self.place = Place::Field;
        self.add(vm, point)
    }
}
