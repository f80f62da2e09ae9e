//! `Token`: what a variable had before it was set.

use super::context::Context;
use super::missing;
use super::variable::{ContextVar, take_back};
use stitch_runtime::builtins::CLASS_GETITEM;
use stitch_runtime::object::argument::{Class, Keywords, Rest, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Token {
    header: Header,
    pub context: Value,
    pub variable: Value,
    /// `Token.MISSING`: none.
    pub old_value: Value,
    pub is_used: bool,
}

pub static TOKEN: TypeSpec = TypeSpec {
    name: "Token",
    module: "_contextvars",
    doc: "What a context variable had before it was set; as a context manager it takes that back.",
    layout: Some(Layout::of::<Token>(3)),
    is_unhashable: true,
    slots: Slots { repr: slot(write_repr), ..Slots::NONE },
    new: Some(
        method("__new__", "($type, /, *args, **kwargs)", |vm: &mut Vm, _: Class, _: Rest, _: Keywords| -> PyResult {
            Err(vm.raise_runtime("Tokens can only be created by ContextVars"))
        })
        .doc("Refuses."),
    ),
    methods: &[
        method("__enter__", "($self, /)", |this: This<Token>| this.value()).doc("The token itself."),
        method(
            "__exit__",
            "($self, type, val, tb, /)",
            |vm: &mut Vm, this: This<Token>, _: Value, _: Value, _: Value| {
                let variable = This::<ContextVar>::of(vm, this.variable).expect("a token's variable is one");
                take_back(vm, variable, this)
            },
        )
        .doc("Gives the variable back what it had."),
    ],
    class_methods: &[CLASS_GETITEM],
    getters: &[
        field("var", |this: This<Token>| this.variable).doc("The variable."),
        field("old_value", |this: This<Token>| this.old_value).doc("What it had, or Token.MISSING."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for Token {
    const SPEC: &'static TypeSpec = &TOKEN;
}

pub fn new(vm: &mut Vm, context: This<Context>, variable: This<ContextVar>, old: Option<Value>) -> PyResult {
    let old_value = match old {
        Some(old) => old,
        None => missing(vm)?,
    };
    let class = vm.type_of_spec(&TOKEN);
    let (context, variable) = (context.value(), variable.value());
    vm.new_object(class, |header| Token { header, context, variable, old_value, is_used: false })
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<Token>) -> PyResult<()> {
    out.push_str(if this.is_used { "<Token used var=" } else { "<Token var=" });
    vm.write_repr(out, this.variable)?;
    out.push_str(&format!(" at {:#x}>", this.value().0));
    Ok(())
}
