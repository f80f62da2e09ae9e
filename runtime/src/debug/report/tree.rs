//! The trees of traces, drawn: a box for each executor, a line from the exit that a side trace starts from.

use super::{Report, escape};
use std::fmt::Write as _;

const WIDTH: usize = 230;
const HEIGHT: usize = 34;
const GAP: usize = 50;

/// Where an executor's box is, in columns and rows.
struct Node {
    id: u32,
    column: usize,
    row: usize,
    parent: Option<usize>,
}

impl Report<'_> {
    pub fn write_trees(&mut self) {
        let executors = &self.vm.jit.executors;
        // Whom a side trace starts from was made before it: parents come first.
        for root in executors.iter().filter(|executor| executor.root == executor.id || executor.root == u32::MAX) {
            let mut nodes = Vec::new();
            let mut n_rows = 0;
            self.lay_out(root.id, 0, None, &mut n_rows, &mut nodes);
            self.draw(&nodes, n_rows);
        }
    }

    /// Children stand in the next column, the first in its parent's row.
    fn lay_out(&self, root: u32, column: usize, parent: Option<usize>, n_rows: &mut usize, nodes: &mut Vec<Node>) {
        // Deep trees are long chains: a list of what is to do in place of recursion.
        let mut waiting = vec![(root, column, parent)];
        while let Some((id, column, parent)) = waiting.pop() {
            let is_first = parent.is_none_or(|parent| parent + 1 == nodes.len());
            let row = match parent {
                Some(parent) if is_first => nodes[parent].row,
                _ => *n_rows,
            };
            *n_rows = (*n_rows).max(row + 1);
            let at = nodes.len();
            nodes.push(Node { id, column, row, parent });
            let executors = &self.vm.jit.executors;
            let children = executors.iter().filter(|child| {
                let is_of_root = id == root && child.parent.is_none() && child.root == root;
                child.id > id && (child.parent.is_some_and(|(from, _)| from == id) || is_of_root)
            });
            let children: Vec<u32> = children.map(|child| child.id).collect();
            waiting.extend(children.into_iter().rev().map(|child| (child, column + 1, Some(at))));
        }
    }

    fn draw(&mut self, nodes: &[Node], n_rows: usize) {
        let n_columns = nodes.iter().map(|node| node.column + 1).max().unwrap_or(0);
        let left = |node: &Node| node.column * (WIDTH + GAP) + 4;
        let top = |node: &Node| node.row * (HEIGHT + 12) + 4;
        let mut svg = format!(
            "<div class=\"tree\"><svg width=\"{}\" height=\"{}\">\n",
            n_columns * (WIDTH + GAP) + 8,
            n_rows * (HEIGHT + 12) + 8
        );
        for node in nodes {
            let executor = &*self.vm.jit.executors[node.id as usize];
            if let Some(parent) = node.parent.map(|parent| &nodes[parent]) {
                let (x0, y0) = (left(parent) + WIDTH, top(parent) + HEIGHT / 2);
                let (x1, y1) = (left(node), top(node) + HEIGHT / 2);
                let middle = x0 + GAP / 2;
                _ = writeln!(svg, "<path d=\"M{x0} {y0}C{middle} {y0} {middle} {y1} {x1} {y1}\"/>");
                if let Some((_, exit)) = executor.parent {
                    _ = writeln!(svg, "<text x=\"{}\" y=\"{}\">{exit}</text>", x1 - 26, y1.saturating_sub(4));
                }
            }
            let gone = if executor.valid == 0 { " class=\"gone\"" } else { "" };
            let kind = format!("{:?}", executor.kind).to_lowercase();
            let place = executor.place();
            let (function, _) = self.vm.function_and_file(place).unwrap_or_default();
            let line = place.line().unwrap_or(0);
            let name: String = format!("{function}:{line}").chars().take(32).collect();
            let (x, y) = (left(node), top(node));
            _ = writeln!(
                svg,
                "<a href=\"#x{0}\"><g{gone}><rect x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"4\"/>\
                 <text x=\"{1}\" y=\"{2}\">{0} {kind} {3:.1} %</text><text x=\"{1}\" y=\"{4}\">{5}</text></g></a>",
                node.id,
                x + 8,
                y + 14,
                self.share(executor),
                y + 28,
                escape(&name)
            );
        }
        svg.push_str("</svg></div>\n");
        self.html.push_str(&svg);
    }
}
