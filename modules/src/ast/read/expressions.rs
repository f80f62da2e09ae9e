//! Expressions.

use super::{C, Content, NodeIdx, Reader, text};
use ruff_python_ast as ast;
use ruff_text_size::{Ranged, TextRange};
use rustpython_codegen::compile::ruff_int_to_bigint;
use rustpython_codegen::string_literal_value;
use rustpython_compiler_core::bytecode::ConstantData;
use stitch_runtime::bytecode::RawConst;
use stitch_runtime::bytecode::compile::convert_const;

impl Reader<'_> {
    pub fn expressions(&mut self, expressions: &[ast::Expr]) -> Content {
        let nodes: Vec<NodeIdx> = expressions.iter().map(|expression| self.expression(expression)).collect();
        nodes.into()
    }

    pub fn optional(&mut self, expression: Option<&ast::Expr>) -> Content {
        expression.map(|expression| self.expression(expression)).into()
    }

    pub fn constant(&mut self, range: TextRange, value: RawConst, kind: Option<&str>) -> NodeIdx {
        self.add(C::Constant, range, vec![Content::Constant(value), kind.map(str::to_owned).into()])
    }

    pub fn expression(&mut self, expression: &ast::Expr) -> NodeIdx {
        let range = expression.range();
        let (constructor, fields) = match expression {
            ast::Expr::NumberLiteral(_)
            | ast::Expr::StringLiteral(_)
            | ast::Expr::BytesLiteral(_)
            | ast::Expr::BooleanLiteral(_)
            | ast::Expr::NoneLiteral(_)
            | ast::Expr::EllipsisLiteral(_)
            | ast::Expr::Constant(_)
            | ast::Expr::IpyEscapeCommand(_) => return self.literal(expression),
            ast::Expr::FString(it) => return self.joined_string(it),
            ast::Expr::TString(it) => return self.template_string(it),
            ast::Expr::Call(it) => return self.call(it),
            ast::Expr::BoolOp(it) => {
                let operator = self.bare(match it.op {
                    ast::BoolOp::And => C::And,
                    ast::BoolOp::Or => C::Or,
                });
                (C::BoolOp, vec![operator, self.expressions(&it.values)])
            }
            ast::Expr::Named(it) => {
                (C::NamedExpr, vec![self.expression(&it.target).into(), self.expression(&it.value).into()])
            }
            ast::Expr::BinOp(it) => {
                let (left, operator) = (self.expression(&it.left).into(), self.operator(it.op));
                (C::BinOp, vec![left, operator, self.expression(&it.right).into()])
            }
            ast::Expr::UnaryOp(it) => {
                let operator = self.bare(match it.op {
                    ast::UnaryOp::Invert => C::Invert,
                    ast::UnaryOp::Not => C::Not,
                    ast::UnaryOp::UAdd => C::UAdd,
                    ast::UnaryOp::USub => C::USub,
                });
                (C::UnaryOp, vec![operator, self.expression(&it.operand).into()])
            }
            ast::Expr::Lambda(it) => {
                let parameters = match &it.parameters {
                    Some(parameters) => self.parameters(parameters),
                    None => self.no_parameters(),
                };
                (C::Lambda, vec![parameters.into(), self.expression(&it.body).into()])
            }
            ast::Expr::If(it) => {
                let (test, body) = (self.expression(&it.test).into(), self.expression(&it.body).into());
                (C::IfExp, vec![test, body, self.expression(&it.orelse).into()])
            }
            ast::Expr::Dict(it) => {
                let keys = it.items.iter().map(|item| item.key.as_ref().map(|key| self.expression(key))).collect();
                let values: Vec<NodeIdx> = it.items.iter().map(|item| self.expression(&item.value)).collect();
                (C::Dict, vec![Content::Nodes(keys), values.into()])
            }
            ast::Expr::Set(it) => (C::Set, vec![self.expressions(&it.elts)]),
            ast::Expr::ListComp(it) => {
                (C::ListComp, vec![self.expression(&it.elt).into(), self.comprehensions(&it.generators)])
            }
            ast::Expr::SetComp(it) => {
                (C::SetComp, vec![self.expression(&it.elt).into(), self.comprehensions(&it.generators)])
            }
            ast::Expr::Generator(it) => {
                (C::GeneratorExp, vec![self.expression(&it.elt).into(), self.comprehensions(&it.generators)])
            }
            ast::Expr::DictComp(it) => {
                let key = self.optional(it.key.as_deref());
                let value = self.expression(&it.value).into();
                (C::DictComp, vec![key, value, self.comprehensions(&it.generators)])
            }
            ast::Expr::Await(it) => (C::Await, vec![self.expression(&it.value).into()]),
            ast::Expr::Yield(it) => (C::Yield, vec![self.optional(it.value.as_deref())]),
            ast::Expr::YieldFrom(it) => (C::YieldFrom, vec![self.expression(&it.value).into()]),
            ast::Expr::Compare(it) => {
                let left = self.expression(&it.left).into();
                let operators = it.ops.iter().map(|&operator| self.comparison(operator)).collect();
                (C::Compare, vec![left, Content::Nodes(operators), self.expressions(&it.comparators)])
            }
            ast::Expr::Attribute(it) => {
                let value = self.expression(&it.value).into();
                (C::Attribute, vec![value, text(&it.attr).into(), self.context(it.ctx)])
            }
            ast::Expr::Subscript(it) => {
                let (value, slice) = (self.expression(&it.value).into(), self.expression(&it.slice).into());
                (C::Subscript, vec![value, slice, self.context(it.ctx)])
            }
            ast::Expr::Starred(it) => (C::Starred, vec![self.expression(&it.value).into(), self.context(it.ctx)]),
            ast::Expr::Name(it) => (C::Name, vec![it.id.as_str().to_owned().into(), self.context(it.ctx)]),
            ast::Expr::List(it) => (C::List, vec![self.expressions(&it.elts), self.context(it.ctx)]),
            ast::Expr::Tuple(it) => (C::Tuple, vec![self.expressions(&it.elts), self.context(it.ctx)]),
            ast::Expr::Slice(it) => {
                let (lower, upper) = (self.optional(it.lower.as_deref()), self.optional(it.upper.as_deref()));
                (C::Slice, vec![lower, upper, self.optional(it.step.as_deref())])
            }
        };
        self.add(constructor, range, fields)
    }

    fn literal(&mut self, literal: &ast::Expr) -> NodeIdx {
        let range = literal.range();
        let mut kind = None;
        let value = match literal {
            ast::Expr::NumberLiteral(it) => match &it.value {
                ast::Number::Int(int) => ruff_int_to_bigint(int)
                    .map_or(RawConst::None, |value| convert_const(ConstantData::Integer { value })),
                ast::Number::Float(float) => RawConst::Float(*float),
                &ast::Number::Complex { real, imag } => RawConst::Complex { real, imag },
            },
            ast::Expr::StringLiteral(it) => {
                kind = it.value.is_unicode().then_some("u");
                RawConst::Str(string_literal_value(self.source, &it.value).into_bytes().into())
            }
            ast::Expr::BytesLiteral(it) => RawConst::Bytes(it.value.bytes().collect()),
            ast::Expr::BooleanLiteral(it) if it.value => RawConst::True,
            ast::Expr::BooleanLiteral(_) => RawConst::False,
            ast::Expr::EllipsisLiteral(_) => RawConst::Ellipsis,
            ast::Expr::Constant(it) => {
                kind = it.kind.as_deref();
                folded(&it.value)
            }
            _ => RawConst::None,
        };
        self.constant(range, value, kind)
    }

    /// A generator without parentheses of its own has those of the call.
    fn call(&mut self, it: &ast::ExprCall) -> NodeIdx {
        let callee = self.expression(&it.func).into();
        let mut arguments = Vec::with_capacity(it.arguments.args.len());
        for argument in &it.arguments.args {
            let node = self.expression(argument);
            if let ast::Expr::Generator(generator) = argument
                && !generator.parenthesized
            {
                self.tree.nodes[node.0 as usize].place = self.place(it.arguments.range);
            }
            arguments.push(node);
        }
        let keywords = self.keywords(&it.arguments.keywords);
        self.add(C::Call, it.range(), vec![callee, arguments.into(), keywords])
    }

    fn comprehensions(&mut self, comprehensions: &[ast::Comprehension]) -> Content {
        let mut comprehension = |it: &ast::Comprehension| {
            let (target, iterable) = (self.expression(&it.target).into(), self.expression(&it.iter).into());
            let conditions = self.expressions(&it.ifs);
            let fields = vec![target, iterable, conditions, Content::Int(it.is_async.into())];
            self.tree.add(C::comprehension, None, fields)
        };
        let nodes: Vec<NodeIdx> = comprehensions.iter().map(&mut comprehension).collect();
        nodes.into()
    }

    pub fn operator(&mut self, operator: ast::Operator) -> Content {
        use ast::Operator as O;
        self.bare(match operator {
            O::Add => C::Add,
            O::Sub => C::Sub,
            O::Mult => C::Mult,
            O::MatMult => C::MatMult,
            O::Div => C::Div,
            O::Mod => C::Mod,
            O::Pow => C::Pow,
            O::LShift => C::LShift,
            O::RShift => C::RShift,
            O::BitOr => C::BitOr,
            O::BitXor => C::BitXor,
            O::BitAnd => C::BitAnd,
            O::FloorDiv => C::FloorDiv,
        })
    }

    fn comparison(&mut self, operator: ast::CmpOp) -> Option<NodeIdx> {
        use ast::CmpOp as O;
        let constructor = match operator {
            O::Eq => C::Eq,
            O::NotEq => C::NotEq,
            O::Lt => C::Lt,
            O::LtE => C::LtE,
            O::Gt => C::Gt,
            O::GtE => C::GtE,
            O::Is => C::Is,
            O::IsNot => C::IsNot,
            O::In => C::In,
            O::NotIn => C::NotIn,
        };
        Some(self.tree.add(constructor, None, Vec::new()))
    }
}

/// A constant that the compiler folded.
fn folded(value: &ast::ConstantValue) -> RawConst {
    match value {
        ast::ConstantValue::None => RawConst::None,
        ast::ConstantValue::Boolean(true) => RawConst::True,
        ast::ConstantValue::Boolean(false) => RawConst::False,
        ast::ConstantValue::Ellipsis => RawConst::Ellipsis,
        ast::ConstantValue::Str(text) => RawConst::Str(text.as_bytes().into()),
        ast::ConstantValue::Bytes(bytes) => RawConst::Bytes(bytes.clone()),
        ast::ConstantValue::Integer(digits) => {
            digits.parse().map_or(RawConst::None, |value| convert_const(ConstantData::Integer { value }))
        }
        ast::ConstantValue::Tuple(items) => RawConst::Tuple(items.iter().map(folded).collect()),
        ast::ConstantValue::Frozenset(items) => RawConst::FrozenSet(items.iter().map(folded).collect()),
        ast::ConstantValue::Float(float) => RawConst::Float(*float),
        &ast::ConstantValue::Complex { real, imag } => RawConst::Complex { real, imag },
    }
}
