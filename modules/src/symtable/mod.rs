//! `_symtable`: which names a source has in which scopes, as the compiler sees them.

use rustpython_codegen::symboltable::{CompilerScope, SymbolFlags, SymbolTable};
use stitch_runtime::bytecode::compile::symbol_table;
use stitch_runtime::bytecode::{CompileMode, CompileOptions, Origin};
use stitch_runtime::object::argument::{FilePath, Str, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{GetSetRow, Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

const SCOPE_OFFSET: i64 = 12;

const fn flag(flag: SymbolFlags) -> Constant {
    Constant::Int(flag.bits() as i64)
}

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_symtable",
    doc: "The names of a source and their scopes.",
    functions: &[
        method("symtable", "(source, filename, startstr, /)", symtable).doc("The names of a source's outermost scope.")
    ],
    constants: &[
        ("USE", flag(SymbolFlags::USE)),
        ("DEF_GLOBAL", flag(SymbolFlags::DEF_GLOBAL)),
        ("DEF_NONLOCAL", flag(SymbolFlags::DEF_NONLOCAL)),
        ("DEF_LOCAL", flag(SymbolFlags::DEF_LOCAL)),
        ("DEF_PARAM", flag(SymbolFlags::DEF_PARAM)),
        ("DEF_TYPE_PARAM", flag(SymbolFlags::DEF_TYPE_PARAM)),
        ("DEF_FREE_CLASS", flag(SymbolFlags::DEF_FREE_CLASS)),
        ("DEF_IMPORT", flag(SymbolFlags::DEF_IMPORT)),
        // As CPython has it, where parameters of types are not among them.
        ("DEF_BOUND", Constant::Int(134)),
        ("DEF_ANNOT", flag(SymbolFlags::DEF_ANNOT)),
        ("DEF_COMP_ITER", flag(SymbolFlags::DEF_COMP_ITER)),
        ("DEF_COMP_CELL", flag(SymbolFlags::DEF_COMP_CELL)),
        ("TYPE_FUNCTION", Constant::Int(0)),
        ("TYPE_CLASS", Constant::Int(1)),
        ("TYPE_MODULE", Constant::Int(2)),
        ("TYPE_ANNOTATION", Constant::Int(3)),
        ("TYPE_TYPE_ALIAS", Constant::Int(4)),
        ("TYPE_TYPE_PARAMETERS", Constant::Int(5)),
        ("TYPE_TYPE_VARIABLE", Constant::Int(6)),
        ("LOCAL", Constant::Int(1)),
        ("GLOBAL_EXPLICIT", Constant::Int(2)),
        ("GLOBAL_IMPLICIT", Constant::Int(3)),
        ("FREE", Constant::Int(4)),
        ("CELL", Constant::Int(5)),
        ("SCOPE_OFF", Constant::Int(SCOPE_OFFSET)),
        ("SCOPE_MASK", Constant::Int(15)),
    ],
    ..ModuleSpec::NEW
};

#[repr(C)]
struct Entry {
    header: Header,
    name: Value,
    symbols: Value,
    varnames: Value,
    children: Value,
    kind: i64,
    line: i64,
    is_nested: bool,
}

static ENTRY: TypeSpec = TypeSpec {
    name: "symtable entry",
    doc: "A scope: its names, and the scopes in it.",
    layout: Some(Layout::of::<Entry>(4)),
    slots: Slots { repr: slot(write_repr), ..Slots::NONE },
    getters: GETTERS,
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for Entry {
    const SPEC: &'static TypeSpec = &ENTRY;
}

const GETTERS: &[GetSetRow] = &[
    field("id", |vm: &mut Vm, this: This<Entry>| vm.new_int(this.value().0 as i64)).doc("A number that no other has."),
    field("name", |this: This<Entry>| this.name).doc("The name of what has the scope."),
    field("symbols", |this: This<Entry>| this.symbols).doc("The names, and bits of what is known of each."),
    field("varnames", |this: This<Entry>| this.varnames).doc("The parameters."),
    field("children", |this: This<Entry>| this.children).doc("The scopes in it."),
    field("nested", |this: This<Entry>| i64::from(this.is_nested)).doc("1 where it is in a function."),
    field("type", |this: This<Entry>| this.kind).doc("What has the scope."),
    field("lineno", |this: This<Entry>| this.line).doc("The line where it begins."),
];

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<Entry>) -> PyResult<()> {
    let name = vm.string_of(this.name);
    let id = this.value().0;
    _ = vm;
    out.push_str(&format!("<symtable entry {name}({id}), line {}>", this.line));
    Ok(())
}

/// A scope as plain data.
struct Scope {
    name: String,
    kind: i64,
    line: i64,
    is_nested: bool,
    symbols: Vec<(String, i64)>,
    varnames: Vec<String>,
    children: Vec<Scope>,
}

impl Scope {
    fn of(table: &SymbolTable) -> Scope {
        let kind = match table.typ {
            CompilerScope::Function
            | CompilerScope::AsyncFunction
            | CompilerScope::Lambda
            | CompilerScope::Comprehension => 0,
            CompilerScope::Class => 1,
            CompilerScope::Module => 2,
            CompilerScope::Annotation => 3,
            CompilerScope::TypeAlias => 4,
            CompilerScope::TypeParams => 5,
            CompilerScope::TypeVariable => 6,
        };
        let symbols = table.symbols.values().map(|symbol| {
            let flags = i64::from(symbol.flags.bits()) | i64::from(symbol.scope.as_i32()) << SCOPE_OFFSET;
            (symbol.name.to_string(), flags)
        });
        // Annotations are kept apart by the compiler; they come where they were begun.
        let mut children: Vec<&SymbolTable> =
            table.sub_tables.iter().chain(table.annotation_block.as_deref()).collect();
        children.sort_by_key(|child| child.block_index);
        let is_module = table.typ == CompilerScope::Module;
        Scope {
            name: if is_module { "top".to_owned() } else { table.name.to_string() },
            kind,
            line: if is_module { 0 } else { i64::from(table.line_number) },
            is_nested: table.is_nested,
            symbols: symbols.collect(),
            varnames: table.varnames.iter().map(ToString::to_string).collect(),
            children: children.into_iter().map(Scope::of).collect(),
        }
    }

    fn value(&self, vm: &mut Vm) -> PyResult {
        vm.check_native_stack()?;
        let symbols = vm.new_dict();
        for (name, flags) in &self.symbols {
            let name = vm.intern(name);
            vm.dict_set(symbols, name, Value::small_int(*flags))?;
        }
        let varnames = vm.new_list_with_capacity(self.varnames.len())?;
        for name in &self.varnames {
            let name = vm.intern(name);
            vm.list_push(varnames.as_ptr(), name)?;
        }
        let children = vm.new_list_with_capacity(self.children.len())?;
        for child in &self.children {
            let child = child.value(vm)?;
            vm.list_push(children.as_ptr(), child)?;
        }
        let name = vm.intern(&self.name);
        let class = vm.type_of_spec(&ENTRY);
        let (kind, line, is_nested) = (self.kind, self.line, self.is_nested);
        vm.new_object(class, |header| Entry { header, name, symbols, varnames, children, kind, line, is_nested })
    }
}

fn symtable(vm: &mut Vm, source: Value, filename: FilePath, mode: Str) -> PyResult {
    let origin = if vm.is_str(source) { Origin::Text } else { Origin::Bytes };
    let source = if vm.is_str(source) {
        vm.string_of(source).into_bytes()
    } else if vm.is_bytes_like(source) {
        BytesLike::of(vm, source)?.to_vec()
    } else {
        return Err(vm.raise_type("symtable() arg 1 must be a string or bytes"));
    };
    let mode = match mode.text().as_str() {
        "exec" => CompileMode::Exec,
        "eval" => CompileMode::Eval,
        "single" => CompileMode::Single,
        _ => return Err(vm.raise_value("symtable() arg 3 must be 'exec' or 'eval' or 'single'")),
    };
    let options = CompileOptions { mode, origin, ..CompileOptions::default() };
    let (source, options) = vm.readable_source(&source, &filename.0, &options)?;
    match symbol_table(&source, &filename.0, &options, Scope::of) {
        Ok(scope) => scope.value(vm),
        Err(info) => Err(vm.raise_syntax(&info)),
    }
}
