//! `# type: …` comments: they belong to the statement or the parameter that they stand behind, and stand nowhere else;
//! `# type: ignore` stands anywhere.

use super::grammar::Constructor;
use super::tree::{Content, Node, NodeIdx, Tree};
use std::ops::Range;

struct Comment {
    start: usize,
    line: usize,
    text: String,
    is_used: bool,
}

/// Where a comment is wrong, as an offset, and why.
pub type Misplaced = (usize, &'static str);

/// Gives nodes their comments, all of which are given as spans of the text.
pub fn attach(tree: &mut Tree, text: &str, comments: &[Range<usize>]) -> Result<(), Misplaced> {
    let mut source = Source { text, line_starts: Vec::new(), comments: Vec::new() };
    source.line_starts.push(0);
    source.line_starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
    let mut ignored = Vec::new();
    for span in comments {
        let Some(said) = said_of_types(&text[span.clone()]) else { continue };
        let line = source.line_starts.partition_point(|&start| start <= span.start);
        match ignored_tag(said) {
            Some(tag) => {
                // One that is alone on its line takes the line's end, too.
                let is_alone = text[source.line_starts[line - 1]..span.start].trim().is_empty();
                let end = if is_alone && text[span.end..].starts_with('\n') { "\n" } else { "" };
                ignored.push((line as i64, format!("{tag}{end}")));
            }
            None => source.comments.push(Comment { start: span.start, line, text: said.to_string(), is_used: false }),
        }
    }
    for at in 0..tree.nodes.len() {
        source.attach_to(tree, at)?;
    }
    if let Some(stray) = source.comments.iter().find(|comment| !comment.is_used) {
        return Err((stray.start, "invalid syntax"));
    }
    add_ignored(tree, ignored);
    Ok(())
}

/// What a comment says of types, if it does.
fn said_of_types(comment: &str) -> Option<&str> {
    let blank = [' ', '\t'];
    Some(comment.strip_prefix('#')?.trim_start_matches(blank).strip_prefix("type:")?.trim_start_matches(blank))
}

fn ignored_tag(said: &str) -> Option<&str> {
    said.strip_prefix("ignore").filter(|tag| !tag.starts_with(|c: char| c.is_ascii_alphanumeric() || !c.is_ascii()))
}

/// The root, which is last, gets new nodes in front of it.
fn add_ignored(tree: &mut Tree, ignored: Vec<(i64, String)>) {
    let Some(mut root) = tree.nodes.pop_if(|root| root.constructor == Constructor::Module) else { return };
    let nodes = ignored
        .into_iter()
        .map(|(line, tag)| Some(tree.add(Constructor::TypeIgnore, None, vec![Content::Int(line), Content::Text(tag)])));
    let nodes = nodes.collect();
    if let Some(field) = root.fields.last_mut() {
        *field = Content::Nodes(nodes);
    }
    tree.nodes.push(root);
}

struct Source<'t> {
    text: &'t str,
    line_starts: Vec<usize>,
    comments: Vec<Comment>,
}

impl Source<'_> {
    fn attach_to(&mut self, tree: &mut Tree, at: usize) -> Result<(), Misplaced> {
        let node = &tree.nodes[at];
        let found = match node.constructor {
            Constructor::Assign => self.behind(self.end_of(node), ""),
            Constructor::For | Constructor::AsyncFor => self.behind_header(self.end_of_field(tree, node, "iter")),
            Constructor::With | Constructor::AsyncWith => self.behind_header(self.end_of_field(tree, node, "items")),
            Constructor::FunctionDef | Constructor::AsyncFunctionDef => self.of_function(tree, node)?,
            Constructor::arguments => {
                self.attach_to_parameters(tree, at);
                return Ok(());
            }
            _ => None,
        };
        self.give(&mut tree.nodes[at], found);
        Ok(())
    }

    fn give(&mut self, node: &mut Node, comment: Option<usize>) {
        let field = node.constructor.shape().fields.iter().position(|field| field.name == "type_comment");
        if let (Some(comment), Some(field)) = (comment, field) {
            self.comments[comment].is_used = true;
            node.fields[field] = Content::Text(self.comments[comment].text.clone());
        }
    }

    fn attach_to_parameters(&mut self, tree: &mut Tree, at: usize) {
        let node = &tree.nodes[at];
        let [positional, plain, kwonly, defaults, kw_defaults] =
            ["posonlyargs", "args", "kwonlyargs", "defaults", "kw_defaults"].map(|name| list(node, name));
        let others = ["vararg", "kwarg"].map(|name| list(node, name)).concat();
        let named = [positional, plain].concat();
        let n_required = named.len().saturating_sub(defaults.len());
        let of_named = std::iter::repeat_n(None, n_required).chain(defaults);
        let mut pairs: Vec<_> = named.into_iter().zip(of_named).chain(kwonly.into_iter().zip(kw_defaults)).collect();
        pairs.extend(others.into_iter().map(|other| (other, None)));
        for (parameter, default) in pairs {
            let Some(parameter) = parameter else { continue };
            let end = self.end_of(tree.node(default.unwrap_or(parameter)));
            let found = self.behind(end, ",");
            self.give(&mut tree.nodes[parameter.0 as usize], found);
        }
    }

    /// The comment behind an offset, between which and it is nothing but blanks and what may stand there.
    fn behind(&self, end: Option<usize>, may_stand: &str) -> Option<usize> {
        let end = end?;
        let next = self.comments.partition_point(|comment| comment.start < end);
        let comment = self.comments.get(next).filter(|comment| !comment.is_used)?;
        let between = self.text[end..comment.start].trim_matches([' ', '\t', ')']);
        (between.is_empty() || between == may_stand).then_some(next)
    }

    /// The comment behind the colon of what ends before it.
    fn behind_header(&self, end: Option<usize>) -> Option<usize> {
        self.behind(self.colon_from(end?), "")
    }

    /// Behind the next colon that is in no comment.
    fn colon_from(&self, from: usize) -> Option<usize> {
        let mut in_comment = false;
        for (at, byte) in self.text.bytes().enumerate().skip(from) {
            match byte {
                b'\n' => in_comment = false,
                b'#' => in_comment = true,
                b':' if !in_comment => return Some(at + 1),
                _ => {}
            }
        }
        None
    }

    /// The one comment behind a function's header, on its line or on the next.
    fn of_function(&self, tree: &Tree, node: &Node) -> Result<Option<usize>, Misplaced> {
        let mut end = node.place.map(|place| self.offset(place.line, place.col));
        for name in ["type_params", "args", "returns"] {
            end = end.max(self.end_of_field(tree, node, name));
        }
        let (Some(colon), Some(&Some(first))) = (end.and_then(|end| self.colon_from(end)), list(node, "body").first())
        else {
            return Ok(None);
        };
        let body = tree.node(first).place.map_or(colon, |place| self.offset(place.line, place.col));
        let mut own = self.comments.iter().enumerate().filter(|(_, it)| (colon..body).contains(&it.start));
        let header_line = self.line_starts.partition_point(|&start| start < colon);
        match (own.next(), own.next()) {
            (Some(_), Some((_, second))) => Err((second.start, "Cannot have two type comments on def")),
            (Some((at, comment)), None) if comment.line <= header_line + 1 => Ok(Some(at)),
            _ => Ok(None),
        }
    }

    /// Where the last of the nodes in a field ends, all that is in them included.
    fn end_of_field(&self, tree: &Tree, node: &Node, name: &str) -> Option<usize> {
        list(node, name).into_iter().flatten().filter_map(|child| self.end_within(tree, child)).max()
    }

    fn end_within(&self, tree: &Tree, at: NodeIdx) -> Option<usize> {
        let node = tree.node(at);
        if node.place.is_some() {
            return self.end_of(node);
        }
        let children = node.fields.iter().flat_map(nodes_in);
        children.filter_map(|child| self.end_within(tree, child)).max()
    }

    fn end_of(&self, node: &Node) -> Option<usize> {
        node.place.map(|place| self.offset(place.end_line, place.end_col))
    }

    fn offset(&self, line: i32, col: i32) -> usize {
        let start = self.line_starts.get((line as usize).saturating_sub(1)).copied().unwrap_or(self.text.len());
        (start + col as usize).min(self.text.len())
    }
}

fn nodes_in(content: &Content) -> Vec<NodeIdx> {
    match content {
        Content::Node(at) => vec![*at],
        Content::Nodes(nodes) => nodes.iter().flatten().copied().collect(),
        _ => Vec::new(),
    }
}

/// The nodes in a field, those left out included.
fn list(node: &Node, name: &str) -> Vec<Option<NodeIdx>> {
    let field = node.constructor.shape().fields.iter().position(|field| field.name == name);
    match field.map(|field| &node.fields[field]) {
        Some(Content::Node(at)) => vec![Some(*at)],
        Some(Content::Nodes(nodes)) => nodes.clone(),
        _ => Vec::new(),
    }
}
