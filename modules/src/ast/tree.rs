//! A syntax tree as plain data: what stands between the parser's tree and Python's objects.

use super::grammar::Constructor;
use stitch_runtime::bytecode::RawConst;

/// The index of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NodeIdx(pub u32);

/// Children come before their parents; the root is last.
#[derive(Default)]
pub struct Tree {
    pub nodes: Vec<Node>,
}

pub struct Node {
    pub constructor: Constructor,
    /// Of kinds that have one.
    pub place: Option<Place>,
    /// One for each field of the constructor.
    pub fields: Vec<Content>,
}

/// A span of source. Lines count from 1, columns from 0 in bytes of UTF-8.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Place {
    pub line: i32,
    pub col: i32,
    pub end_line: i32,
    pub end_col: i32,
}

/// What a field holds.
#[derive(Clone, Debug)]
pub enum Content {
    Absent,
    Node(NodeIdx),
    Nodes(Vec<Option<NodeIdx>>),
    Text(String),
    Names(Vec<String>),
    Int(i64),
    Constant(RawConst),
}

impl Tree {
    pub fn add(&mut self, constructor: Constructor, place: Option<Place>, fields: Vec<Content>) -> NodeIdx {
        debug_assert_eq!(fields.len(), constructor.shape().fields.len(), "{}", constructor.shape().name);
        self.nodes.push(Node { constructor, place, fields });
        NodeIdx(self.nodes.len() as u32 - 1)
    }

    pub fn node(&self, at: NodeIdx) -> &Node {
        &self.nodes[at.0 as usize]
    }

    /// The root of a tree that is not empty.
    pub fn root(&self) -> NodeIdx {
        NodeIdx(self.nodes.len() as u32 - 1)
    }
}

impl From<NodeIdx> for Content {
    fn from(at: NodeIdx) -> Content {
        Content::Node(at)
    }
}

impl From<Option<NodeIdx>> for Content {
    fn from(at: Option<NodeIdx>) -> Content {
        at.map_or(Content::Absent, Content::Node)
    }
}

impl From<Vec<NodeIdx>> for Content {
    fn from(nodes: Vec<NodeIdx>) -> Content {
        Content::Nodes(nodes.into_iter().map(Some).collect())
    }
}

impl From<Option<String>> for Content {
    fn from(text: Option<String>) -> Content {
        text.map_or(Content::Absent, Content::Text)
    }
}

impl From<String> for Content {
    fn from(text: String) -> Content {
        Content::Text(text)
    }
}
