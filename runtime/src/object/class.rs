//! Classes: making them, their method resolution order, lookup with a cache, and what a change of one invalidates.

use super::argument::This;
use super::compare::compare_strings;
use super::header::Header;
use super::layout::*;
use super::native::NativeRow;
use super::spec::{DICT_GETTER, GetSetRow, MatchedAs, getter};
use super::subclasses::next_subclass;
use super::types::BuiltinType;
use crate::builtins::specs::{OBJECT, TYPE};
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

const CACHE_ENTRIES: usize = 2048;
/// Room for attributes that instances get when nothing is known of their class.
const DEFAULT_SLOTS: usize = 4;

/// Lookups on classes by (version, name). What was found is no root: a class keeps what it has under a name for as long as
/// its version stands. Names are interned, which live as long as the VM.
pub struct MethodCache {
    entries: Vec<(u32, Value, Value)>,
}

impl MethodCache {
    pub fn new() -> MethodCache {
        MethodCache { entries: vec![(0, Value::UNBOUND, Value::UNBOUND); CACHE_ENTRIES] }
    }
    fn index(version: u32, name: Value) -> usize {
        ((name.0 >> 4) as usize ^ (version as usize).wrapping_mul(31)) % CACHE_ENTRIES
    }
}

impl Default for MethodCache {
    fn default() -> Self {
        MethodCache::new()
    }
}

/// The class under a value of type layout.
#[inline(always)]
pub fn class_ref<'a>(class: *mut TypeObject) -> &'a mut TypeObject {
    // SAFETY: classes passed around are live objects, and they do not move.
    unsafe { &mut *class }
}

pub fn mro_of<'a>(class: *mut TypeObject) -> &'a [Value] {
    // SAFETY: `mro` is a tuple; it is replaced, never changed.
    unsafe { (*class_ref(class).mro.as_ptr::<TupleObject>()).items() }
}

/// What a class's `__slots__` says.
struct OwnSlots {
    /// Of the slots, interned.
    names: Vec<Value>,
    /// `__dict__` is among them.
    has_dict: bool,
    /// `__weakref__` is.
    has_weakref: bool,
}

impl Vm {
    /// Makes the classes of all built-in types.
    pub(crate) fn make_builtin_classes(&mut self) {
        for &ty in BuiltinType::ALL {
            let class = self.allocate(BuiltinType::Type.shape(), BuiltinType::Type.trace(), size_of::<TypeObject>());
            let class = class.cast::<TypeObject>();
            self.shapes.set_class(ty.shape(), class);
            let class = class_ref(class);
            class.base_layout = ty;
            class.flags = TypeObject::IMMUTABLE;
            class.solid = class;
            class.spec = ty.spec();
            class.instance_shape = ty.shape();
        }
        for &ty in BuiltinType::ALL {
            self.describe_builtin_class(ty);
        }
        self.make_slot_names();
    }

    fn describe_builtin_class(&mut self, ty: BuiltinType) {
        let class = self.class(ty);
        let name = self.intern(ty.name());
        let mut line = vec![Value::object(class)];
        let mut base = ty;
        while !std::ptr::eq(base.spec(), &OBJECT) {
            base = base.base();
            line.push(Value::object(self.class(base)));
        }
        let (bases, mro) = (self.new_tuple(line.get(1..2).unwrap_or_default()), self.new_tuple(&line));
        let dict = self.new_dict();
        self.dict_belongs_to(dict, class);
        let object = class_ref(class);
        (object.name, object.qualname, object.bases, object.mro, object.dict) = (name, name, bases, mro, dict);
        object.slots = ty.slots();
        object.matched_as = ty.spec().matched_as;
        if ty.spec().base.is_some() && ty.size_bytes() == size_of::<Header>() {
            // It adds nothing to what its base has.
            object.solid = self.class(ty.base());
        }
        if !ty.spec().is_base {
            object.flags |= TypeObject::FINAL;
        }
        if ty.spec().is_weakly_referable {
            object.flags |= TypeObject::WEAKLY_REFERABLE;
        }
        self.barrier(class);
    }

    /// Gives the built-in classes what their specifications say, behind the methods that they have already.
    pub(crate) fn finish_builtin_classes(&mut self) {
        for &ty in BuiltinType::ALL {
            let class = self.class(ty);
            let key = std::ptr::from_ref(ty.spec()) as usize;
            self.classes_of_specs.insert(key, class);
            if ty.spec().has_dict {
                // Instances are of a shape that attributes can be added to.
                class_ref(class).instance_shape = self.shapes.add_root(class, ty, 0, Vec::new(), 0);
                class_ref(class).flags |= TypeObject::HAS_DICT;
            }
            self.fill_class(class, ty.spec());
        }
        self.finish_exception_classes();
    }

    pub fn add_method(&mut self, class: *mut TypeObject, row: NativeRow) {
        let is_slot = row.name == "__init__";
        let ty = if is_slot { BuiltinType::SlotWrapper } else { BuiltinType::NativeMethod };
        let mut method = self.new_native_method(row, ty, class);
        if !row.signature.contains("$self") {
            method = self.new_method_wrapper(BuiltinType::StaticMethod, method);
        }
        let name = self.intern(row.name);
        self.dict_set_name(class_ref(class).dict, name, method);
    }

    /// Registers the constructor of a built-in class: its first argument is the class.
    pub fn add_new(&mut self, class: *mut TypeObject, row: NativeRow) {
        let method = self.new_native_method(row, BuiltinType::NativeFunction, class);
        let wrapper = self.new_method_wrapper(BuiltinType::StaticMethod, method);
        self.dict_set_name(class_ref(class).dict, self.names.__new__, wrapper);
    }

    /// A `staticmethod` or `classmethod` as the machine makes it, which takes nothing over from its function.
    pub(crate) fn new_method_wrapper(&mut self, ty: BuiltinType, function: Value) -> Value {
        let wrapper = self.make(ty, |header| MethodWrapper { header, attributes: Value::UNBOUND, function });
        self.with_shape(wrapper, class_ref(self.class(ty)).instance_shape)
    }

    pub fn add_getset(&mut self, class: *mut TypeObject, row: GetSetRow) {
        let name = self.intern(row.name);
        let class_value = Value::object(class);
        let GetSetRow { getter, setter, trace, .. } = row;
        let object = self.make(BuiltinType::GetSet, |header| GetSetObject {
            header,
            name,
            class: class_value,
            getter,
            setter,
            trace,
        });
        self.dict_set_name(class_ref(class).dict, name, object);
    }

    pub(crate) fn static_class_name(&self, class: *mut TypeObject) -> &'static str {
        // SAFETY: a live class, whose specification is static.
        unsafe { (*class_ref(class).spec).name }
    }

    /// Looks `name` (interned) up along the method resolution order.
    #[inline]
    pub fn class_lookup(&mut self, class: *mut TypeObject, name: Value) -> Option<Value> {
        let version = class_ref(class).version;
        let entry = self.method_cache.entries[MethodCache::index(version, name)];
        if version != 0 && entry.0 == version && entry.1 == name {
            return (!entry.2.is_unbound()).then_some(entry.2);
        }
        self.class_lookup_slow(class, name)
    }

    #[inline(never)]
    fn class_lookup_slow(&mut self, class: *mut TypeObject, name: Value) -> Option<Value> {
        let version = self.class_version(class);
        let found = mro_of(class).iter().find_map(|&base| {
            let dict = class_ref(base.as_ptr()).dict;
            self.dict_get_name(dict, name)
        });
        if self.str_of(name).is_interned {
            self.method_cache.entries[MethodCache::index(version, name)] =
                (version, name, found.unwrap_or(Value::UNBOUND));
        }
        found
    }

    /// What patterns a value may match by its class.
    #[inline]
    pub fn matched_as(&self, value: Value) -> MatchedAs {
        class_ref(self.class_of(value)).matched_as
    }

    /// Has the instances of a class made in Python, and of what derives from it, match other patterns than before.
    pub fn set_matched_as(&mut self, class: *mut TypeObject, matched_as: MatchedAs) {
        let object = class_ref(class);
        if object.flags & TypeObject::HEAP == 0 {
            return;
        }
        object.matched_as = matched_as;
        self.class_changed(class);
        let mut place = 0;
        while let Some(subclass) = next_subclass(class, &mut place) {
            self.set_matched_as(subclass, matched_as);
        }
    }

    /// The class's version, given to it now if it has none. 0 where there are no more: nothing may be remembered by it.
    pub fn class_version(&mut self, class: *mut TypeObject) -> u32 {
        let object = class_ref(class);
        if object.version == 0
            && let Some(next) = self.next_version.checked_add(1)
        {
            self.next_version = next;
            object.version = next;
        }
        object.version
    }

    /// A lookup on the class or a subclass may give something else from now on.
    pub fn class_changed(&mut self, class: *mut TypeObject) {
        let object = class_ref(class);
        object.version = 0;
        if object.flags & TypeObject::WATCHED != 0 {
            object.flags &= !TypeObject::WATCHED;
            self.class_invalidated(class);
        }
        let mut place = 0;
        while let Some(subclass) = next_subclass(class, &mut place) {
            self.class_changed(subclass);
        }
        if mro_of(class).iter().any(|&base| base.0 == class as u64) {
            self.update_class_flags(class);
        }
    }

    fn update_class_flags(&mut self, class: *mut TypeObject) {
        let custom = self.own_hook(class, self.names.__getattribute__).is_some();
        let object = class_ref(class);
        object.flags =
            object.flags & !TypeObject::CUSTOM_GETATTRIBUTE | if custom { TypeObject::CUSTOM_GETATTRIBUTE } else { 0 };
    }

    pub fn is_subclass(&self, class: *mut TypeObject, base: *mut TypeObject) -> bool {
        class == base || mro_of(class).iter().any(|&c| c.0 == base as u64)
    }
    pub fn is_instance(&self, value: Value, class: *mut TypeObject) -> bool {
        self.is_subclass(self.class_of(value), class)
    }
    pub fn type_name(&self, class: *mut TypeObject) -> String {
        self.string_of(class_ref(class).name)
    }
    /// The name of the value's class, as messages have it.
    pub fn class_name(&self, value: Value) -> String {
        self.shown_name(self.class_of(value))
    }

    /// The name of a class, as messages have it: that of one made in Rust has its module in front.
    pub fn shown_name(&self, class: *mut TypeObject) -> String {
        // SAFETY: a live class, whose specification is static.
        let spec = unsafe { &*class_ref(class).spec };
        if class_ref(class).flags & TypeObject::HEAP == 0 && spec.module != "builtins" {
            return spec.full_name();
        }
        self.type_name(class)
    }

    /// The qualified name of the value's class, with its module where that is neither `builtins` nor `__main__`.
    pub fn full_class_name(&mut self, value: Value) -> String {
        self.full_name_of_class(self.class_of(value))
    }

    pub fn full_name_of_class(&mut self, class: *mut TypeObject) -> String {
        let name = self.string_of(class_ref(class).qualname);
        match self.dict_get_name(class_ref(class).dict, self.names.__module__) {
            Some(module) if self.is_str(module) => match self.string_of(module).as_str() {
                "builtins" | "__main__" => name,
                module => format!("{module}.{name}"),
            },
            _ => name,
        }
    }

    /// A fresh instance with all attributes unbound.
    pub fn new_instance(&mut self, class: *mut TypeObject) -> PyResult<Value> {
        let (shape_id, layout) = (class_ref(class).instance_shape, class_ref(class).base_layout);
        let slots = self.shapes.get(shape_id).inline_slots as usize;
        if layout.has_inline_slots() {
            let instance = Value::object(self.allocate(shape_id, 1 + slots as u8, 16 + slots * 8));
            self.note_finalizer(class, instance);
            return Ok(instance);
        }
        let Some(empty) = layout.spec().empty else {
            let message = format!("cannot create '{}' instances", self.type_name(class));
            return Err(self.raise_type(&message));
        };
        let empty = empty(self)?;
        let instance = self.with_shape(empty, shape_id);
        self.reserve_slots(instance)?;
        self.note_finalizer(class, instance);
        Ok(instance)
    }

    /// Gives a fresh instance of a built-in type's subclass room for what `__slots__` names.
    pub(super) fn reserve_slots(&mut self, instance: Value) -> PyResult<()> {
        let shape = self.shapes.get(self.shape_of(instance));
        let (n_reserved, n_inline) = (shape.names.len(), shape.inline_slots as usize);
        if n_reserved > n_inline {
            let array = self.new_array(n_reserved - n_inline)?;
            // SAFETY: an instance of a class of Python, which has the word.
            unsafe { *self.attributes_word(instance) = array };
            self.barrier(instance.as_ptr::<Header>());
        }
        Ok(())
    }

    fn with_shape(&mut self, object: Value, shape: u32) -> Value {
        // SAFETY: a fresh object of the layout that the shape has.
        unsafe { (*object.as_ptr::<Header>()).shape = shape };
        object
    }

    /// Makes a class as `type(name, bases, namespace)` does, without calling `__init_subclass__` and `__set_name__`.
    pub fn new_class(
        &mut self,
        metaclass: *mut TypeObject,
        name: Value,
        bases: &[Value],
        namespace: Value,
    ) -> PyResult<*mut TypeObject> {
        let object_class = Value::object(self.class(BuiltinType::Object));
        let bases: smallvec::SmallVec<[Value; 4]> =
            if bases.is_empty() { [object_class].into_iter().collect() } else { bases.into() };
        let best = self.best_base(&bases)?;
        let layout = class_ref(best).base_layout;
        let root = self.shapes.get(class_ref(best).instance_shape);
        let (mut reserved, base_slots) = (root.names.clone(), root.inline_slots as usize);
        let mut flags = TypeObject::HEAP | class_ref(best).flags & TypeObject::EXCEPTION;
        let has_dict = |base: &Value| class_ref(base.as_ptr()).flags & TypeObject::HAS_DICT != 0;
        let bases_have_dict = bases.iter().any(has_dict);
        let is_referable = |base: &Value| class_ref(base.as_ptr()).flags & TypeObject::WEAKLY_REFERABLE != 0;
        let bases_are_referable = bases.iter().any(is_referable);
        // What has items at its end has no room for more.
        let has_items = layout.spec().item_bytes > 0;
        // Name, bases and namespace stay reachable through the caller; the class refers to them at once.
        let dict = self.dict_copy(namespace, BuiltinType::Dict)?;
        if self.table(dict).iter().any(|entry| !self.is_str(entry.key)) {
            let message = format!("non-string key in the __dict__ of class {}", self.string_of(name));
            self.warn(self.exceptions.RuntimeWarning, &message)?;
        }
        let bases_tuple = self.new_tuple(&bases);
        let meta_shape = class_ref(metaclass).instance_shape;
        let class = self.allocate(meta_shape, BuiltinType::Type.trace(), size_of::<TypeObject>()).cast::<TypeObject>();
        let qualname = self.take_qualname(dict)?.unwrap_or(name);
        {
            let class = class_ref(class);
            (class.name, class.qualname, class.bases, class.dict) = (name, qualname, bases_tuple, dict);
            class.mro = self.empty_tuple;
            class.base_layout = layout;
            class.solid = class_ref(best).solid;
            class.spec = class_ref(best).spec;
            class.matched_as = MatchedAs::Neither;
        }
        let names = self.names;
        self.fill_cell(dict, names.__classcell__, Value::object(class))?;
        self.fill_cell(dict, names.__classdictcell__, dict)?;
        let mro = self.order_of(class, &bases)?;
        class_ref(class).mro = mro;
        class_ref(class).matched_as = mro_of(class)
            .iter()
            .map(|base| class_ref(base.as_ptr()).matched_as)
            .find(|&matched_as| matched_as != MatchedAs::Neither)
            .unwrap_or(MatchedAs::Neither);
        self.barrier(class);
        let own_slots = self.declared_slots(class, dict)?;
        let learned = self.dict_get_name(dict, self.names.__static_attributes__).map_or(0, |names| {
            // SAFETY: the compiler makes `__static_attributes__` a tuple; anything else a program put there is not counted.
            if self.is_exactly::<TupleObject>(names) { unsafe { (*names.as_ptr::<TupleObject>()).len } } else { 0 }
        });
        let mut becomes_referable = true;
        let has_own_dict = match own_slots {
            Some(OwnSlots { names, has_dict, has_weakref }) => {
                if has_dict && bases_have_dict {
                    return Err(self.raise_type("__dict__ slot disallowed: we already got one"));
                }
                if has_weakref && (bases_are_referable || has_items) {
                    return Err(self.raise_type("__weakref__ slot disallowed: we already got one"));
                }
                if !names.is_empty() {
                    class_ref(class).solid = class;
                }
                for name in names {
                    self.add_member(class, name, reserved.len(), MemberKind::Slot);
                    reserved.push(name);
                }
                becomes_referable = has_weakref;
                has_dict
            }
            None => true,
        };
        let adds_weakref = becomes_referable && !bases_are_referable && !has_items;
        flags |= if adds_weakref || bases_are_referable { TypeObject::WEAKLY_REFERABLE } else { 0 };
        let mut inline_slots = reserved.len().max(base_slots);
        if has_own_dict {
            inline_slots = (base_slots + learned).max(reserved.len() + DEFAULT_SLOTS);
        }
        flags |= if has_own_dict || bases_have_dict { TypeObject::HAS_DICT } else { 0 };
        let inline_slots = if layout.has_inline_slots() { inline_slots.min(super::shape::MAX_SLOTS) as u16 } else { 0 };
        // Classes have no slots: `type` has items.
        let is_metaclass = layout.spec().derives_from(&TYPE);
        if is_metaclass {
            reserved.clear();
        }
        let n_reserved = reserved.len();
        let shape = self.shapes.add_root(class, layout, inline_slots, reserved, n_reserved);
        class_ref(class).instance_shape = shape;
        class_ref(class).flags = flags;
        let name = self.names.__dict__;
        // Classes have the one of `type`.
        let adds_dict = has_own_dict && !bases_have_dict && !is_metaclass;
        if adds_dict && self.dict_get_name(dict, name).is_none() {
            self.add_getset(class, DICT_GETTER);
        }
        if adds_weakref && self.dict_get_name(dict, self.names.__weakref__).is_none() {
            self.add_getset(class, getter("__weakref__", |vm, owner| vm.some_weak_reference(owner)));
        }
        for &base in &bases {
            self.add_subclass(base.as_ptr(), class);
        }
        if self.dict_get_name(dict, self.names.__doc__).is_none() {
            self.dict_set_name(dict, self.names.__doc__, Value::NONE);
        }
        let no_hash = self.dict_get_name(dict, self.names.__eq__).is_some()
            && self.dict_get_name(dict, self.names.__hash__).is_none();
        if no_hash {
            self.dict_set_name(dict, self.names.__hash__, Value::NONE);
        }
        for name in [self.names.__init_subclass__, self.names.__class_getitem__] {
            if let Some(function) = self.dict_get_name(dict, name)
                && self.is_exactly::<FunctionObject>(function)
            {
                let wrapper = self.new_method_wrapper(BuiltinType::ClassMethod, function);
                self.dict_set_name(dict, name, wrapper);
            }
        }
        if let Some(function) = self.dict_get_name(dict, self.names.__new__)
            && self.is_exactly::<FunctionObject>(function)
        {
            let wrapper = self.new_method_wrapper(BuiltinType::StaticMethod, function);
            self.dict_set_name(dict, self.names.__new__, wrapper);
        }
        self.dict_belongs_to(dict, class);
        self.inherit_slots(class);
        self.update_class_flags(class);
        Ok(class)
    }

    /// Takes the qualified name out of a class's namespace.
    fn take_qualname(&mut self, dict: Value) -> PyResult<Option<Value>> {
        let name = self.names.__qualname__;
        let Some(qualname) = self.dict_get_name(dict, name) else { return Ok(None) };
        if !self.is_str(qualname) {
            let message = format!("type __qualname__ must be a str, not {}", self.class_name(qualname));
            return Err(self.raise_type(&message));
        }
        self.dict_remove(dict, name)?;
        Ok(Some(qualname))
    }

    /// Takes a cell that the class's body has left out of the dict, and fills it.
    fn fill_cell(&mut self, dict: Value, name: Value, content: Value) -> PyResult<()> {
        let Some(cell) = self.dict_get_name(dict, name) else { return Ok(()) };
        let Some(mut cell) = This::<CellObject>::of(self, cell) else {
            let (name, class) = (self.string_of(name), Value::object(self.class_of(cell)));
            let class = self.repr(class)?;
            let class = self.string_of(class);
            return Err(self.raise_type(&format!("{name} must be a nonlocal cell, not {class}")));
        };
        cell.content = content;
        self.barrier(cell.pointer());
        self.dict_remove(dict, name)?;
        Ok(())
    }

    /// A descriptor of a reserved slot of a class's instances.
    pub(super) fn add_member(&mut self, class: *mut TypeObject, name: Value, slot: usize, kind: MemberKind) {
        let class_value = Value::object(class);
        let make = |header| MemberObject { header, name, class: class_value, slot, kind };
        let member = self.make(BuiltinType::Member, make);
        self.dict_set_name(class_ref(class).dict, name, member);
    }

    /// Takes out of a class made in Rust what stands in one of Python for the attributes of instances, where they have none, and
    /// for weak references.
    pub(super) fn forget_instance_members(&mut self, class: *mut TypeObject, have_dict: bool) {
        let (dict, names) = (class_ref(class).dict, [self.names.__weakref__, self.names.__dict__]);
        for &name in if have_dict { &names[..1] } else { &names[..] } {
            if let Some(entry) = self.dict_entry_of_name(dict, name) {
                self.dict_remove_entry(dict, entry);
            }
        }
    }

    /// What `__slots__` says; `None` where the class has none.
    fn declared_slots(&mut self, class: *mut TypeObject, dict: Value) -> PyResult<Option<OwnSlots>> {
        let Some(slots) = self.dict_get_name(dict, self.names.__slots__) else { return Ok(None) };
        let list = if self.is_str(slots) { self.new_list(&[slots])? } else { self.collect(slots)? };
        let layout = class_ref(class).base_layout;
        let has_items = layout.spec().item_bytes > 0;
        // SAFETY: `list` is a list made here.
        if has_items && unsafe { (*list.as_ptr::<ListObject>()).len } > 0 {
            let base = layout.name();
            return Err(self.raise_type(&format!("nonempty __slots__ not supported for subtype of '{base}'")));
        }
        let mut own = OwnSlots { names: Vec::new(), has_dict: false, has_weakref: false };
        let mut i = 0;
        // SAFETY: `list` is a list made here.
        while let Some(&name) = unsafe { (*list.as_ptr::<ListObject>()).items().get(i) } {
            i += 1;
            if !self.is_str(name) {
                let message = format!("__slots__ items must be strings, not '{}'", self.class_name(name));
                return Err(self.raise_type(&message));
            }
            let text = self.string_of(name);
            match text.as_str() {
                "__dict__" if own.has_dict => {
                    return Err(self.raise_type("__dict__ slot disallowed: we already got one"));
                }
                "__dict__" => own.has_dict = true,
                "__weakref__" if own.has_weakref => {
                    return Err(self.raise_type("__weakref__ slot disallowed: we already got one"));
                }
                "__weakref__" => own.has_weakref = true,
                _ if !crate::builtins::is_identifier(self.str_of(name).view()) => {
                    return Err(self.raise_type("__slots__ must be identifiers"));
                }
                text => {
                    let name = self.mangled(class, text);
                    if self.dict_get_name(dict, name).is_some() {
                        let message = format!("'{}' in __slots__ conflicts with class variable", self.string_of(name));
                        return Err(self.raise_value(&message));
                    }
                    own.names.push(name);
                }
            }
        }
        // Classes that name the same slots are laid out alike, in whatever order they name them.
        own.names.sort_by(|&a, &b| compare_strings(self.str_of(a).view(), self.str_of(b).view()));
        Ok(Some(own))
    }

    /// A name of a class's body as the compiler mangles it, interned.
    fn mangled(&mut self, class: *mut TypeObject, name: &str) -> Value {
        let class_name = self.type_name(class);
        match name.strip_prefix("__") {
            Some(rest) if !rest.ends_with("__") => {
                self.intern(&format!("_{}__{rest}", class_name.trim_start_matches('_')))
            }
            _ => self.intern(name),
        }
    }

    /// The base whose instances' memory those of a class with these bases have; TypeError where there is none.
    pub(crate) fn best_base(&mut self, bases: &[Value]) -> PyResult<*mut TypeObject> {
        let mut best: Option<*mut TypeObject> = None;
        for &base in bases {
            if !self.is_a::<TypeObject>(base) {
                return Err(self.raise_type("bases must be types"));
            }
            let base = base.as_ptr::<TypeObject>();
            if class_ref(base).flags & TypeObject::FINAL != 0 {
                let message = format!("type '{}' is not an acceptable base type", self.shown_name(base));
                return Err(self.raise_type(&message));
            }
            let solid = class_ref(base).solid;
            match best {
                Some(best) if self.is_subclass(class_ref(best).solid, solid) => {}
                Some(other) if !self.is_subclass(solid, class_ref(other).solid) => {
                    return Err(self.raise_type("multiple bases have instance lay-out conflict"));
                }
                _ => best = Some(base),
            }
        }
        Ok(best.unwrap_or(self.class(BuiltinType::Object)))
    }

    /// The resolution order of a class: what the `mro` of its metaclass says, if that has one of its own.
    pub(super) fn order_of(&mut self, class: *mut TypeObject, bases: &[Value]) -> PyResult<Value> {
        let (metaclass, plain) = (self.class_of(Value::object(class)), self.class(BuiltinType::Type));
        if metaclass == plain {
            return self.linearize(class, bases);
        }
        let name = self.intern("mro");
        if self.class_lookup(metaclass, name) == self.class_lookup(plain, name) {
            return self.linearize(class, bases);
        }
        let said = self.call_special(Value::object(class), name, &[])?.unwrap_or(Value::NONE);
        let order = self.collect_tuple(said)?;
        // SAFETY: `collect_tuple` gives a tuple.
        let items = unsafe { (*order.as_ptr::<TupleObject>()).items() };
        if items.is_empty() {
            return Err(self.raise_type("type MRO must not be empty"));
        }
        let solid = class_ref(class).solid;
        for &item in items {
            if !self.is_a::<TypeObject>(item) {
                let message = format!("mro() returned a non-class ('{}')", self.class_name(item));
                return Err(self.raise_type(&message));
            }
            let item = item.as_ptr::<TypeObject>();
            if !self.is_subclass(solid, class_ref(item).solid) {
                let message = format!("mro() returned base with unsuitable layout ('{}')", self.type_name(item));
                return Err(self.raise_type(&message));
            }
        }
        Ok(order)
    }

    /// What `type.mro` gives for a class.
    pub(crate) fn default_order(&mut self, class: *mut TypeObject) -> PyResult<Value> {
        // SAFETY: `bases` is a tuple from the class's birth on.
        let bases = unsafe { (*class_ref(class).bases.as_ptr::<TupleObject>()).items() };
        self.linearize(class, bases)
    }

    /// C3 linearization.
    pub(super) fn linearize(&mut self, class: *mut TypeObject, bases: &[Value]) -> PyResult<Value> {
        if let Some((_, twice)) = bases.iter().enumerate().find(|&(i, base)| bases[..i].contains(base)) {
            let message = format!("duplicate base class {}", self.type_name(twice.as_ptr()));
            return Err(self.raise_type(&message));
        }
        // The classes in here are all reachable from the bases.
        let mut sequences: Vec<Vec<Value>> = bases.iter().map(|&base| mro_of(base.as_ptr()).to_vec()).collect();
        sequences.push(bases.to_vec());
        let mut order = vec![Value::object(class)];
        loop {
            sequences.retain(|sequence| !sequence.is_empty());
            if sequences.is_empty() {
                return Ok(self.new_tuple(&order));
            }
            let is_free = |candidate: &Value| sequences.iter().all(|sequence| !sequence[1..].contains(candidate));
            let Some(next) = sequences.iter().map(|sequence| sequence[0]).find(is_free) else {
                let names: Vec<String> = bases.iter().map(|&base| self.type_name(base.as_ptr())).collect();
                let message =
                    format!("Cannot create a consistent method resolution order (MRO) for bases {}", names.join(", "));
                return Err(self.raise_type(&message));
            };
            if order.contains(&next) {
                let message = format!("duplicate base class {}", self.type_name(next.as_ptr()));
                return Err(self.raise_type(&message));
            }
            order.push(next);
            sequences.iter_mut().for_each(|sequence| {
                if sequence[0] == next {
                    sequence.remove(0);
                }
            });
        }
    }

    /// Adds to the pending exception whose `__set_name__` raised it.
    fn note_set_name(&mut self, class: *mut TypeObject, attribute: Value, name: Value) -> Raised {
        let exception = self.take_exception();
        let (kind, owner) = (self.class_name(attribute), self.type_name(class));
        let Ok(name) = self.repr(name) else { return Raised };
        let text = format!("Error calling __set_name__ on '{kind}' instance {} in '{owner}'", self.string_of(name));
        self.exception = exception;
        self.note_on_exception(&text)
    }

    /// Calls `__set_name__` of the namespace's values and `__init_subclass__` of the parent.
    pub fn finish_class(&mut self, class: *mut TypeObject, keywords: super::native::Arguments<'_>) -> PyResult<()> {
        // Those that want to be told, as the class has them now: they may change it.
        let told = self.new_dict();
        let (dict, mut at) = (class_ref(class).dict, 0);
        while let Some((index, entry)) = self.table(dict).next_entry(at) {
            at = index + 1;
            if entry.value.is_object() && self.lookup_special(entry.value, self.names.__set_name__).is_some() {
                self.dict_set(told, entry.key, entry.value)?;
            }
        }
        let mut at = 0;
        while let Some((index, entry)) = self.table(told).next_entry(at) {
            at = index + 1;
            if self.call_special(entry.value, self.names.__set_name__, &[Value::object(class), entry.key]).is_err() {
                return Err(self.note_set_name(class, entry.value, entry.key));
            }
        }
        let parent = self.make(BuiltinType::Super, |header| SuperObject {
            header,
            class: Value::object(class),
            owner: Value::object(class),
            owner_class: Value::object(class),
        });
        if let Some(hook) = self.get_attr_opt(parent, self.names.__init_subclass__)? {
            self.call_with(hook, keywords)?;
        }
        Ok(())
    }
}
