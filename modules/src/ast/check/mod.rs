//! Whether a tree is one that source could have given, so that it may be compiled: what is wrong in CPython's words.

mod expressions;
mod patterns;
mod statements;

use super::grammar::Constructor as C;
use super::tree::{Content, Node, NodeIdx, Place, Tree};

/// What is wrong with a tree.
#[derive(Debug)]
pub struct Fault {
    pub is_type_error: bool,
    pub message: String,
}

type Checked = Result<(), Fault>;

fn value_error(message: impl Into<String>) -> Checked {
    Err(Fault { is_type_error: false, message: message.into() })
}

fn type_error(message: impl Into<String>) -> Checked {
    Err(Fault { is_type_error: true, message: message.into() })
}

/// Checks a whole tree.
pub fn check(tree: &Tree) -> Checked {
    let (checker, root) = (Checker { tree }, tree.root());
    match tree.node(root).constructor {
        C::Module | C::Interactive => checker.statements(root, 0),
        C::Expression => checker.expression_in(root, 0, C::Load),
        C::FunctionType => {
            checker.expressions(root, 0, C::Load, false)?;
            checker.expression_in(root, 1, C::Load)
        }
        _ => Ok(()),
    }
}

struct Checker<'t> {
    tree: &'t Tree,
}

impl Checker<'_> {
    fn node(&self, at: NodeIdx) -> &Node {
        self.tree.node(at)
    }

    fn constructor(&self, at: NodeIdx) -> C {
        self.node(at).constructor
    }

    fn child(&self, at: NodeIdx, field: usize) -> Option<NodeIdx> {
        match self.node(at).fields[field] {
            Content::Node(child) => Some(child),
            _ => None,
        }
    }

    fn children(&self, at: NodeIdx, field: usize) -> &[Option<NodeIdx>] {
        match &self.node(at).fields[field] {
            Content::Nodes(children) => children,
            _ => &[],
        }
    }

    fn n_children(&self, at: NodeIdx, field: usize) -> usize {
        match &self.node(at).fields[field] {
            Content::Nodes(children) => children.len(),
            Content::Names(names) => names.len(),
            _ => 0,
        }
    }

    fn text(&self, at: NodeIdx, field: usize) -> Option<&str> {
        match &self.node(at).fields[field] {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The list `what` of a node must have something in it.
    fn not_empty(&self, at: NodeIdx, field: usize, what: &str, owner: &str) -> Checked {
        if self.n_children(at, field) == 0 { value_error(format!("empty {what} on {owner}")) } else { Ok(()) }
    }

    fn place(&self, at: NodeIdx) -> Checked {
        let Some(Place { line, col, end_line, end_col }) = self.node(at).place else { return Ok(()) };
        if line > end_line {
            return value_error(format!("AST node line range ({line}, {end_line}) is not valid"));
        }
        if (line < 0 && end_line != line) || (col < 0 && col != end_col) {
            return value_error(format!(
                "AST node column range ({col}, {end_col}) for line range ({line}, {end_line}) is not valid"
            ));
        }
        if line == end_line && col > end_col {
            return value_error(format!("line {line}, column {col}-{end_col} is not a valid range"));
        }
        Ok(())
    }

    /// Names that are constants cannot be anything else.
    fn name(&self, name: Option<&str>) -> Checked {
        match name {
            Some(constant @ ("None" | "True" | "False")) => {
                value_error(format!("identifier field can't represent '{constant}' constant"))
            }
            _ => Ok(()),
        }
    }

    fn keywords(&self, at: NodeIdx, field: usize) -> Checked {
        self.children(at, field).iter().flatten().try_for_each(|&keyword| {
            self.place(keyword)?;
            self.expression_in(keyword, 1, C::Load)
        })
    }

    fn parameters(&self, at: NodeIdx, field: usize) -> Checked {
        let Some(at) = self.child(at, field) else { return Ok(()) };
        self.parameter_list(at, 0)?;
        self.parameter_list(at, 1)?;
        self.optional_parameter(at, 2)?;
        self.parameter_list(at, 3)?;
        self.optional_parameter(at, 5)?;
        if self.n_children(at, 6) > self.n_children(at, 0) + self.n_children(at, 1) {
            return value_error("more positional defaults than args on arguments");
        }
        if self.n_children(at, 4) != self.n_children(at, 3) {
            return value_error("length of kwonlyargs is not the same as kw_defaults on arguments");
        }
        self.expressions(at, 6, C::Load, false)?;
        self.expressions(at, 4, C::Load, true)
    }

    fn parameter_list(&self, at: NodeIdx, field: usize) -> Checked {
        self.children(at, field).iter().flatten().try_for_each(|&parameter| self.parameter(parameter))
    }

    fn optional_parameter(&self, at: NodeIdx, field: usize) -> Checked {
        self.child(at, field).map_or(Ok(()), |parameter| self.parameter(parameter))
    }

    fn parameter(&self, at: NodeIdx) -> Checked {
        self.place(at)?;
        self.optional(at, 1)
    }

    fn type_parameters(&self, at: NodeIdx, field: usize) -> Checked {
        self.children(at, field).iter().flatten().try_for_each(|&parameter| {
            self.place(parameter)?;
            self.name(self.text(parameter, 0))?;
            self.optional(parameter, 1)?;
            if self.constructor(parameter) == C::TypeVar { self.optional(parameter, 2) } else { Ok(()) }
        })
    }
}
