//! Code objects made of their parts, and from others with some parts changed.

use super::{code_of, names};
use crate::bytecode::{CodeFlags, LocalKind};
use crate::interp::build::CodeParts;
use crate::object::argument::{ClassOf, Str, This, method};
use crate::object::layout::StrObject;
use crate::object::layout::{BytesObject, CodeObject, TupleObject};
use crate::object::native::NativeRow;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub const NEW: NativeRow = method(
    "__new__",
    "($type, argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize, flags, codestring, constants, names, \
     varnames, filename, name, qualname, firstlineno, linetable, exceptiontable, freevars=(), cellvars=(), /)",
    new,
)
.doc("A code object of its parts.");

/// `replace` and `__replace__`.
pub const fn replacing(name: &'static str) -> NativeRow {
    method(
        name,
        "($self, /, *, co_argcount=<unrepresentable>, co_posonlyargcount=<unrepresentable>, \
         co_kwonlyargcount=<unrepresentable>, co_nlocals=<unrepresentable>, co_stacksize=<unrepresentable>, \
         co_flags=<unrepresentable>, co_firstlineno=<unrepresentable>, co_code=<unrepresentable>, \
         co_consts=<unrepresentable>, co_names=<unrepresentable>, co_varnames=<unrepresentable>, \
         co_freevars=<unrepresentable>, co_cellvars=<unrepresentable>, co_filename=<unrepresentable>, \
         co_name=<unrepresentable>, co_qualname=<unrepresentable>, co_linetable=<unrepresentable>, \
         co_exceptiontable=<unrepresentable>)",
        replace,
    )
    .doc("A copy with some of its parts changed.")
}

/// The variables of a code object: a name and a kind for each slot.
struct Variables {
    names: Value,
    kinds: Vec<u8>,
}

impl Variables {
    /// The locals, the parameters among them first; the cells that are no locals; the free variables.
    fn of(vm: &mut Vm, [locals, cells, frees]: [This<TupleObject>; 3], counts: &Counts) -> PyResult<Variables> {
        let (locals, cells, frees) = (locals.kept_items(), cells.kept_items(), frees.kept_items());
        let mut slots = Vec::with_capacity(locals.len() + cells.len() + frees.len());
        let is_same = |vm: &mut Vm, a: Value, b: Value| vm.equal(a, b);
        for (index, &name) in locals.iter().enumerate() {
            let mut kind = LocalKind::LOCAL | counts.parameter_kind(index);
            for &cell in cells {
                if is_same(vm, name, cell)? {
                    kind |= LocalKind::CELL;
                }
            }
            slots.push((name, kind));
        }
        for &cell in cells {
            let mut is_local = false;
            for &name in locals {
                is_local |= is_same(vm, name, cell)?;
            }
            if !is_local {
                slots.push((cell, LocalKind::CELL));
            }
        }
        slots.extend(frees.iter().map(|&name| (name, LocalKind::FREE)));
        let (names, kinds): (Vec<Value>, Vec<u8>) = slots.into_iter().unzip();
        let names = vm.new_tuple(&names);
        Ok(Variables { names: interned_names(vm, This::expect(vm, names))?, kinds })
    }
}

/// The numbers of a code object, as they are given.
struct Counts {
    arguments: i32,
    positional_only: i32,
    keyword_only: i32,
    locals: i32,
    stack: i32,
    flags: i32,
    first_line: i32,
}

impl Counts {
    fn parameter_kind(&self, index: usize) -> u8 {
        let index = index as i64;
        let (by_position, by_name) =
            (i64::from(self.arguments), i64::from(self.arguments) + i64::from(self.keyword_only));
        let flags = self.flags.cast_unsigned();
        let n_rest = (flags & CodeFlags::VARARGS != 0) as i64;
        if index < i64::from(self.positional_only) {
            LocalKind::ARG_POSITIONAL
        } else if index < by_position {
            LocalKind::ARG_POSITIONAL | LocalKind::ARG_KEYWORD
        } else if index < by_name {
            LocalKind::ARG_KEYWORD
        } else if index < by_name + n_rest {
            LocalKind::ARG_POSITIONAL | LocalKind::ARG_VARIADIC
        } else if index == by_name + n_rest && flags & CodeFlags::VARKEYWORDS != 0 {
            LocalKind::ARG_KEYWORD | LocalKind::ARG_VARIADIC
        } else {
            0
        }
    }

    /// What is wrong with them, in the words of the constructor or of `replace`.
    fn fault(&self, n_locals: usize, word: fn(&str) -> String) -> Option<String> {
        let named = [
            (self.arguments, "argcount"),
            (self.positional_only, "posonlyargcount"),
            (self.keyword_only, "kwonlyargcount"),
            (self.locals, "nlocals"),
            (self.stack, "stacksize"),
            (self.flags, "flags"),
            (self.first_line, "firstlineno"),
        ];
        match named.iter().find(|(number, _)| *number < 0) {
            Some((_, name)) => Some(word(name)),
            None if self.locals as usize != n_locals => Some("code: co_nlocals != len(co_varnames)".to_string()),
            None => None,
        }
    }
}

/// Everything else.
struct Tables {
    code: This<BytesObject>,
    lines: This<BytesObject>,
    handlers: This<BytesObject>,
    constants: This<TupleObject>,
    names: This<TupleObject>,
    filename: Str,
    name: Str,
    qualname: Str,
}

#[expect(clippy::too_many_arguments, reason = "the parts of a code object, as its constructor has them")]
fn new(
    vm: &mut Vm,
    _class: ClassOf<CodeObject>,
    arguments: i32,
    positional_only: i32,
    keyword_only: i32,
    locals: i32,
    stack: i32,
    flags: i32,
    code: This<BytesObject>,
    constants: This<TupleObject>,
    names: This<TupleObject>,
    variables: This<TupleObject>,
    filename: Str,
    name: Str,
    qualname: Str,
    first_line: i32,
    lines: This<BytesObject>,
    handlers: This<BytesObject>,
    frees: Option<This<TupleObject>>,
    cells: Option<This<TupleObject>>,
) -> PyResult {
    let empty = This::expect(vm, vm.empty_tuple);
    let counts = Counts { arguments, positional_only, keyword_only, locals, stack, flags, first_line };
    if let Some(fault) = counts.fault(variables.items().len(), |name| format!("code: {name} must not be negative")) {
        return Err(vm.raise_value(&fault));
    }
    let variables = [variables, cells.unwrap_or(empty), frees.unwrap_or(empty)];
    let variables = Variables::of(vm, variables, &counts)?;
    build(vm, &counts, &variables, Tables { code, lines, handlers, constants, names, filename, name, qualname })
}

#[expect(clippy::too_many_arguments, reason = "the parts of a code object, each of which may be given")]
fn replace(
    vm: &mut Vm,
    this: This<CodeObject>,
    arguments: Option<i32>,
    positional_only: Option<i32>,
    keyword_only: Option<i32>,
    locals: Option<i32>,
    stack: Option<i32>,
    flags: Option<i32>,
    first_line: Option<i32>,
    code: Option<This<BytesObject>>,
    constants: Option<This<TupleObject>>,
    names: Option<This<TupleObject>>,
    variables: Option<This<TupleObject>>,
    frees: Option<This<TupleObject>>,
    cells: Option<This<TupleObject>>,
    filename: Option<Str>,
    name: Option<Str>,
    qualname: Option<Str>,
    lines: Option<This<BytesObject>>,
    handlers: Option<This<BytesObject>>,
) -> PyResult {
    let old = code_of(this);
    let counts = Counts {
        arguments: arguments.unwrap_or(old.arg_count as i32),
        positional_only: positional_only.unwrap_or(old.positional_only as i32),
        keyword_only: keyword_only.unwrap_or(old.keyword_only as i32),
        locals: locals.unwrap_or(old.n_locals as i32),
        stack: stack.unwrap_or(old.stack_size as i32 - 1),
        flags: flags.unwrap_or(old.flags.cast_signed()),
        first_line: first_line.unwrap_or(old.first_line.cast_signed()),
    };
    let n_locals = variables.map_or(old.n_locals, |variables| variables.items().len());
    if let Some(fault) = counts.fault(n_locals, |name| format!("co_{name} must be a positive integer")) {
        return Err(vm.raise_value(&fault));
    }
    let variables = if variables.is_some() || frees.is_some() || cells.is_some() {
        let own_locals = names_of(vm, variables, this, super::LOCALS)?;
        let own_cells = match cells {
            Some(cells) => cells,
            None => {
                let cells = super::cell_variables(vm, this)?;
                This::expect(vm, cells)
            }
        };
        let own_frees = names_of(vm, frees, this, super::FREES)?;
        Variables::of(vm, [own_locals, own_cells, own_frees], &counts)?
    } else {
        Variables { names: this.localsplus_names, kinds: old.localsplus_kinds.to_vec() }
    };
    let tables = Tables {
        code: or_bytes(vm, code, &old.co_code)?,
        lines: or_bytes(vm, lines, &old.linetable)?,
        handlers: or_bytes(vm, handlers, &old.exceptiontable)?,
        constants: constants.unwrap_or_else(|| This::expect(vm, this.consts)),
        names: names.unwrap_or_else(|| This::expect(vm, this.names)),
        filename: or_str(vm, filename, this.filename)?,
        name: or_str(vm, name, this.name)?,
        qualname: or_str(vm, qualname, this.qualname)?,
    };
    build(vm, &counts, &variables, tables)
}

fn names_of(
    vm: &mut Vm,
    given: Option<This<TupleObject>>,
    this: This<CodeObject>,
    range: super::VariableRange,
) -> PyResult<This<TupleObject>> {
    Ok(match given {
        Some(given) => given,
        None => {
            let own = names(vm, this, range);
            This::expect(vm, own)
        }
    })
}

fn or_bytes(vm: &mut Vm, given: Option<This<BytesObject>>, own: &[u8]) -> PyResult<This<BytesObject>> {
    match given {
        Some(given) => Ok(given),
        None => {
            let bytes = vm.new_bytes(own)?;
            Ok(This::expect(vm, bytes))
        }
    }
}

fn or_str(vm: &mut Vm, given: Option<Str>, own: Value) -> PyResult<Str> {
    match given.or_else(|| Str::of(vm, own)) {
        Some(text) => Ok(text),
        None => Err(vm.raise_type("name must be a string")),
    }
}

/// The same names, interned: a lookup compares addresses first.
fn interned_names(vm: &mut Vm, names: This<TupleObject>) -> PyResult {
    let list = vm.new_list(&[])?;
    for &name in names.kept_items() {
        if !vm.is_exactly::<StrObject>(name) {
            return Err(vm.raise_type("name tuples must contain only strings, not something else"));
        }
        let name = vm.intern_value(name);
        vm.list_push(list.as_ptr(), name)?;
    }
    Ok(vm.tuple_of_list(list))
}

fn build(vm: &mut Vm, counts: &Counts, variables: &Variables, tables: Tables) -> PyResult {
    let names = interned_names(vm, tables.names)?;
    let [filename, name, qualname] =
        [tables.filename, tables.name, tables.qualname].map(|text| vm.intern_value(text.value()));
    vm.new_code_of(&CodeParts {
        consts: tables.constants.value(),
        names,
        localsplus_names: variables.names,
        name,
        qualname,
        filename,
        first_line: counts.first_line.cast_unsigned(),
        flags: counts.flags.cast_unsigned(),
        argcount: counts.arguments.cast_unsigned(),
        posonlyargcount: counts.positional_only.cast_unsigned(),
        kwonlyargcount: counts.keyword_only.cast_unsigned(),
        stack_size: counts.stack.cast_unsigned(),
        localsplus_kinds: &variables.kinds,
        co_code: tables.code.data(),
        linetable: tables.lines.data(),
        exceptiontable: tables.handlers.data(),
    })
}
