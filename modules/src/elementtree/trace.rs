//! What traces do with elements inline: tags and texts, children by number, and how many there are.

use super::element::Element;
use stitch_runtime::Value;
use stitch_runtime::member;
use stitch_runtime::trace::{Member, NativeCall, SlotRules, Traced};

pub const RULES: SlotRules = SlotRules { len: Some(len), get_item: Some(get_item), ..SlotRules::NONE };

fn read(call: &mut NativeCall<'_>, member: Member<Element, Value>) -> Traced {
    let &[element] = call.arguments() else { return Ok(None) };
    let Some(element) = call.object::<Element>(element)? else { return Ok(None) };
    call.load(element, member).map(Some)
}

pub fn tag(call: &mut NativeCall<'_>) -> Traced {
    read(call, member!(Element, tag))
}

pub fn text(call: &mut NativeCall<'_>) -> Traced {
    read(call, member!(Element, text))
}

pub fn tail(call: &mut NativeCall<'_>) -> Traced {
    read(call, member!(Element, tail))
}

fn len(call: &mut NativeCall<'_>) -> Traced {
    let &[element] = call.arguments() else { return Ok(None) };
    let Some(element) = call.object::<Element>(element)? else { return Ok(None) };
    call.load(element, member!(Element, n_children)).map(Some)
}

fn get_item(call: &mut NativeCall<'_>) -> Traced {
    let &[element, index] = call.arguments() else { return Ok(None) };
    let Some(element) = call.object::<Element>(element)? else { return Ok(None) };
    let len_now = element.now.n_children as i64;
    if !index.now.is_int() || !(-len_now..len_now).contains(&index.now.as_int()) {
        return Ok(None);
    }
    let len = call.load(element, member!(Element, n_children))?;
    let at = call.place(index, len)?;
    let children = call.load(element, member!(Element, children))?;
    // SAFETY: a value array from the element's birth on, which has a place for each of the children.
    unsafe { call.load_place(children, at) }.map(Some)
}
