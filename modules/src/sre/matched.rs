//! `re.Match`: where a pattern has matched.

use super::pattern::{Pattern, group_name, group_number, named_groups};
use super::search::{Matcher, Span};
use super::subject::Subject;
use super::template;
use stitch_runtime::builtins::CLASS_GETITEM;
use stitch_runtime::object::argument::{Rest, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::BytesObject;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Match {
    header: Header,
    pub pattern: Value,
    pub string: Value,
    /// The groups' spans: bytes of two words each; unbound where the pattern has no groups.
    groups: Value,
    /// `regs`, once it was asked for.
    spans: Value,
    whole: Span,
    /// What was looked at.
    limits: Span,
    last_index: u32,
}

pub static MATCH: TypeSpec = TypeSpec {
    name: "Match",
    module: "re",
    doc: "What a pattern has matched.",
    layout: Some(Layout::of::<Match>(4)),
    slots: Slots {
        get_item: slot(|vm: &mut Vm, this: This<Match>, group: Value| part(vm, this, group, Value::NONE)),
        repr: slot(write_repr),
        ..Slots::NONE
    },
    methods: &[
        method("group", "($self, /, *args)", group)
            .doc("What groups have matched: a str or bytes, or a tuple of them."),
        method("start", "($self, group=0, /)", |vm: &mut Vm, this: This<Match>, group: Option<Value>| {
            let span = span_of(vm, this, group)?;
            PyResult::Ok(span.map_or(-1, |span| span.start as i64))
        })
        .doc("Where a group begins; -1 where it has not matched."),
        method("end", "($self, group=0, /)", |vm: &mut Vm, this: This<Match>, group: Option<Value>| {
            let span = span_of(vm, this, group)?;
            PyResult::Ok(span.map_or(-1, |span| span.end as i64))
        })
        .doc("Where a group ends; -1 where it has not matched."),
        method("span", "($self, group=0, /)", |vm: &mut Vm, this: This<Match>, group: Option<Value>| {
            let span = span_of(vm, this, group)?;
            PyResult::Ok(pair(vm, span))
        })
        .doc("Where a group begins and ends."),
        method("groups", "($self, /, default=None)", groups).doc("What all groups have matched."),
        method("groupdict", "($self, /, default=None)", group_dict).doc("What the groups with names have matched."),
        method("expand", "($self, /, template)", template::expand).doc("A template with what groups have matched."),
        method("__copy__", "($self, /)", |this: This<Match>| this.value()).doc("The match itself."),
        method("__deepcopy__", "($self, memo, /)", |this: This<Match>, _: Value| this.value()).doc("The match itself."),
    ],
    class_methods: &[CLASS_GETITEM],
    getters: &[
        field("string", |this: This<Match>| this.string).doc("What was searched."),
        field("re", |this: This<Match>| this.pattern).doc("The pattern."),
        field("pos", |this: This<Match>| this.limits.start).doc("Where the search began."),
        field("endpos", |this: This<Match>| this.limits.end).doc("Where the search had to end."),
        field("lastindex", |this: This<Match>| (this.last_index > 0).then_some(i64::from(this.last_index)))
            .doc("The group that was closed last, or None."),
        field("lastgroup", |vm: &mut Vm, this: This<Match>| match this.last_index {
            0 => Value::NONE,
            index => group_name(vm, pattern_of(vm, this), index as usize),
        })
        .doc("The name of the group that was closed last, or None."),
        field("regs", regs).doc("Where all groups begin and end."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for Match {
    const SPEC: &'static TypeSpec = &MATCH;
}

const WORD: usize = size_of::<usize>();

/// A match that a matcher has found.
pub fn new(
    vm: &mut Vm,
    pattern: This<Pattern>,
    string: Value,
    whole: Span,
    matcher: &Matcher<'_>,
    limits: Span,
) -> PyResult {
    let mut groups = Value::UNBOUND;
    let n_groups = pattern.n_groups();
    if n_groups > 0 {
        let mut words: smallvec::SmallVec<[u8; 128]> = smallvec::SmallVec::new();
        for group in 0..n_groups {
            let span = matcher.group(group).unwrap_or(Span { start: usize::MAX, end: usize::MAX });
            words.extend_from_slice(&span.start.to_ne_bytes());
            words.extend_from_slice(&span.end.to_ne_bytes());
        }
        groups = vm.new_bytes(&words)?;
    }
    let (class, last_index) = (vm.type_of_spec(&MATCH), matcher.last_index());
    vm.new_object(class, |header| Match {
        header,
        pattern: pattern.value(),
        string,
        groups,
        spans: Value::UNBOUND,
        whole,
        limits,
        last_index,
    })
}

pub fn pattern_of(vm: &Vm, this: This<Match>) -> This<Pattern> {
    This::of(vm, this.pattern).expect("a match has its pattern")
}

impl Match {
    /// Where a group is that the pattern has; 0: the whole match.
    pub fn span(&self, vm: &Vm, number: usize) -> Option<Span> {
        let Some(group) = number.checked_sub(1) else { return Some(self.whole) };
        let bytes = This::<BytesObject>::of(vm, self.groups)?;
        let word = |nth: usize| {
            let word = bytes.data().get(nth * WORD..)?.first_chunk()?;
            Some(usize::from_ne_bytes(*word))
        };
        let (start, end) = (word(2 * group)?, word(2 * group + 1)?);
        (start != usize::MAX).then_some(Span { start, end })
    }

    /// The text of a group; `default` where it has not matched.
    pub fn text(vm: &mut Vm, this: This<Match>, subject: &Subject, number: usize, default: Value) -> PyResult {
        let Some(span) = this.span(vm, number) else { return Ok(default) };
        // What was searched may have become shorter.
        let len = subject.len();
        subject.slice(vm, Span { start: span.start.min(len), end: span.end.min(len) })
    }
}

fn part(vm: &mut Vm, this: This<Match>, group: Value, default: Value) -> PyResult {
    let number = group_number(vm, pattern_of(vm, this), group)?;
    let subject = Subject::of(vm, this.string)?;
    Match::text(vm, this, &subject, number, default)
}

fn group(vm: &mut Vm, this: This<Match>, args: Rest) -> PyResult {
    match args.items() {
        [] => part(vm, this, Value::small_int(0), Value::NONE),
        [group] => part(vm, this, *group, Value::NONE),
        groups => {
            let tuple = vm.new_tuple_of_len(groups.len())?;
            for (nth, &group) in groups.iter().enumerate() {
                let text = part(vm, this, group, Value::NONE)?;
                vm.tuple_init(tuple, nth, text);
            }
            Ok(tuple)
        }
    }
}

fn span_of(vm: &mut Vm, this: This<Match>, group: Option<Value>) -> PyResult<Option<Span>> {
    let number = match group {
        Some(group) => group_number(vm, pattern_of(vm, this), group)?,
        None => 0,
    };
    Ok(this.span(vm, number))
}

fn pair(vm: &mut Vm, span: Option<Span>) -> Value {
    let (start, end) = span.map_or((-1, -1), |span| (span.start as i64, span.end as i64));
    let (start, end) = (vm.new_int(start), vm.new_int(end));
    vm.new_tuple(&[start, end])
}

fn groups(vm: &mut Vm, this: This<Match>, default: Option<Value>) -> PyResult {
    let n_groups = pattern_of(vm, this).n_groups();
    let subject = Subject::of(vm, this.string)?;
    let tuple = vm.new_tuple_of_len(n_groups)?;
    for group in 0..n_groups {
        let text = Match::text(vm, this, &subject, group + 1, default.unwrap_or(Value::NONE))?;
        vm.tuple_init(tuple, group, text);
    }
    Ok(tuple)
}

fn group_dict(vm: &mut Vm, this: This<Match>, default: Option<Value>) -> PyResult {
    let dict = vm.new_dict();
    for (name, number) in named_groups(vm, pattern_of(vm, this)) {
        let text = part(vm, this, number, default.unwrap_or(Value::NONE))?;
        vm.dict_set(dict, name, text)?;
    }
    Ok(dict)
}

fn regs(vm: &mut Vm, mut this: This<Match>) -> PyResult {
    if this.spans.is_unbound() {
        let n = pattern_of(vm, this).n_groups() + 1;
        let spans = vm.new_tuple_of_len(n)?;
        for number in 0..n {
            let span = this.span(vm, number);
            let span = pair(vm, span);
            vm.tuple_init(spans, number, span);
        }
        this.spans = spans;
        vm.barrier(this.pointer());
    }
    Ok(this.spans)
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<Match>) -> PyResult<()> {
    let Span { start, end } = this.whole;
    let name = vm.qualified_class_name(vm.class_of(this.value()));
    out.push_str(&format!("<{name} object; span=({start}, {end}), match="));
    let text = part(vm, this, Value::small_int(0), Value::NONE)?;
    vm.write_repr(out, text)?;
    out.push('>' as u32);
    Ok(())
}
