//! Uncaught exceptions as CPython prints them.

use crate::bytecode::Position;
use crate::object::argument::This;
use crate::object::exception::{CAUSE, CONTEXT, SUPPRESS_CONTEXT, TRACEBACK};
use crate::object::layout::{CodeObject, TracebackObject};
use crate::object::layout::{ListObject, TupleObject};
use crate::value::Value;
use crate::vm::Vm;

const CAUSE_TEXT: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT_TEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";
/// Longest chain of causes and contexts that is printed.
const MAX_CHAIN: usize = 100;
/// Identical entries printed before they are counted instead.
const MAX_REPEATED: usize = 3;

impl Vm {
    /// What an exception that nobody catches looks like, with its traceback.
    pub fn exception_text(&mut self, exception: Value) -> String {
        format(self, exception)
    }
}

/// The text of an exception with its traceback, its causes and contexts first.
pub fn format(vm: &mut Vm, exception: Value) -> String {
    let mut chain = vec![(exception, "")];
    let mut at = exception;
    while chain.len() < MAX_CHAIN {
        let cause = vm.exception_slot(at, CAUSE);
        let context = vm.exception_slot(at, CONTEXT);
        let (next, text) = if vm.is_exception(cause) {
            (cause, CAUSE_TEXT)
        } else if vm.is_exception(context) && vm.exception_slot(at, SUPPRESS_CONTEXT) != Value::TRUE {
            (context, CONTEXT_TEXT)
        } else {
            break;
        };
        if chain.iter().any(|&(seen, _)| seen == next) {
            break;
        }
        chain.push((next, text));
        at = next;
    }
    let mut text = String::new();
    for (i, &(exception, _)) in chain.iter().enumerate().rev() {
        text.push_str(&format_one(vm, exception));
        if i > 0 {
            text.push_str(chain[i].1);
        }
    }
    text
}

fn format_one(vm: &mut Vm, exception: Value) -> String {
    if vm.is_instance(exception, vm.exceptions.BaseExceptionGroup) {
        return format_group(vm, exception);
    }
    format_plain(vm, exception)
}

/// A group with its members below it.
fn format_group(vm: &mut Vm, exception: Value) -> String {
    let own = format_plain(vm, exception);
    let mut text = String::new();
    for (i, line) in own.lines().enumerate() {
        if i == 0 && line.starts_with("Traceback") {
            text.push_str("  + Exception Group Traceback (most recent call last):\n");
        } else {
            text.push_str(&format!("  | {line}\n"));
        }
    }
    let name = vm.intern("exceptions");
    let members = match vm.get_attr_opt(exception, name) {
        Ok(Some(members)) if vm.is_exactly::<TupleObject>(members) => members,
        _ => {
            vm.clear_exception();
            return text;
        }
    };
    // SAFETY: an exact tuple, which the exception refers to.
    let items = unsafe { (*members.as_ptr::<crate::object::layout::TupleObject>()).items() };
    for (i, &member) in items.iter().enumerate() {
        let junction = if i == 0 { "  +-+" } else { "    +" };
        text.push_str(&format!("{junction}---------------- {} ----------------\n", i + 1));
        let nested = if vm.check_native_stack().is_ok() { format(vm, member) } else { "...".to_string() };
        vm.clear_exception();
        nested.lines().for_each(|line| text.push_str(&format!("    | {line}\n")));
    }
    text.push_str("    +------------------------------------\n");
    text
}

/// The exception alone, without what it came from, and without carets: as those are told of that are ignored.
pub fn format_ignored(vm: &mut Vm, exception: Value) -> String {
    format_by(vm, exception, Shown::Line)
}

/// What is shown of an entry's place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Line,
    Range,
}

fn format_plain(vm: &mut Vm, exception: Value) -> String {
    format_by(vm, exception, Shown::Range)
}

fn format_by(vm: &mut Vm, exception: Value, shown_of_entries: Shown) -> String {
    let mut text = String::new();
    let mut at = vm.exception_slot(exception, TRACEBACK);
    if vm.is_exactly::<TracebackObject>(at) {
        text.push_str("Traceback (most recent call last):\n");
    }
    let mut last: Option<(String, usize)> = None;
    while vm.is_exactly::<TracebackObject>(at) {
        // SAFETY: an exact traceback.
        let entry = unsafe { &*at.as_ptr::<TracebackObject>() };
        let shown = format_entry(vm, entry, shown_of_entries);
        match &mut last {
            Some((same, n)) if *same == shown => {
                *n += 1;
                if *n <= MAX_REPEATED {
                    text.push_str(&shown);
                }
            }
            _ => {
                push_repeated(&mut text, &last);
                text.push_str(&shown);
                last = Some((shown, 1));
            }
        }
        at = entry.next;
    }
    push_repeated(&mut text, &last);
    text.push_str(&exception_line(vm, exception));
    text
}

fn push_repeated(text: &mut String, last: &Option<(String, usize)>) {
    if let Some((_, n)) = last
        && *n > MAX_REPEATED
    {
        let more = n - MAX_REPEATED;
        text.push_str(&format!("  [Previous line repeated {more} more time{}]\n", if more == 1 { "" } else { "s" }));
    }
}

fn format_entry(vm: &mut Vm, entry: &TracebackObject, shown: Shown) -> String {
    // SAFETY: the code of a traceback is a code object, which keeps its code.
    let (file, name, position) = unsafe {
        let object = &*entry.code.as_ptr::<CodeObject>();
        let position =
            { &*object.code }.positions().get(entry.instruction as usize).copied().unwrap_or(Position::UNKNOWN);
        (object.filename, vm.string_of(object.name), position)
    };
    let filename = shown_name(vm, file);
    let mut text = format!("  File \"{filename}\", line {}, in {name}\n", entry.line);
    if let Some(line) = source_line(vm, file, entry.line) {
        let trimmed = line.trim();
        if !trimmed.is_empty() {
            text.push_str(&format!("    {trimmed}\n"));
            if shown == Shown::Line {
                return text;
            }
            if position.line == entry.line && position.end_line > position.line {
                let indent = line.len() - line.trim_start().len();
                for number in position.line + 1..=position.end_line {
                    let Some(line) = source_line(vm, file, number) else { break };
                    let outdented = line.get(indent.min(line.len() - line.trim_start().len())..).unwrap_or_default();
                    text.push_str(&format!("    {}\n", outdented.trim_end()));
                }
            } else if let Some(carets) = carets(&line, position) {
                text.push_str(&format!("    {carets}\n"));
            }
        }
    }
    text
}

fn source_line(vm: &mut Vm, file: Value, line: i32) -> Option<String> {
    let line = usize::try_from(line).ok()?;
    match vm.path_of(file).to_str() {
        Some(filename) => vm.source_line(filename, line),
        None => {
            let source = crate::host::read_file(vm.path_of(file)).ok()?;
            String::from_utf8_lossy(&source).lines().nth(line.checked_sub(1)?).map(str::to_string)
        }
    }
}

/// The name of a file as stderr shows it.
fn shown_name(vm: &Vm, name: Value) -> String {
    let points = vm.str_of(name).view().code_points();
    points.map(|point| char::from_u32(point).map_or_else(|| format!("\\u{point:04x}"), String::from)).collect()
}

impl Vm {
    /// The entries of an exception's traceback, the outermost first: file, function and line.
    pub fn traceback_entries(&self, exception: Value) -> Vec<(String, String, u32)> {
        let mut entries = Vec::new();
        let mut at = self.exception_slot(exception, TRACEBACK);
        while let Some(entry) = This::<TracebackObject>::of(self, at) {
            let code = This::<CodeObject>::expect(self, entry.code);
            let line = u32::try_from(entry.line).unwrap_or(0);
            entries.push((self.string_of(code.filename), self.string_of(code.name), line));
            at = entry.next;
        }
        entries
    }

    /// A line of a file, or of a source that is none; counted from 1.
    pub fn source_line(&self, filename: &str, line: usize) -> Option<String> {
        let source = match self.sources.iter().find(|source| source.filename == filename) {
            Some(source) => source.text.clone(),
            None => String::from_utf8_lossy(&crate::host::read_file(filename).ok()?).into_owned(),
        };
        source.lines().nth(line.checked_sub(1)?).map(str::to_string)
    }
}

/// The line of carets under an instruction's range; none where it is the whole line.
fn carets(line: &str, position: Position) -> Option<String> {
    if position.col < 0 || position.end_col < 0 {
        return None;
    }
    let indent = line.len() - line.trim_start().len();
    let start = position.col as usize;
    let end = if position.end_line == position.line { position.end_col as usize } else { line.trim_end().len() };
    if start < indent
        || end <= start
        || end > line.len()
        || !line.is_char_boundary(start)
        || !line.is_char_boundary(end)
    {
        return None;
    }
    let before = line[indent..start].chars().count();
    let marked = &line[start..end];
    if start == indent && end >= line.trim_end().len() {
        // A whole statement has no operation of its own to point at.
        if ["raise ", "assert ", "return ", "del ", "import ", "from "]
            .iter()
            .any(|keyword| marked.starts_with(keyword))
        {
            return None;
        }
        return anchors(marked).map(|marks| " ".repeat(before) + &marks);
    }
    let marks = anchors(marked).unwrap_or_else(|| "^".repeat(marked.chars().count()));
    Some(" ".repeat(before) + &marks)
}

/// `~~^~~` where the range is one binary operation, one subscript or one call with simple operands.
fn anchors(text: &str) -> Option<String> {
    let characters: Vec<char> = text.chars().collect();
    let mut depth = 0usize;
    let mut quote: Option<char> = None;
    let mut operator: Option<(usize, usize)> = None;
    let mut bracket: Option<usize> = None;
    for (i, &c) in characters.iter().enumerate() {
        if let Some(q) = quote {
            if c == q {
                quote = None;
            }
            continue;
        }
        match c {
            '\'' | '"' => quote = Some(c),
            '(' | '[' | '{' => {
                if depth == 0 && i > 0 && (c == '[' || c == '(') {
                    bracket = Some(i);
                }
                depth += 1;
            }
            ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            '+' | '-' | '*' | '/' | '%' | '@' | '&' | '|' | '^' | '<' | '>'
                if depth == 0 && i > 0 && operator.is_none() =>
            {
                let next_same = characters.get(i + 1) == Some(&c);
                if characters[i - 1] == ' ' {
                    operator = Some((i, 1 + next_same as usize));
                }
            }
            _ => {}
        }
    }
    let n = characters.len();
    if let Some((at, width)) = operator {
        if characters.get(at + width) == Some(&'=') || matches!(characters[at], '<' | '>') && width == 1 {
            return None;
        }
        return Some("~".repeat(at) + &"^".repeat(width) + &"~".repeat(n - at - width));
    }
    let at = bracket?;
    let is_whole = matches!(characters[n - 1], ']' | ')');
    is_whole.then(|| "~".repeat(at) + &"^".repeat(n - at))
}

/// `Type: message` and the notes.
fn exception_line(vm: &mut Vm, exception: Value) -> String {
    let class = vm.class_of(exception);
    let mut name = match vm.get_attr_opt(Value::object(class), vm.names.__qualname__) {
        Ok(Some(name)) if vm.is_str(name) => vm.string_of(name),
        _ => vm.type_name(class),
    };
    if let Ok(Some(module)) = vm.get_attr_opt(Value::object(class), vm.names.__module__)
        && vm.is_str(module)
    {
        let module = vm.string_of(module);
        if module != "builtins" && module != "__main__" {
            name = format!("{module}.{name}");
        }
    }
    vm.clear_exception();
    let message = match vm.str(exception) {
        Ok(message) => vm.string_of(message),
        Err(_) => "<exception str() failed>".to_string(),
    };
    vm.clear_exception();
    let mut text = if message.is_empty() { format!("{name}\n") } else { format!("{name}: {message}\n") };
    if let Ok(Some(notes)) = vm.get_attr_opt(exception, vm.names.__notes__)
        && vm.is_exactly::<ListObject>(notes)
    {
        // SAFETY: an exact list; printing a note may change it, so that each is looked up anew.
        let list = notes.as_ptr::<crate::object::layout::ListObject>();
        let mut i = 0;
        // SAFETY: as above.
        while let Some(&note) = unsafe { (*list).items().get(i) } {
            if let Ok(note) = vm.str(note) {
                text.push_str(&format!("{}\n", vm.string_of(note)));
            }
            i += 1;
        }
    }
    vm.clear_exception();
    text
}
