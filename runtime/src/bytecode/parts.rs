//! Long modules compiled in parts: see `join`.

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{Mod, ModModule, Stmt};
use ruff_source_file::SourceFileBuilder;
use rustpython_codegen::{compile as codegen, preprocess};
use rustpython_compiler::{CompileError, Mode};
use rustpython_compiler_core::SourceLocation;
use rustpython_compiler_core::bytecode::CodeFlags as TheirFlags;

use super::compile::{CompileMode, CompileOptions, SyntaxWarning, convert_code, parse_file};
use super::join::join;
use super::raw::RawCode;

/// A part has at least so many statements. Modules with fewer than two parts are compiled whole.
const STATEMENTS: usize = 256;
/// Sources below this length are not looked at.
const MIN_BYTES: usize = 1 << 16;

/// The code of a long module, compiled in parts. `None`: the module is to be compiled whole, be it that it is short, that there is
/// something in it that needs all of it, or that there is an error, which is found in the right order then.
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
    if options.mode != CompileMode::Exec || options.allow_top_level_await {
        return None;
    }
    let file = SourceFileBuilder::new(filename, text).finish();
    let mut has_global = false;
    let tree = parse_file(&file, options, |tokens| {
        has_global = tokens.iter().any(|token| token.kind() == TokenKind::Global);
    })
    .ok()?;
    // A name that some function declares is another's in all of the module.
    if has_global {
        return None;
    }
    let future = preprocess::checked_future_features(&tree).ok()?;
    let Mod::Module(module) = tree else { return None };
    if annotates(&module.body) {
        return None;
    }
    let parts = cut(module, n_statements)?;
    let mut opts = options.of_compiler();
    opts.future_features |= future | TheirFlags::from_bits_truncate(options.future_flags);
    let mut found = Vec::new();
    let mut codes = Vec::with_capacity(parts.len());
    for part in parts {
        let mut on_warning = |location: SourceLocation, message: String| {
            found.push(SyntaxWarning::at(location, message));
            Ok(())
        };
        let code = codegen::compile_top_with_syntax_warning_handler(
            Mod::Module(part),
            file.clone(),
            options.mode.of_compiler(),
            opts.clone(),
            Some(&mut on_warning),
        );
        codes.push(convert_code(code.ok()?));
    }
    let whole = join(codes)?;
    warnings.append(&mut found);
    Some(whole)
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
fn cut(module: ModModule, n_statements: usize) -> Option<Vec<ModModule>> {
    let mut parts = Vec::new();
    let mut part = Vec::new();
    let mut statements = module.body.into_iter().peekable();
    while let Some(statement) = statements.next() {
        let is_definition = matches!(statement, Stmt::FunctionDef(_) | Stmt::ClassDef(_));
        part.push(statement);
        let goes_on = statements.peek().is_some_and(|next| !matches!(next, Stmt::Expr(_)));
        if part.len() >= n_statements && is_definition && goes_on {
            parts.push(std::mem::take(&mut part));
        }
    }
    if parts.is_empty() {
        return None;
    }
    parts.push(part);
    let of_body = |body: Vec<Stmt>| ModModule {
        node_index: ruff_python_ast::AtomicNodeIndex::NONE,
        range: module.range,
        body: body.into_iter().collect(),
        runtime_body: None,
    };
    Some(parts.into_iter().map(of_body).collect())
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
            let joined = super::super::compile::on_deep_stack(text.len(), &name, || {
                Ok(compile_parts(&text, &name, &options, &mut of_parts, 1))
            });
            let Ok(Some(joined)) = joined else { continue };
            n_joined += 1;
            assert_eq!(super::super::dump::dump(&joined), super::super::dump::dump(&whole), "{name}");
        }
        assert!(n_joined > 20, "{n_joined}");
    }
}
