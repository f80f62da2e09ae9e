//! Source to code objects, through `rustpython-compiler`.

use malachite_nz::natural::Natural;
use ruff_python_ast::Mod;
use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_parser as parser;
use ruff_source_file::{PositionEncoding, SourceFile, SourceFileBuilder};
use ruff_text_size::Ranged;
use rustpython_codegen::error::{CodegenError, CodegenErrorType};
use rustpython_codegen::symboltable::SymbolTable;
use rustpython_codegen::{compile as codegen, preprocess};
use rustpython_compiler::{CompileError, CompileOpts, Mode};
use rustpython_compiler_core::SourceLocation;
use rustpython_compiler_core::bytecode::{CodeFlags as TheirFlags, CodeObject, ConstantData};

use super::annotations::{self, bind_cells};
use super::diagnosis::{Diagnosis, diagnose};
use super::incomplete::mark_incomplete;
use super::literals::literal_warnings;
use super::nesting::refuse_deep_lambdas;
use super::parts::{compile_long, late_syntax_error};
use super::raw::{LocalKind, RawCode, RawConst};
use super::source::{Origin, decode_source};
use super::statements::last_statement_line;
use super::syntax_error::{SyntaxErrorInfo, SyntaxErrorKind};
use super::wording::reword;
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompileMode {
    /// A module.
    Exec,
    /// One expression; the code returns its value.
    Eval,
    /// One interactive statement; values of expressions are printed.
    Single,
}

/// How it is compiled; the fields of `compile()`.
#[derive(Clone, Debug)]
pub struct CompileOptions {
    pub mode: CompileMode,
    /// 1 drops `assert`, 2 docstrings as well.
    pub optimize: u8,
    /// `__future__` bits of `co_flags` to take over from the caller.
    pub future_flags: u32,
    pub allow_top_level_await: bool,
    /// `sys.int_info.default_max_str_digits`; 0 is no limit.
    pub int_max_str_digits: usize,
    /// `PyCF_DONT_IMPLY_DEDENT`.
    pub dont_imply_dedent: bool,
    /// `PyCF_ALLOW_INCOMPLETE_INPUT`: sources that more lines could mend are told from wrong ones.
    pub allow_incomplete: bool,
    /// What the source is. Errors of files name them.
    pub origin: Origin,
    /// Bytes of the native stack that the compiler may use. What may need more is compiled on a stack of its own.
    pub stack_left_bytes: usize,
}

impl Default for CompileOptions {
    fn default() -> Self {
        CompileOptions {
            mode: CompileMode::Exec,
            optimize: 0,
            future_flags: 0,
            allow_top_level_await: false,
            int_max_str_digits: 4300,
            dont_imply_dedent: false,
            allow_incomplete: false,
            origin: Origin::Bytes,
            stack_left_bytes: 0,
        }
    }
}

/// A `SyntaxWarning`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxWarning {
    pub message: String,
    pub line: u32,
    /// From 1.
    pub column: u32,
}

impl SyntaxWarning {
    pub(super) fn at(location: SourceLocation, message: String) -> SyntaxWarning {
        SyntaxWarning { message, line: location.line.get() as u32, column: location.character_offset.get() as u32 }
    }
}

/// Depth of the compiler's tree walks. Deeper nesting is a RecursionError.
const RECURSION_LIMIT: usize = 8000;
/// Sources up to this length cannot nest deeply enough to need a stack of their own.
const MAX_INLINE_LEN: usize = 256;
/// More than what parsing, compiling and dropping takes for each byte of the source that nests deepest (signs before a number:
/// 1,950 bytes of stack each). To start a thread takes longer than to compile some twenty lines.
const MOST_STACK_BYTES_PER_SOURCE_BYTE: usize = 4 << 10;
/// Stack of the compiling thread. Memory is only touched as far as it is used. Trees that are deep although nothing
/// nests (a chain of 300,000 `+`) are walked, and dropped, as deep as the source is long: hence the part per byte.
const BASE_STACK_BYTES: usize = 64 << 20;
const STACK_BYTES_PER_SOURCE_BYTE: usize = 512;
const MAX_STACK_BYTES: usize = 4 << 30;

/// Compiles `source`; warnings are dropped.
pub fn compile(source: &[u8], filename: &str, options: &CompileOptions) -> Result<RawCode, SyntaxErrorInfo> {
    compile_with_warnings(source, filename, options, &mut Vec::new())
}

/// Compiles `source`. Warnings are appended in order, also when an error follows.
pub fn compile_with_warnings(
    source: &[u8],
    filename: &str,
    options: &CompileOptions,
    warnings: &mut Vec<SyntaxWarning>,
) -> Result<RawCode, SyntaxErrorInfo> {
    let text = decode_source(source, filename, options.origin)?;
    on_deep_stack(text.len(), options.stack_left_bytes, filename, || compile_text(&text, filename, options, warnings))
}

/// Runs what walks the tree of a source of that length on a stack that is deep enough for it: the caller's, where that has so much
/// left.
pub fn on_deep_stack<T: Send>(
    source_len: usize,
    stack_left_bytes: usize,
    filename: &str,
    job: impl FnOnce() -> Result<T, SyntaxErrorInfo> + Send,
) -> Result<T, SyntaxErrorInfo> {
    let failed = |_| {
        let message = "the compiler failed on this source".to_owned();
        Err(SyntaxErrorInfo::without_place(message, filename).of_kind(SyntaxErrorKind::SystemError))
    };
    if source_len <= MAX_INLINE_LEN.max(stack_left_bytes / MOST_STACK_BYTES_PER_SOURCE_BYTE) {
        return catch_unwind(AssertUnwindSafe(job)).unwrap_or_else(failed);
    }
    let stack_bytes = (BASE_STACK_BYTES + source_len.saturating_mul(STACK_BYTES_PER_SOURCE_BYTE)).min(MAX_STACK_BYTES);
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("compile".into()).stack_size(stack_bytes);
        match thread.spawn_scoped(scope, job) {
            Ok(thread) => thread.join().unwrap_or_else(failed),
            Err(_) => Err(SyntaxErrorInfo::without_place("no memory for the compiler's stack".into(), filename)
                .of_kind(SyntaxErrorKind::MemoryError)),
        }
    })
}

impl CompileMode {
    pub(super) fn of_compiler(self) -> Mode {
        match self {
            CompileMode::Exec => Mode::Exec,
            CompileMode::Eval => Mode::Eval,
            CompileMode::Single => Mode::Single,
        }
    }
}

impl CompileOptions {
    pub(super) fn of_compiler(&self) -> CompileOpts {
        CompileOpts {
            optimize: self.optimize,
            int_max_str_digits: self.int_max_str_digits,
            allow_top_level_await: self.allow_top_level_await,
            future_features: TheirFlags::from_bits_truncate(self.future_flags),
            dont_imply_dedent: self.dont_imply_dedent,
            recursion_limit: RECURSION_LIMIT,
            ..CompileOpts::default()
        }
    }
}

/// What `take` makes of the tree of `source`; where `is_folded`, of the tree as the compiler works on it.
pub fn parse<T: Send>(
    source: &[u8],
    filename: &str,
    options: &CompileOptions,
    is_folded: bool,
    warnings: &mut Vec<SyntaxWarning>,
    take: impl FnOnce(&Mod, &SourceFile) -> T + Send,
) -> Result<T, SyntaxErrorInfo> {
    let text = decode_source(source, filename, options.origin)?;
    on_deep_stack(text.len(), options.stack_left_bytes, filename, || {
        let text: &str = &text;
        refuse_indented(text, filename, options)?;
        warnings.append(&mut literal_warnings(text, options.mode));
        let file = SourceFileBuilder::new(filename, text).finish();
        let mut tree = parse_file(&file, options, |_| ()).map_err(|error| refusal(&error, text, filename, options))?;
        if is_folded {
            fold(&mut tree, options);
        }
        Ok(take(&tree, &file))
    })
}

/// The comments of a source, as spans.
pub fn comments(text: &str, mode: CompileMode) -> Vec<std::ops::Range<usize>> {
    let parsed = parser::parse_unchecked(text, parser::ParseOptions::from(parser_mode(mode)));
    let comments = parsed.tokens().iter().filter(|token| token.kind() == TokenKind::Comment);
    comments.map(|token| token.start().to_usize()..token.end().to_usize()).collect()
}

fn future_error(error: &preprocess::FutureFeatureError, file: &SourceFile) -> CompileError {
    use preprocess::FutureFeatureErrorKind as Kind;
    let place = |at| file.to_source_code().source_location(at, PositionEncoding::Utf8);
    CompileError::Codegen(CodegenError {
        location: Some(place(error.range.start())),
        end_location: Some(place(error.range.end())),
        error: match &error.kind {
            Kind::InvalidFeature(feature) => CodegenErrorType::InvalidFutureFeature(feature.clone()),
            Kind::InvalidBraces => CodegenErrorType::InvalidFutureBraces,
        },
        source_path: file.name().to_owned(),
    })
}

/// Makes a tree what the compiler works on: constants folded, and what the optimization leaves out gone.
fn fold(tree: &mut Mod, options: &CompileOptions) {
    let future = preprocess::future_features(tree) | TheirFlags::from_bits_truncate(options.future_flags);
    let has_future_annotations = future.contains(TheirFlags::FUTURE_ANNOTATIONS);
    preprocess::preprocess_mod(tree, options.optimize, has_future_annotations, false);
}

/// What `take` makes of a tree made by hand, of so many nodes, as the compiler works on it.
pub fn fold_tree<T: Send>(
    n_nodes: usize,
    filename: &str,
    options: &CompileOptions,
    make: impl FnOnce() -> Result<(Mod, SourceFile), SyntaxErrorInfo> + Send,
    take: impl FnOnce(&Mod, &SourceFile) -> T + Send,
) -> Result<T, SyntaxErrorInfo> {
    on_deep_stack(n_nodes.saturating_mul(8), options.stack_left_bytes, filename, || {
        let (mut tree, file) = make()?;
        fold(&mut tree, options);
        Ok(take(&tree, &file))
    })
}

pub(super) fn parser_mode(mode: CompileMode) -> parser::Mode {
    match mode {
        CompileMode::Eval => parser::Mode::Expression,
        CompileMode::Exec | CompileMode::Single => parser::Mode::Module,
    }
}

/// The tree of a file, of whose tokens somebody may want to know.
pub(super) fn parse_file(
    file: &SourceFile,
    options: &CompileOptions,
    see_tokens: impl FnOnce(&Tokens),
) -> Result<Mod, CompileError> {
    let mode = options.mode.of_compiler();
    let parser_options = parser::ParseOptions::from(parser_mode(options.mode));
    let opts = options.of_compiler();
    let barry = opts.future_features.contains(TheirFlags::FUTURE_BARRY_AS_BDFL);
    let source = rustpython_compiler::prepare_barry_as_flufl_source(file.source_text(), parser_options.clone(), barry);
    rustpython_compiler::pre_parse_source_error(file)?;
    let parsed = parser::parse(source.source(), parser_options);
    if let Some(error) = source.diagnostic(parsed.as_ref().err(), file) {
        return Err(error);
    }
    let parsed = parsed.map_err(|error| CompileError::from_ruff_parse_error(error, file, mode))?;
    if options.dont_imply_dedent
        && options.mode == CompileMode::Single
        && let Some(error) = rustpython_compiler::dont_imply_dedent_source_error(file)
    {
        return Err(error);
    }
    if let Some(error) = rustpython_compiler::leading_byte_order_mark_error(file) {
        return Err(error);
    }
    let tokens = parsed.tokens();
    see_tokens(tokens);
    if let Some(error) =
        rustpython_compiler::long_decimal_integer_literal_error(file, tokens, options.int_max_str_digits)
    {
        return Err(error);
    }
    let without_comments = without_comments(file.source_text(), tokens);
    let tree = parsed.into_syntax();
    rustpython_compiler::too_deeply_nested_error(&tree, file, opts.recursion_limit)?;
    // What the compiler knows beside the parser of single statements.
    if options.mode == CompileMode::Single
        && let Err(error @ CompileError::Parse(_)) =
            rustpython_compiler::compile(file.source_text(), mode, file.name(), opts)
    {
        return Err(error);
    }
    if options.mode != CompileMode::Single
        && let Some(error) = late_syntax_error(&without_comments, file.name(), options.mode)
    {
        return Err(error);
    }
    preprocess::checked_future_features(&tree).map_err(|error| future_error(&error, file))?;
    match rustpython_compiler::unsupported_grammar_error(&tree, file) {
        Some(error) => Err(error),
        None => Ok(tree),
    }
}

/// The text with spaces for its comments, of as many bytes: the compiler's searches for errors beside the parser's take words in
/// comments for the program's.
fn without_comments<'t>(text: &'t str, tokens: &Tokens) -> Cow<'t, str> {
    let mut blank = String::new();
    let mut done = 0;
    for token in tokens.iter().filter(|token| token.kind() == TokenKind::Comment) {
        let (start, end) = (token.start().to_usize(), token.end().to_usize());
        blank.push_str(&text[done..start]);
        blank.extend(std::iter::repeat_n(' ', end - start));
        done = end;
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    blank.push_str(&text[done..]);
    Cow::Owned(blank)
}

/// What `take` makes of the table of a source's names.
pub fn symbol_table<T: Send>(
    source: &[u8],
    filename: &str,
    options: &CompileOptions,
    take: impl FnOnce(&SymbolTable) -> T + Send,
) -> Result<T, SyntaxErrorInfo> {
    let text = decode_source(source, filename, options.origin)?;
    on_deep_stack(text.len(), options.stack_left_bytes, filename, || {
        rustpython_compiler::compile_symtable(&text, options.mode.of_compiler(), filename)
            .map(|table| take(&table))
            .map_err(|error| convert_error(&error, &text, filename))
    })
}

/// Compiles a tree made by hand, of so many nodes. Its source has nothing but its places.
pub fn compile_tree(
    n_nodes: usize,
    filename: &str,
    options: &CompileOptions,
    make: impl FnOnce() -> Result<(Mod, SourceFile), SyntaxErrorInfo> + Send,
) -> Result<RawCode, SyntaxErrorInfo> {
    on_deep_stack(n_nodes.saturating_mul(8), options.stack_left_bytes, filename, || {
        let (mut tree, file) = make()?;
        bind_cells(&mut tree);
        let text = file.source_text().to_owned();
        codegen::compile_top(tree, file, options.mode.of_compiler(), options.of_compiler())
            .map(convert_code)
            .map_err(|error| SyntaxErrorInfo { text: None, ..convert_error(&error.into(), &text, filename) })
    })
}

fn compile_text(
    text: &str,
    filename: &str,
    options: &CompileOptions,
    warnings: &mut Vec<SyntaxWarning>,
) -> Result<RawCode, SyntaxErrorInfo> {
    refuse_deep_lambdas(text, filename, options)?;
    warnings.append(&mut literal_warnings(text, options.mode));
    if let Some(code) = compile_long(text, filename, options, warnings) {
        return Ok(code);
    }
    let (mode, opts) = (options.mode.of_compiler(), options.of_compiler());
    refuse_indented(text, filename, options)?;
    let n_warnings = warnings.len();
    let mut on_warning = |location: SourceLocation, message: String| {
        warnings.push(SyntaxWarning::at(location, message));
        Ok(())
    };
    let error = match rustpython_compiler::compile_with_syntax_warning_handler(
        text,
        mode,
        filename,
        opts.clone(),
        &mut on_warning,
    ) {
        Ok(code) => return Ok(convert_code(code)),
        Err(error) => error,
    };
    // What the parser takes may be refused for the words of a comment.
    if matches!(error, CompileError::Parse(_))
        && let Ok(parsed) = parser::parse(text, parser::ParseOptions::from(parser_mode(options.mode)))
        && let Cow::Owned(blank) = without_comments(text, parsed.tokens())
        && let Ok(code) =
            rustpython_compiler::compile_with_syntax_warning_handler(&blank, mode, filename, opts, &mut on_warning)
    {
        return Ok(convert_code(code));
    }
    if matches!(error, CompileError::Codegen(_)) && error.to_string().contains(annotations::CELL) {
        warnings.truncate(n_warnings);
        return compile_with_cells(text, filename, options, warnings);
    }
    Err(refusal(&error, text, filename, options))
}

/// As `compile_text`, of a source whose classes annotate in a way that the compiler cannot do by itself.
fn compile_with_cells(
    text: &str,
    filename: &str,
    options: &CompileOptions,
    warnings: &mut Vec<SyntaxWarning>,
) -> Result<RawCode, SyntaxErrorInfo> {
    let file = SourceFileBuilder::new(filename, text).finish();
    let refused = |error: CompileError| refusal(&error, text, filename, options);
    let mut tree = parse_file(&file, options, |_| ()).map_err(refused)?;
    bind_cells(&mut tree);
    let mut on_warning = |location: SourceLocation, message: String| {
        warnings.push(SyntaxWarning::at(location, message));
        Ok(())
    };
    let (mode, opts) = (options.mode.of_compiler(), options.of_compiler());
    let code = codegen::compile_top_with_syntax_warning_handler(tree, file, mode, opts, Some(&mut on_warning));
    code.map(convert_code).map_err(|error| refused(error.into()))
}

/// The parser of trees takes an expression that is indented.
fn refuse_indented(text: &str, filename: &str, options: &CompileOptions) -> Result<(), SyntaxErrorInfo> {
    if options.mode != CompileMode::Eval || !text.starts_with([' ', '\t', '\n', '\x0c', '#', '\\']) {
        return Ok(());
    }
    diagnosed(text, filename, options).map_or(Ok(()), Err)
}

/// What the grammar knows to be wrong.
fn diagnosed(text: &str, filename: &str, options: &CompileOptions) -> Option<SyntaxErrorInfo> {
    let Diagnosis { mut info, is_incomplete } =
        diagnose(text, filename, options.mode, options.origin, !options.dont_imply_dedent)?;
    if options.allow_incomplete && is_incomplete {
        info.kind = SyntaxErrorKind::IncompleteInput;
        info.msg = "incomplete input".to_owned();
    }
    remember_source(&mut info, text);
    Some(info)
}

fn refusal(error: &CompileError, text: &str, filename: &str, options: &CompileOptions) -> SyntaxErrorInfo {
    if let Some(info) = diagnosed(text, filename, options) {
        return info;
    }
    let mut info = convert_error(error, text, filename);
    if options.allow_incomplete && !info.after_parsing {
        mark_incomplete(&mut info, text, parser_mode(options.mode).into());
    }
    info
}

/// For those who look for what was meant.
fn remember_source(info: &mut SyntaxErrorInfo, text: &str) {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let line = last_statement_line(text, info.lineno.unwrap_or(1) as usize);
    info.parsed = Some(Box::new((line, format!("{text}{end}"))));
}

fn convert_error(error: &CompileError, text: &str, filename: &str) -> SyntaxErrorInfo {
    let mut info = SyntaxErrorInfo::without_place(error.to_string(), filename);
    let after_parsing = match error {
        CompileError::Codegen(error) => {
            if matches!(error.error, CodegenErrorType::RecursionError) {
                return info.of_kind(SyntaxErrorKind::RecursionError);
            }
            true
        }
        CompileError::Parse(_) => false,
    };
    let (line, offset) = error.python_location();
    if line == 0 {
        return info;
    }
    info.after_parsing = after_parsing;
    info.lineno = Some(line as u32);
    info.offset = Some(offset as i32);
    if let Some((end_line, end_offset)) = error.python_end_location() {
        info.end_lineno = Some(end_line as u32);
        info.end_offset = Some(end_offset as i32);
    }
    info.text = source_line(text, line).map(str::to_owned);
    reword(&mut info, text);
    if after_parsing {
        return info;
    }
    // The parser of CPython sees every line end.
    if let Some(text) = info.text.as_mut().filter(|text| !text.ends_with('\n')) {
        text.push('\n');
    }
    remember_source(&mut info, text);
    info
}

/// Line `line`, from 1, with its line end.
fn source_line(text: &str, line: usize) -> Option<&str> {
    text.split_inclusive('\n').nth(line.checked_sub(1)?)
}

pub(super) fn convert_code(code: CodeObject) -> RawCode {
    let localsplus_names = localsplus_names(&code);
    let CodeObject { instructions, mut constants, .. } = code;
    let consts = constants.iter_mut().map(|constant| convert_const(std::mem::replace(constant, ConstantData::None)));
    RawCode {
        name: code.obj_name,
        qualname: code.qualname,
        filename: code.source_path,
        first_line: code.first_line_number.map_or(1, |line| line.get() as u32),
        flags: code.flags.bits(),
        argcount: code.arg_count,
        posonlyargcount: code.posonlyarg_count,
        kwonlyargcount: code.kwonlyarg_count,
        stack_size: code.max_stackdepth,
        localsplus_names,
        localsplus_kinds: code.localspluskinds,
        varnames: code.varnames,
        cellvars: code.cellvars,
        freevars: code.freevars,
        names: code.names,
        consts: consts.collect(),
        co_code: instructions.original_bytes().into(),
        linetable: code.linetable,
        exceptiontable: code.exceptiontable,
    }
}

/// Locals first (among them those that are cells), then the other cells, then the free variables.
fn localsplus_names(code: &CodeObject) -> Box<[String]> {
    let is_local = |name: &&String| code.varnames.contains(name);
    let own_cells = code.cellvars.iter().filter(|name| !is_local(name));
    let names: Box<[String]> = code.varnames.iter().chain(own_cells).chain(code.freevars.iter()).cloned().collect();
    debug_assert_eq!(names.len(), code.localspluskinds.len());
    debug_assert!(
        names[..code.varnames.len()].len() == code.varnames.len()
            && code.localspluskinds[..code.varnames.len()].iter().all(|kind| kind & LocalKind::LOCAL != 0)
    );
    names
}

/// A constant of the compiler.
pub fn convert_const(constant: ConstantData) -> RawConst {
    match constant {
        ConstantData::None => RawConst::None,
        ConstantData::Ellipsis => RawConst::Ellipsis,
        ConstantData::Boolean { value: true } => RawConst::True,
        ConstantData::Boolean { value: false } => RawConst::False,
        ConstantData::Integer { value } => match i64::try_from(&value) {
            Ok(value) => RawConst::Int(value),
            Err(_) => RawConst::BigInt {
                // The top bit of the two's complement is the sign.
                negative: value.to_signed_bytes_le().last().is_some_and(|top| top & 0x80 != 0),
                magnitude: Natural::from_limbs_asc(&value.to_u64_digits().1),
            },
        },
        ConstantData::Float { value } => RawConst::Float(value),
        ConstantData::Complex { value } => RawConst::Complex { real: value.re, imag: value.im },
        ConstantData::Str { value } => RawConst::Str(value.into_bytes().into()),
        ConstantData::Bytes { value } => RawConst::Bytes(value.into()),
        ConstantData::Code { code } => RawConst::Code(Box::new(convert_code(*code))),
        ConstantData::Tuple { elements } => RawConst::Tuple(elements.into_iter().map(convert_const).collect()),
        ConstantData::Frozenset { elements } => RawConst::FrozenSet(elements.into_iter().map(convert_const).collect()),
        ConstantData::Slice { elements } => RawConst::Slice(Box::new(elements.map(convert_const))),
    }
}
