//! Patterns of `match`.

use super::{C, Content, NodeIdx, Writer};
use ruff_python_ast as ast;
use stitch_runtime::bytecode::RawConst;

impl Writer<'_> {
    pub fn pattern_in(&self, at: NodeIdx, field: usize) -> ast::Pattern {
        match self.child(at, field) {
            Some(child) => self.pattern(child),
            None => self.wildcard(at),
        }
    }

    /// What stands where a checked tree has a pattern.
    fn wildcard(&self, at: NodeIdx) -> ast::Pattern {
        ast::Pattern::MatchAs(ast::PatternMatchAs {
            node_index: ast::AtomicNodeIndex::NONE,
            range: self.range(at),
            pattern: None,
            name: None,
        })
    }

    fn patterns<L: FromIterator<ast::Pattern>>(&self, at: NodeIdx, field: usize) -> L {
        self.children(at, field).map(|child| self.pattern(child)).collect()
    }

    fn pattern(&self, at: NodeIdx) -> ast::Pattern {
        let (range, node_index) = (self.range(at), ast::AtomicNodeIndex::NONE);
        match self.tree.node(at).constructor {
            C::MatchValue => {
                ast::Pattern::MatchValue(ast::PatternMatchValue { node_index, range, value: self.boxed_in(at, 0) })
            }
            C::MatchSingleton => {
                let value = match self.field(at, 0) {
                    Content::Constant(RawConst::True) => ast::Singleton::True,
                    Content::Constant(RawConst::False) => ast::Singleton::False,
                    _ => ast::Singleton::None,
                };
                ast::Pattern::MatchSingleton(ast::PatternMatchSingleton { node_index, range, value })
            }
            C::MatchSequence => ast::Pattern::MatchSequence(ast::PatternMatchSequence {
                node_index,
                range,
                patterns: self.patterns(at, 0),
                runtime_patterns: None,
            }),
            C::MatchMapping => ast::Pattern::MatchMapping(ast::PatternMatchMapping {
                node_index,
                range,
                keys: self.children(at, 0).map(|child| self.expression(child)).collect(),
                patterns: self.patterns(at, 1),
                rest: self.optional_identifier(at, 2),
                runtime_keys: None,
                runtime_patterns: None,
            }),
            C::MatchClass => {
                let keyword = |(attr, child): (ast::Identifier, NodeIdx)| ast::PatternKeyword {
                    range: self.range(child),
                    node_index: ast::AtomicNodeIndex::NONE,
                    attr,
                    pattern: self.pattern(child),
                };
                let keywords = self.identifiers(at, 2).into_iter().zip(self.children(at, 3)).map(keyword).collect();
                ast::Pattern::MatchClass(ast::PatternMatchClass {
                    node_index: ast::AtomicNodeIndex::NONE,
                    range,
                    cls: self.boxed_in(at, 0),
                    arguments: ast::PatternArguments { range, node_index, patterns: self.patterns(at, 1), keywords },
                    runtime_patterns: None,
                    runtime_kwd_attrs: None,
                    runtime_kwd_patterns: None,
                })
            }
            C::MatchStar => ast::Pattern::MatchStar(ast::PatternMatchStar {
                node_index,
                range,
                name: self.optional_identifier(at, 0),
            }),
            C::MatchAs => ast::Pattern::MatchAs(ast::PatternMatchAs {
                node_index,
                range,
                pattern: self.child(at, 0).map(|child| Box::new(self.pattern(child))),
                name: self.optional_identifier(at, 1),
            }),
            C::MatchOr => ast::Pattern::MatchOr(ast::PatternMatchOr {
                node_index,
                range,
                patterns: self.patterns(at, 0),
                runtime_patterns: None,
            }),
            _ => self.wildcard(at),
        }
    }
}
