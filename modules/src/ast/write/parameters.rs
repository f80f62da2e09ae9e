//! Parameters, type parameters and arguments.

use super::{C, NodeIdx, Writer};
use ruff_python_ast as ast;
use ruff_text_size::TextRange;

impl Writer<'_> {
    pub fn parameters_in(&self, at: NodeIdx, field: usize) -> ast::Parameters {
        let Some(at) = self.child(at, field) else { return ast::Parameters::default() };
        let (positional_only, positional) = (self.places_in(at, 0).len(), self.places_in(at, 1).len());
        let n_without = (positional_only + positional).saturating_sub(self.places_in(at, 6).len());
        let default_of = |position: usize| {
            let default = self.places_in(at, 6).get(position.checked_sub(n_without)?).copied().flatten()?;
            Some(Box::new(self.expression(default)))
        };
        let with_default = |child: NodeIdx, default: Option<Box<ast::Expr>>| ast::ParameterWithDefault {
            range: self.range(child),
            node_index: ast::AtomicNodeIndex::NONE,
            parameter: self.parameter(child),
            default,
        };
        let keyword_default = |position: usize| {
            let default = self.places_in(at, 4).get(position).copied().flatten()?;
            Some(Box::new(self.expression(default)))
        };
        let positional_at = |start: usize| move |(position, child): (usize, NodeIdx)| (child, start + position);
        ast::Parameters {
            range: self
                .children(at, 0)
                .chain(self.children(at, 1))
                .next()
                .map_or(TextRange::default(), |first| self.range(first)),
            node_index: ast::AtomicNodeIndex::NONE,
            posonlyargs: self
                .children(at, 0)
                .enumerate()
                .map(positional_at(0))
                .map(|(child, position)| with_default(child, default_of(position)))
                .collect(),
            args: self
                .children(at, 1)
                .enumerate()
                .map(positional_at(positional_only))
                .map(|(child, position)| with_default(child, default_of(position)))
                .collect(),
            vararg: self.child(at, 2).map(|child| Box::new(self.parameter(child))),
            kwonlyargs: self
                .children(at, 3)
                .enumerate()
                .map(|(position, child)| with_default(child, keyword_default(position)))
                .collect(),
            kwarg: self.child(at, 5).map(|child| Box::new(self.parameter(child))),
            runtime_defaults: None,
        }
    }

    fn parameter(&self, at: NodeIdx) -> ast::Parameter {
        ast::Parameter {
            range: self.range(at),
            node_index: ast::AtomicNodeIndex::NONE,
            name: self.identifier(at, 0),
            annotation: self.optional_in(at, 1),
            runtime_type_comment: None,
            runtime_type_comment_bytes: None,
        }
    }

    pub fn type_parameters(&self, at: NodeIdx, field: usize) -> Option<Box<ast::TypeParams>> {
        let children: Vec<NodeIdx> = self.children(at, field).collect();
        let (first, last) = (self.range(*children.first()?), self.range(*children.last()?));
        Some(Box::new(ast::TypeParams {
            range: first.cover(last),
            node_index: ast::AtomicNodeIndex::NONE,
            type_params: children.into_iter().map(|child| self.type_parameter(child)).collect(),
            runtime_type_params: None,
        }))
    }

    fn type_parameter(&self, at: NodeIdx) -> ast::TypeParam {
        let (range, name, node_index) = (self.range(at), self.identifier(at, 0), ast::AtomicNodeIndex::NONE);
        match self.tree.node(at).constructor {
            C::ParamSpec => ast::TypeParam::ParamSpec(ast::TypeParamParamSpec {
                range,
                node_index,
                name,
                default: self.optional_in(at, 1),
            }),
            C::TypeVarTuple => ast::TypeParam::TypeVarTuple(ast::TypeParamTypeVarTuple {
                range,
                node_index,
                name,
                default: self.optional_in(at, 1),
            }),
            _ => ast::TypeParam::TypeVar(ast::TypeParamTypeVar {
                range,
                node_index,
                name,
                bound: self.optional_in(at, 1),
                default: self.optional_in(at, 2),
            }),
        }
    }

    /// The arguments of a call or a class: positional ones in `field`, keywords behind it.
    pub fn arguments(&self, range: TextRange, at: NodeIdx, field: usize) -> ast::Arguments {
        let keyword = |child: NodeIdx| ast::Keyword {
            range: self.range(child),
            node_index: ast::AtomicNodeIndex::NONE,
            arg: self.optional_identifier(child, 0),
            value: self.expression_in(child, 1),
        };
        ast::Arguments {
            range,
            node_index: ast::AtomicNodeIndex::NONE,
            args: self.expressions_in(at, field).into(),
            keywords: self.children(at, field + 1).map(keyword).collect(),
            runtime_args: None,
            runtime_bases: None,
        }
    }
}
