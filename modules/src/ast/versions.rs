//! What the language had not yet in earlier versions.

use super::grammar::Constructor;
use super::tree::{Content, Node, Place, Tree};

/// What there is since a minor version, in the words of the message.
const FEATURES: &[(Constructor, i64, &str)] = &[
    (Constructor::AsyncFunctionDef, 5, "Async functions are"),
    (Constructor::AsyncFor, 5, "Async for loops are"),
    (Constructor::AsyncWith, 5, "Async with statements are"),
    (Constructor::Await, 5, "Await expressions are"),
    (Constructor::AnnAssign, 6, "Variable annotation syntax is"),
    (Constructor::NamedExpr, 8, "Assignment expressions are"),
    (Constructor::Match, 10, "Pattern matching is"),
    (Constructor::TryStar, 11, "Exception groups are"),
    (Constructor::TypeAlias, 12, "Type statement is"),
    (Constructor::TypeVar, 12, "Type parameter lists are"),
    (Constructor::ParamSpec, 12, "Type parameter lists are"),
    (Constructor::TypeVarTuple, 12, "Type parameter lists are"),
    (Constructor::TemplateStr, 14, "t-strings are"),
];

/// The first thing that is newer than the minor version: a message and where it is.
pub fn too_new(tree: &Tree, text: &str, minor: i64) -> Option<(String, Place)> {
    tree.nodes.iter().find_map(|node| {
        let (since, words) = feature_of(tree, node, text, minor).filter(|&(since, _)| minor < since)?;
        let message = format!("{words} only supported in Python 3.{since} and greater");
        Some((message, node.place.unwrap_or_default()))
    })
}

fn feature_of(tree: &Tree, node: &Node, text: &str, minor: i64) -> Option<(i64, &'static str)> {
    if let Some(&(_, since, words)) = FEATURES.iter().find(|(constructor, ..)| *constructor == node.constructor) {
        return Some((since, words));
    }
    match (node.constructor, node.fields.as_slice()) {
        (Constructor::arguments, [Content::Nodes(positional), ..]) if !positional.is_empty() => {
            Some((8, "Positional-only parameters are"))
        }
        (Constructor::comprehension, [.., Content::Int(1)]) => Some((6, "Async comprehensions are")),
        (Constructor::Constant, _) if minor < 6 && has_underscore(node, text) => {
            Some((6, "Underscores in numeric literals are"))
        }
        (Constructor::BinOp | Constructor::AugAssign, [_, Content::Node(op), _])
            if tree.node(*op).constructor == Constructor::MatMult =>
        {
            Some((5, "The '@' operator is"))
        }
        (Constructor::ExceptHandler, [Content::Node(ty), ..]) if tree.node(*ty).constructor == Constructor::Tuple => {
            let is_open = source_of(tree.node(*ty), text).is_some_and(|text| !text.starts_with('('));
            is_open.then_some((14, "except expressions without parentheses are"))
        }
        _ => None,
    }
}

/// Is it a number with underscores?
fn has_underscore(node: &Node, text: &str) -> bool {
    source_of(node, text).is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit()) && text.contains('_'))
}

fn source_of<'t>(node: &Node, text: &'t str) -> Option<&'t str> {
    let place = node.place?;
    text.get(offset(text, place.line, place.col)..offset(text, place.end_line, place.end_col))
}

fn offset(text: &str, line: i32, col: i32) -> usize {
    let start: usize = text.split_inclusive('\n').take((line as usize).saturating_sub(1)).map(str::len).sum();
    (start + col as usize).min(text.len())
}
