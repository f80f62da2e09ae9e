//! Built-in classes that are called as natives are, and classes that leave the making of their instances to those: one
//! native makes the whole instance.

use super::{set, super_object};
use crate::builtins::specs::{DICT, LIST, SET, TYPE};
use crate::object::argument::{Class, method};
use crate::object::class::class_ref;
use crate::object::layout::{MethodWrapper, NativeFunction, TypeObject};
use crate::object::native::{Arguments, NativeBinding, NativeRow};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use smallvec::SmallVec;

/// Classes whose `__init__` is that of `object`: `__new__` does it all.
const MADE_BY_NEW: &[BuiltinType] = &[
    BuiltinType::Bool,
    BuiltinType::Int,
    BuiltinType::Float,
    BuiltinType::Complex,
    BuiltinType::Str,
    BuiltinType::Tuple,
    BuiltinType::FrozenSet,
    BuiltinType::Slice,
    BuiltinType::Range,
    BuiltinType::SequenceReverseIter,
    BuiltinType::Enumerate,
    BuiltinType::Zip,
    BuiltinType::Map,
    BuiltinType::Filter,
];

/// Classes whose `__new__` and `__init__` come to this.
const MADE_IN_TWO_STEPS: &[(BuiltinType, NativeRow)] = &[
    (BuiltinType::Set, method("set", "($type, iterable=(), /)", new_set)),
    (BuiltinType::List, method("list", "($type, iterable=(), /)", new_list)),
    (BuiltinType::Dict, method("dict", "($type, /)", new_dict)),
    (
        BuiltinType::Super,
        method("super", "($type, type=<unrepresentable>, object=<unrepresentable>, /)", super_object::construct),
    ),
];

/// By type: what its class is called as, if that is one native.
pub struct Constructors([Option<*const NativeBinding>; BuiltinType::COUNT]);

impl Default for Constructors {
    fn default() -> Self {
        Constructors([None; BuiltinType::COUNT])
    }
}

fn new_set(vm: &mut Vm, class: Class, iterable: Option<Value>) -> PyResult {
    match iterable {
        _ if !class.is_of(&SET) => {
            let set = vm.new_instance(class.0)?;
            if let Some(iterable) = iterable {
                set::unite_with(vm, set, iterable)?;
            }
            Ok(set)
        }
        None => vm.new_set(BuiltinType::Set),
        Some(iterable) => set::from_iterable(vm, iterable, BuiltinType::Set),
    }
}

fn new_list(vm: &mut Vm, class: Class, iterable: Option<Value>) -> PyResult {
    match iterable {
        _ if !class.is_of(&LIST) => {
            let list = vm.new_instance(class.0)?;
            if let Some(iterable) = iterable {
                vm.list_extend(list, iterable)?;
            }
            Ok(list)
        }
        None => vm.new_list(&[]),
        Some(iterable) => vm.collect(iterable),
    }
}

fn new_dict(vm: &mut Vm, class: Class) -> PyResult {
    if class.is_of(&DICT) { Ok(vm.new_dict()) } else { vm.new_instance(class.0) }
}

/// The classes and their methods exist.
pub fn install(vm: &mut Vm) {
    for &ty in MADE_BY_NEW {
        let class = vm.class(ty);
        let new = vm.dict_get_name(class_ref(class).dict, vm.names.__new__).expect("these have a `__new__`");
        // SAFETY: `add_new` has put a wrapped native there.
        let binding = unsafe { (*(*new.as_ptr::<MethodWrapper>()).function.as_ptr::<NativeFunction>()).binding };
        vm.constructors.0[ty as usize] = Some(binding);
    }
    for &(ty, row) in MADE_IN_TWO_STEPS {
        let binding = vm.bind_row(row, ty.name());
        vm.constructors.0[ty as usize] = Some(binding);
    }
}

impl Vm {
    /// The native that a call of this class with so many positional arguments comes to; the class is its first argument. As
    /// long as nothing changes the class.
    #[inline]
    pub fn constructor(&mut self, class: *mut TypeObject, n_arguments: usize) -> Option<&'static NativeBinding> {
        let ty = class_ref(class).base_layout;
        let binding = self.constructors.0[ty as usize]?;
        // SAFETY: bindings live as long as the VM, in which alone they are used.
        let binding = unsafe { &*binding };
        let is_called_so = binding.accepts(1 + n_arguments) && (class == self.class(ty) || self.is_made_as(class, ty));
        is_called_so.then_some(binding)
    }

    /// Does a class leave the making of its instances to the built-in type that it derives from?
    fn is_made_as(&mut self, class: *mut TypeObject, ty: BuiltinType) -> bool {
        let base = self.class(ty);
        let is_inherited = |vm: &mut Vm, name| vm.class_lookup(class, name) == vm.class_lookup(base, name);
        class_ref(self.class_of(Value::object(class))).is_of(&TYPE)
            && is_inherited(self, self.names.__new__)
            && is_inherited(self, self.names.__init__)
    }

    /// `class(*values)`; `None` where it takes the long way.
    #[inline]
    pub(crate) fn construct_directly(&mut self, class: *mut TypeObject, values: &[Value]) -> Option<PyResult> {
        let binding = self.constructor(class, values.len())?;
        let mut all: SmallVec<[Value; 8]> = smallvec::smallvec![Value::object(class)];
        // Should it spill: the caller keeps the values alive.
        all.extend_from_slice(values);
        Some(self.call_binding(binding, Arguments::positional(&all)))
    }
}
