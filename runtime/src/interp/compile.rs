//! The built-in functions that compile and run code: `__build_class__`, `__import__`, `exec`, `eval`, `compile`.

use crate::bytecode::{CompileMode, CompileOptions, Origin};
use crate::object::argument::{FilePath, Index, Keywords, OrNone, Rest, Str, This, method};
use crate::object::buffer::BytesLike;
use crate::object::layout::{CellObject, CodeObject, ListObject, TupleObject, TypeObject};
use crate::object::native::{Arguments, NativeRow};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

/// Rows for the module `builtins`.
pub const FUNCTIONS: &[NativeRow] = &[
    method("__build_class__", "(func, name, /, *bases, metaclass=None, **kwds)", build_class)
        .doc("What the statement `class` calls."),
    method("__import__", "(name, globals=None, locals=None, fromlist=(), level=0)", import)
        .doc("What the statement `import` calls."),
    method(
        "compile",
        "(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)",
        compile,
    )
    .doc("The code of a source, for `exec` and `eval`."),
    method("exec", "(source, /, globals=None, locals=None, *, closure=None)", exec).doc("Runs a source or code."),
    method("eval", "(source, /, globals=None, locals=None)", eval).doc("The value of an expression, or of code."),
];

fn build_class(
    vm: &mut Vm,
    body: Value,
    name: Value,
    bases: Rest,
    metaclass: OrNone<Value>,
    keywords: Keywords,
) -> PyResult {
    if !vm.is_exact(body, BuiltinType::Function) {
        return Err(vm.raise_type("__build_class__: func must be a function"));
    }
    if !vm.is_str(name) {
        return Err(vm.raise_type("__build_class__: name is not a string"));
    }
    let original_bases = bases.value();
    let bases = resolve_bases(vm, bases)?;
    let metaclass = most_derived(vm, metaclass.0, bases.items())?;
    let plain = Value::object(vm.class(BuiltinType::Type));
    let prepare = if metaclass == plain { None } else { vm.get_attr_opt(metaclass, vm.names.__prepare__)? };
    let namespace = match prepare {
        Some(prepare) => call_with_keywords(vm, prepare, &[name, bases.value()], keywords)?,
        None => vm.new_dict(),
    };
    if vm.slots_of(namespace).get_item.is_none() {
        let name = match vm.has_layout(metaclass, BuiltinType::Type) {
            true => vm.type_name(metaclass.as_ptr()),
            false => "<metaclass>".to_string(),
        };
        let message = format!("{name}.__prepare__() must return a mapping, not {}", vm.class_name(namespace));
        return Err(vm.raise_type(&message));
    }
    if bases.value() != original_bases {
        let orig = vm.intern("__orig_bases__");
        vm.set_item(namespace, orig, original_bases)?;
    }
    let frame = vm.push_call(body, Arguments::positional(&[]))?;
    // SAFETY: a fresh frame.
    unsafe { vm.set_locals(frame, namespace) };
    let cell = vm.run_call(frame)?;
    let class = call_with_keywords(vm, metaclass, &[name, bases.value(), namespace], keywords)?;
    if let Some(cell) = This::<CellObject>::of(vm, cell)
        && vm.is_a::<TypeObject>(class)
        && cell.content != class
    {
        return Err(raise_lost_cell(vm, cell.content, name, class));
    }
    Ok(class)
}

/// `type.__new__` was to fill the cell that methods know their class by.
#[cold]
fn raise_lost_cell(vm: &mut Vm, content: Value, name: Value, class: Value) -> Raised {
    let (Ok(name), Ok(class)) = (vm.repr(name), vm.repr(class)) else { return Raised };
    let (name, class) = (vm.string_of(name), vm.string_of(class));
    if content.is_unbound() {
        return vm.raise_runtime(&format!(
            "__class__ not set defining {name} as {class}. Was __classcell__ propagated to type.__new__?"
        ));
    }
    match vm.repr(content) {
        Ok(content) => {
            let content = vm.string_of(content);
            vm.raise_type(&format!("__class__ set to {content} defining {name} as {class}"))
        }
        Err(raised) => raised,
    }
}

/// Bases with `__mro_entries__` replaced by what they say: the same tuple where there are none.
fn resolve_bases(vm: &mut Vm, bases: Rest) -> PyResult<This<TupleObject>> {
    let list = vm.new_list_with_capacity(bases.items().len())?;
    let mut is_changed = false;
    for &base in bases.items() {
        let hook = match vm.has_layout(base, BuiltinType::Type) {
            true => None,
            false => vm.get_attr_opt(base, vm.names.__mro_entries__)?,
        };
        let Some(hook) = hook else {
            vm.list_push(list.as_ptr(), base)?;
            continue;
        };
        is_changed = true;
        let entries = vm.call(hook, &[bases.value()])?;
        let Some(entries) = This::<TupleObject>::of(vm, entries) else {
            return Err(vm.raise_type("__mro_entries__ must return a tuple"));
        };
        for &entry in entries.items() {
            vm.list_push(list.as_ptr(), entry)?;
        }
    }
    let tuple = if is_changed { vm.list_to_tuple(list)? } else { bases.value() };
    Ok(This::of(vm, tuple).expect("a tuple"))
}

impl Vm {
    /// The metaclass of a class with these bases: the one that is given, or one of theirs that derives from it.
    pub(crate) fn most_derived_metaclass(&mut self, given: Value, bases: &[Value]) -> PyResult {
        most_derived(self, Some(given), bases)
    }
}

fn most_derived(vm: &mut Vm, given: Option<Value>, bases: &[Value]) -> PyResult {
    // A base may be an instance: then its class makes what is defined.
    let of_bases = || bases.first().map_or_else(|| vm.class(BuiltinType::Type), |&base| vm.class_of(base));
    let mut winner = given.unwrap_or_else(|| Value::object(of_bases()));
    if !vm.has_layout(winner, BuiltinType::Type) {
        return Ok(winner);
    }
    for &base in bases {
        let meta = vm.class_of(base);
        if vm.is_subclass(winner.as_ptr(), meta) {
            continue;
        }
        if !vm.is_subclass(meta, winner.as_ptr()) {
            return Err(vm.raise_type(
                "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
            ));
        }
        winner = Value::object(meta);
    }
    Ok(winner)
}

fn call_with_keywords(vm: &mut Vm, callee: Value, positional: &[Value], keywords: Keywords) -> PyResult {
    if keywords.is_empty() {
        return vm.call(callee, positional);
    }
    let (values, names) = (vm.new_list(positional)?, vm.new_list_with_capacity(0)?);
    let mut at = 0;
    while let Some((index, entry)) = keywords.dict().next_entry(at) {
        vm.list_push(values.as_ptr(), entry.value)?;
        vm.list_push(names.as_ptr(), entry.key)?;
        at = index + 1;
    }
    let names = vm.list_to_tuple(names)?;
    // SAFETY: a list made here, which nobody else knows.
    let values = unsafe { (*values.as_ptr::<ListObject>()).items() };
    vm.call_with(callee, Arguments { values, names })
}

fn import(
    vm: &mut Vm,
    name: Value,
    globals: OrNone<Value>,
    _locals: Option<Value>,
    from: Option<Value>,
    level: Option<Index>,
) -> PyResult {
    if !vm.is_str(name) {
        return Err(vm.raise_type("module name must be a string"));
    }
    let globals = globals.0.unwrap_or_else(|| vm.new_dict());
    let from = match from {
        Some(from) if vm.is_true(from)? => from,
        _ => Value::NONE,
    };
    vm.import_level(globals, name, from, level.map_or(0, |level| level.0))
}

fn origin_of(vm: &Vm, source: Value) -> Origin {
    if vm.is_str(source) { Origin::Text } else { Origin::Bytes }
}

fn source_bytes(vm: &mut Vm, source: Value, what: &str) -> PyResult<Vec<u8>> {
    if vm.is_str(source) {
        return Ok(vm.string_of(source).into_bytes());
    }
    if vm.is_bytes_like(source) {
        return Ok(BytesLike::of(vm, source)?.to_vec());
    }
    let other = if what == "compile" { "AST" } else { "code" };
    let message = format!("{what}() arg 1 must be a string, bytes or {other} object");
    Err(vm.raise_type(&message))
}

/// What the module `_ast` does for `compile`.
pub trait SyntaxTrees: Sync {
    /// Is it a node?
    fn is_tree(&self, vm: &mut Vm, value: Value) -> bool;
    /// The tree of a source.
    fn parse(&self, vm: &mut Vm, source: &[u8], filename: &str, request: &TreeRequest) -> PyResult;
    /// The tree that the compiler makes of a tree.
    fn fold(&self, vm: &mut Vm, tree: Value, filename: &str, request: &TreeRequest) -> PyResult;
    /// The code of a tree.
    fn compile(&self, vm: &mut Vm, tree: Value, filename: &str, options: &CompileOptions) -> PyResult;
}

/// Which tree is asked for.
pub struct TreeRequest {
    pub options: CompileOptions,
    /// It is of a type comment of a function: `(int, str) -> bool`.
    pub is_function_type: bool,
    /// As the compiler works on it: constants folded.
    pub is_folded: bool,
    /// With the comments that tell of types.
    pub has_type_comments: bool,
    /// Of the version whose language it is to be in, if that is an earlier one.
    pub minor_version: Option<i64>,
}

/// The bits of `compile`'s flags beside those of `__future__`.
mod flag {
    pub const SOURCE_IS_UTF8: u32 = 0x100;
    pub const DONT_IMPLY_DEDENT: u32 = 0x200;
    pub const ONLY_AST: u32 = 0x400;
    pub const IGNORE_COOKIE: u32 = 0x800;
    pub const TYPE_COMMENTS: u32 = 0x1000;
    pub const ALLOW_TOP_LEVEL_AWAIT: u32 = 0x2000;
    pub const ALLOW_INCOMPLETE_INPUT: u32 = 0x4000;
    pub const OPTIMIZED_AST: u32 = 0x8000;
    pub const ALL: u32 = SOURCE_IS_UTF8
        | DONT_IMPLY_DEDENT
        | ONLY_AST
        | IGNORE_COOKIE
        | TYPE_COMMENTS
        | ALLOW_TOP_LEVEL_AWAIT
        | ALLOW_INCOMPLETE_INPUT
        | OPTIMIZED_AST
        | crate::bytecode::CodeFlags::FUTURE_MASK;
}

#[expect(clippy::too_many_arguments, reason = "as many as Python's function has")]
fn compile(
    vm: &mut Vm,
    source: Value,
    filename: FilePath,
    mode: Str,
    flags: Option<Index>,
    dont_inherit: Option<Value>,
    optimize: Option<Index>,
    feature_version: Option<Index>,
) -> PyResult {
    let flags = flags.map_or(0, |flags| flags.0 as u32);
    if flags & !flag::ALL != 0 {
        return Err(vm.raise_value("compile(): unrecognised flags"));
    }
    let optimize = match optimize.map_or(-1, |optimize| optimize.0) {
        -1 => vm.optimize,
        level @ 0..=2 => level as u8,
        _ => return Err(vm.raise_value("compile(): invalid optimize value")),
    };
    let is_inherited = match dont_inherit {
        Some(dont) => !vm.is_true(dont)?,
        None => true,
    };
    let inherited = if is_inherited { inherited_features(vm) } else { 0 };
    let wants_tree = flags & flag::ONLY_AST != 0;
    let mode_name = mode.text();
    let mode = match mode_name.as_str() {
        "exec" => CompileMode::Exec,
        "eval" => CompileMode::Eval,
        "single" => CompileMode::Single,
        "func_type" if wants_tree => CompileMode::Eval,
        "func_type" => return Err(vm.raise_value("compile() mode 'func_type' requires flag PyCF_ONLY_AST")),
        _ => {
            let also = if wants_tree { ", 'single' or 'func_type'" } else { " or 'single'" };
            return Err(vm.raise_value(&format!("compile() mode must be 'exec', 'eval'{also}")));
        }
    };
    let options = CompileOptions {
        mode,
        optimize,
        future_flags: flags & crate::bytecode::CodeFlags::FUTURE_MASK | inherited,
        allow_top_level_await: flags & flag::ALLOW_TOP_LEVEL_AWAIT != 0,
        int_max_str_digits: vm.max_str_digits,
        dont_imply_dedent: flags & flag::DONT_IMPLY_DEDENT != 0,
        allow_incomplete: flags & flag::ALLOW_INCOMPLETE_INPUT != 0,
        origin: origin_of(vm, source),
        stack_left_bytes: vm.native_stack_left(),
    };
    let is_text = vm.is_str(source) || vm.is_bytes_like(source);
    if !wants_tree && is_text {
        let source = source_bytes(vm, source, "compile")?;
        return vm.compile(&source, &filename.0, &options);
    }
    if vm.syntax_trees.is_none() {
        vm.import_dotted("_ast")?;
    }
    let Some(trees) = vm.syntax_trees else { return Err(vm.raise_type("compile(): no module has syntax trees")) };
    let is_folded = flags & flag::OPTIMIZED_AST != 0;
    let is_function_type = mode_name == "func_type";
    let has_type_comments = flags & flag::TYPE_COMMENTS != 0;
    let minor_version = feature_version.map(|version| version.0).filter(|&minor| minor >= 0);
    let request = |options| TreeRequest { options, is_function_type, is_folded, has_type_comments, minor_version };
    if !trees.is_tree(vm, source) {
        let source = source_bytes(vm, source, "compile")?;
        let (source, options) = vm.readable_source(&source, &filename.0, &options)?;
        return trees.parse(vm, &source, &filename.0, &request(options));
    }
    match (wants_tree, is_folded) {
        (false, _) => trees.compile(vm, source, &filename.0, &options),
        (true, true) => trees.fold(vm, source, &filename.0, &request(options)),
        (true, false) => Ok(source),
    }
}

/// The `__future__` features of the code that calls.
fn inherited_features(vm: &mut Vm) -> u32 {
    // SAFETY: a frame that runs has live code.
    vm.running_frame().map_or(0, |frame| unsafe { (*(*frame.code_object()).code).flags })
        & crate::bytecode::CodeFlags::FUTURE_MASK
}

/// Globals and locals for `exec` and `eval`.
fn namespaces(
    vm: &mut Vm,
    globals: OrNone<Value>,
    locals: OrNone<Value>,
    mode: CompileMode,
) -> PyResult<(Value, Value)> {
    let is_eval = mode == CompileMode::Eval;
    if let Some(locals) = locals.0
        && vm.slots_of(locals).get_item.is_none()
    {
        let message = match is_eval {
            true => "locals must be a mapping".to_owned(),
            false => format!("locals must be a mapping or None, not {}", vm.class_name(locals)),
        };
        return Err(vm.raise_type(&message));
    }
    if let Some(globals) = globals.0 {
        if !vm.has_layout(globals, BuiltinType::Dict) {
            let message = match is_eval {
                true if vm.slots_of(globals).get_item.is_some() => {
                    "globals must be a real dict; try eval(code, {}, mapping)".to_owned()
                }
                true => "globals must be a dict".to_owned(),
                false => format!("exec() globals must be a dict, not {}", vm.class_name(globals)),
            };
            return Err(vm.raise_type(&message));
        }
        return Ok((globals, locals.0.unwrap_or(globals)));
    }
    let Some(frame) = vm.running_frame() else {
        let dict = vm.new_dict();
        return Ok((dict, dict));
    };
    let frame_globals = frame.globals();
    let locals = locals.0.map_or_else(|| vm.running_locals(frame), Ok)?;
    Ok((frame_globals, locals))
}

fn run(
    vm: &mut Vm,
    source: Value,
    cells: Value,
    (globals, locals): (OrNone<Value>, OrNone<Value>),
    mode: CompileMode,
    what: &str,
) -> PyResult {
    let (globals, locals) = namespaces(vm, globals, locals, mode)?;
    let code = if vm.is_exact(source, BuiltinType::Code) {
        source
    } else {
        let origin = origin_of(vm, source);
        let mut source = source_bytes(vm, source, what)?;
        if mode == CompileMode::Eval {
            let skipped = source.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            source.drain(..skipped);
        }
        let options = CompileOptions {
            mode,
            optimize: vm.optimize,
            future_flags: inherited_features(vm),
            int_max_str_digits: vm.max_str_digits,
            origin,
            ..CompileOptions::default()
        };
        vm.compile(&source, "<string>", &options)?
    };
    vm.run_closure(code, cells, globals, locals)
}

fn exec(
    vm: &mut Vm,
    source: Value,
    globals: OrNone<Value>,
    locals: OrNone<Value>,
    closure: OrNone<Value>,
) -> PyResult<()> {
    let cells = closure_of(vm, source, closure.0)?;
    run(vm, source, cells, (globals, locals), CompileMode::Exec, "exec")?;
    Ok(())
}

fn n_free_variables(code: Value) -> usize {
    // SAFETY: callers pass a code object, which keeps its code.
    unsafe { (*(*code.as_ptr::<CodeObject>()).code).n_frees }
}

/// The cells for the free variables of what `exec` is to run; None where it has none.
fn closure_of(vm: &mut Vm, source: Value, closure: Option<Value>) -> PyResult {
    if !vm.is_exact(source, BuiltinType::Code) {
        return match closure {
            Some(_) => Err(vm.raise_type("closure can only be used when source is a code object")),
            None => Ok(Value::NONE),
        };
    }
    let n_frees = n_free_variables(source);
    if n_frees == 0 {
        return match closure {
            Some(_) => Err(vm.raise_type("cannot use a closure with this code object")),
            None => Ok(Value::NONE),
        };
    }
    let cells = closure.filter(|&cells| vm.is_exact(cells, BuiltinType::Tuple));
    let is_sound = cells.is_some_and(|cells| {
        let cells = vm.tuple_items(cells);
        cells.len() == n_frees && cells.iter().all(|&cell| vm.is_a::<CellObject>(cell))
    });
    match cells {
        Some(cells) if is_sound => Ok(cells),
        _ => Err(vm.raise_type(&format!("code object requires a closure of exactly length {n_frees}"))),
    }
}

fn eval(vm: &mut Vm, source: Value, globals: OrNone<Value>, locals: OrNone<Value>) -> PyResult {
    if vm.is_exact(source, BuiltinType::Code) && n_free_variables(source) > 0 {
        return Err(vm.raise_type("code object passed to eval() may not contain free variables"));
    }
    run(vm, source, Value::NONE, (globals, locals), CompileMode::Eval, "eval")
}
