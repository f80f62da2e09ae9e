//! Expressions.

use super::{C, Checked, Checker, Content, NodeIdx, type_error, value_error};

impl Checker<'_> {
    /// The expressions of a list; where `may_lack`, there may be none at a place.
    pub fn expressions(&self, at: NodeIdx, field: usize, context: C, may_lack: bool) -> Checked {
        self.children(at, field).iter().try_for_each(|expression| match expression {
            Some(expression) => self.expression(*expression, context),
            None if may_lack => Ok(()),
            None => value_error("None disallowed in expression list"),
        })
    }

    pub fn optional(&self, at: NodeIdx, field: usize) -> Checked {
        self.expression_in(at, field, C::Load)
    }

    /// That required ones are there was seen when the tree was taken.
    pub fn expression_in(&self, at: NodeIdx, field: usize, context: C) -> Checked {
        self.child(at, field).map_or(Ok(()), |child| self.expression(child, context))
    }

    pub fn expression(&self, at: NodeIdx, context: C) -> Checked {
        self.place(at)?;
        self.context(at, context)?;
        match self.constructor(at) {
            C::BoolOp => {
                if self.n_children(at, 1) < 2 {
                    return value_error("BoolOp with less than 2 values");
                }
                self.expressions(at, 1, C::Load, false)
            }
            C::BinOp => {
                self.optional(at, 0)?;
                self.optional(at, 2)
            }
            C::UnaryOp => self.optional(at, 1),
            C::Lambda => {
                self.parameters(at, 0)?;
                self.optional(at, 1)
            }
            C::IfExp | C::Slice => (0..3).try_for_each(|field| self.optional(at, field)),
            C::Dict => {
                if self.n_children(at, 0) != self.n_children(at, 1) {
                    return value_error("Dict doesn't have the same number of keys as values");
                }
                self.expressions(at, 0, C::Load, true)?;
                self.expressions(at, 1, C::Load, false)
            }
            C::Set => self.expressions(at, 0, C::Load, false),
            C::ListComp | C::SetComp | C::GeneratorExp => {
                self.comprehensions(at, 1)?;
                self.optional(at, 0)
            }
            C::DictComp => {
                self.comprehensions(at, 2)?;
                self.optional(at, 0)?;
                self.optional(at, 1)
            }
            C::Yield | C::YieldFrom | C::Await => self.optional(at, 0),
            C::Compare => {
                let n_comparators = self.n_children(at, 2);
                if n_comparators == 0 {
                    return value_error("Compare with no comparators");
                }
                if n_comparators != self.n_children(at, 1) {
                    return value_error("Compare has a different number of comparators and operands");
                }
                self.expressions(at, 2, C::Load, false)?;
                self.optional(at, 0)
            }
            C::Call => {
                self.optional(at, 0)?;
                self.expressions(at, 1, C::Load, false)?;
                self.keywords(at, 2)
            }
            C::JoinedStr | C::TemplateStr => self.expressions(at, 0, C::Load, false),
            C::FormattedValue => {
                self.optional(at, 0)?;
                self.optional(at, 2)
            }
            C::Interpolation => {
                self.optional(at, 0)?;
                self.optional(at, 3)
            }
            C::Attribute => self.optional(at, 0),
            C::Subscript => {
                self.optional(at, 1)?;
                self.optional(at, 0)
            }
            C::Starred => self.expression_in(at, 0, context),
            C::List | C::Tuple => self.expressions(at, 0, context, false),
            C::NamedExpr => {
                if self.child(at, 0).is_none_or(|target| self.constructor(target) != C::Name) {
                    return type_error("NamedExpr target must be a Name");
                }
                self.optional(at, 1)
            }
            _ => Ok(()),
        }
    }

    /// Where a node has a context, it must be the one wanted; all others are loaded.
    fn context(&self, at: NodeIdx, wanted: C) -> Checked {
        let field = match self.constructor(at) {
            C::Attribute | C::Subscript => 2,
            C::Starred | C::Name | C::List | C::Tuple => 1,
            _ if wanted == C::Load => return Ok(()),
            _ => {
                let wanted = wanted.shape().name;
                return value_error(format!("expression which can't be assigned to in {wanted} context"));
            }
        };
        if self.constructor(at) == C::Name {
            self.name(self.text(at, 0))?;
        }
        let given = self.child(at, field).map_or(C::Load, |child| self.constructor(child));
        if given != wanted {
            let (wanted, given) = (wanted.shape().name, given.shape().name);
            return value_error(format!("expression must have {wanted} context but has {given} instead"));
        }
        Ok(())
    }

    fn comprehensions(&self, at: NodeIdx, field: usize) -> Checked {
        if self.n_children(at, field) == 0 {
            return value_error("comprehension with no generators");
        }
        self.children(at, field).iter().flatten().try_for_each(|&one| {
            self.expression_in(one, 0, C::Store)?;
            self.expression_in(one, 1, C::Load)?;
            self.expressions(one, 2, C::Load, false)
        })
    }

    pub fn constant(&self, at: NodeIdx) -> Option<&stitch_runtime::bytecode::RawConst> {
        match &self.node(at).fields[0] {
            Content::Constant(value) if self.constructor(at) == C::Constant => Some(value),
            _ => None,
        }
    }
}
