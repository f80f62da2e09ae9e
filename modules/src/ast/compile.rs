//! What `compile` asks of this module.

use super::check::check;
use super::grammar::Constructor;
use super::objects;
use super::read::{Root, read};
use super::take;
use super::tree::Tree;
use super::write::write;
use super::{type_comments, versions};
use stitch_runtime::bytecode::compile::{comments, compile_tree, fold_tree, on_deep_stack, parse};
use stitch_runtime::bytecode::{CompileMode, CompileOptions, SyntaxErrorInfo};
use stitch_runtime::interp::compile::{SyntaxTrees, TreeRequest};
use stitch_runtime::{PyResult, Value, Vm};

pub struct Trees;

impl SyntaxTrees for Trees {
    fn is_tree(&self, vm: &mut Vm, value: Value) -> bool {
        take::is_tree(vm, value)
    }

    fn parse(&self, vm: &mut Vm, source: &[u8], filename: &str, request: &TreeRequest) -> PyResult {
        let root = root_of(request.options.mode);
        let take = |parsed: &_, file: &_| {
            let tree = read(parsed, file, root);
            finished(tree, file.source_text(), request)
        };
        let mut warnings = Vec::new();
        let parsed = parse(source, filename, &request.options, request.is_folded, &mut warnings, take);
        vm.warn_of_syntax(filename, &warnings)?;
        match parsed {
            Ok(Ok(tree)) => objects::make(vm, &tree),
            Ok(Err((message, line, col))) => {
                let mut info = SyntaxErrorInfo::without_place(message, filename);
                (info.lineno, info.offset) = (Some(line), Some(col as i32 + 1));
                Err(vm.raise_syntax(&info))
            }
            Err(info) => Err(vm.raise_syntax(&info)),
        }
    }

    fn fold(&self, vm: &mut Vm, tree: Value, filename: &str, request: &TreeRequest) -> PyResult {
        let tree = checked(vm, tree, filename, &request.options)?;
        let root = root_of(request.options.mode);
        let take = |parsed: &_, file: &_| read(parsed, file, root);
        match fold_tree(tree.nodes.len(), filename, &request.options, || Ok(write(&tree, filename)), take) {
            Ok(tree) => objects::make(vm, &tree),
            Err(info) => Err(vm.raise_syntax(&info)),
        }
    }

    fn compile(&self, vm: &mut Vm, tree: Value, filename: &str, options: &CompileOptions) -> PyResult {
        let tree = checked(vm, tree, filename, options)?;
        match compile_tree(tree.nodes.len(), filename, options, || Ok(write(&tree, filename))) {
            Ok(raw) => vm.new_code(&raw),
            Err(info) => Err(vm.raise_syntax(&info)),
        }
    }
}

/// The tree with what was asked for beside it; else what is wrong, its line and column.
fn finished(mut tree: Tree, text: &str, request: &TreeRequest) -> Result<Tree, (String, u32, usize)> {
    if request.has_type_comments
        && let Err((at, message)) = type_comments::attach(&mut tree, text, &comments(text, request.options.mode))
    {
        let before = &text[..at];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        return Err((message.to_string(), 1 + before.matches('\n').count() as u32, at - line_start));
    }
    match request.minor_version.and_then(|minor| versions::too_new(&tree, text, minor)) {
        Some((message, place)) => Err((message, place.line as u32, place.col as usize)),
        None => Ok(tree),
    }
}

fn root_of(mode: CompileMode) -> Root {
    match mode {
        CompileMode::Exec => Root::Module,
        CompileMode::Eval => Root::Expression,
        CompileMode::Single => Root::Interactive,
    }
}

/// The tree under a node, which is one that can be compiled.
fn checked(vm: &mut Vm, node: Value, filename: &str, options: &CompileOptions) -> PyResult<Tree> {
    let wanted = match options.mode {
        CompileMode::Exec => Constructor::Module,
        CompileMode::Eval => Constructor::Expression,
        CompileMode::Single => Constructor::Interactive,
    };
    let tree = take::take(vm, node, wanted)?;
    let mut fault = None;
    let walk = || {
        fault = check(&tree).err();
        Ok::<(), SyntaxErrorInfo>(())
    };
    if let Err(info) = on_deep_stack(tree.nodes.len(), options.stack_left_bytes, filename, walk) {
        return Err(vm.raise_syntax(&info));
    }
    match fault {
        Some(fault) if fault.is_type_error => Err(vm.raise_type(&fault.message)),
        Some(fault) => Err(vm.raise_value(&fault.message)),
        None => Ok(tree),
    }
}
