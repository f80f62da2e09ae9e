//! Tuples whose items have names, such as `sys.version_info`.
//!
//! ```text
//!   static POINT: TypeSpec = struct_sequence("point", "geometry", "Where it is.", POINT_FIELDS);
//!   const POINT_FIELDS: &[GetSetRow] = &fields(["x", "y"]);
//!   vm.new_struct_sequence(&POINT, &[x, y])
//! ```
//!
//! Some have more fields than items: those lie in a tuple of their own, in the object's last word, and can be read by name
//! alone. Some have items without a name.
//!
//! ```text
//!   | header | number of items | items … | tuple of the other fields |
//! ```

use super::argument::{ClassOf, Keywords, Rest, This, method};
use super::class::class_ref;
use super::convert::text::Text;
use super::dict::Table;
use super::header::Header;
use super::layout::{Getter, ListObject, TupleObject, TypeObject};
use super::native::NativeRow;
use super::slots::{Slots, slot};
use super::spec::{GetSetRow, TypeSpec, field, getter};
use crate::builtins::specs::TUPLE;
use crate::object::layout::DictObject;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use smallvec::SmallVec;

/// How many items the tuples of such a type have, and how many of them, the last ones, have no name.
#[derive(Clone, Copy, Debug)]
pub struct NamedItems {
    pub n_items: usize,
    pub n_unnamed: usize,
}

/// The type of tuples whose items have the names of these `fields`.
pub const fn struct_sequence(
    name: &'static str,
    module: &'static str,
    doc: &'static str,
    fields: &'static [GetSetRow],
) -> TypeSpec {
    TypeSpec {
        name,
        module,
        doc,
        base: Some(&TUPLE),
        slots: Slots { repr: slot(write_repr), ..Slots::NONE },
        new: Some(
            method("__new__", "($type, /, sequence, dict={})", new)
                .doc("Of a sequence of the items, maybe with fields behind them, and a dict of further fields."),
        ),
        methods: METHODS,
        getters: fields,
        named_items: Some(NamedItems { n_items: fields.len(), n_unnamed: 0 }),
        ..TypeSpec::NEW
    }
}

const METHODS: &[NativeRow] = &[method("__reduce__", "($self, /)", reduce).doc("What makes it anew."), REPLACE];
/// For those that are made anew in another way.
pub const REPLACE: NativeRow =
    method("__replace__", "($self, /, **changes)", replace).doc("A copy with other values for some fields.");

/// As `struct_sequence`, of which Python code makes none.
pub const fn closed_struct_sequence(
    name: &'static str,
    module: &'static str,
    doc: &'static str,
    fields: &'static [GetSetRow],
) -> TypeSpec {
    TypeSpec {
        new: Some(method("__new__", "($type, /, *args)", refuse).doc("Refuses: the runtime makes them.")),
        ..struct_sequence(name, module, doc, fields)
    }
}

/// Attributes for the items, in order.
pub const fn fields<const N: usize>(names: [&'static str; N]) -> [GetSetRow; N] {
    fields_around(names, N, 0)
}

/// Attributes for fields, of which `n_unnamed` have no name after the first `n_before`.
pub const fn fields_around<const N: usize>(
    names: [&'static str; N],
    n_before: usize,
    n_unnamed: usize,
) -> [GetSetRow; N] {
    let mut rows = [getter("", ITEMS[0]); N];
    let mut at = 0;
    while at < N {
        let index = if at < n_before { at } else { at + n_unnamed };
        rows[at] = getter(names[at], ITEMS[index]).doc("The item of this name.");
        at += 1;
    }
    rows
}

const fn item<const AT: usize>() -> Getter {
    field("", |vm: &mut Vm, this: This<TupleObject>| vm.named_item(this, AT)).getter
}

macro_rules! items {
    ($($at:literal)*) => { [$(item::<$at>()),*] };
}

const ITEMS: [Getter; 24] = items!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23);

impl NamedItems {
    fn of(spec: &TypeSpec) -> NamedItems {
        spec.named_items.expect("a type of tuples with names")
    }
    fn n_fields(self, spec: &TypeSpec) -> usize {
        spec.getters.len() + self.n_unnamed
    }
    /// The name of a field, by the place that it has in an object.
    fn name(self, spec: &TypeSpec, at: usize) -> Option<&'static str> {
        let n_before = self.n_items - self.n_unnamed;
        let row = match at {
            at if at < n_before => at,
            at if at < self.n_items => return None,
            at => at - self.n_unnamed,
        };
        spec.getters.get(row).map(|row| row.name)
    }
}

/// `sys.version_info(major=3, …)`. Items without a name are called by what follows them.
fn write_repr(vm: &mut Vm, out: &mut Text, this: This<TupleObject>) -> PyResult<()> {
    let spec = vm.spec_of(this.value());
    out.push_str(&spec.full_name());
    out.push('(' as u32);
    for (at, (field, &item)) in spec.getters.iter().zip(this.items()).enumerate() {
        out.push_str(if at > 0 { ", " } else { "" });
        out.push_str(field.name);
        out.push('=' as u32);
        vm.write_repr(out, item)?;
    }
    out.push(')' as u32);
    Ok(())
}

fn refuse(vm: &mut Vm, class: ClassOf<TupleObject>, _: Rest) -> PyResult<()> {
    let name = vm.full_name_of_class(class.class);
    Err(vm.raise_type(&format!("cannot create '{name}' instances")))
}

/// All fields of such a tuple, at the most as many as there are getters of.
pub type FieldValues = SmallVec<[Value; 24]>;

fn new(vm: &mut Vm, class: ClassOf<TupleObject>, sequence: Value, dict: Option<Value>) -> PyResult {
    // SAFETY: classes have a specification, which is static.
    let spec: &'static TypeSpec = unsafe { &*class_ref(class.class).spec };
    let values = field_values(vm, spec, sequence, dict)?;
    vm.new_struct_sequence(spec, &values)
}

/// The fields that the arguments of a constructor give; None where one is not given.
pub fn field_values(
    vm: &mut Vm,
    spec: &'static TypeSpec,
    sequence: Value,
    dict: Option<Value>,
) -> PyResult<FieldValues> {
    let named = NamedItems::of(spec);
    let dict = dict.filter(|dict| !dict.is_none());
    if dict.is_some_and(|dict| !vm.is_a::<DictObject>(dict)) {
        let message = format!("{}() takes a dict as second arg, if any", spec.full_name());
        return Err(vm.raise_type(&message));
    }
    let given = match vm.collect(sequence) {
        Ok(given) => given,
        Err(_) if vm.exception_matches(vm.exceptions.TypeError) => {
            vm.clear_exception();
            return Err(vm.raise_type("constructor requires a sequence"));
        }
        Err(raised) => return Err(raised),
    };
    let Some(given) = This::<ListObject>::of(vm, given) else { return Ok(FieldValues::new()) };
    let (len, n_items, n_fields) = (given.len, named.n_items, named.n_fields(spec));
    if len < n_items || len > n_fields {
        let bound = match (n_items == n_fields, len < n_items) {
            (true, _) => format!("a {n_items}"),
            (false, true) => format!("an at least {n_items}"),
            (false, false) => format!("an at most {n_fields}"),
        };
        let message = format!("{}() takes {bound}-sequence ({len}-sequence given)", spec.full_name());
        return Err(vm.raise_type(&message));
    }
    let mut values: FieldValues = given.items().iter().copied().collect();
    let mut n_used = 0;
    for at in len..n_fields {
        let found = match (dict, named.name(spec, at)) {
            (Some(dict), Some(name)) => {
                let name = vm.intern(name);
                vm.dict_get(dict, name)?
            }
            _ => None,
        };
        n_used += usize::from(found.is_some());
        values.push(found.unwrap_or(Value::NONE));
    }
    if dict.and_then(|dict| Table::of(vm, dict)).is_some_and(|dict| dict.len > n_used) {
        let message = format!("{}() got duplicate or unexpected field name(s)", spec.full_name());
        return Err(vm.raise_type(&message));
    }
    Ok(values)
}

/// Names and values of the fields that are no items.
fn hidden_fields(vm: &mut Vm, this: This<TupleObject>) -> PyResult {
    let spec = vm.spec_of(this.value());
    let named = NamedItems::of(spec);
    let dict = vm.new_dict();
    for at in named.n_items..named.n_fields(spec) {
        if let Some(name) = named.name(spec, at) {
            let (name, value) = (vm.intern(name), vm.named_item(this, at));
            vm.dict_set(dict, name, value)?;
        }
    }
    Ok(dict)
}

fn reduce(vm: &mut Vm, this: This<TupleObject>) -> PyResult {
    let class = Value::object(vm.class_of(this.value()));
    let (items, hidden) = (vm.new_tuple(this.items()), hidden_fields(vm, this)?);
    let arguments = vm.new_tuple(&[items, hidden]);
    Ok(vm.new_tuple(&[class, arguments]))
}

fn replace(vm: &mut Vm, this: This<TupleObject>, changes: Keywords) -> PyResult {
    let spec = vm.spec_of(this.value());
    let named = NamedItems::of(spec);
    if named.n_unnamed > 0 {
        let message =
            format!("__replace__() is not supported for {} because it has unnamed field(s)", spec.full_name());
        return Err(vm.raise_type(&message));
    }
    let mut values = FieldValues::new();
    let mut n_used = 0;
    for at in 0..named.n_fields(spec) {
        let name = vm.intern(named.name(spec, at).unwrap_or_default());
        let change = vm.dict_get(changes.value(), name)?;
        n_used += usize::from(change.is_some());
        values.push(change.unwrap_or_else(|| vm.named_item(this, at)));
    }
    if n_used < changes.dict().len {
        let mut unknown: Vec<String> = Vec::new();
        let keys = vm.collect(changes.value())?;
        if let Some(keys) = This::<ListObject>::of(vm, keys) {
            for &key in keys.items() {
                if !spec.getters.iter().any(|row| row.name == vm.string_of(key)) {
                    let key = vm.repr(key)?;
                    unknown.push(vm.string_of(key));
                }
            }
        }
        let message = format!("Got unexpected field name(s): [{}]", unknown.join(", "));
        return Err(vm.raise_type(&message));
    }
    vm.new_struct_sequence(spec, &values)
}

impl Vm {
    /// A tuple of a type with names, of all its fields.
    pub fn new_struct_sequence(&mut self, spec: &'static TypeSpec, values: &[Value]) -> PyResult {
        let n_items = NamedItems::of(spec).n_items;
        debug_assert_eq!(values.len(), NamedItems::of(spec).n_fields(spec));
        let hidden = if values.len() > n_items { self.new_tuple(&values[n_items..]) } else { Value::UNBOUND };
        let tuple = self.new_tuple(&values[..n_items]);
        let class = self.type_of_spec(spec);
        let sequence = self.derive(class, tuple)?;
        if !hidden.is_unbound() {
            // SAFETY: an object of a type that derives from `tuple` has the word; with neither a dict nor `__slots__`, and no
            // class that derives from its own, it has no other use.
            unsafe { *self.attributes_word(sequence) = hidden };
            self.barrier(sequence.as_ptr::<Header>());
        }
        Ok(sequence)
    }

    /// A field by its place.
    fn named_item(&mut self, this: This<TupleObject>, at: usize) -> Value {
        if let Some(&item) = this.items().get(at) {
            return item;
        }
        // SAFETY: getters of such types get their objects, which have the word.
        let hidden = unsafe { *self.attributes_word(this.value()) };
        let hidden = This::<TupleObject>::of(self, hidden);
        hidden.and_then(|hidden| hidden.items().get(at - this.len).copied()).unwrap_or(Value::NONE)
    }

    /// Gives the class of such a type what it says of its fields.
    pub(in crate::object) fn describe_fields(&mut self, class: *mut TypeObject, spec: &TypeSpec, named: NamedItems) {
        let dict = class_ref(class).dict;
        let counts = [
            ("n_sequence_fields", named.n_items),
            ("n_fields", named.n_fields(spec)),
            ("n_unnamed_fields", named.n_unnamed),
        ];
        for (name, count) in counts {
            let name = self.intern(name);
            self.dict_set_name(dict, name, Value::small_int(count as i64));
        }
        let n_named = named.n_items - named.n_unnamed;
        let names: FieldValues = spec.getters[..n_named].iter().map(|row| self.intern(row.name)).collect();
        let names = self.new_tuple(&names);
        self.dict_set_name(dict, self.names.__match_args__, names);
    }
}
