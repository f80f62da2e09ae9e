//! `Dialect`: how a table is written.

use super::get_dialect;
use stitch_runtime::object::argument::{ClassOf, Keywords, Str, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::IntObject;
use stitch_runtime::object::layout::TypeObject;
use stitch_runtime::object::spec::{GetSetRow, Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub const QUOTE_MINIMAL: i64 = 0;
pub const QUOTE_ALL: i64 = 1;
pub const QUOTE_NONNUMERIC: i64 = 2;
pub const QUOTE_NONE: i64 = 3;
pub const QUOTE_STRINGS: i64 = 4;
pub const QUOTE_NOTNULL: i64 = 5;

/// No character.
pub const NOT_SET: u32 = u32::MAX;

#[repr(C)]
pub struct Dialect {
    header: Header,
    /// A str.
    pub line_terminator: Value,
    pub delimiter: u32,
    pub escape_char: u32,
    pub quote_char: u32,
    pub quoting: u8,
    pub double_quote: bool,
    pub skip_initial_space: bool,
    pub strict: bool,
}

pub static DIALECT: TypeSpec = TypeSpec {
    name: "Dialect",
    module: "_csv",
    doc: "How a table is written.",
    layout: Some(Layout::of::<Dialect>(1)),
    is_base: true,
    new: Some(
        method(
            "__new__",
            "($type, dialect=None, delimiter=None, doublequote=None, escapechar=None, lineterminator=None, quotechar=None, quoting=None, skipinitialspace=None, strict=None)",
            new,
        )
        .doc("One as another, with changes."),
    ),
    methods: &[
        method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<Dialect>| refuse_pickle(vm, this))
            .doc("Refuses: dialects are not pickled."),
        method("__reduce_ex__", "($self, protocol, /)", |vm: &mut Vm, this: This<Dialect>, _: Value| {
            refuse_pickle(vm, this)
        })
        .doc("Refuses: dialects are not pickled."),
    ],
    getters: &[
        field("delimiter", |vm: &mut Vm, this: This<Dialect>| character(vm, this.delimiter))
            .doc("Stands between fields."),
        member(field("skipinitialspace", |this: This<Dialect>| this.skip_initial_space))
            .doc("Are spaces behind delimiters left out?"),
        member(field("doublequote", |this: This<Dialect>| this.double_quote))
            .doc("Is a quote within quotes written twice?"),
        member(field("strict", |this: This<Dialect>| this.strict)).doc("Is bad text an error?"),
        field("escapechar", |vm: &mut Vm, this: This<Dialect>| character(vm, this.escape_char))
            .doc("Takes the next character's meaning away, or None."),
        field("lineterminator", |this: This<Dialect>| this.line_terminator).doc("Ends lines."),
        field("quotechar", |vm: &mut Vm, this: This<Dialect>| character(vm, this.quote_char))
            .doc("Stands around fields with special characters, or None."),
        field("quoting", |this: This<Dialect>| i64::from(this.quoting)).doc("Which fields are quoted."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Dialect {
    const SPEC: &'static TypeSpec = &DIALECT;
}

const fn member(row: GetSetRow) -> GetSetRow {
    row.settable(|vm, _, _| Err(vm.raise_attribute("readonly attribute")))
}

fn refuse_pickle(vm: &mut Vm, this: This<Dialect>) -> PyResult {
    let name = vm.type_name(vm.class_of(this.value()));
    Err(vm.raise_type(&format!("cannot pickle '{name}' instances")))
}

fn character(vm: &mut Vm, point: u32) -> Value {
    if point == NOT_SET { Value::NONE } else { vm.str_from_code_point(point) }
}

/// The names of the arguments that change a dialect.
const NAMES: [&str; 8] =
    ["delimiter", "doublequote", "escapechar", "lineterminator", "quotechar", "quoting", "skipinitialspace", "strict"];

/// A dialect of a dialect, its name, or what has its attributes, with changes.
pub fn call_dialect(vm: &mut Vm, dialect: Option<Value>, changes: Keywords) -> PyResult<This<Dialect>> {
    let class = vm.type_of_spec(&DIALECT);
    let positional = vm.new_tuple(dialect.as_slice());
    let made = vm.call_expanded(Value::object(class), positional, changes.value())?;
    This::of(vm, made).ok_or_else(|| vm.raise_type("a dialect was expected"))
}

#[expect(clippy::too_many_arguments, reason = "as many as the Python class has attributes")]
fn new(
    vm: &mut Vm,
    class: ClassOf<Dialect>,
    dialect: Option<Value>,
    delimiter: Option<Value>,
    double_quote: Option<Value>,
    escape_char: Option<Value>,
    line_terminator: Option<Value>,
    quote_char: Option<Value>,
    quoting: Option<Value>,
    skip_initial_space: Option<Value>,
    strict: Option<Value>,
) -> PyResult {
    let mut given =
        [delimiter, double_quote, escape_char, line_terminator, quote_char, quoting, skip_initial_space, strict];
    if let Some(mut dialect) = dialect {
        if vm.is_str(dialect) {
            dialect = get_dialect(vm, dialect)?;
        }
        if This::<Dialect>::of(vm, dialect).is_some() && given.iter().all(Option::is_none) {
            return Ok(dialect);
        }
        for (given, name) in given.iter_mut().zip(NAMES) {
            if given.is_none() {
                let name = vm.intern(name);
                *given = vm.get_attr(dialect, name).ok();
                if given.is_none() {
                    vm.clear_exception();
                }
            }
        }
    }
    make(vm, class.class, given)
}

fn make(vm: &mut Vm, class: *mut TypeObject, given: [Option<Value>; 8]) -> PyResult {
    let [delimiter, double_quote, escape_char, line_terminator, quote_char, quoting, skip_initial_space, strict] =
        given;
    let delimiter = match delimiter {
        Some(delimiter) => one_character(vm, "delimiter", delimiter, false)?,
        None => ',' as u32,
    };
    let double_quote = truth(vm, double_quote, true)?;
    let escape_char = character_or_none(vm, "escapechar", escape_char, NOT_SET)?;
    let line_terminator = match line_terminator {
        None => vm.new_str("\r\n"),
        Some(text) if vm.is_str(text) => text,
        Some(other) => {
            let name = vm.full_name_of_class(vm.class_of(other));
            return Err(vm.raise_type(&format!("\"lineterminator\" must be a string, not {name}")));
        }
    };
    let is_quote_none = quote_char.is_some_and(|quote| quote.is_none());
    let quote_char = character_or_none(vm, "quotechar", quote_char, '"' as u32)?;
    let is_quoting_given = quoting.is_some();
    let mut quoting = quoting_of(vm, quoting)?;
    let skip_initial_space = truth(vm, skip_initial_space, false)?;
    let strict = truth(vm, strict, false)?;
    if !(QUOTE_MINIMAL..=QUOTE_NOTNULL).contains(&quoting) {
        return Err(vm.raise_type("bad \"quoting\" value"));
    }
    if is_quote_none && !is_quoting_given {
        quoting = QUOTE_NONE;
    }
    if quoting != QUOTE_NONE && quote_char == NOT_SET {
        return Err(vm.raise_type("quotechar must be set if quoting enabled"));
    }
    let quoting = quoting as u8;
    let made = vm.new_object(class, |header| Dialect {
        header,
        line_terminator,
        delimiter,
        escape_char,
        quote_char,
        quoting,
        double_quote,
        skip_initial_space,
        strict,
    })?;
    let this = This::<Dialect>::of(vm, made).expect("a dialect was made");
    check_characters(vm, this)?;
    Ok(made)
}

fn check_characters(vm: &mut Vm, this: This<Dialect>) -> PyResult<()> {
    let ends = Str::of(vm, this.line_terminator).expect("it was asked for a str").view();
    let takes_space = !this.skip_initial_space;
    let characters = [
        ("delimiter", this.delimiter, true),
        ("escapechar", this.escape_char, takes_space),
        ("quotechar", this.quote_char, takes_space),
    ];
    for (name, point, takes_space) in characters {
        if point == '\r' as u32 || point == '\n' as u32 || point == ' ' as u32 && !takes_space {
            return Err(vm.raise_value(&format!("bad {name} value")));
        }
        if ends.code_points().any(|other| other == point) {
            return Err(vm.raise_value(&format!("bad {name} or lineterminator value")));
        }
    }
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
        let ((a, point, _), (b, other, _)) = (characters[a], characters[b]);
        if point == other && point != NOT_SET {
            return Err(vm.raise_value(&format!("bad {a} or {b} value")));
        }
    }
    Ok(())
}

fn truth(vm: &mut Vm, value: Option<Value>, default: bool) -> PyResult<bool> {
    value.map_or(Ok(default), |value| vm.is_true(value))
}

fn character_or_none(vm: &mut Vm, name: &str, value: Option<Value>, default: u32) -> PyResult<u32> {
    match value {
        None => Ok(default),
        Some(none) if none.is_none() => Ok(NOT_SET),
        Some(value) => one_character(vm, name, value, true),
    }
}

fn one_character(vm: &mut Vm, name: &str, value: Value, or_none: bool) -> PyResult<u32> {
    let wanted = if or_none { "a unicode character or None" } else { "a unicode character" };
    let given = match Str::of(vm, value).map(Str::view) {
        Some(text) if text.len() == 1 => return Ok(text.at(0)),
        Some(text) => format!("a string of length {}", text.len()),
        None => vm.full_name_of_class(vm.class_of(value)),
    };
    Err(vm.raise_type(&format!("\"{name}\" must be {wanted}, not {given}")))
}

fn quoting_of(vm: &mut Vm, value: Option<Value>) -> PyResult<i64> {
    let Some(value) = value else { return Ok(QUOTE_MINIMAL) };
    if !value.is_int() && !vm.is_exactly::<IntObject>(value) {
        let name = vm.full_name_of_class(vm.class_of(value));
        return Err(vm.raise_type(&format!("\"quoting\" must be an integer, not {name}")));
    }
    match vm.int_to_i64(value).filter(|&word| i32::try_from(word).is_ok()) {
        Some(word) => Ok(word),
        None => Err(raise_too_large(vm)),
    }
}

fn raise_too_large(vm: &mut Vm) -> Raised {
    vm.raise_overflow("Python int too large to convert to C int")
}
