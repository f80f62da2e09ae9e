//! The parser's tree as the language's grammar has it.

mod expressions;
mod parameters;
mod patterns;
mod statements;
mod strings;

use super::grammar::Constructor as C;
use super::tree::{Content, NodeIdx, Place, Tree};
use ruff_python_ast as ast;
use ruff_source_file::SourceFile;
use ruff_text_size::{TextRange, TextSize};

/// What is made of a source.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Root {
    Module,
    Interactive,
    Expression,
}

/// The tree of a parsed source.
pub fn read(parsed: &ast::Mod, source: &SourceFile, root: Root) -> Tree {
    let mut reader = Reader::new(source);
    match parsed {
        ast::Mod::Module(module) => {
            let body = reader.statements(&module.body);
            let fields = match root {
                Root::Interactive => vec![body],
                _ => vec![body, Content::Nodes(Vec::new())],
            };
            let root = if root == Root::Interactive { C::Interactive } else { C::Module };
            reader.tree.add(root, None, fields);
        }
        ast::Mod::Expression(expression) => {
            let body = reader.expression(&expression.body);
            reader.tree.add(C::Expression, None, vec![body.into()]);
        }
    }
    reader.tree
}

pub struct Reader<'s> {
    tree: Tree,
    source: &'s SourceFile,
    line_starts: Vec<u32>,
}

impl<'s> Reader<'s> {
    fn new(source: &'s SourceFile) -> Reader<'s> {
        let ends = source.source_text().bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
        let line_starts = std::iter::once(0).chain(ends.map(|(at, _)| at as u32 + 1)).collect();
        Reader { tree: Tree::default(), source, line_starts }
    }

    fn line_and_col(&self, at: TextSize) -> (i32, i32) {
        let at = u32::from(at);
        let line = self.line_starts.partition_point(|&start| start <= at);
        (line as i32, (at - self.line_starts[line - 1]) as i32)
    }

    fn place(&self, range: TextRange) -> Option<Place> {
        let ((line, col), (end_line, end_col)) = (self.line_and_col(range.start()), self.line_and_col(range.end()));
        Some(Place { line, col, end_line, end_col })
    }

    fn add(&mut self, constructor: C, range: TextRange, fields: Vec<Content>) -> NodeIdx {
        let place = self.place(range);
        self.tree.add(constructor, place, fields)
    }

    /// A node of an enumeration.
    fn bare(&mut self, constructor: C) -> Content {
        self.tree.add(constructor, None, Vec::new()).into()
    }

    fn context(&mut self, context: ast::ExprContext) -> Content {
        self.bare(match context {
            ast::ExprContext::Store => C::Store,
            ast::ExprContext::Del => C::Del,
            ast::ExprContext::Load | ast::ExprContext::Invalid => C::Load,
        })
    }
}

fn text(identifier: &ast::Identifier) -> String {
    identifier.as_str().to_owned()
}

fn optional_text(identifier: Option<&ast::Identifier>) -> Content {
    identifier.map(text).into()
}
