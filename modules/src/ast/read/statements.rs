//! Statements.

use super::{C, Content, NodeIdx, Reader, optional_text, text};
use ruff_python_ast as ast;
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustpython_codegen::decorated_definition_range;

impl Reader<'_> {
    pub fn statements(&mut self, body: &[ast::Stmt]) -> Content {
        let nodes: Vec<NodeIdx> = body.iter().map(|statement| self.statement(statement)).collect();
        nodes.into()
    }

    fn statement(&mut self, statement: &ast::Stmt) -> NodeIdx {
        let range = statement.range();
        let (constructor, fields) = match statement {
            ast::Stmt::FunctionDef(function) => return self.function(function),
            ast::Stmt::ClassDef(class) => return self.class(class),
            ast::Stmt::If(statement) => return self.branches(statement),
            ast::Stmt::Return(it) => (C::Return, vec![self.optional(it.value.as_deref())]),
            ast::Stmt::Delete(it) => (C::Delete, vec![self.expressions(&it.targets)]),
            ast::Stmt::TypeAlias(it) => {
                let name = self.expression(&it.name).into();
                let parameters = self.type_parameters(it.type_params.as_deref());
                (C::TypeAlias, vec![name, parameters, self.expression(&it.value).into()])
            }
            ast::Stmt::Assign(it) => {
                let targets = self.expressions(&it.targets);
                (C::Assign, vec![targets, self.expression(&it.value).into(), Content::Absent])
            }
            ast::Stmt::AugAssign(it) => {
                let (target, operator) = (self.expression(&it.target).into(), self.operator(it.op));
                (C::AugAssign, vec![target, operator, self.expression(&it.value).into()])
            }
            ast::Stmt::AnnAssign(it) => {
                let (target, annotation) = (self.expression(&it.target).into(), self.expression(&it.annotation).into());
                let value = self.optional(it.value.as_deref());
                (C::AnnAssign, vec![target, annotation, value, Content::Int(it.simple.into())])
            }
            ast::Stmt::For(it) => {
                let (target, iterable) = (self.expression(&it.target).into(), self.expression(&it.iter).into());
                let (body, otherwise) = (self.statements(&it.body), self.statements(&it.orelse));
                let constructor = if it.is_async { C::AsyncFor } else { C::For };
                (constructor, vec![target, iterable, body, otherwise, Content::Absent])
            }
            ast::Stmt::While(it) => {
                let test = self.expression(&it.test).into();
                (C::While, vec![test, self.statements(&it.body), self.statements(&it.orelse)])
            }
            ast::Stmt::With(it) => {
                let items: Vec<NodeIdx> = it.items.iter().map(|item| self.with_item(item)).collect();
                let constructor = if it.is_async { C::AsyncWith } else { C::With };
                (constructor, vec![items.into(), self.statements(&it.body), Content::Absent])
            }
            ast::Stmt::Match(it) => {
                let subject = self.expression(&it.subject).into();
                let cases: Vec<NodeIdx> = it.cases.iter().map(|case| self.match_case(case)).collect();
                (C::Match, vec![subject, cases.into()])
            }
            ast::Stmt::Raise(it) => {
                (C::Raise, vec![self.optional(it.exc.as_deref()), self.optional(it.cause.as_deref())])
            }
            ast::Stmt::Try(it) => {
                let body = self.statements(&it.body);
                let handlers: Vec<NodeIdx> = it.handlers.iter().map(|handler| self.handler(handler)).collect();
                let (otherwise, last) = (self.statements(&it.orelse), self.statements(&it.finalbody));
                (if it.is_star { C::TryStar } else { C::Try }, vec![body, handlers.into(), otherwise, last])
            }
            ast::Stmt::Assert(it) => {
                (C::Assert, vec![self.expression(&it.test).into(), self.optional(it.msg.as_deref())])
            }
            ast::Stmt::Import(it) => (C::Import, vec![self.aliases(&it.names)]),
            ast::Stmt::ImportFrom(it) => {
                let (module, level) = (optional_text(it.module.as_ref()), Content::Int(it.level.into()));
                (C::ImportFrom, vec![module, self.aliases(&it.names), level])
            }
            ast::Stmt::Global(it) => (C::Global, vec![Content::Names(it.names.iter().map(text).collect())]),
            ast::Stmt::Nonlocal(it) => (C::Nonlocal, vec![Content::Names(it.names.iter().map(text).collect())]),
            ast::Stmt::Expr(it) => (C::Expr, vec![self.expression(&it.value).into()]),
            // The parser makes the latter in another mode alone.
            ast::Stmt::Pass(_) | ast::Stmt::IpyEscapeCommand(_) => (C::Pass, Vec::new()),
            ast::Stmt::Break(_) => (C::Break, Vec::new()),
            ast::Stmt::Continue(_) => (C::Continue, Vec::new()),
        };
        self.add(constructor, range, fields)
    }

    /// A definition starts at its keyword, behind its decorators.
    fn definition_range(&self, range: TextRange, decorators: &[ast::Decorator], keyword: &str) -> TextRange {
        decorated_definition_range(self.source, range, decorators, keyword)
    }

    fn decorators(&mut self, decorators: &[ast::Decorator]) -> Content {
        let nodes: Vec<NodeIdx> = decorators.iter().map(|decorator| self.expression(&decorator.expression)).collect();
        nodes.into()
    }

    fn function(&mut self, it: &ast::StmtFunctionDef) -> NodeIdx {
        let (constructor, keyword) = if it.is_async { (C::AsyncFunctionDef, "async") } else { (C::FunctionDef, "def") };
        let range = self.definition_range(it.range, &it.decorator_list, keyword);
        let parameters = self.parameters(&it.parameters).into();
        let body = self.statements(&it.body);
        let decorators = self.decorators(&it.decorator_list);
        let returns = self.optional(it.returns.as_deref());
        let type_parameters = self.type_parameters(it.type_params.as_deref());
        let fields =
            vec![text(&it.name).into(), parameters, body, decorators, returns, Content::Absent, type_parameters];
        self.add(constructor, range, fields)
    }

    fn class(&mut self, it: &ast::StmtClassDef) -> NodeIdx {
        let range = self.definition_range(it.range, &it.decorator_list, "class");
        let (bases, keywords) = match &it.arguments {
            Some(arguments) => (self.expressions(&arguments.args), self.keywords(&arguments.keywords)),
            None => (Content::Nodes(Vec::new()), Content::Nodes(Vec::new())),
        };
        let body = self.statements(&it.body);
        let decorators = self.decorators(&it.decorator_list);
        let type_parameters = self.type_parameters(it.type_params.as_deref());
        self.add(C::ClassDef, range, vec![text(&it.name).into(), bases, keywords, body, decorators, type_parameters])
    }

    /// `elif` is an `if` in the other branch; each ends where the whole does.
    fn branches(&mut self, it: &ast::StmtIf) -> NodeIdx {
        let end = it.range.end();
        let mut otherwise = Content::Nodes(Vec::new());
        for clause in it.elif_else_clauses.iter().rev() {
            let body = self.statements(&clause.body);
            otherwise = match &clause.test {
                None => body,
                Some(test) => {
                    let test = self.expression(test).into();
                    let range = TextRange::new(clause.range.start(), end);
                    vec![self.add(C::If, range, vec![test, body, otherwise])].into()
                }
            };
        }
        let (test, body) = (self.expression(&it.test).into(), self.statements(&it.body));
        self.add(C::If, it.range, vec![test, body, otherwise])
    }

    fn with_item(&mut self, item: &ast::WithItem) -> NodeIdx {
        let context = self.expression(&item.context_expr).into();
        let target = self.optional(item.optional_vars.as_deref());
        self.tree.add(C::withitem, None, vec![context, target])
    }

    fn handler(&mut self, handler: &ast::ExceptHandler) -> NodeIdx {
        let ast::ExceptHandler::ExceptHandler(handler) = handler;
        let ty = self.optional(handler.type_.as_deref());
        let name = optional_text(handler.name.as_ref());
        let body = self.statements(&handler.body);
        self.add(C::ExceptHandler, handler.range, vec![ty, name, body])
    }

    fn match_case(&mut self, case: &ast::MatchCase) -> NodeIdx {
        let pattern = self.pattern(&case.pattern).into();
        let guard = self.optional(case.guard.as_deref());
        let body = self.statements(&case.body);
        self.tree.add(C::match_case, None, vec![pattern, guard, body])
    }

    fn aliases(&mut self, aliases: &[ast::Alias]) -> Content {
        let mut alias = |alias: &ast::Alias| {
            self.add(C::alias, alias.range, vec![text(&alias.name).into(), optional_text(alias.asname.as_ref())])
        };
        let nodes: Vec<NodeIdx> = aliases.iter().map(&mut alias).collect();
        nodes.into()
    }

    /// The range with its first byte moved.
    pub fn starting_before(range: TextRange, n_bytes: u32) -> TextRange {
        TextRange::new(range.start() - TextSize::new(n_bytes), range.end())
    }
}
