//! The writer: rows as lines of text.

use super::dialect::{
    Dialect, NOT_SET, QUOTE_ALL, QUOTE_NONE, QUOTE_NONNUMERIC, QUOTE_NOTNULL, QUOTE_STRINGS, call_dialect,
};
use super::raise;
use stitch_runtime::object::argument::{Keywords, Str, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::object::string::View;
use stitch_runtime::{PyResult, Raised, Value, Vm};

#[repr(C)]
pub struct Writer {
    header: Header,
    write: Value,
    dialect: Value,
}

pub static WRITER: TypeSpec = TypeSpec {
    name: "writer",
    module: "_csv",
    doc: "Writes rows as lines of text.",
    layout: Some(Layout::of::<Writer>(2)),
    methods: &[
        method("writerow", "($self, row, /)", write_row)
            .doc("Writes a row of values; gives what the file's write gives."),
        method("writerows", "($self, rows, /)", |vm: &mut Vm, this: This<Writer>, rows: Value| -> PyResult<()> {
            let rows = vm.get_iter(rows)?;
            while let Some(row) = vm.iter_next(rows)? {
                write_row(vm, this, row)?;
            }
            Ok(())
        })
        .doc("Writes many rows."),
    ],
    getters: &[field("dialect", |this: This<Writer>| this.dialect).doc("How the table is written.")],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for Writer {
    const SPEC: &'static TypeSpec = &WRITER;
}

pub fn new(vm: &mut Vm, file: Value, dialect: Option<Value>, changes: Keywords) -> PyResult {
    let dialect = call_dialect(vm, dialect, changes)?.value();
    let name = vm.intern("write");
    let write = vm.get_attr_opt(file, name)?;
    let Some(write) = write.filter(|&write| vm.slots_of(write).call.is_some()) else {
        return Err(vm.raise_type("argument 1 must have a \"write\" method"));
    };
    let class = vm.type_of_spec(&WRITER);
    vm.new_object(class, |header| Writer { header, write, dialect })
}

/// A line that is being made.
struct Line {
    dialect: This<Dialect>,
    out: Text,
    n_fields: usize,
}

fn write_row(vm: &mut Vm, this: This<Writer>, row: Value) -> PyResult {
    let dialect = This::<Dialect>::of(vm, this.dialect).expect("a writer has its dialect");
    let fields = match vm.get_iter(row) {
        Ok(fields) => fields,
        Err(Raised) if vm.exception_matches(vm.exceptions.TypeError) => {
            vm.clear_exception();
            let message = format!("iterable expected, not {}", vm.class_name(row));
            return Err(raise(vm, &message));
        }
        Err(raised) => return Err(raised),
    };
    let quoting = i64::from(dialect.quoting);
    let mut line = Line { dialect, out: Text::new(), n_fields: 0 };
    let mut is_null = false;
    while let Some(field) = vm.iter_next(fields)? {
        is_null = field.is_none();
        let is_quoted = match quoting {
            QUOTE_ALL => true,
            QUOTE_NONNUMERIC => !is_number(vm, field),
            QUOTE_STRINGS => vm.is_str(field),
            QUOTE_NOTNULL => !is_null,
            _ => false,
        };
        let text = if is_null { None } else { Some(vm.str(field)?) };
        line.field(vm, text, is_quoted)?;
    }
    if line.n_fields > 0 && line.out.is_empty() {
        if quoting == QUOTE_NONE || is_null && (quoting == QUOTE_STRINGS || quoting == QUOTE_NOTNULL) {
            return Err(raise(vm, "single empty field record must be quoted"));
        }
        line.n_fields -= 1;
        line.field(vm, None, true)?;
    }
    line.out.push_view(vm.str_of(dialect.line_terminator).view());
    let line = line.out.finish(vm);
    vm.call(this.write, &[line])
}

fn is_number(vm: &mut Vm, value: Value) -> bool {
    if vm.is_index(value) || vm.is_float_like(value) || vm.complex_parts(value).is_some() {
        return true;
    }
    ["__int__", "__float__", "__complex__"].iter().any(|name| {
        let name = vm.intern(name);
        vm.lookup_special(value, name).is_some()
    })
}

impl Line {
    /// Appends a field; `None`: None.
    fn field(&mut self, vm: &mut Vm, text: Option<Value>, is_quoted: bool) -> PyResult<()> {
        let dialect = self.dialect;
        let quoting = i64::from(dialect.quoting);
        let view = text.and_then(|text| Str::of(vm, text)).map_or(View::One(b""), Str::view);
        let mut is_quoted = is_quoted;
        if view.is_empty() && dialect.delimiter == ' ' as u32 && dialect.skip_initial_space {
            if quoting == QUOTE_NONE || text.is_none() && (quoting == QUOTE_STRINGS || quoting == QUOTE_NOTNULL) {
                let message = "empty field must be quoted if delimiter is a space and skipinitialspace is true";
                return Err(raise(vm, message));
            }
            is_quoted = true;
        }
        if self.n_fields > 0 {
            self.out.push(dialect.delimiter);
        }
        self.n_fields += 1;
        let ends = Str::of(vm, dialect.line_terminator).map_or(View::One(b""), Str::view);
        let is_special = |point: u32| {
            point == dialect.delimiter
                || point == dialect.escape_char
                || point == dialect.quote_char
                || point == '\n' as u32
                || point == '\r' as u32
                || ends.code_points().any(|end| end == point)
        };
        if !view.code_points().any(is_special) {
            let quote = is_quoted.then_some(dialect.quote_char);
            quote.into_iter().for_each(|quote| self.out.push(quote));
            self.push_view(view);
            quote.into_iter().for_each(|quote| self.out.push(quote));
            return Ok(());
        }
        let mut escaped = Text::new();
        for point in view.code_points() {
            if is_special(point) {
                let is_quote = point == dialect.quote_char;
                if quoting == QUOTE_NONE
                    || is_quote && !dialect.double_quote
                    || !is_quote && point == dialect.escape_char
                {
                    if dialect.escape_char == NOT_SET {
                        return Err(raise(vm, "need to escape, but no escapechar set"));
                    }
                    escaped.push(dialect.escape_char);
                } else {
                    is_quoted = true;
                    if is_quote {
                        escaped.push(point);
                    }
                }
            }
            escaped.push(point);
        }
        let quote = is_quoted.then_some(dialect.quote_char);
        quote.into_iter().for_each(|quote| self.out.push(quote));
        self.push_view(escaped.view());
        quote.into_iter().for_each(|quote| self.out.push(quote));
        Ok(())
    }

    fn push_view(&mut self, view: View<'_>) {
        match view {
            View::One(_) => self.out.push_view(view),
            _ => view.code_points().for_each(|point| self.out.push(point)),
        }
    }
}
