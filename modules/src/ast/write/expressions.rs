//! Expressions.

use super::{C, Content, NodeIdx, Writer};
use ruff_python_ast as ast;
use ruff_text_size::TextRange;
use stitch_runtime::bytecode::RawConst;

#[expect(
    non_upper_case_globals,
    clippy::declare_interior_mutable_const,
    reason = "it stands for the field of its name, and is a new one wherever it is named"
)]
const node_index: ast::AtomicNodeIndex = ast::AtomicNodeIndex::NONE;

impl Writer<'_> {
    pub fn expression_in(&self, at: NodeIdx, field: usize) -> ast::Expr {
        match self.child(at, field) {
            Some(child) => self.expression(child),
            None => none(self.range(at)),
        }
    }

    pub fn boxed_in(&self, at: NodeIdx, field: usize) -> Box<ast::Expr> {
        Box::new(self.expression_in(at, field))
    }

    pub fn optional_in(&self, at: NodeIdx, field: usize) -> Option<Box<ast::Expr>> {
        self.child(at, field).map(|child| Box::new(self.expression(child)))
    }

    pub fn expressions_in(&self, at: NodeIdx, field: usize) -> Vec<ast::Expr> {
        self.children(at, field).map(|child| self.expression(child)).collect()
    }

    pub fn expression(&self, at: NodeIdx) -> ast::Expr {
        let range = self.range(at);
        match self.tree.node(at).constructor {
            C::Constant => self.constant(at),
            C::JoinedStr => self.joined_string(at),
            C::FormattedValue => self.formatted_value(at),
            C::TemplateStr => self.template_string(at),
            C::Interpolation => self.interpolation(at),
            C::BoolOp => ast::Expr::BoolOp(ast::ExprBoolOp {
                node_index,
                range,
                op: if self.bare(at, 0) == C::Or { ast::BoolOp::Or } else { ast::BoolOp::And },
                values: self.expressions_in(at, 1),
                runtime_values: None,
            }),
            C::NamedExpr => ast::Expr::Named(ast::ExprNamed {
                node_index,
                range,
                target: self.boxed_in(at, 0),
                value: self.boxed_in(at, 1),
            }),
            C::BinOp => ast::Expr::BinOp(ast::ExprBinOp {
                node_index,
                range,
                left: self.boxed_in(at, 0),
                op: operator(self.bare(at, 1)),
                right: self.boxed_in(at, 2),
            }),
            C::UnaryOp => ast::Expr::UnaryOp(ast::ExprUnaryOp {
                node_index,
                range,
                op: match self.bare(at, 0) {
                    C::Invert => ast::UnaryOp::Invert,
                    C::Not => ast::UnaryOp::Not,
                    C::UAdd => ast::UnaryOp::UAdd,
                    _ => ast::UnaryOp::USub,
                },
                operand: self.boxed_in(at, 1),
            }),
            C::Lambda => ast::Expr::Lambda(ast::ExprLambda {
                node_index,
                range,
                parameters: Some(Box::new(self.parameters_in(at, 0))),
                body: self.boxed_in(at, 1),
            }),
            C::IfExp => ast::Expr::If(ast::ExprIf {
                node_index,
                range,
                test: self.boxed_in(at, 0),
                body: self.boxed_in(at, 1),
                orelse: self.boxed_in(at, 2),
            }),
            C::Dict => {
                let keys = self.places_in(at, 0).iter().map(|key| key.map(|key| self.expression(key)));
                let item = |(key, value)| ast::DictItem { key, value: self.expression(value) };
                ast::Expr::Dict(ast::ExprDict {
                    node_index,
                    range,
                    items: keys.zip(self.children(at, 1)).map(item).collect(),
                    runtime_values: None,
                })
            }
            C::Set => {
                ast::Expr::Set(ast::ExprSet { node_index, range, elts: self.expressions_in(at, 0), runtime_elts: None })
            }
            C::ListComp => ast::Expr::ListComp(ast::ExprListComp {
                node_index,
                range,
                elt: self.boxed_in(at, 0),
                generators: self.comprehensions(at, 1),
            }),
            C::SetComp => ast::Expr::SetComp(ast::ExprSetComp {
                node_index,
                range,
                elt: self.boxed_in(at, 0),
                generators: self.comprehensions(at, 1),
            }),
            C::GeneratorExp => ast::Expr::Generator(ast::ExprGenerator {
                node_index,
                range,
                elt: self.boxed_in(at, 0),
                generators: self.comprehensions(at, 1),
                parenthesized: true,
            }),
            C::DictComp => ast::Expr::DictComp(ast::ExprDictComp {
                node_index,
                range,
                key: self.optional_in(at, 0),
                value: self.boxed_in(at, 1),
                generators: self.comprehensions(at, 2),
            }),
            C::Await => ast::Expr::Await(ast::ExprAwait { node_index, range, value: self.boxed_in(at, 0) }),
            C::Yield => ast::Expr::Yield(ast::ExprYield { node_index, range, value: self.optional_in(at, 0) }),
            C::YieldFrom => ast::Expr::YieldFrom(ast::ExprYieldFrom { node_index, range, value: self.boxed_in(at, 0) }),
            C::Compare => ast::Expr::Compare(ast::ExprCompare {
                node_index,
                range,
                left: self.boxed_in(at, 0),
                ops: self.children(at, 1).map(|child| comparison(self.tree.node(child).constructor)).collect(),
                comparators: self.expressions_in(at, 2).into(),
                runtime_comparators: None,
            }),
            C::Call => ast::Expr::Call(ast::ExprCall {
                node_index,
                range_start: range.start(),
                func: self.boxed_in(at, 0),
                arguments: self.arguments(range, at, 1),
            }),
            C::Attribute => ast::Expr::Attribute(ast::ExprAttribute {
                node_index,
                range,
                value: self.boxed_in(at, 0),
                attr: ast::Identifier { range: TextRange::empty(range.end()), ..self.identifier(at, 1) },
                ctx: self.context(at, 2),
            }),
            C::Subscript => ast::Expr::Subscript(ast::ExprSubscript {
                node_index,
                range,
                value: self.boxed_in(at, 0),
                slice: self.boxed_in(at, 1),
                ctx: self.context(at, 2),
            }),
            C::Starred => ast::Expr::Starred(ast::ExprStarred {
                node_index,
                range,
                value: self.boxed_in(at, 0),
                ctx: self.context(at, 1),
            }),
            C::Name => ast::Expr::Name(ast::ExprName {
                node_index,
                range,
                id: self.identifier(at, 0).id,
                ctx: self.context(at, 1),
            }),
            C::List => ast::Expr::List(ast::ExprList {
                node_index,
                range,
                elts: self.expressions_in(at, 0),
                ctx: self.context(at, 1),
                runtime_elts: None,
            }),
            C::Tuple => ast::Expr::Tuple(ast::ExprTuple {
                node_index,
                range,
                elts: self.expressions_in(at, 0),
                ctx: self.context(at, 1),
                parenthesized: true,
                runtime_elts: None,
            }),
            C::Slice => ast::Expr::Slice(ast::ExprSlice {
                node_index,
                range,
                lower: self.optional_in(at, 0),
                upper: self.optional_in(at, 1),
                step: self.optional_in(at, 2),
            }),
            _ => none(range),
        }
    }

    fn constant(&self, at: NodeIdx) -> ast::Expr {
        let value = match self.field(at, 0) {
            Content::Constant(value) => match self.with_surrogates(value, self.range(at)) {
                Some(written) => return written,
                None => constant_value(value),
            },
            _ => ast::ConstantValue::None,
        };
        let kind = match self.field(at, 1) {
            Content::Text(kind) => Some(kind.as_str().into()),
            _ => None,
        };
        ast::Expr::Constant(ast::ExprConstant { node_index, range: self.range(at), value, kind, invalid_type: None })
    }

    /// A constant with lone surrogates, for which the tree has no room: as the parser has it, which leaves them to the source.
    fn with_surrogates(&self, value: &RawConst, range: TextRange) -> Option<ast::Expr> {
        match value {
            RawConst::Str(text) if std::str::from_utf8(text).is_err() => {
                let literal = ast::StringLiteral {
                    range: self.literals.borrow_mut().write(text),
                    node_index,
                    value: String::from_utf8_lossy(text).into_owned().into(),
                    flags: ast::StringLiteralFlags::empty(),
                };
                let value = ast::StringLiteralValue::single(literal);
                Some(ast::Expr::StringLiteral(ast::ExprStringLiteral { node_index, range, value }))
            }
            RawConst::Tuple(items) if items.iter().any(has_surrogates) => {
                let item = |item: &RawConst| {
                    self.with_surrogates(item, range).unwrap_or_else(|| {
                        let value = constant_value(item);
                        ast::Expr::Constant(ast::ExprConstant { node_index, range, value, kind: None, invalid_type: None })
                    })
                };
                Some(ast::Expr::Tuple(ast::ExprTuple {
                    node_index,
                    range,
                    elts: items.iter().map(item).collect(),
                    ctx: ast::ExprContext::Load,
                    parenthesized: true,
                    runtime_elts: None,
                }))
            }
            _ => None,
        }
    }

    fn joined_string(&self, at: NodeIdx) -> ast::Expr {
        let range = self.range(at);
        ast::Expr::FString(ast::ExprFString {
            node_index,
            range,
            value: joined(range, Vec::new()),
            runtime_joined_str: Some(self.expressions_in(at, 0)),
            runtime_values: None,
        })
    }

    fn formatted_value(&self, at: NodeIdx) -> ast::Expr {
        let range = self.range(at);
        let element = ast::InterpolatedElement {
            runtime_formatted_value_format_spec: self.optional_in(at, 2),
            ..self.element(at, self.int(at, 1))
        };
        ast::Expr::FString(ast::ExprFString {
            node_index,
            range,
            value: joined(range, vec![ast::InterpolatedStringElement::Interpolation(element)]),
            runtime_joined_str: None,
            runtime_values: None,
        })
    }

    fn template_string(&self, at: NodeIdx) -> ast::Expr {
        let range = self.range(at);
        ast::Expr::TString(ast::ExprTString {
            node_index,
            range,
            value: template(range, Vec::new()),
            runtime_template_str: Some(self.expressions_in(at, 0)),
            runtime_values: None,
        })
    }

    fn interpolation(&self, at: NodeIdx) -> ast::Expr {
        let range = self.range(at);
        let source = match self.field(at, 1) {
            Content::Constant(source) => constant_value(source),
            _ => ast::ConstantValue::None,
        };
        let element = ast::InterpolatedElement {
            runtime_str: Some(source),
            runtime_interpolation_format_spec: self.optional_in(at, 3),
            ..self.element(at, self.int(at, 2))
        };
        ast::Expr::TString(ast::ExprTString {
            node_index,
            range,
            value: template(range, vec![ast::InterpolatedStringElement::Interpolation(element)]),
            runtime_template_str: None,
            runtime_values: None,
        })
    }

    fn element(&self, at: NodeIdx, conversion: i64) -> ast::InterpolatedElement {
        let conversion = match u8::try_from(conversion) {
            Ok(b's') => ast::ConversionFlag::Str,
            Ok(b'r') => ast::ConversionFlag::Repr,
            Ok(b'a') => ast::ConversionFlag::Ascii,
            _ => ast::ConversionFlag::None,
        };
        ast::InterpolatedElement {
            range: self.range(at),
            node_index,
            expression: self.boxed_in(at, 0),
            debug_text: None,
            conversion,
            format_spec: None,
            runtime_str: None,
            runtime_interpolation_format_spec: None,
            runtime_formatted_value_format_spec: None,
        }
    }

    fn comprehensions(&self, at: NodeIdx, field: usize) -> Vec<ast::Comprehension> {
        let comprehension = |child: NodeIdx| ast::Comprehension {
            range: self.child(child, 0).map_or(TextRange::default(), |target| self.range(target)),
            node_index,
            target: self.expression_in(child, 0),
            iter: self.expression_in(child, 1),
            ifs: self.expressions_in(child, 2),
            is_async: self.int(child, 3) != 0,
            runtime_ifs: None,
            runtime_is_async: None,
        };
        self.children(at, field).map(comprehension).collect()
    }
}

fn none(range: TextRange) -> ast::Expr {
    ast::Expr::NoneLiteral(ast::ExprNoneLiteral { node_index, range })
}

fn joined(range: TextRange, elements: Vec<ast::InterpolatedStringElement>) -> ast::FStringValue {
    let flags = ast::FStringFlags::empty();
    ast::FStringValue::single(ast::FString { range, node_index, elements: elements.into(), flags })
}

fn template(range: TextRange, elements: Vec<ast::InterpolatedStringElement>) -> ast::TStringValue {
    let flags = ast::TStringFlags::empty();
    ast::TStringValue::single(ast::TString { range, node_index, elements: elements.into(), flags })
}

fn has_surrogates(value: &RawConst) -> bool {
    match value {
        RawConst::Str(text) => std::str::from_utf8(text).is_err(),
        RawConst::Tuple(items) => items.iter().any(has_surrogates),
        _ => false,
    }
}

fn constant_value(value: &RawConst) -> ast::ConstantValue {
    match value {
        RawConst::None | RawConst::Slice(_) | RawConst::Code(_) => ast::ConstantValue::None,
        RawConst::True => ast::ConstantValue::Boolean(true),
        RawConst::False => ast::ConstantValue::Boolean(false),
        RawConst::Ellipsis => ast::ConstantValue::Ellipsis,
        RawConst::Int(int) => ast::ConstantValue::Integer(int.to_string().into()),
        RawConst::BigInt { negative, magnitude } => {
            ast::ConstantValue::Integer(format!("{}{magnitude}", if *negative { "-" } else { "" }).into())
        }
        RawConst::Float(float) => ast::ConstantValue::Float(*float),
        &RawConst::Complex { real, imag } => ast::ConstantValue::Complex { real, imag },
        RawConst::Str(text) => ast::ConstantValue::Str(String::from_utf8_lossy(text).into_owned().into()),
        RawConst::Bytes(bytes) => ast::ConstantValue::Bytes(bytes.clone()),
        RawConst::Tuple(items) => ast::ConstantValue::Tuple(items.iter().map(constant_value).collect()),
        RawConst::FrozenSet(items) => ast::ConstantValue::Frozenset(items.iter().map(constant_value).collect()),
    }
}

pub fn operator(constructor: C) -> ast::Operator {
    use ast::Operator as O;
    match constructor {
        C::Sub => O::Sub,
        C::Mult => O::Mult,
        C::MatMult => O::MatMult,
        C::Div => O::Div,
        C::Mod => O::Mod,
        C::Pow => O::Pow,
        C::LShift => O::LShift,
        C::RShift => O::RShift,
        C::BitOr => O::BitOr,
        C::BitXor => O::BitXor,
        C::BitAnd => O::BitAnd,
        C::FloorDiv => O::FloorDiv,
        _ => O::Add,
    }
}

fn comparison(constructor: C) -> ast::CmpOp {
    use ast::CmpOp as O;
    match constructor {
        C::NotEq => O::NotEq,
        C::Lt => O::Lt,
        C::LtE => O::LtE,
        C::Gt => O::Gt,
        C::GtE => O::GtE,
        C::Is => O::Is,
        C::IsNot => O::IsNot,
        C::In => O::In,
        C::NotIn => O::NotIn,
        _ => O::Eq,
    }
}
