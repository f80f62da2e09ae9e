//! Statements.

use super::{C, Checked, Checker, Content, NodeIdx, type_error, value_error};

impl Checker<'_> {
    pub fn statements(&self, at: NodeIdx, field: usize) -> Checked {
        self.children(at, field).iter().try_for_each(|statement| match statement {
            Some(statement) => self.statement(*statement),
            None => value_error("None disallowed in statement list"),
        })
    }

    fn body(&self, at: NodeIdx, field: usize) -> Checked {
        self.not_empty(at, field, "body", self.constructor(at).shape().name)?;
        self.statements(at, field)
    }

    fn statement(&self, at: NodeIdx) -> Checked {
        self.place(at)?;
        let constructor = self.constructor(at);
        let owner = constructor.shape().name;
        match constructor {
            C::FunctionDef | C::AsyncFunctionDef => {
                self.body(at, 2)?;
                self.type_parameters(at, 6)?;
                self.parameters(at, 1)?;
                self.expressions(at, 3, C::Load, false)?;
                self.optional(at, 4)
            }
            C::ClassDef => {
                self.body(at, 3)?;
                self.type_parameters(at, 5)?;
                self.expressions(at, 1, C::Load, false)?;
                self.keywords(at, 2)?;
                self.expressions(at, 4, C::Load, false)
            }
            C::Return => self.optional(at, 0),
            C::Delete => {
                self.not_empty(at, 0, "targets", owner)?;
                self.expressions(at, 0, C::Del, false)
            }
            C::Assign => {
                self.not_empty(at, 0, "targets", owner)?;
                self.expressions(at, 0, C::Store, false)?;
                self.expression_in(at, 1, C::Load)
            }
            C::AugAssign => {
                self.expression_in(at, 0, C::Store)?;
                self.expression_in(at, 2, C::Load)
            }
            C::AnnAssign => self.annotated(at),
            C::TypeAlias => {
                if self.child(at, 0).is_none_or(|name| self.constructor(name) != C::Name) {
                    return type_error("TypeAlias with non-Name name");
                }
                self.expression_in(at, 0, C::Store)?;
                self.type_parameters(at, 1)?;
                self.expression_in(at, 2, C::Load)
            }
            C::For | C::AsyncFor => {
                self.expression_in(at, 0, C::Store)?;
                self.expression_in(at, 1, C::Load)?;
                self.body(at, 2)?;
                self.statements(at, 3)
            }
            C::While | C::If => {
                self.expression_in(at, 0, C::Load)?;
                self.body(at, 1)?;
                self.statements(at, 2)
            }
            C::With | C::AsyncWith => {
                self.not_empty(at, 0, "items", owner)?;
                for &item in self.children(at, 0).iter().flatten() {
                    self.expression_in(item, 0, C::Load)?;
                    self.child(item, 1).map_or(Ok(()), |target| self.expression(target, C::Store))?;
                }
                self.body(at, 1)
            }
            C::Match => {
                self.expression_in(at, 0, C::Load)?;
                self.not_empty(at, 1, "cases", owner)?;
                self.children(at, 1).iter().flatten().try_for_each(|&case| {
                    self.pattern_in(case, 0)?;
                    self.optional(case, 1)?;
                    self.body(case, 2)
                })
            }
            C::Raise => {
                if self.child(at, 0).is_none() && self.child(at, 1).is_some() {
                    return value_error("Raise with cause but no exception");
                }
                self.optional(at, 0)?;
                self.optional(at, 1)
            }
            C::Try | C::TryStar => self.handled(at, owner),
            C::Assert => {
                self.expression_in(at, 0, C::Load)?;
                self.optional(at, 1)
            }
            C::ImportFrom => {
                if matches!(self.node(at).fields[2], Content::Int(level) if level < 0) {
                    return value_error("Negative ImportFrom level");
                }
                self.not_empty(at, 1, "names", owner)
            }
            C::Import | C::Global | C::Nonlocal => self.not_empty(at, 0, "names", owner),
            C::Expr => self.expression_in(at, 0, C::Load),
            _ => Ok(()),
        }
    }

    fn annotated(&self, at: NodeIdx) -> Checked {
        let is_simple = matches!(self.node(at).fields[3], Content::Int(simple) if simple != 0);
        if is_simple && self.child(at, 0).is_none_or(|target| self.constructor(target) != C::Name) {
            return type_error("AnnAssign with simple non-Name target");
        }
        self.expression_in(at, 0, C::Store)?;
        self.optional(at, 2)?;
        self.expression_in(at, 1, C::Load)
    }

    fn handled(&self, at: NodeIdx, owner: &str) -> Checked {
        self.body(at, 0)?;
        let has_handlers = self.n_children(at, 1) > 0;
        if !has_handlers && self.n_children(at, 3) == 0 {
            return value_error(format!("{owner} has neither except handlers nor finalbody"));
        }
        if !has_handlers && self.n_children(at, 2) > 0 {
            return value_error(format!("{owner} has orelse but no except handlers"));
        }
        for &handler in self.children(at, 1).iter().flatten() {
            self.place(handler)?;
            self.optional(handler, 0)?;
            self.body(handler, 2)?;
        }
        self.statements(at, 3)?;
        self.statements(at, 2)
    }
}
