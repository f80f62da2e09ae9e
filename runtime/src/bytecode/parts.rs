//! Long sources: constants have stand-ins, and modules are compiled in parts. See `stand_ins` and `join`.

use ruff_python_ast::visitor::transformer::{Transformer, walk_stmt};
use ruff_python_ast::{Expr, Mod, ModModule, Stmt};
use ruff_source_file::{SourceFile, SourceFileBuilder};
use rustpython_codegen::{compile as codegen, preprocess};
use rustpython_compiler::{CompileError, CompileOpts, Mode};
use rustpython_compiler_core::SourceLocation;
use std::cell::RefCell;
use std::collections::HashSet;

use super::compile::{CompileMode, CompileOptions, SyntaxWarning, convert_code, parse_file};
use super::join::join;
use super::raw::RawCode;
use super::stand_ins::StandIns;

/// A part has at least so many statements. Modules with fewer than two parts are compiled whole.
const STATEMENTS: usize = 256;
/// Sources below this length are not looked at.
const MIN_BYTES: usize = 1 << 16;

/// The code of a long source, compiled with stand-ins for its constants, and in parts if it is a module that can be cut. `None`: the
/// source is to be compiled as others are, be it that it is short, or that there is an error, which is found in the right order then.
pub fn compile_long(
    text: &str,
    filename: &str,
    options: &CompileOptions,
    warnings: &mut Vec<SyntaxWarning>,
) -> Option<RawCode> {
    if text.len() < MIN_BYTES {
        return None;
    }
    compile_parts(text, filename, options, warnings, STATEMENTS)
}

fn compile_parts(
    text: &str,
    filename: &str,
    options: &CompileOptions,
    warnings: &mut Vec<SyntaxWarning>,
    n_statements: usize,
) -> Option<RawCode> {
    if options.mode != CompileMode::Exec {
        return None;
    }
    let mut compiler = PartCompiler::new(text, filename, options);
    let mut module = compiler.parse()?;
    if options.allow_top_level_await || annotates(&module.body) {
        return compiler.whole(module, warnings);
    }
    let globals = globals_of(&mut module);
    let parts = match cut(module, n_statements) {
        Ok(parts) => parts,
        Err(module) => return compiler.whole(module, warnings),
    };
    let mut codes = Vec::with_capacity(parts.len());
    for part in parts {
        codes.push(compiler.compile(part)?);
    }
    if let Some(code) = join(codes, globals) {
        warnings.append(&mut compiler.found);
        return Some(code);
    }
    compiler.found.clear();
    let module = compiler.parse()?;
    compiler.whole(module, warnings)
}

struct PartCompiler<'a> {
    file: SourceFile,
    options: &'a CompileOptions,
    opts: CompileOpts,
    stand_ins: StandIns,
    found: Vec<SyntaxWarning>,
}

impl PartCompiler<'_> {
    fn new<'a>(text: &str, filename: &str, options: &'a CompileOptions) -> PartCompiler<'a> {
        let file = SourceFileBuilder::new(filename, text).finish();
        let opts = options.of_compiler();
        PartCompiler { file, options, opts, stand_ins: StandIns::default(), found: Vec::new() }
    }

    /// The tree, with stand-ins. What features it asks for holds for all of its parts.
    fn parse(&mut self) -> Option<ModModule> {
        let mut tree = parse_file(&self.file, self.options, |_| ()).ok()?;
        let future = preprocess::checked_future_features(&tree).ok()?;
        self.opts.future_features |= future;
        self.stand_ins = StandIns::put(&mut tree);
        match tree {
            Mod::Module(module) => Some(module),
            Mod::Expression(_) => None,
        }
    }

    fn compile(&mut self, part: ModModule) -> Option<RawCode> {
        let found = &mut self.found;
        let mut on_warning = |location: SourceLocation, message: String| {
            found.push(SyntaxWarning::at(location, message));
            Ok(())
        };
        let code = codegen::compile_top_with_syntax_warning_handler(
            Mod::Module(part),
            self.file.clone(),
            self.options.mode.of_compiler(),
            self.opts.clone(),
            Some(&mut on_warning),
        );
        Some(self.stand_ins.take_back(convert_code(code.ok()?)))
    }

    fn whole(mut self, module: ModModule, warnings: &mut Vec<SyntaxWarning>) -> Option<RawCode> {
        let code = self.compile(module)?;
        warnings.append(&mut self.found);
        Some(code)
    }
}

/// The names that are declared global anywhere in a module: in all of it the module's own code reaches them as functions do.
fn globals_of(module: &mut ModModule) -> HashSet<String> {
    let finder = GlobalFinder::default();
    finder.visit_body(&mut module.body);
    finder.0.into_inner()
}

#[derive(Default)]
struct GlobalFinder(RefCell<HashSet<String>>);

impl Transformer for GlobalFinder {
    fn visit_stmt(&self, statement: &mut Stmt) {
        if let Stmt::Global(global) = statement {
            self.0.borrow_mut().extend(global.names.iter().map(|name| name.to_string()));
        }
        walk_stmt(self, statement);
    }

    fn visit_expr(&self, _: &mut Expr) {}
}

/// Are there annotations among the statements, which the module keeps together?
pub(super) fn annotates(body: &[Stmt]) -> bool {
    body.iter().any(|statement| match statement {
        Stmt::AnnAssign(_) => true,
        Stmt::If(it) => annotates(&it.body) || it.elif_else_clauses.iter().any(|clause| annotates(&clause.body)),
        Stmt::For(it) => annotates(&it.body) || annotates(&it.orelse),
        Stmt::While(it) => annotates(&it.body) || annotates(&it.orelse),
        Stmt::With(it) => annotates(&it.body),
        Stmt::Match(it) => it.cases.iter().any(|case| annotates(&case.body)),
        Stmt::Try(it) => {
            let handlers = it.handlers.iter().filter_map(|handler| handler.as_except_handler());
            annotates(&it.body)
                || handlers.into_iter().any(|handler| annotates(&handler.body))
                || annotates(&it.orelse)
                || annotates(&it.finalbody)
        }
        _ => false,
    })
}

/// Parts that end with a definition, behind which control goes on in one way. The next does not begin with an expression, which
/// could be taken for its docstring.
/// Back comes a module that cannot be cut.
fn cut(module: ModModule, n_statements: usize) -> Result<Vec<ModModule>, ModModule> {
    let mut ends = Vec::new();
    for (at, pair) in module.body.windows(2).enumerate() {
        let is_definition = matches!(pair[0], Stmt::FunctionDef(_) | Stmt::ClassDef(_));
        let goes_on = !matches!(pair[1], Stmt::Expr(_));
        if at + 1 - ends.last().copied().unwrap_or(0) >= n_statements && is_definition && goes_on {
            ends.push(at + 1);
        }
    }
    if ends.is_empty() {
        return Err(module);
    }
    ends.push(module.body.len());
    let mut statements = module.body.into_iter();
    let mut start = 0;
    let mut parts: Vec<Vec<Stmt>> = Vec::with_capacity(ends.len());
    for end in ends {
        parts.push(statements.by_ref().take(end - start).collect());
        start = end;
    }
    let of_body = |body: Vec<Stmt>| ModModule {
        node_index: ruff_python_ast::AtomicNodeIndex::NONE,
        range: module.range,
        body: body.into_iter().collect(),
        runtime_body: None,
    };
    Ok(parts.into_iter().map(of_body).collect())
}

/// A feature that there is not: who finds it goes on to no table of names, which takes long.
const NO_FEATURE: &str = "from __future__ import no_such_feature\n";

/// Does the compiler find errors beside the parser's? Its own functions for that are not to be had by themselves.
fn has_late_syntax_error(text: &str, filename: &str) -> bool {
    let text = format!("{NO_FEATURE}{text}");
    matches!(rustpython_compiler::compile_symtable(&text, Mode::Exec, filename), Err(CompileError::Parse(_)))
}

/// The error that the compiler finds beside the parser's.
pub fn late_syntax_error(text: &str, filename: &str, mode: CompileMode) -> Option<CompileError> {
    if mode == CompileMode::Exec && !has_late_syntax_error(text, filename) {
        return None;
    }
    match rustpython_compiler::compile_symtable(text, mode.of_compiler(), filename) {
        Err(error @ CompileError::Parse(_)) => Some(error),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::compile::compile_with_warnings;
    use super::*;

    /// Parts of one definition each give what the whole gives, constants in another order perhaps.
    #[test]
    fn joined_code_is_that_of_the_whole() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/programs");
        let options = CompileOptions::default();
        let mut n_joined = 0;
        for entry in std::fs::read_dir(folder).expect("a folder of programs") {
            let path = entry.expect("an entry").path();
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            if path.extension().is_none_or(|extension| extension != "py") {
                continue;
            }
            // A part does not know what the module imports, whose attributes are loaded by other instructions.
            if text.contains("import ") {
                continue;
            }
            // The handlers of a part stand at its end; those of a whole module stand behind all that is not handled.
            if text.contains("\ntry:") || text.contains("\nwith ") {
                continue;
            }
            let name = path.to_string_lossy().into_owned();
            let (mut warnings, mut of_parts) = (Vec::new(), Vec::new());
            let Ok(whole) = compile_with_warnings(text.as_bytes(), &name, &options, &mut warnings) else { continue };
            let joined = super::super::compile::on_deep_stack(text.len(), 0, &name, || {
                Ok(compile_parts(&text, &name, &options, &mut of_parts, 1))
            });
            let Ok(Some(joined)) = joined else { continue };
            n_joined += 1;
            assert_eq!(super::super::dump::dump(&joined), super::super::dump::dump(&whole), "{name}");
        }
        assert!(n_joined > 20, "{n_joined}");
    }
}
