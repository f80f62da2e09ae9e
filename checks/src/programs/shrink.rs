//! Makes a program that shows a fault small: statements, then expressions, are left out or replaced by simpler ones as long
//! as the fault stays. It works on the text, so that it takes any program.

/// Tried in place of an expression.
const SIMPLE: &[&str] = &["1", "x", "None", "0", "''"];
/// Candidates tried in all; what is left then is small enough.
const MAX_TRIES: usize = 2_000;

/// The smallest program found for which `fails` holds, as it must for `source`.
pub fn shrink(source: &str, mut fails: impl FnMut(&str) -> bool) -> String {
    let mut best = Shrinker { lines: source.lines().map(str::to_owned).collect(), fails: &mut fails, n_tries: 0 };
    loop {
        let before = best.lines.clone();
        best.drop_chunks();
        best.drop_statements();
        best.unwrap_statements();
        best.simplify_lines();
        if best.lines == before || best.n_tries >= MAX_TRIES {
            return best.lines.join("\n") + "\n";
        }
    }
}

struct Shrinker<'f> {
    lines: Vec<String>,
    fails: &'f mut dyn FnMut(&str) -> bool,
    n_tries: usize,
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Goes on with the statement above it.
fn is_clause(line: &str) -> bool {
    let text = line.trim_start();
    ["else", "elif", "except", "finally"].iter().any(|word| text.starts_with(word))
}

impl Shrinker<'_> {
    /// Takes `lines` if the fault is still there.
    fn takes(&mut self, lines: Vec<String>) -> bool {
        if self.n_tries >= MAX_TRIES || lines == self.lines {
            return false;
        }
        self.n_tries += 1;
        let is_better = (self.fails)(&(lines.join("\n") + "\n"));
        if is_better {
            self.lines = lines;
        }
        is_better
    }

    /// The end of a line's block: the line itself and those that are indented deeper.
    fn block_end(&self, at: usize) -> usize {
        let indent = indent_of(&self.lines[at]);
        let deeper = |line: &&String| indent_of(line) > indent;
        at + 1 + self.lines[at + 1..].iter().take_while(deeper).count()
    }

    /// The end of a statement with all its clauses.
    fn statement_end(&self, at: usize) -> usize {
        let indent = indent_of(&self.lines[at]);
        let mut end = self.block_end(at);
        while end < self.lines.len() && indent_of(&self.lines[end]) == indent && is_clause(&self.lines[end]) {
            end = self.block_end(end);
        }
        end
    }

    fn without(&self, from: usize, to: usize, instead: Vec<String>) -> Vec<String> {
        let mut lines = self.lines.clone();
        lines.splice(from..to, instead);
        lines
    }

    /// Leaves out runs of statements of the outermost level, long runs first.
    fn drop_chunks(&mut self) {
        let mut size = 16;
        while size > 1 {
            let mut at = self.lines.len();
            while at > 0 {
                at -= 1;
                if indent_of(&self.lines[at]) > 0 || is_clause(&self.lines[at]) {
                    continue;
                }
                let mut end = at;
                for _ in 0..size {
                    if end < self.lines.len() {
                        end = self.statement_end(end);
                    }
                }
                let lines = self.without(at, end, Vec::new());
                self.takes(lines);
            }
            size /= 2;
        }
    }

    /// Leaves out each statement and each clause, the last first; where it must have one, `pass` takes its place.
    fn drop_statements(&mut self) {
        let mut at = self.lines.len();
        while at > 0 {
            at = (at - 1).min(self.lines.len().saturating_sub(1));
            if self.lines.is_empty() {
                return;
            }
            let indent = " ".repeat(indent_of(&self.lines[at]));
            let end = if is_clause(&self.lines[at]) { self.block_end(at) } else { self.statement_end(at) };
            let lines = self.without(at, end, Vec::new());
            if self.takes(lines) || self.lines[at].trim() == "pass" {
                continue;
            }
            let lines = self.without(at, end, vec![format!("{indent}pass")]);
            self.takes(lines);
        }
    }

    /// Puts a block in the place of its statement.
    fn unwrap_statements(&mut self) {
        let mut at = 0;
        while at < self.lines.len() {
            let end = self.block_end(at);
            let indent = indent_of(&self.lines[at]);
            if end > at + 1 && !self.lines[at].trim_start().starts_with("class") {
                let shift = indent_of(&self.lines[at + 1]) - indent;
                let body: Vec<String> = self.lines[at + 1..end].iter().map(|line| line[shift..].to_owned()).collect();
                let whole_end = if is_clause(&self.lines[at]) { end } else { self.statement_end(at) };
                let lines = self.without(at, whole_end, body);
                if self.takes(lines) {
                    continue;
                }
            }
            at += 1;
        }
    }

    fn simplify_lines(&mut self) {
        let mut at = 0;
        while at < self.lines.len() {
            while self.simplify_line(at) {}
            at += 1;
        }
    }

    /// Replaces one expression of the line by a simpler one.
    fn simplify_line(&mut self, at: usize) -> bool {
        let line = self.lines[at].clone();
        for candidate in candidates(&line) {
            // Shorter, so that it ends.
            if candidate.len() < line.len() {
                let lines = self.without(at, at + 1, vec![candidate]);
                if self.takes(lines) {
                    return true;
                }
            }
        }
        false
    }
}

/// The line with one of its expressions replaced, in all ways that are known.
fn candidates(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let indent = indent_of(line);
    for marker in [" = ", "return ", " += ", ": ", " in "] {
        if let Some(at) = line.find(marker) {
            let from = at + marker.len();
            replace_parts(line, from, from, line.trim_end_matches(':').len(), &mut found);
            if marker == " = " || marker == "return " {
                found.push(format!("{}{}", &line[..indent], &line[from..]));
                found.extend(fewer_targets(&line[indent..at], &line[from..]).map(|text| " ".repeat(indent) + &text));
            }
        }
    }
    replace_parts(line, indent, indent, line.len(), &mut found);
    for (open, close) in groups(line) {
        let start = operand_start(line, open);
        let replace = |from: usize, by: &str| format!("{}{by}{}", &line[..from], &line[close + 1..]);
        for from in [start, open] {
            found.extend(SIMPLE.iter().map(|simple| replace(from, simple)));
        }
        found.push(replace(start, &line[open + 1..close]));
        found.extend(operands(&line[open + 1..close]).iter().map(|part| replace(start, part)));
        replace_parts(line, open + 1, open + 1, close, &mut found);
    }
    found
}

/// Of the text from `from` to `to`: all of it from `start` on replaced, one item left out, or one operand simpler.
fn replace_parts(line: &str, start: usize, from: usize, to: usize, found: &mut Vec<String>) {
    let inner = &line[from..to];
    let replace = |by: &str| format!("{}{by}{}", &line[..start], &line[to..]);
    if start > indent_of(line) && line.as_bytes().get(start - 1) == Some(&b' ') {
        found.extend(SIMPLE.iter().map(|simple| replace(simple)));
    }
    let parts = operands(inner);
    found.extend(parts.iter().map(|part| replace(part)));
    let items = split_top(inner, ", ");
    if items.len() > 1 {
        found.extend((0..items.len()).map(|skipped| replace(&without_item(&items, skipped))));
    }
    for part in parts.iter().filter(|part| part.len() > 1) {
        found.extend(SIMPLE.iter().map(|simple| replace(&inner.replacen(part, simple, 1))));
    }
}

/// Of `a, b = c, d`: without one of the pairs.
fn fewer_targets<'t>(targets: &'t str, values: &'t str) -> impl Iterator<Item = String> + 't {
    let (targets, values) = (split_top(targets, ", "), split_top(values, ", "));
    let n = if targets.len() == values.len() && targets.len() > 1 { targets.len() } else { 0 };
    (0..n).map(move |at| format!("{} = {}", without_item(&targets, at), without_item(&values, at)))
}

fn without_item(items: &[&str], skipped: usize) -> String {
    let rest: Vec<&str> = items.iter().enumerate().filter(|(at, _)| *at != skipped).map(|(_, item)| *item).collect();
    rest.join(", ")
}

/// Positions of brackets that belong together, outer ones first.
fn groups(line: &str) -> Vec<(usize, usize)> {
    let mut open = Vec::new();
    let mut found = Vec::new();
    let mut quote = None;
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => open.push(at),
            (None, ')' | ']' | '}') => {
                if let Some(from) = open.pop() {
                    found.push((from, at));
                }
            }
            _ => {}
        }
    }
    found.sort_unstable();
    found
}

/// Where the name that is called or subscribed begins.
fn operand_start(line: &str, open: usize) -> usize {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    line[..open].trim_end_matches(is_part).len()
}

/// What stands between the operators of the outermost level.
fn operands(text: &str) -> Vec<&str> {
    const OPERATORS: &[&str] = &[
        " + ", " - ", " * ", " // ", " / ", " % ", " ** ", " << ", " >> ", " & ", " | ", " ^ ", " if ", " else ",
        " and ", " or ", " is not ", " is ", " not in ", " in ", " == ", " != ", " <= ", " >= ", " < ", " > ", ", ",
        " := ", ": ", "not ",
    ];
    let mut parts = vec![text];
    for operator in OPERATORS {
        parts = parts.into_iter().flat_map(|part| split_top(part, operator)).collect();
    }
    parts.retain(|part| !part.is_empty() && *part != text);
    parts
}

/// Splits where the separator stands outside of brackets and quotes.
fn split_top<'t>(text: &'t str, separator: &str) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let (mut depth, mut from, mut quote) = (0i32, 0, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            _ if depth == 0 && at >= from && text[at..].starts_with(separator) => {
                parts.push(&text[from..at]);
                from = at + separator.len();
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_part_in_the_fault_goes() {
        let source = "\
import sys
def other():
    return 5
def f(n):
    for i in range(n):
        try:
            x = (i + h(1, (i // (i % 3)), [2]))
        except ValueError:
            x = 1
        else:
            x = 2
    return x
print(f(3))
";
        let small = shrink(source, |text| text.contains("// (i % 3)"));
        assert_eq!(small, "i // (i % 3)\n");
        let small =
            shrink(source, |text| text.contains("for i") && text.contains("    x = 2") && text.contains("try:"));
        assert!(small.lines().count() <= 6, "{small}");
    }
}
