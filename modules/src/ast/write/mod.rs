//! A checked tree as the parser would have made it, over a source of blanks that has the tree's places.
//!
//! Behind the blanks are the literals of strings with lone surrogates. What is lost: a lone surrogate in a string of a constant
//! frozenset, and the places of what is beyond `MAX_LINE` or `MAX_TEXT_BYTES`.

mod expressions;
mod literals;
mod parameters;
mod patterns;
mod statements;

use self::literals::Literals;
use super::grammar::Constructor as C;
use super::tree::{Content, NodeIdx, Place, Tree};
use ruff_python_ast as ast;
use ruff_source_file::{SourceFile, SourceFileBuilder};
use ruff_text_size::{TextRange, TextSize};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Lines behind it count as it.
const MAX_LINE: i32 = 1 << 22;
/// A source that would be longer has no columns.
const MAX_TEXT_BYTES: u64 = 1 << 28;

/// The parser's tree of `tree`, and its source.
pub fn write(tree: &Tree, filename: &str) -> (ast::Mod, SourceFile) {
    let (text, line_starts) = blanks(tree);
    let end = text.len() as u32;
    let writer = Writer { tree, line_starts, end, literals: RefCell::new(Literals::after(text)) };
    let root = tree.root();
    let node_index = ast::AtomicNodeIndex::NONE;
    let range = TextRange::new(TextSize::new(0), TextSize::new(writer.end));
    let parsed = match tree.node(root).constructor {
        C::Expression => ast::Mod::Expression(ast::ModExpression {
            node_index,
            range,
            body: Box::new(writer.expression_in(root, 0)),
        }),
        _ => ast::Mod::Module(ast::ModModule { node_index, range, body: writer.body_in(root, 0), runtime_body: None }),
    };
    (parsed, SourceFileBuilder::new(filename, writer.literals.into_inner().text).finish())
}

/// A text of blanks in which every place of the tree exists, and where its lines start.
fn blanks(tree: &Tree) -> (String, Vec<u32>) {
    let mut widths = BTreeMap::<i32, u32>::new();
    let mut see = |line: i32, col: i32| {
        let width = widths.entry(line.clamp(1, MAX_LINE)).or_default();
        *width = (*width).max(col.max(0) as u32);
    };
    for place in tree.nodes.iter().filter_map(|node| node.place) {
        see(place.line, place.col);
        see(place.end_line, place.end_col);
    }
    let n_lines = widths.last_key_value().map_or(1, |(&line, _)| line);
    let n_bytes = n_lines as u64 + widths.values().map(|&width| u64::from(width)).sum::<u64>();
    let has_columns = n_bytes <= MAX_TEXT_BYTES;
    let (mut text, mut line_starts) = (String::new(), Vec::with_capacity(n_lines as usize + 1));
    for line in 1..=n_lines {
        line_starts.push(text.len() as u32);
        let width = widths.get(&line).filter(|_| has_columns).map_or(0, |&width| width as usize);
        text.extend(std::iter::repeat_n(' ', width));
        text.push('\n');
    }
    line_starts.push(text.len() as u32);
    (text, line_starts)
}

struct Writer<'t> {
    tree: &'t Tree,
    line_starts: Vec<u32>,
    end: u32,
    literals: RefCell<Literals>,
}

impl Writer<'_> {
    fn offset(&self, line: i32, col: i32) -> u32 {
        let line = (line.clamp(1, MAX_LINE) as usize).min(self.line_starts.len() - 1);
        let next = self.line_starts[line];
        (self.line_starts[line - 1] + col.max(0) as u32).min(next.saturating_sub(1))
    }

    fn range_of(&self, place: Place) -> TextRange {
        let start = self.offset(place.line, place.col);
        let end = self.offset(place.end_line, place.end_col).max(start);
        TextRange::new(TextSize::new(start), TextSize::new(end))
    }

    /// Where a node is; one without a place is nowhere.
    fn range(&self, at: NodeIdx) -> TextRange {
        self.tree.node(at).place.map_or(TextRange::default(), |place| self.range_of(place))
    }

    fn field(&self, at: NodeIdx, field: usize) -> &Content {
        &self.tree.node(at).fields[field]
    }

    fn child(&self, at: NodeIdx, field: usize) -> Option<NodeIdx> {
        match self.field(at, field) {
            Content::Node(child) => Some(*child),
            _ => None,
        }
    }

    /// The nodes of a list; where it has none at a place, that is left out.
    fn children(&self, at: NodeIdx, field: usize) -> impl Iterator<Item = NodeIdx> {
        self.places_in(at, field).iter().filter_map(|child| *child)
    }

    fn places_in(&self, at: NodeIdx, field: usize) -> &[Option<NodeIdx>] {
        match self.field(at, field) {
            Content::Nodes(children) => children,
            _ => &[],
        }
    }

    fn identifier_of(&self, text: &str, range: TextRange) -> ast::Identifier {
        ast::Identifier::new(text, range)
    }

    fn optional_identifier(&self, at: NodeIdx, field: usize) -> Option<ast::Identifier> {
        match self.field(at, field) {
            Content::Text(text) => Some(self.identifier_of(text, self.range(at))),
            _ => None,
        }
    }

    fn identifier(&self, at: NodeIdx, field: usize) -> ast::Identifier {
        self.optional_identifier(at, field).unwrap_or_else(|| self.identifier_of("", self.range(at)))
    }

    fn identifiers(&self, at: NodeIdx, field: usize) -> Vec<ast::Identifier> {
        match self.field(at, field) {
            Content::Names(names) => names.iter().map(|name| self.identifier_of(name, self.range(at))).collect(),
            _ => Vec::new(),
        }
    }

    fn int(&self, at: NodeIdx, field: usize) -> i64 {
        match self.field(at, field) {
            Content::Int(int) => *int,
            _ => 0,
        }
    }

    /// The constructor of a node of an enumeration.
    fn bare(&self, at: NodeIdx, field: usize) -> C {
        self.child(at, field).map_or(C::Load, |child| self.tree.node(child).constructor)
    }

    fn context(&self, at: NodeIdx, field: usize) -> ast::ExprContext {
        match self.bare(at, field) {
            C::Store => ast::ExprContext::Store,
            C::Del => ast::ExprContext::Del,
            _ => ast::ExprContext::Load,
        }
    }
}
