//! Where statements begin in a source that the parser did not get through.

/// A line on which a statement, or a clause of one, begins.
struct Start {
    line: u32,
    indent: usize,
    is_compound: bool,
}

/// What statements begin with that have others in them.
const COMPOUND: [&str; 9] = ["if", "for", "while", "with", "try", "def", "class", "async", "match"];

/// The line of the last compound statement that ended before the statement that holds `line`; 0 where there is none.
pub(super) fn last_statement_line(text: &str, line: usize) -> u32 {
    let mut starts = starts(text, line);
    let Some(Start { mut indent, .. }) = starts.pop() else { return 0 };
    while let Some(before) = starts.pop() {
        if before.indent == indent && before.is_compound {
            return before.line;
        }
        // Further out is the statement that this one stands in.
        indent = indent.min(before.indent);
    }
    0
}

/// All up to `last_line`.
fn starts(text: &str, last_line: usize) -> Vec<Start> {
    let mut starts = Vec::new();
    let mut state = State::default();
    for (at, line) in text.lines().take(last_line).enumerate() {
        let body = line.trim_start();
        if !state.is_within() && !body.is_empty() && !body.starts_with('#') {
            let is_compound = COMPOUND.iter().any(|word| {
                body.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
            });
            starts.push(Start { line: at as u32 + 1, indent: line.len() - body.len(), is_compound });
        }
        state.read(line);
    }
    starts
}

/// What a line may leave open.
#[derive(Default)]
struct State {
    depth: usize,
    /// The quotes that end the string.
    quotes: Option<&'static str>,
    is_continued: bool,
}

impl State {
    fn is_within(&self) -> bool {
        self.depth > 0 || self.quotes.is_some() || self.is_continued
    }

    fn read(&mut self, line: &str) {
        let mut rest = line;
        self.is_continued = false;
        while let Some(first) = rest.chars().next() {
            let mut n_bytes = first.len_utf8();
            let quotes = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quotes| rest.starts_with(quotes));
            match (first, self.quotes, quotes) {
                ('\\', ..) => {
                    self.is_continued = rest.len() == 1;
                    n_bytes += rest[1..].chars().next().map_or(0, char::len_utf8);
                }
                (_, Some(end), _) if rest.starts_with(end) => {
                    self.quotes = None;
                    n_bytes = end.len();
                }
                (_, None, Some(quotes)) => {
                    self.quotes = Some(quotes);
                    n_bytes = quotes.len();
                }
                (_, Some(_), _) => {}
                ('#', ..) => break,
                ('(' | '[' | '{', ..) => self.depth += 1,
                (')' | ']' | '}', ..) => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            rest = &rest[n_bytes..];
        }
        // Only three quotes go over lines.
        self.quotes = self.quotes.filter(|quotes| quotes.len() == 3 || self.is_continued);
    }
}
