//! Template strings, and the interpolations in them.

use super::protocol::CLASS_GETITEM;
use crate::object::argument::{ClassOf, OrNone, Rest, Str, This, method};
use crate::object::convert::text::Text;
use crate::object::header::Header;
use crate::object::layout::{ListObject, TupleObject};
use crate::object::slots::{Slots, slot};
use crate::object::spec::{Layout, Object, TypeSpec, field};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// `t"a{b}c"`: one string more than there are interpolations.
#[repr(C)]
pub struct Template {
    header: Header,
    strings: Value,
    interpolations: Value,
}

#[repr(C)]
pub struct Interpolation {
    header: Header,
    value: Value,
    expression: Value,
    conversion: Value,
    format_spec: Value,
}

// SAFETY: `#[repr(C)]` with the header first; the type is no base.
unsafe impl Object for Template {
    const SPEC: &'static TypeSpec = &TEMPLATE;
}
// SAFETY: as above.
unsafe impl Object for Interpolation {
    const SPEC: &'static TypeSpec = &INTERPOLATION;
}

pub static TEMPLATE: TypeSpec = TypeSpec {
    name: "Template",
    module: "string.templatelib",
    doc: "A template string: strings, and what goes between them.",
    layout: Some(Layout::of::<Template>(2)),
    slots: Slots {
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<Template>| {
            vm.write_parts(out, "Template(strings=", &[this.strings], ", interpolations=")?;
            vm.write_parts(out, "", &[this.interpolations], ")")
        }),
        iter: slot(|vm: &mut Vm, this: This<Template>| {
            let parts = parts(vm, this)?;
            vm.get_iter(parts.value())
        }),
        concat: slot(concat),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, /, *args)", |vm: &mut Vm, _: ClassOf<Template>, parts: Rest| {
            of_parts(vm, parts.items())
        })
        .doc("A template of strings and interpolations."),
    ),
    methods: &[method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<Template>| -> PyResult {
        let (library, name) = (vm.import_dotted("string.templatelib")?, vm.intern("_template_unpickle"));
        let make = vm.get_attr(library, name)?;
        let arguments = vm.new_tuple(&[this.strings, this.interpolations]);
        Ok(vm.new_tuple(&[make, arguments]))
    })
    .doc("How to make it again.")],
    class_methods: &[CLASS_GETITEM],
    getters: &[
        field("strings", |this: This<Template>| this.strings).doc("The strings."),
        field("interpolations", |this: This<Template>| this.interpolations).doc("What goes between the strings."),
        field("values", |vm: &mut Vm, this: This<Template>| -> PyResult {
            let list = vm.new_list(&[])?;
            for &interpolation in items(vm, this.interpolations) {
                if let Some(interpolation) = This::<Interpolation>::of(vm, interpolation) {
                    vm.list_push(list.as_ptr(), interpolation.value)?;
                }
            }
            vm.collect_tuple(list)
        })
        .doc("The values of the interpolations."),
    ],
    ..TypeSpec::NEW
};

pub static INTERPOLATION: TypeSpec = TypeSpec {
    name: "Interpolation",
    module: "string.templatelib",
    doc: "What stands in braces in a template string.",
    layout: Some(Layout::of::<Interpolation>(4)),
    match_args: &["value", "expression", "conversion", "format_spec"],
    slots: Slots {
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<Interpolation>| {
            vm.write_parts(out, "Interpolation(", &this.parts(), ")")
        }),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, /, value, expression='', conversion=None, format_spec='')", new_interpolation)
            .doc("A value with how it was written and is to be shown."),
    ),
    methods: &[method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<Interpolation>| {
        let class = Value::object(vm.class_of(this.value()));
        let arguments = vm.new_tuple(&this.parts());
        vm.new_tuple(&[class, arguments])
    })
    .doc("How to make it again.")],
    class_methods: &[CLASS_GETITEM],
    getters: &[
        field("value", |this: This<Interpolation>| this.value).doc("What the expression gave."),
        field("expression", |this: This<Interpolation>| this.expression).doc("The expression's text."),
        field("conversion", |this: This<Interpolation>| this.conversion).doc("'a', 'r', 's' or None."),
        field("format_spec", |this: This<Interpolation>| this.format_spec).doc("What stood behind the colon."),
    ],
    ..TypeSpec::NEW
};

impl Interpolation {
    fn parts(&self) -> [Value; 4] {
        [self.value, self.expression, self.conversion, self.format_spec]
    }
}

/// The items of a tuple that a template holds.
fn items<'a>(vm: &Vm, tuple: Value) -> &'a [Value] {
    let tuple = This::<TupleObject>::of(vm, tuple).expect("templates hold tuples");
    // SAFETY: tuples do not change and do not move; the template keeps it alive.
    unsafe { &*std::ptr::from_ref(tuple.items()) }
}

fn new_interpolation(
    vm: &mut Vm,
    _: ClassOf<Interpolation>,
    value: Value,
    expression: Option<Str>,
    conversion: OrNone<Value>,
    format_spec: Option<Str>,
) -> PyResult {
    let conversion = conversion.0.unwrap_or(Value::NONE);
    if !conversion.is_none() {
        if !vm.is_str(conversion) {
            let message =
                format!("Interpolation() argument 'conversion' must be str, not {}", vm.class_name(conversion));
            return Err(vm.raise_type(&message));
        }
        let mut points = vm.str_of(conversion).view().code_points();
        let is_known = matches!((points.next(), points.next()), (Some(point), None) if b"ars".contains(&(point as u8)) && point < 128);
        if !is_known {
            return Err(vm.raise_value("Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'"));
        }
    }
    let empty = vm.str_from_latin1(b"");
    let [expression, format_spec] = [expression, format_spec].map(|text| text.map_or(empty, Str::value));
    make_interpolation(vm, value, expression, conversion, format_spec)
}

fn make_interpolation(vm: &mut Vm, value: Value, expression: Value, conversion: Value, format_spec: Value) -> PyResult {
    let class = vm.type_of_spec(&INTERPOLATION);
    vm.new_object(class, |header| Interpolation { header, value, expression, conversion, format_spec })
}

/// A template of strings and interpolations in any order: strings side by side become one, between interpolations side by
/// side there is an empty one.
fn of_parts(vm: &mut Vm, parts: &[Value]) -> PyResult {
    let (strings, interpolations) = (vm.new_list(&[])?, vm.new_list(&[])?);
    let empty = vm.str_from_latin1(b"");
    let mut text = empty;
    for &part in parts {
        if vm.is_str(part) {
            text = vm.str_concat(text, part)?;
        } else if This::<Interpolation>::of(vm, part).is_some() {
            vm.list_push(strings.as_ptr(), std::mem::replace(&mut text, empty))?;
            vm.list_push(interpolations.as_ptr(), part)?;
        } else {
            let name = vm.full_name_of_class(vm.class_of(part));
            let message = format!("Template.__new__ *args need to be of type 'str' or 'Interpolation', got {name}");
            return Err(vm.raise_type(&message));
        }
    }
    vm.list_push(strings.as_ptr(), text)?;
    let strings = vm.collect_tuple(strings)?;
    let interpolations = vm.collect_tuple(interpolations)?;
    vm.new_template(strings, interpolations)
}

/// Strings that are not empty, and interpolations, in order.
fn parts(vm: &mut Vm, this: This<Template>) -> PyResult<This<ListObject>> {
    let list = vm.new_list(&[])?;
    let interpolations = items(vm, this.interpolations);
    for (at, &string) in items(vm, this.strings).iter().enumerate() {
        if vm.str_of(string).len > 0 {
            vm.list_push(list.as_ptr(), string)?;
        }
        if let Some(&interpolation) = interpolations.get(at) {
            vm.list_push(list.as_ptr(), interpolation)?;
        }
    }
    Ok(This::of(vm, list).expect("a list was made"))
}

fn concat(vm: &mut Vm, this: This<Template>, other: Value) -> PyResult {
    let Some(other) = This::<Template>::of(vm, other) else {
        let name = vm.full_name_of_class(vm.class_of(other));
        let message =
            format!("can only concatenate string.templatelib.Template (not \"{name}\") to string.templatelib.Template");
        return Err(vm.raise_type(&message));
    };
    let all = parts(vm, this)?;
    let rest = parts(vm, other)?;
    vm.list_extend(all.value(), rest.value())?;
    of_parts(vm, all.items())
}

impl Vm {
    /// A template of a tuple of strings and a tuple of interpolations, one fewer.
    pub(crate) fn new_template(&mut self, strings: Value, interpolations: Value) -> PyResult {
        let class = self.type_of_spec(&TEMPLATE);
        self.new_object(class, |header| Template { header, strings, interpolations })
    }

    /// An interpolation; the conversion is a number of `CONVERT_VALUE`, 0: none.
    pub(crate) fn new_interpolation(
        &mut self,
        value: Value,
        expression: Value,
        conversion: usize,
        format_spec: Option<Value>,
    ) -> PyResult {
        let conversion = match conversion {
            1 => self.intern("s"),
            2 => self.intern("r"),
            3 => self.intern("a"),
            _ => Value::NONE,
        };
        let format_spec = match format_spec {
            Some(format_spec) => format_spec,
            None => self.str_from_latin1(b""),
        };
        make_interpolation(self, value, expression, conversion, format_spec)
    }
}
