//! `_csv`: what is native under the module `csv`: the reading and writing of tables as lines of text.

mod dialect;
mod reader;
mod writer;

use dialect::{DIALECT, call_dialect};
use stitch_runtime::object::argument::{Keywords, Rest, method};
use stitch_runtime::object::layout::IntObject;
use stitch_runtime::object::module::{Constant, ModuleSpec, ModuleState};
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_csv",
    doc: "Tables as lines of text, their fields between delimiters.",
    functions: &[
        method(
            "reader",
            "(iterable, /, *args, **fmtparams)",
            |vm: &mut Vm, iterable: Value, args: Rest, named: Keywords| {
                let dialect = one_dialect(vm, "reader", args)?;
                reader::new(vm, iterable, dialect, named)
            },
        )
        .doc("A reader of the lines that an iterable gives, by a dialect (\"excel\") and its changes."),
        method(
            "writer",
            "(fileobj, /, *args, **fmtparams)",
            |vm: &mut Vm, file: Value, args: Rest, named: Keywords| {
                let dialect = one_dialect(vm, "writer", args)?;
                writer::new(vm, file, dialect, named)
            },
        )
        .doc("A writer of lines to a file, by a dialect (\"excel\") and its changes."),
        method("list_dialects", "()", |vm: &mut Vm| {
            let dialects = dialects(vm);
            vm.collect(dialects)
        })
        .doc("The names of all dialects."),
        method("register_dialect", "(name, /, *args, **fmtparams)", register)
            .doc("Gives a dialect with its changes a name."),
        method("unregister_dialect", "(name)", |vm: &mut Vm, name: Value| {
            let dialects = dialects(vm);
            match vm.dict_remove(dialects, name)? {
                Some(_) => Ok(()),
                None => Err(raise(vm, "unknown dialect")),
            }
        })
        .doc("Takes the name of a dialect back."),
        method("get_dialect", "(name)", get_dialect).doc("The dialect of a name."),
        method("field_size_limit", "(new_limit=None, /)", field_size_limit)
            .doc("The longest field that is read; sets it if there is an argument."),
    ],
    constants: &[
        ("__version__", Constant::Str("1.0")),
        ("QUOTE_MINIMAL", Constant::Int(dialect::QUOTE_MINIMAL)),
        ("QUOTE_ALL", Constant::Int(dialect::QUOTE_ALL)),
        ("QUOTE_NONNUMERIC", Constant::Int(dialect::QUOTE_NONNUMERIC)),
        ("QUOTE_NONE", Constant::Int(dialect::QUOTE_NONE)),
        ("QUOTE_STRINGS", Constant::Int(dialect::QUOTE_STRINGS)),
        ("QUOTE_NOTNULL", Constant::Int(dialect::QUOTE_NOTNULL)),
    ],
    types: &[&DIALECT, &ERROR],
    exec: Some(|vm, module| {
        let dialects = dialects(vm);
        vm.set_module_entry(module, "_dialects", dialects);
        for (name, spec) in [("Reader", &reader::READER), ("Writer", &writer::WRITER)] {
            let class = vm.type_of_spec(spec);
            vm.set_module_entry(module, name, Value::object(class));
        }
        Ok(())
    }),
    state: Some(|| Box::new(State { dialects: None, field_limit: 128 * 1024 })),
    ..ModuleSpec::NEW
};

struct State {
    /// A dict by name.
    dialects: Option<Value>,
    field_limit: i64,
}

impl ModuleState for State {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        self.dialects.into_iter().for_each(visit);
    }
}

fn state(vm: &mut Vm) -> &mut State {
    vm.module_state(&MODULE).expect("the module's state is one")
}

fn dialects(vm: &mut Vm) -> Value {
    if let Some(dialects) = state(vm).dialects {
        return dialects;
    }
    let dialects = vm.new_dict();
    state(vm).dialects = Some(dialects);
    dialects
}

static ERROR: TypeSpec = TypeSpec {
    name: "Error",
    module: "_csv",
    doc: "A table that cannot be read or written.",
    base_class: Some(|vm| vm.exceptions.Exception),
    ..TypeSpec::NEW
};

/// Raises `_csv.Error`.
fn raise(vm: &mut Vm, message: &str) -> Raised {
    let class = vm.type_of_spec(&ERROR);
    vm.raise(class, message)
}

/// The dialect among a function's further arguments.
fn one_dialect(vm: &mut Vm, function: &str, args: Rest) -> PyResult<Option<Value>> {
    match *args.items() {
        [] => Ok(None),
        [dialect] => Ok(Some(dialect)),
        ref many => {
            let n = many.len() + 1;
            Err(vm.raise_type(&format!("{function} expected at most 2 arguments, got {n}")))
        }
    }
}

fn register(vm: &mut Vm, name: Value, args: Rest, named: Keywords) -> PyResult<()> {
    let dialect = one_dialect(vm, "register_dialect", args)?;
    if !vm.is_str(name) {
        return Err(vm.raise_type("dialect name must be a string"));
    }
    let dialect = call_dialect(vm, dialect, named)?;
    let dialects = dialects(vm);
    vm.dict_set(dialects, name, dialect.value())
}

fn get_dialect(vm: &mut Vm, name: Value) -> PyResult {
    let dialects = dialects(vm);
    match vm.dict_get(dialects, name)? {
        Some(dialect) => Ok(dialect),
        None => Err(raise(vm, "unknown dialect")),
    }
}

fn field_size_limit(vm: &mut Vm, limit: Option<Value>) -> PyResult<i64> {
    let old = state(vm).field_limit;
    if let Some(limit) = limit {
        if !vm.is_exactly::<IntObject>(limit) && !limit.is_int() {
            return Err(vm.raise_type("limit must be an integer"));
        }
        match vm.int_to_i64(limit) {
            Some(limit) => state(vm).field_limit = limit,
            None => return Err(vm.raise_overflow("Python int too large to convert to C ssize_t")),
        }
    }
    Ok(old)
}
