//! Patterns of `match`.

use super::{C, Content, NodeIdx, Reader, optional_text, text};
use ruff_python_ast as ast;
use stitch_runtime::bytecode::RawConst;

impl Reader<'_> {
    pub fn pattern(&mut self, pattern: &ast::Pattern) -> NodeIdx {
        match pattern {
            ast::Pattern::MatchValue(it) => {
                let value = self.expression(&it.value).into();
                self.add(C::MatchValue, it.range, vec![value])
            }
            ast::Pattern::MatchSingleton(it) => {
                let value = match it.value {
                    ast::Singleton::None => RawConst::None,
                    ast::Singleton::True => RawConst::True,
                    ast::Singleton::False => RawConst::False,
                };
                self.add(C::MatchSingleton, it.range, vec![Content::Constant(value)])
            }
            ast::Pattern::MatchSequence(it) => {
                let patterns = self.patterns(&it.patterns);
                self.add(C::MatchSequence, it.range, vec![patterns])
            }
            ast::Pattern::MatchMapping(it) => {
                let (keys, patterns) = (self.expressions(&it.keys), self.patterns(&it.patterns));
                self.add(C::MatchMapping, it.range, vec![keys, patterns, optional_text(it.rest.as_ref())])
            }
            ast::Pattern::MatchClass(it) => {
                let class = self.expression(&it.cls).into();
                let patterns = self.patterns(&it.arguments.patterns);
                let keywords = &it.arguments.keywords;
                let names = Content::Names(keywords.iter().map(|keyword| text(&keyword.attr)).collect());
                let inner: Vec<NodeIdx> = keywords.iter().map(|keyword| self.pattern(&keyword.pattern)).collect();
                self.add(C::MatchClass, it.range, vec![class, patterns, names, inner.into()])
            }
            ast::Pattern::MatchStar(it) => self.add(C::MatchStar, it.range, vec![optional_text(it.name.as_ref())]),
            ast::Pattern::MatchAs(it) => {
                let pattern = it.pattern.as_deref().map(|pattern| self.pattern(pattern)).into();
                self.add(C::MatchAs, it.range, vec![pattern, optional_text(it.name.as_ref())])
            }
            ast::Pattern::MatchOr(it) => {
                let patterns = self.patterns(&it.patterns);
                self.add(C::MatchOr, it.range, vec![patterns])
            }
        }
    }

    fn patterns(&mut self, patterns: &[ast::Pattern]) -> Content {
        let nodes: Vec<NodeIdx> = patterns.iter().map(|pattern| self.pattern(pattern)).collect();
        nodes.into()
    }
}
