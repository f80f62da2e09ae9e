//! What a type made in Rust is, in one static value: the VM's own types, those of native modules, those of embedders.
//!
//! ```text
//!   static DEQUE: TypeSpec = TypeSpec {
//!       name: "deque",
//!       module: "collections",
//!       layout: Some(Layout::of::<Deque>(2)),        // a header, two values, then raw words
//!       slots: Slots { len: Some(len), … },           // what it can do; special methods are derived from these
//!       methods: &[method("append", "($self, item, /)", append).doc("…"), …],
//!       …
//!   };
//!   let class = vm.type_of_spec(&DEQUE);
//! ```

use super::argument::{Outcome, Receiver, This, instance_of};
use super::exception::Fields;
use super::header::Header;
use super::layout::{Getter, Setter, TypeObject};
use super::module::Constant;
use super::native::NativeRow;
use super::slots::Slots;
use super::struct_sequence::NamedItems;
use super::types::BuiltinType;
use crate::builtins::specs::OBJECT;
use crate::trace::{SlotRules, TraceRule};
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

/// The specification of a type.
pub struct TypeSpec {
    /// As `__name__` gives it.
    pub name: &'static str,
    /// As `__module__` gives it.
    pub module: &'static str,
    /// As `__doc__` gives it.
    pub doc: &'static str,
    /// `None`: `object`.
    pub base: Option<&'static TypeSpec>,
    /// The base where it has no specification of its own: an exception class. Such a type is as a class of Python; of the rest its
    /// name, module and doc count.
    pub base_class: Option<fn(&Vm) -> *mut TypeObject>,
    /// The class of the type itself, which derives from `type`; `None`: that of the base.
    pub metaclass: Option<&'static TypeSpec>,
    /// The memory of its objects; `None`: that of the base.
    pub layout: Option<Layout>,
    /// May Python classes derive from it?
    pub is_base: bool,
    /// Its instances' memory is a layout of its own even where none is given: no class derives from it and from a type with
    /// another.
    pub is_solid: bool,
    /// Its objects have attributes of their own: in the word that the layout of the base keeps for that, or in a last word. The
    /// getter `__dict__` is for the type to list (`DICT_GETTER`).
    pub has_dict: bool,
    /// There may be weak references to its objects.
    pub is_weakly_referable: bool,
    /// Its objects begin with a `RawSequence`.
    pub has_raw_items: bool,
    /// As a class attribute of tuples each of its objects gives the item at this index, and is a data descriptor.
    pub tuple_index: Option<fn(&Vm, Value) -> i64>,
    /// The bytes of each item behind an object, as `__itemsize__` gives them; 0: all objects are of one size.
    pub item_bytes: u8,
    /// Makes an object with nothing in it: what instances of classes that derive from the type begin as.
    pub empty: Option<fn(&mut Vm) -> PyResult>,
    /// The value of an instance of a class that derives from the type, as an object of the type itself.
    pub exact: Option<fn(&mut Vm, Value) -> PyResult>,
    /// What objects refer to, where it is not what their memory says.
    pub referents: Option<fn(&Vm, Value) -> Vec<Value>>,
    /// The dict of an object's attributes, unbound where it has none, where it is not kept as that of instances is.
    pub namespace: Option<fn(&Vm, Value) -> Value>,
    /// The message for an attribute that an object does not have.
    pub missing_attribute: Option<fn(&mut Vm, Value, &str) -> String>,
    /// Its objects refer to nothing that could refer to them.
    pub is_atomic: bool,
    /// Its objects are parts of others, which Python code never sees.
    pub is_part: bool,
    /// `__hash__` is None.
    pub is_unhashable: bool,
    /// `__text_signature__`, where what `new` takes does not say it; empty: there is none.
    pub shown_signature: Option<&'static str>,
    /// Of tuples whose items have names.
    pub named_items: Option<NamedItems>,
    /// Its objects are iterated over by their `__getitem__`.
    pub is_iterated_by_index: bool,
    /// Takes one positional class pattern, for the object itself.
    pub is_matched_itself: bool,
    /// `__match_args__`; none: there is no such attribute.
    pub match_args: &'static [&'static str],
    /// Attributes of the class that are the same in every VM.
    pub constants: &'static [(&'static str, Constant)],
    /// `pow` with three arguments, any of which may be of the type; `NotImplemented` where it does not know how.
    pub power_modulo: Option<PowerModulo>,
    /// What patterns its objects may match.
    pub matched_as: MatchedAs,
    /// Of an exception: the fields that it adds to those of its base.
    pub fields: Option<Fields>,
    pub slots: Slots,
    /// What traces do in place of calls of the slots.
    pub traced: SlotRules,
    /// `__new__`, whose first argument is the class.
    pub new: Option<NativeRow>,
    pub methods: &'static [NativeRow],
    pub class_methods: &'static [NativeRow],
    pub static_methods: &'static [NativeRow],
    pub getters: &'static [GetSetRow],
}

impl TypeSpec {
    /// A type of which nothing is said yet.
    pub const NEW: TypeSpec = TypeSpec {
        name: "",
        module: "builtins",
        doc: "",
        base: None,
        base_class: None,
        metaclass: None,
        layout: None,
        is_base: false,
        is_solid: false,
        has_dict: false,
        is_weakly_referable: false,
        has_raw_items: false,
        tuple_index: None,
        shown_signature: None,
        item_bytes: 0,
        empty: None,
        exact: None,
        referents: None,
        namespace: None,
        missing_attribute: None,
        is_atomic: false,
        is_part: false,
        is_unhashable: false,
        named_items: None,
        is_iterated_by_index: false,
        is_matched_itself: false,
        match_args: &[],
        constants: &[],
        power_modulo: None,
        matched_as: MatchedAs::Neither,
        fields: None,
        slots: Slots::NONE,
        traced: SlotRules::NONE,
        new: None,
        methods: &[],
        class_methods: &[],
        static_methods: &[],
        getters: &[],
    };

    /// The name with the module's, as messages have it.
    pub fn full_name(&self) -> String {
        match self.module {
            "builtins" => self.name.to_string(),
            module => format!("{module}.{}", self.name),
        }
    }

    /// The type that makes its objects: itself, or the base whose `__new__` it has, at last `object`.
    pub fn maker(&'static self) -> &'static TypeSpec {
        let mut spec = self;
        while spec.new.is_none() {
            spec = match spec.base {
                Some(base) => base,
                None if spec.layout.is_none() && spec.base_class.is_none() => &OBJECT,
                None => break,
            };
        }
        spec
    }

    /// What it, or the nearest of its bases that has one, has in a field.
    pub fn inherited<T>(&'static self, field: impl Fn(&TypeSpec) -> Option<T>) -> Option<T> {
        let mut spec = Some(self);
        while let Some(one) = spec {
            if let Some(found) = field(one) {
                return Some(found);
            }
            spec = one.base;
        }
        None
    }

    /// Is it the other one, or derived from it?
    pub fn derives_from(&'static self, other: &'static TypeSpec) -> bool {
        let mut spec = Some(self);
        while let Some(one) = spec {
            if std::ptr::eq(one, other) {
                return true;
            }
            spec = one.base;
        }
        false
    }
}

/// Base, exponent and modulus to their power.
pub type PowerModulo = fn(&mut Vm, [Value; 3]) -> PyResult;

/// The kind of pattern that an object may match, beside those by value and by class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum MatchedAs {
    Neither,
    /// `[first, *rest]`
    Sequence,
    /// `{"key": value}`
    Mapping,
}

/// The memory of a type's objects: the header, values, then raw words that the collector does not look at.
#[derive(Clone, Copy)]
pub struct Layout {
    pub size_bytes: usize,
    /// As in the header.
    pub trace: u8,
    /// Frees what a dead object owns outside of the heap. What the object refers to is still whole, be it dead too; runs no
    /// Python code.
    pub finalize: Option<unsafe fn(*mut Header)>,
}

impl Layout {
    /// Of a `#[repr(C)]` struct that begins with a header and `n_values` values.
    pub const fn of<T>(n_values: u8) -> Layout {
        assert!(size_of::<T>() >= size_of::<Header>() + 8 * n_values as usize);
        Layout { size_bytes: size_of::<T>(), trace: n_values, finalize: None }
    }
    /// One with a value in the last word, too: a word behind those of a base that has raw words at its end. Such a base keeps the
    /// attributes of instances in front.
    pub const fn and_last(mut self) -> Layout {
        self.trace = Header::and_last(self.trace);
        self
    }
    /// Whose objects own something outside of the heap.
    pub const fn finalized_by(mut self, finalize: unsafe fn(*mut Header)) -> Layout {
        self.finalize = Some(finalize);
        self
    }
}

/// A Rust struct that is the memory of a type's objects.
///
/// # Safety
/// The struct is `#[repr(C)]` and begins with a `Header`; objects of the specification's type and of all that derive from it begin
/// with it.
pub unsafe trait Object {
    const SPEC: &'static TypeSpec;
    /// Further types whose objects begin with the struct.
    const ALSO: &'static [&'static TypeSpec] = &[];
    /// The row of the VM's own table that has the type, if one has it and `ALSO` is empty: then exact instances are told by their shape.
    const ROW: Option<BuiltinType> = None;
}

/// A computed attribute.
#[derive(Clone, Copy)]
pub struct GetSetRow {
    pub name: &'static str,
    pub getter: Getter,
    pub setter: Option<Setter>,
    /// What traces do in place of reading it from an exact instance.
    pub trace: Option<TraceRule>,
    pub doc: &'static str,
}

/// A read-only computed attribute.
pub const fn getter(name: &'static str, getter: Getter) -> GetSetRow {
    GetSetRow { name, getter, setter: None, trace: None, doc: "" }
}

/// The attribute `__dict__` of objects that have one.
pub const DICT_GETTER: GetSetRow = getter("__dict__", |vm, value| match This::<TypeObject>::of(vm, value) {
    // A class, whose metaclass derives from what has this one.
    Some(class) => vm.new_mapping_proxy(class.dict),
    None => vm.instance_dict(value),
})
.settable(|vm, value, dict| vm.set_instance_dict(value, dict));

/// A read-only computed attribute whose receiver is checked: `field("start", |slice: This<SliceObject>| slice.start)`.
pub const fn field<F: Field<P>, P>(name: &'static str, _function: F) -> GetSetRow {
    getter(name, get_field::<F, P>)
}

/// The function of a checked getter; `P` is the type of its pointer.
pub trait Field<P>: Copy + 'static {
    fn get(self, vm: &mut Vm, owner: Value) -> PyResult;
}

impl<F, R: Receiver, O: Outcome> Field<fn(&mut Vm, R) -> O> for F
where
    F: Fn(&mut Vm, R) -> O + Copy + 'static,
{
    fn get(self, vm: &mut Vm, owner: Value) -> PyResult {
        let this = receive_owner(vm, owner)?;
        self(vm, this).into_result(vm)
    }
}
impl<F, R: Receiver, O: Outcome> Field<fn(R) -> O> for F
where
    F: Fn(R) -> O + Copy + 'static,
{
    fn get(self, vm: &mut Vm, owner: Value) -> PyResult {
        let this = receive_owner(vm, owner)?;
        self(this).into_result(vm)
    }
}

fn get_field<F: Field<P>, P>(vm: &mut Vm, owner: Value) -> PyResult {
    instance_of::<F>().get(vm, owner)
}

/// The function of a checked setter, which gets `None` where the attribute is deleted.
pub trait SetField<P>: Copy + 'static {
    fn set(self, vm: &mut Vm, owner: Value, value: Option<Value>) -> PyResult<()>;
}

impl<F, R: Receiver> SetField<fn(&mut Vm, R, Option<Value>) -> PyResult<()>> for F
where
    F: Fn(&mut Vm, R, Option<Value>) -> PyResult<()> + Copy + 'static,
{
    fn set(self, vm: &mut Vm, owner: Value, value: Option<Value>) -> PyResult<()> {
        let this = receive_owner(vm, owner)?;
        self(vm, this, value)
    }
}

fn set_field<F: SetField<P>, P>(vm: &mut Vm, owner: Value, value: Option<Value>) -> PyResult<()> {
    instance_of::<F>().set(vm, owner, value)
}

/// The owner of a computed attribute; its descriptor has asked for the class, and tells of others by name.
fn receive_owner<R: Receiver>(vm: &mut Vm, owner: Value) -> PyResult<R> {
    R::receive(vm, owner).ok_or_else(|| raise_owner(vm, owner, R::SPEC))
}

#[cold]
fn raise_owner(vm: &mut Vm, owner: Value, wanted: &'static TypeSpec) -> Raised {
    let (wanted, given) = (wanted.full_name(), vm.class_name(owner));
    vm.raise_type(&format!("descriptor for '{wanted}' objects doesn't apply to a '{given}' object"))
}

/// Rows and more rows: the methods that a type has in common with others, and its own.
pub const fn joined<T: Copy, const N: usize, const M: usize, const ALL: usize>(
    first: [T; N],
    second: [T; M],
) -> [T; ALL] {
    assert!(N + M == ALL);
    let mut all = [first[0]; ALL];
    let mut i = 0;
    while i < ALL {
        all[i] = if i < N { first[i] } else { second[i - N] };
        i += 1;
    }
    all
}

impl GetSetRow {
    /// With a setter whose receiver is checked.
    pub const fn set_by<F: SetField<P>, P>(self, _function: F) -> GetSetRow {
        self.settable(set_field::<F, P>)
    }
    pub const fn doc(mut self, doc: &'static str) -> GetSetRow {
        self.doc = doc;
        self
    }
    /// Has a rule for traces.
    pub const fn traced(mut self, rule: TraceRule) -> GetSetRow {
        self.trace = Some(rule);
        self
    }
    pub const fn settable(mut self, setter: Setter) -> GetSetRow {
        self.setter = Some(setter);
        self
    }
}
