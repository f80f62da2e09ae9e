//! `SRE_Template`: the replacement of `sub`, with what groups have matched in it.

use super::matched::{Match, pattern_of};
use super::pattern::Pattern;
use super::subject::{Joined, Subject};
use stitch_runtime::object::argument::This;
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::{BytesObject, IntObject, StrObject};
use stitch_runtime::object::layout::{ListObject, TupleObject};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Raised, Value, Vm};

#[repr(C)]
pub struct Template {
    header: Header,
    /// A tuple: text, group, text, group, … text.
    parts: Value,
}

pub static TEMPLATE: TypeSpec = TypeSpec {
    name: "SRE_Template",
    module: "_sre",
    doc: "Text with what groups have matched in it.",
    layout: Some(Layout::of::<Template>(1)),
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for Template {
    const SPEC: &'static TypeSpec = &TEMPLATE;
}

/// A template of a list: text, group, text, group, … text.
pub fn new(vm: &mut Vm, _: Value, template: Value) -> PyResult {
    let is_template = match This::<ListObject>::of(vm, template) {
        Some(list) => {
            let groups = list.items().iter().skip(1).step_by(2);
            list.items().len() % 2 == 1 && groups.clone().all(|&group| vm.is_a::<IntObject>(group) || group.is_int())
        }
        None => false,
    };
    if !is_template {
        return Err(vm.raise_type("invalid template"));
    }
    let parts = vm.collect_tuple(template)?;
    let class = vm.type_of_spec(&TEMPLATE);
    vm.new_object(class, |header| Template { header, parts })
}

impl Template {
    /// The text, where there are no groups in it.
    pub fn literal(&self, vm: &Vm) -> Option<Value> {
        match *This::<TupleObject>::expect(vm, self.parts).items() {
            [text] => Some(text),
            _ => None,
        }
    }

    /// Appends the text that it is for a match.
    pub fn push(vm: &mut Vm, this: This<Template>, out: &mut Joined, found: This<Match>) -> PyResult<()> {
        let subject = Subject::of(vm, found.string)?;
        let n_groups = pattern_of(vm, found).n_groups() as i64;
        let parts = This::<TupleObject>::expect(vm, this.parts);
        let mut rest = parts.items();
        while let [text, after @ ..] = rest {
            if vm.is_true(*text)? {
                out.push_value(vm, *text);
            }
            let [group, after @ ..] = after else { break };
            let group = vm.index_clamped(*group)?;
            if !(0..=n_groups).contains(&group) {
                return Err(vm.raise_index("no such group"));
            }
            if let Some(span) = found.span(vm, group as usize) {
                out.push_part(&subject, span);
            }
            rest = after;
        }
        Ok(())
    }
}

/// What `re._compile_template` makes of a template.
pub fn compile(vm: &mut Vm, pattern: This<Pattern>, template: Value) -> PyResult {
    let re = vm.import_dotted("re")?;
    let name = vm.intern("_compile_template");
    let function = vm.get_attr(re, name)?;
    match vm.call(function, &[pattern.value(), template]) {
        Err(Raised) if vm.exception_matches(vm.exceptions.TypeError) && may_lack_hash(vm, template) => {
            vm.clear_exception();
            let plain = if vm.is_str(template) {
                vm.str_exact(template)
            } else {
                let bytes = BytesLike::of(vm, template)?.to_vec();
                vm.new_bytes(&bytes)?
            };
            vm.call(function, &[pattern.value(), plain])
        }
        result => result,
    }
}

/// Is it text of a kind that may have no hash?
fn may_lack_hash(vm: &Vm, template: Value) -> bool {
    let is_plain = vm.is_exactly::<StrObject>(template) || vm.is_exactly::<BytesObject>(template);
    !is_plain && (vm.is_str(template) || vm.is_bytes_like(template))
}

pub fn expand(vm: &mut Vm, this: This<Match>, template: Value) -> PyResult {
    let pattern = pattern_of(vm, this);
    let compiled = compile(vm, pattern, template)?;
    let Some(template) = This::<Template>::of(vm, compiled) else { return Ok(compiled) };
    if let Some(text) = template.literal(vm) {
        return Ok(text);
    }
    let subject = Subject::of(vm, this.string)?;
    let mut out = subject.joined();
    Template::push(vm, template, &mut out, this)?;
    out.finish(vm)
}
