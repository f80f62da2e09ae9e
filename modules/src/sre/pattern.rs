//! `re.Pattern`: a compiled pattern.

use super::matched;
use super::opcode::flag;
use super::program::Program;
use super::scanner;
use super::search::{Matcher, Mode, Span};
use super::subject::Subject;
use super::substitute;
use stitch_runtime::builtins::CLASS_GETITEM;
use stitch_runtime::object::argument::{Index, This, method};
use stitch_runtime::object::compare::cmp;
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::dict::Table;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::{ListObject, TupleObject};
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Pattern {
    header: Header,
    /// What it was compiled from: a str, bytes, or None.
    pub source: Value,
    /// A dict of the groups' numbers by name.
    pub group_index: Value,
    /// A tuple of the groups' names, or None, by number.
    pub index_group: Value,
    flags: i64,
    is_bytes: Option<bool>,
    program: Option<Box<Program>>,
}

pub static PATTERN: TypeSpec = TypeSpec {
    name: "Pattern",
    module: "re",
    doc: "A compiled regular expression.",
    layout: Some(Layout::of::<Pattern>(3).finalized_by(|object| {
        // SAFETY: a dead pattern, which has its program for itself.
        unsafe { (*object.cast::<Pattern>()).program = None };
    })),
    is_weakly_referable: true,
    slots: Slots { repr: slot(write_repr), hash: slot(hash), compare: slot(compare), ..Slots::NONE },
    methods: &[
        method("match", "($self, /, string, pos=0, endpos=sys.maxsize)", |vm: &mut Vm, this, string, pos, end| {
            find(vm, this, Mode::Match, string, (pos, end))
        })
        .doc("The match at the beginning of the string, or None."),
        method("fullmatch", "($self, /, string, pos=0, endpos=sys.maxsize)", |vm: &mut Vm, this, string, pos, end| {
            find(vm, this, Mode::Full, string, (pos, end))
        })
        .doc("The match of the whole string, or None."),
        method("search", "($self, /, string, pos=0, endpos=sys.maxsize)", |vm: &mut Vm, this, string, pos, end| {
            find(vm, this, Mode::Search, string, (pos, end))
        })
        .doc("The first match in the string, or None."),
        method("sub", "($self, /, repl, string, count=0)", |vm: &mut Vm, this, replacement, string, count| {
            substitute::substitute(vm, this, replacement, string, count).map(|(text, _)| text)
        })
        .doc("The string with its matches replaced, the first count of them or all."),
        method(
            "subn",
            "($self, /, repl, string, count=0)",
            |vm: &mut Vm, this: This<Pattern>, replacement: Value, string: Value, count: Option<Index>| {
                let (text, n) = substitute::substitute(vm, this, replacement, string, count)?;
                let n = vm.new_int_from_usize(n);
                PyResult::Ok(vm.new_tuple(&[text, n]))
            },
        )
        .doc("As sub, with how many were replaced."),
        method("findall", "($self, /, string, pos=0, endpos=sys.maxsize)", find_all)
            .doc("A list of all matches in the string: of their text, or of their groups."),
        method("split", "($self, /, string, maxsplit=0)", split)
            .doc("The parts of the string between matches, and what the groups matched."),
        method("finditer", "($self, /, string, pos=0, endpos=sys.maxsize)", |vm: &mut Vm, this, string, pos, end| {
            scanner::new(vm, &scanner::FIND_ITERATOR, this, string, (pos, end))
        })
        .doc("An iterator over all matches in the string."),
        method("scanner", "($self, /, string, pos=0, endpos=sys.maxsize)", |vm: &mut Vm, this, string, pos, end| {
            scanner::new(vm, &scanner::SCANNER, this, string, (pos, end))
        })
        .doc("What finds one match after the other."),
        method("__copy__", "($self, /)", |this: This<Pattern>| this.value()).doc("The pattern itself."),
        method("__deepcopy__", "($self, memo, /)", |this: This<Pattern>, _: Value| this.value())
            .doc("The pattern itself."),
    ],
    class_methods: &[CLASS_GETITEM],
    getters: &[
        field("pattern", |this: This<Pattern>| this.source).doc("What it was compiled from."),
        field("flags", |this: This<Pattern>| this.flags).doc("The flags it was compiled with."),
        field("groups", |this: This<Pattern>| this.n_groups()).doc("How many groups it has."),
        field("groupindex", |vm: &mut Vm, this: This<Pattern>| vm.new_mapping_proxy(this.group_index))
            .doc("The numbers of the groups by name."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for Pattern {
    const SPEC: &'static TypeSpec = &PATTERN;
}

/// The arguments `pos` and `endpos`.
pub type Limits = (Option<Index>, Option<Index>);

/// The part of so many units that is looked at.
pub fn limited(limits: Limits, len: usize) -> Span {
    let clamp = |index: Option<Index>, default: usize| match index {
        Some(Index(index)) => index.clamp(0, len as i64) as usize,
        None => default,
    };
    Span { start: clamp(limits.0, 0), end: clamp(limits.1, len) }
}

impl Pattern {
    pub fn make(vm: &mut Vm, program: Program, flags: i64, values: [Value; 3]) -> PyResult {
        let class = vm.type_of_spec(&PATTERN);
        let program = Some(Box::new(program));
        let [source, group_index, index_group] = values;
        let is_bytes = (!source.is_none()).then(|| !vm.is_str(source));
        vm.new_object(class, |header| Pattern { header, source, group_index, index_group, flags, is_bytes, program })
    }

    pub fn program<'a>(&self) -> &'a Program {
        let program: *const Program = self.program.as_deref().expect("it is freed with the pattern");
        // SAFETY: who runs a pattern holds it, and it keeps its program as long as it lives.
        unsafe { &*program }
    }

    pub fn n_groups(&self) -> usize {
        self.program().n_groups
    }

    /// Is it for bytes? `None`: for either.
    pub fn is_bytes(&self) -> Option<bool> {
        self.is_bytes
    }
}

fn find(vm: &mut Vm, this: This<Pattern>, mode: Mode, string: Value, limits: Limits) -> PyResult {
    let subject = Subject::for_pattern(vm, this, string)?;
    let Span { start, end } = limited(limits, subject.len());
    if start > end {
        return Ok(Value::NONE);
    }
    let mut matcher = Matcher::new(this.program(), subject.units(), end);
    match matcher.find(vm, mode, start, false)? {
        Some(span) => matched::new(vm, this, string, span, &matcher, Span { start, end }),
        None => Ok(Value::NONE),
    }
}

/// Each match in turn, until `each` says so.
pub fn each_match(
    vm: &mut Vm,
    matcher: &mut Matcher<'_>,
    mut start: usize,
    mut each: impl FnMut(&mut Vm, &Matcher<'_>, Span) -> PyResult<bool>,
) -> PyResult<()> {
    let mut must_advance = false;
    while let Some(span) = matcher.find(vm, Mode::Search, start, must_advance)? {
        if !each(vm, matcher, span)? {
            break;
        }
        must_advance = span.start == span.end;
        start = span.end;
    }
    Ok(())
}

fn find_all(vm: &mut Vm, this: This<Pattern>, string: Value, pos: Option<Index>, endpos: Option<Index>) -> PyResult {
    let subject = Subject::for_pattern(vm, this, string)?;
    let Span { start, end } = limited((pos, endpos), subject.len());
    let list = vm.new_list(&[])?;
    if start > end {
        return Ok(list);
    }
    let mut matcher = Matcher::new(this.program(), subject.units(), end);
    let n_groups = this.n_groups();
    each_match(vm, &mut matcher, start, |vm, matcher, span| {
        let item = match n_groups {
            0 => subject.slice(vm, span)?,
            1 => subject.slice_or_empty(vm, matcher.group(0))?,
            _ => {
                let tuple = vm.new_tuple_of_len(n_groups)?;
                for group in 0..n_groups {
                    let text = subject.slice_or_empty(vm, matcher.group(group))?;
                    vm.tuple_init(tuple, group, text);
                }
                tuple
            }
        };
        vm.list_push(list.as_ptr::<ListObject>(), item)?;
        Ok(true)
    })?;
    Ok(list)
}

fn split(vm: &mut Vm, this: This<Pattern>, string: Value, max: Option<Index>) -> PyResult {
    let max = max.map_or(0, |max| max.0);
    let subject = Subject::for_pattern(vm, this, string)?;
    let end = subject.len();
    let list = vm.new_list(&[])?;
    let mut matcher = Matcher::new(this.program(), subject.units(), end);
    let (mut last, mut n_left) = (0, if max == 0 { i64::MAX } else { max });
    if n_left > 0 {
        each_match(vm, &mut matcher, 0, |vm, matcher, span| {
            let item = subject.slice(vm, Span { start: last, end: span.start })?;
            vm.list_push(list.as_ptr::<ListObject>(), item)?;
            for group in 0..this.n_groups() {
                let item = match matcher.group(group) {
                    Some(span) => subject.slice(vm, span)?,
                    None => Value::NONE,
                };
                vm.list_push(list.as_ptr::<ListObject>(), item)?;
            }
            last = span.end;
            n_left -= 1;
            Ok(n_left > 0)
        })?;
    }
    let item = subject.slice(vm, Span { start: last, end })?;
    vm.list_push(list.as_ptr::<ListObject>(), item)?;
    Ok(list)
}

/// Longer sources are cut off.
const SHOWN: usize = 200;

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<Pattern>) -> PyResult<()> {
    out.push_str("re.compile(");
    let shown = vm.repr(this.source)?;
    let shown = vm.str_slice(shown, 0, vm.str_of(shown).len.min(SHOWN));
    out.push_view(vm.str_of(shown).view());
    let mut flags = this.flags;
    let of_text = flag::LOCALE | flag::UNICODE | flag::ASCII;
    if this.is_bytes() == Some(false) && flags & of_text == flag::UNICODE {
        flags &= !flag::UNICODE;
    }
    let mut names: Vec<String> = Vec::new();
    for &(bit, name) in flag::NAMES {
        if flags & bit != 0 {
            names.push(name.to_string());
            flags &= !bit;
        }
    }
    if flags != 0 {
        names.push(format!("{flags:#x}"));
    }
    if !names.is_empty() {
        out.push_str(", ");
        out.push_str(&names.join("|"));
    }
    out.push(')' as u32);
    Ok(())
}

fn hash(vm: &mut Vm, this: This<Pattern>) -> PyResult<i64> {
    let source = vm.hash(this.source)?;
    let codes = this
        .program()
        .codes
        .iter()
        .fold(0u64, |hash, &code| hash.rotate_left(5).wrapping_mul(0x517C_C1B7_2722_0A95) ^ u64::from(code));
    let hash = source ^ codes as i64 ^ this.flags ^ this.n_groups() as i64;
    Ok(if hash == -1 { -2 } else { hash })
}

fn compare(vm: &mut Vm, operation: u32, this: This<Pattern>, other: Value) -> PyResult {
    let is_equality = operation == cmp::EQ || operation == cmp::NE;
    let Some(other) = This::<Pattern>::of(vm, other).filter(|_| is_equality) else { return Ok(vm.not_implemented) };
    let mut is_equal = this.pointer() == other.pointer();
    if !is_equal
        && this.flags == other.flags
        && this.is_bytes() == other.is_bytes()
        && this.n_groups() == other.n_groups()
        && this.program().codes == other.program().codes
    {
        is_equal = vm.equal(this.source, other.source)?;
    }
    Ok(Value::bool(is_equal == (operation == cmp::EQ)))
}

/// A group's number as an argument gives it, 0 being the whole match; IndexError where there is none.
pub fn group_number(vm: &mut Vm, this: This<Pattern>, group: Value) -> PyResult<usize> {
    let number = if vm.is_index(group) { Some(group) } else { vm.dict_get(this.group_index, group)? };
    if let Some(number) = number
        && vm.is_index(number)
    {
        let number = vm.index_clamped(number)?;
        if (0..=this.n_groups() as i64).contains(&number) {
            return Ok(number as usize);
        }
    }
    Err(vm.raise_index("no such group"))
}

/// The names of the groups and their numbers.
pub fn named_groups(vm: &Vm, this: This<Pattern>) -> impl Iterator<Item = (Value, Value)> + use<> {
    let dict = Table::of(vm, this.group_index);
    let mut at = 0;
    std::iter::from_fn(move || {
        let (index, entry) = dict?.next_entry(at)?;
        at = index + 1;
        Some((entry.key, entry.value))
    })
}

/// The name of a group, or None.
pub fn group_name(vm: &Vm, this: This<Pattern>, group: usize) -> Value {
    This::<TupleObject>::expect(vm, this.index_group).items().get(group).copied().unwrap_or(Value::NONE)
}
