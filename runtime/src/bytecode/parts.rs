//! Long sources: constants have stand-ins, and modules and classes are compiled in parts. See `stand_ins`, `join` and `class_parts`.

use ruff_python_ast::visitor::transformer::{Transformer, walk_stmt};
use ruff_python_ast::{AtomicNodeIndex, Expr, Mod, ModModule, Stmt, StmtClassDef};
use ruff_source_file::{SourceFile, SourceFileBuilder};
use ruff_text_size::TextRange;
use rustpython_codegen::{compile as codegen, preprocess};
use rustpython_compiler::{CompileError, CompileOpts, Mode};
use rustpython_compiler_core::SourceLocation;
use std::cell::RefCell;
use std::collections::HashSet;

use super::class_parts::cut_classes;
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
    for cuts in [Cuts::Classes, Cuts::Module, Cuts::Nothing] {
        let mut compiler = PartCompiler::new(text, filename, options);
        match compiler.attempt(cuts, n_statements) {
            Ok(code) => {
                compiler.found.sort_by_key(|warning| (warning.line, warning.column));
                warnings.append(&mut compiler.found);
                return Some(code);
            }
            Err(Obstacle::Error) => return None,
            Err(Obstacle::Apart) => {}
        }
    }
    None
}

/// What is cut: the module alone, or its classes too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cuts {
    Classes,
    Module,
    Nothing,
}

/// Why there is no code.
pub(super) enum Obstacle {
    /// There is an error in the source.
    Error,
    /// The parts cannot be joined.
    Apart,
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

    fn attempt(&mut self, cuts: Cuts, n_statements: usize) -> Result<RawCode, Obstacle> {
        let mut module = self.parse()?;
        let classes = match cuts {
            Cuts::Classes => cut_classes(&mut module, &self.file, n_statements),
            Cuts::Module | Cuts::Nothing => Vec::new(),
        };
        let is_whole = cuts == Cuts::Nothing || self.options.allow_top_level_await || annotates(&module.body);
        let mut code = if is_whole { self.compile(module) } else { self.module(module, n_statements) }?;
        for class in classes {
            class.rejoin(&mut code, |part| self.compile(part))?;
        }
        Ok(code)
    }

    /// The code of a module, in parts where it can be cut.
    fn module(&mut self, mut module: ModModule, n_statements: usize) -> Result<RawCode, Obstacle> {
        let globals = globals_of(&mut module);
        let ends = ends_of_parts(&module.body, n_statements);
        if ends.is_empty() {
            return self.compile(module);
        }
        let mut codes = Vec::with_capacity(ends.len() + 1);
        for part in cut(module, &ends) {
            codes.push(self.compile(part)?);
        }
        join(codes, globals).ok_or(Obstacle::Apart)
    }

    /// The tree, with stand-ins. What features it asks for holds for all of its parts.
    fn parse(&mut self) -> Result<ModModule, Obstacle> {
        let mut tree = parse_file(&self.file, self.options, |_| ()).map_err(|_| Obstacle::Error)?;
        let future = preprocess::checked_future_features(&tree).map_err(|_| Obstacle::Error)?;
        self.opts.future_features |= future;
        self.stand_ins = StandIns::put(&mut tree);
        match tree {
            Mod::Module(module) => Ok(module),
            Mod::Expression(_) => Err(Obstacle::Error),
        }
    }

    fn compile(&mut self, part: ModModule) -> Result<RawCode, Obstacle> {
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
        let code = code.map_err(|_| Obstacle::Error)?;
        Ok(self.stand_ins.take_back(convert_code(code)))
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

/// Does a class declare names global?
pub(super) fn declares_globals(class: &mut StmtClassDef) -> bool {
    let finder = GlobalFinder::default();
    finder.visit_body(&mut class.body);
    !finder.0.into_inner().is_empty()
}

/// Where parts end, but the last: with a definition, behind which control goes on in one way. The next does not begin with an
/// expression, which could be taken for its docstring.
pub(super) fn ends_of_parts(body: &[Stmt], n_statements: usize) -> Vec<usize> {
    let mut ends = Vec::new();
    for (at, pair) in body.windows(2).enumerate() {
        let is_definition = matches!(pair[0], Stmt::FunctionDef(_) | Stmt::ClassDef(_));
        let goes_on = !matches!(pair[1], Stmt::Expr(_));
        if at + 1 - ends.last().copied().unwrap_or(0) >= n_statements && is_definition && goes_on {
            ends.push(at + 1);
        }
    }
    ends
}

fn cut(module: ModModule, ends: &[usize]) -> Vec<ModModule> {
    let mut statements = module.body.into_iter();
    let starts = std::iter::once(&0).chain(ends);
    let ends = ends.iter().chain(std::iter::once(&usize::MAX));
    starts.zip(ends).map(|(start, end)| module_of(statements.by_ref().take(end - start), module.range)).collect()
}

pub(super) fn module_of(body: impl IntoIterator<Item = Stmt>, range: TextRange) -> ModModule {
    let body = body.into_iter().collect();
    ModModule { node_index: AtomicNodeIndex::NONE, range, body, runtime_body: None }
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
