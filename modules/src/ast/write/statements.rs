//! Statements.

use super::expressions::operator;
use super::{C, NodeIdx, Writer};
use ruff_python_ast as ast;
use ruff_text_size::TextRange;

#[expect(
    non_upper_case_globals,
    clippy::declare_interior_mutable_const,
    reason = "it stands for the field of its name, and is a new one wherever it is named"
)]
const node_index: ast::AtomicNodeIndex = ast::AtomicNodeIndex::NONE;

impl Writer<'_> {
    pub fn body_in(&self, at: NodeIdx, field: usize) -> ast::Suite {
        self.children(at, field).map(|child| self.statement(child)).collect()
    }

    fn statement(&self, at: NodeIdx) -> ast::Stmt {
        let range = self.range(at);
        match self.tree.node(at).constructor {
            C::FunctionDef => self.function(at, false),
            C::AsyncFunctionDef => self.function(at, true),
            C::ClassDef => self.class(at),
            C::Return => ast::Stmt::Return(ast::StmtReturn { node_index, range, value: self.optional_in(at, 0) }),
            C::Delete => ast::Stmt::Delete(ast::StmtDelete {
                node_index,
                range,
                targets: self.expressions_in(at, 0),
                runtime_targets: None,
            }),
            C::Assign => ast::Stmt::Assign(ast::StmtAssign {
                node_index,
                range,
                targets: self.expressions_in(at, 0),
                value: self.boxed_in(at, 1),
                runtime_targets: None,
                runtime_type_comment: None,
                runtime_type_comment_bytes: None,
            }),
            C::TypeAlias => ast::Stmt::TypeAlias(ast::StmtTypeAlias {
                node_index,
                range,
                name: self.boxed_in(at, 0),
                type_params: self.type_parameters(at, 1),
                value: self.boxed_in(at, 2),
            }),
            C::AugAssign => ast::Stmt::AugAssign(ast::StmtAugAssign {
                node_index,
                range,
                target: self.boxed_in(at, 0),
                op: operator(self.bare(at, 1)),
                value: self.boxed_in(at, 2),
            }),
            C::AnnAssign => ast::Stmt::AnnAssign(ast::StmtAnnAssign {
                node_index,
                range,
                target: self.boxed_in(at, 0),
                annotation: self.boxed_in(at, 1),
                value: self.optional_in(at, 2),
                simple: self.int(at, 3) != 0,
                runtime_simple: None,
            }),
            constructor @ (C::For | C::AsyncFor) => ast::Stmt::For(ast::StmtFor {
                node_index,
                range,
                is_async: constructor == C::AsyncFor,
                target: self.boxed_in(at, 0),
                iter: self.boxed_in(at, 1),
                body: self.body_in(at, 2),
                orelse: self.body_in(at, 3),
                runtime_type_comment: None,
                runtime_type_comment_bytes: None,
                runtime_body: None,
                runtime_orelse: None,
            }),
            C::While => ast::Stmt::While(ast::StmtWhile {
                node_index,
                range,
                test: self.boxed_in(at, 0),
                body: self.body_in(at, 1),
                orelse: self.body_in(at, 2),
                runtime_body: None,
                runtime_orelse: None,
            }),
            C::If => self.branches(at),
            constructor @ (C::With | C::AsyncWith) => ast::Stmt::With(ast::StmtWith {
                node_index,
                range,
                is_async: constructor == C::AsyncWith,
                items: self.children(at, 0).map(|item| self.with_item(item)).collect(),
                body: self.body_in(at, 1),
                runtime_type_comment: None,
                runtime_type_comment_bytes: None,
                runtime_body: None,
            }),
            C::Match => ast::Stmt::Match(ast::StmtMatch {
                node_index,
                range,
                subject: self.boxed_in(at, 0),
                cases: self.children(at, 1).map(|case| self.match_case(case)).collect(),
            }),
            C::Raise => ast::Stmt::Raise(ast::StmtRaise {
                node_index,
                range,
                exc: self.optional_in(at, 0),
                cause: self.optional_in(at, 1),
            }),
            constructor @ (C::Try | C::TryStar) => ast::Stmt::Try(ast::StmtTry {
                node_index,
                range,
                body: self.body_in(at, 0),
                handlers: self.children(at, 1).map(|handler| self.handler(handler)).collect(),
                orelse: self.body_in(at, 2),
                finalbody: self.body_in(at, 3),
                is_star: constructor == C::TryStar,
                runtime_body: None,
                runtime_handlers: None,
                runtime_orelse: None,
                runtime_finalbody: None,
            }),
            C::Assert => ast::Stmt::Assert(ast::StmtAssert {
                node_index,
                range,
                test: self.boxed_in(at, 0),
                msg: self.optional_in(at, 1),
            }),
            C::Import => {
                ast::Stmt::Import(ast::StmtImport { node_index, range, names: self.aliases(at, 0), is_lazy: false })
            }
            C::ImportFrom => ast::Stmt::ImportFrom(ast::StmtImportFrom {
                node_index,
                range,
                module: self.optional_identifier(at, 0),
                names: self.aliases(at, 1),
                level: self.int(at, 2) as u32,
                is_lazy: false,
                runtime_level: None,
            }),
            C::Global => ast::Stmt::Global(ast::StmtGlobal { node_index, range, names: self.identifiers(at, 0) }),
            C::Nonlocal => ast::Stmt::Nonlocal(ast::StmtNonlocal { node_index, range, names: self.identifiers(at, 0) }),
            C::Expr => ast::Stmt::Expr(ast::StmtExpr { node_index, range, value: self.boxed_in(at, 0) }),
            C::Break => ast::Stmt::Break(ast::StmtBreak { node_index, range }),
            C::Continue => ast::Stmt::Continue(ast::StmtContinue { node_index, range }),
            _ => ast::Stmt::Pass(ast::StmtPass { node_index, range }),
        }
    }

    fn decorators<L: FromIterator<ast::Decorator>>(&self, at: NodeIdx, field: usize) -> L {
        let decorator = |child: NodeIdx| ast::Decorator {
            range: self.range(child),
            node_index,
            expression: self.expression(child),
        };
        self.children(at, field).map(decorator).collect()
    }

    fn function(&self, at: NodeIdx, is_async: bool) -> ast::Stmt {
        ast::Stmt::FunctionDef(ast::StmtFunctionDef {
            node_index,
            range: self.range(at),
            is_async,
            decorator_list: self.decorators(at, 3),
            name: self.identifier(at, 0),
            type_params: self.type_parameters(at, 6),
            parameters: Box::new(self.parameters_in(at, 1)),
            returns: self.optional_in(at, 4),
            body: self.body_in(at, 2),
            runtime_decorator_list: None,
            runtime_type_comment: None,
            runtime_type_comment_bytes: None,
            runtime_body: None,
        })
    }

    fn class(&self, at: NodeIdx) -> ast::Stmt {
        let has_arguments = !self.places_in(at, 1).is_empty() || !self.places_in(at, 2).is_empty();
        let arguments = has_arguments.then(|| Box::new(self.arguments(self.range(at), at, 1)));
        ast::Stmt::ClassDef(ast::StmtClassDef {
            node_index,
            range: self.range(at),
            decorator_list: self.decorators(at, 4),
            name: self.identifier(at, 0),
            type_params: self.type_parameters(at, 5),
            arguments,
            body: self.body_in(at, 3),
            runtime_decorator_list: None,
            runtime_body: None,
        })
    }

    /// An `if` that is all of the other branch is an `elif`.
    fn branches(&self, at: NodeIdx) -> ast::Stmt {
        let mut clauses = Vec::new();
        let mut inner = at;
        while let Some(first) = self.children(inner, 2).next() {
            let is_only = self.places_in(inner, 2).len() == 1;
            if is_only && self.tree.node(first).constructor == C::If {
                let (test, body) = (Some(self.expression_in(first, 0)), self.body_in(first, 1));
                clauses.push(clause(self.range(first), test, body));
                inner = first;
                continue;
            }
            clauses.push(clause(self.range(first), None, self.body_in(inner, 2)));
            break;
        }
        ast::Stmt::If(ast::StmtIf {
            node_index,
            range: self.range(at),
            test: self.boxed_in(at, 0),
            body: self.body_in(at, 1),
            elif_else_clauses: clauses,
            runtime_body: None,
        })
    }

    fn with_item(&self, at: NodeIdx) -> ast::WithItem {
        let range = self.child(at, 0).map_or(TextRange::default(), |child| self.range(child));
        ast::WithItem {
            range,
            node_index,
            context_expr: self.expression_in(at, 0),
            optional_vars: self.optional_in(at, 1),
        }
    }

    fn handler(&self, at: NodeIdx) -> ast::ExceptHandler {
        ast::ExceptHandler::ExceptHandler(ast::ExceptHandlerExceptHandler {
            range: self.range(at),
            node_index,
            type_: self.optional_in(at, 0),
            name: self.optional_identifier(at, 1),
            body: self.body_in(at, 2),
            runtime_body: None,
        })
    }

    fn match_case(&self, at: NodeIdx) -> ast::MatchCase {
        let range = self.child(at, 0).map_or(TextRange::default(), |child| self.range(child));
        ast::MatchCase {
            range,
            node_index,
            pattern: self.pattern_in(at, 0),
            guard: self.optional_in(at, 1),
            body: self.body_in(at, 2),
            runtime_body: None,
        }
    }

    fn aliases(&self, at: NodeIdx, field: usize) -> Vec<ast::Alias> {
        let alias = |child: NodeIdx| ast::Alias {
            range: self.range(child),
            node_index,
            name: self.identifier(child, 0),
            asname: self.optional_identifier(child, 1),
        };
        self.children(at, field).map(alias).collect()
    }
}

fn clause(range: TextRange, test: Option<ast::Expr>, body: ast::Suite) -> ast::ElifElseClause {
    ast::ElifElseClause { range, node_index, test, body, runtime_body: None, runtime_orelse: None }
}
