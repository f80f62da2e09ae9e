//! Classes in classes that annotate under a condition.
//!
//! The compiler's crate keeps which of a class's annotations were come to in a cell `__conditional_annotations__` of the class.
//! Where a class lies in another, it takes the name, which nothing binds, for the outer one's, and fails. A binding
//! that is never come to makes it the class's own.

use super::parts::annotates;
use ruff_python_ast::name::Name;
use ruff_python_ast::visitor::transformer::{Transformer, walk_body, walk_stmt};
use ruff_python_ast::{
    AtomicNodeIndex, Expr, ExprBooleanLiteral, ExprContext, ExprName, ExprNoneLiteral, Mod, Stmt, StmtAssign, StmtIf,
};
use ruff_text_size::TextRange;

/// What the compiler's error names.
pub const CELL: &str = "__conditional_annotations__";

/// Binds the cell in each class that needs it.
pub fn bind_cells(tree: &mut Mod) {
    if let Mod::Module(module) = tree {
        walk_body(&Binder, &mut module.body);
    }
}

struct Binder;

impl Transformer for Binder {
    fn visit_stmt(&self, statement: &mut Stmt) {
        walk_stmt(self, statement);
        let Stmt::ClassDef(class) = statement else { return };
        let is_conditional =
            |statement: &Stmt| !matches!(statement, Stmt::AnnAssign(_)) && annotates(std::slice::from_ref(statement));
        if class.body.iter().any(is_conditional) {
            class.body.push(binding());
        }
    }
    fn visit_expr(&self, _: &mut Expr) {}
}

/// `if False: __conditional_annotations__ = None`.
fn binding() -> Stmt {
    let (node_index, range) = (AtomicNodeIndex::NONE, TextRange::default());
    let name = ExprName { node_index: node_index.clone(), range, id: Name::new_static(CELL), ctx: ExprContext::Store };
    let assignment = StmtAssign {
        node_index: node_index.clone(),
        range,
        targets: [Expr::Name(name)].into_iter().collect(),
        value: Box::new(Expr::NoneLiteral(ExprNoneLiteral { node_index: node_index.clone(), range })),
        runtime_targets: None,
        runtime_type_comment: None,
        runtime_type_comment_bytes: None,
    };
    let never = ExprBooleanLiteral { node_index: node_index.clone(), range, value: false };
    Stmt::If(StmtIf {
        node_index,
        range,
        test: Box::new(Expr::BooleanLiteral(never)),
        body: [Stmt::Assign(assignment)].into_iter().collect(),
        elif_else_clauses: Vec::new(),
        runtime_body: None,
    })
}
