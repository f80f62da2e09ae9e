//! Classes: making them, their method resolution order, lookup with a cache, and what a change of one invalidates.

use super::dict::dict_of;
use super::header::Header;
use super::layout::*;
use super::native::NativeRow;
use super::string::{str_of, str_to_string};
use super::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

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
            class.instance_shape = ty.shape();
        }
        for &ty in BuiltinType::ALL {
            let class = self.class(ty);
            let name = self.intern(ty.name());
            let object = Value::object(self.class(BuiltinType::Object));
            let int = Value::object(self.class(BuiltinType::Int));
            let me = Value::object(class);
            let (bases, mro) = match ty {
                BuiltinType::Object => (self.new_tuple(&[]), self.new_tuple(&[me])),
                BuiltinType::Bool => (self.new_tuple(&[int]), self.new_tuple(&[me, int, object])),
                _ => (self.new_tuple(&[object]), self.new_tuple(&[me, object])),
            };
            let dict = self.new_dict();
            let subclasses = self.new_list_with_capacity(0).expect("memory for an empty list");
            let class = class_ref(class);
            (class.name, class.qualname, class.bases, class.mro, class.dict, class.subclasses) =
                (name, name, bases, mro, dict, subclasses);
            self.dict_belongs_to(dict, class);
            if matches!(
                ty,
                BuiltinType::Bool
                    | BuiltinType::NoneType
                    | BuiltinType::Ellipsis
                    | BuiltinType::NotImplemented
                    | BuiltinType::Function
                    | BuiltinType::Slice
                    | BuiltinType::Range
                    | BuiltinType::Generator
                    | BuiltinType::NativeFunction
            ) {
                class.flags |= TypeObject::FINAL;
            }
            self.barrier(std::ptr::from_ref(class));
        }
    }

    pub fn add_method(&mut self, class: *mut TypeObject, row: NativeRow) {
        let is_static = !row.signature.contains("$self") && !row.signature.contains("$cls");
        let qualifier = self.static_class_name(class);
        let mut method = self.new_native(row, qualifier, BuiltinType::NativeMethod, Value::UNBOUND, Value::NONE);
        if row.signature.contains("$cls") {
            method = self.make(BuiltinType::ClassMethod, |header| MethodWrapper {
                header,
                attributes: Value::UNBOUND,
                function: method,
            });
        } else if is_static {
            method = self.make(BuiltinType::StaticMethod, |header| MethodWrapper {
                header,
                attributes: Value::UNBOUND,
                function: method,
            });
        }
        let name = self.intern(row.name);
        self.dict_set_name(class_ref(class).dict, name, method);
    }

    /// Registers the constructor of a built-in class: its first argument is the class.
    pub fn add_new(&mut self, class: *mut TypeObject, row: NativeRow) {
        let method = self.new_native(
            row,
            self.static_class_name(class),
            BuiltinType::NativeFunction,
            Value::UNBOUND,
            Value::NONE,
        );
        let wrapper = self.make(BuiltinType::StaticMethod, |header| MethodWrapper {
            header,
            attributes: Value::UNBOUND,
            function: method,
        });
        self.dict_set_name(class_ref(class).dict, self.names.__new__, wrapper);
    }

    pub fn add_getset(&mut self, class: *mut TypeObject, name: &str, getter: Getter, setter: Option<Setter>) {
        let name = self.intern(name);
        let class_value = Value::object(class);
        let object =
            self.make(BuiltinType::GetSet, |header| GetSetObject { header, name, class: class_value, getter, setter });
        self.dict_set_name(class_ref(class).dict, name, object);
    }

    fn static_class_name(&self, class: *mut TypeObject) -> &'static str {
        match class_ref(class).flags & TypeObject::EXCEPTION {
            0 => class_ref(class).base_layout.name(),
            _ => "BaseException",
        }
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
        if str_of(name).is_interned {
            self.method_cache.entries[MethodCache::index(version, name)] =
                (version, name, found.unwrap_or(Value::UNBOUND));
        }
        found
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
        let subclasses = object.subclasses.as_ptr::<ListObject>();
        let mut i = 0;
        // SAFETY: `subclasses` is a list from the class's birth on.
        while let Some(&subclass) = unsafe { (*subclasses).items().get(i) } {
            self.class_changed(subclass.as_ptr());
            i += 1;
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
        str_to_string(class_ref(class).name)
    }
    /// The name of the value's class.
    pub fn class_name(&self, value: Value) -> String {
        self.type_name(self.class_of(value))
    }

    /// The qualified name of the value's class, with its module where that is neither `builtins` nor `__main__`.
    pub fn full_class_name(&mut self, value: Value) -> String {
        let class = self.class_of(value);
        let name = str_to_string(class_ref(class).qualname);
        match self.dict_get_name(class_ref(class).dict, self.names.__module__) {
            Some(module) if self.has_layout(module, BuiltinType::Str) => match str_to_string(module).as_str() {
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
        match layout {
            BuiltinType::Object => {
                let object = self.allocate(shape_id, 1 + slots as u8, 16 + slots * 8);
                Ok(Value::object(object))
            }
            BuiltinType::List => {
                let list = self.new_list_with_capacity(0)?;
                Ok(self.with_shape(list, shape_id))
            }
            BuiltinType::Dict | BuiltinType::Set | BuiltinType::FrozenSet => {
                let table = self.new_set(layout, 0)?;
                Ok(self.with_shape(table, shape_id))
            }
            _ => {
                let message = format!("instances of subclasses of '{}' are not supported yet", layout.name());
                Err(self.raise(self.exceptions.NotImplementedError, &message))
            }
        }
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
        let mut layout = BuiltinType::Object;
        let mut flags = TypeObject::HEAP;
        let mut reserved: Vec<Value> = Vec::new();
        let mut base_slots = 0;
        let mut all_no_dict = true;
        for &base in &bases {
            if !self.has_layout(base, BuiltinType::Type) {
                return Err(self.raise_type("bases must be types"));
            }
            let base = class_ref(base.as_ptr());
            if base.flags & TypeObject::FINAL != 0 {
                let message = format!("type '{}' is not an acceptable base type", str_to_string(base.name));
                return Err(self.raise_type(&message));
            }
            if base.base_layout != BuiltinType::Object {
                if layout != BuiltinType::Object && layout != base.base_layout {
                    return Err(self.raise_type("multiple bases have instance lay-out conflict"));
                }
                layout = base.base_layout;
            }
            flags |= base.flags & TypeObject::EXCEPTION;
            let is_plain_object = std::ptr::eq(base, self.class(BuiltinType::Object));
            all_no_dict &= base.flags & TypeObject::NO_DICT != 0 || is_plain_object;
            let shape = self.shapes.get(base.instance_shape);
            if base.base_layout == BuiltinType::Object && shape.names.len() > reserved.len() {
                reserved = shape.names.clone();
            }
            base_slots = base_slots.max(shape.inline_slots as usize);
        }
        // Name, bases and namespace stay reachable through the caller; the class refers to them at once.
        let dict = self.dict_copy(namespace, BuiltinType::Dict)?;
        let bases_tuple = self.new_tuple(&bases);
        let subclasses = self.new_list_with_capacity(0)?;
        let meta_shape = class_ref(metaclass).instance_shape;
        let class = self.allocate(meta_shape, BuiltinType::Type.trace(), size_of::<TypeObject>()).cast::<TypeObject>();
        let qualname = self.dict_get_name(dict, self.names.__qualname__).unwrap_or(name);
        {
            let class = class_ref(class);
            (class.name, class.qualname, class.bases, class.dict, class.subclasses) =
                (name, qualname, bases_tuple, dict, subclasses);
            class.mro = self.empty_tuple;
            class.base_layout = layout;
        }
        let mro = self.linearize(class, &bases)?;
        class_ref(class).mro = mro;
        self.barrier(class);
        let own_slots = self.declared_slots(class, dict)?;
        let learned = self.dict_get_name(dict, self.names.__static_attributes__).map_or(0, |names| {
            // SAFETY: the compiler makes `__static_attributes__` a tuple; anything else a program put there is not counted.
            if self.is_exact(names, BuiltinType::Tuple) { unsafe { (*names.as_ptr::<TupleObject>()).len } } else { 0 }
        });
        let mut inline_slots = reserved.len();
        if let Some(slots) = own_slots {
            for (i, &slot) in slots.iter().enumerate() {
                let class_value = Value::object(class);
                let index = reserved.len() + i;
                let member = self.make(BuiltinType::Member, |header| MemberObject {
                    header,
                    name: slot,
                    class: class_value,
                    slot: index,
                });
                self.dict_set_name(dict, slot, member);
            }
            reserved.extend(slots);
            inline_slots = reserved.len().max(base_slots);
            flags |= if all_no_dict { TypeObject::NO_DICT } else { 0 };
        } else {
            inline_slots = (inline_slots + learned).max(base_slots + learned).max(reserved.len() + DEFAULT_SLOTS);
        }
        let inline_slots =
            if layout == BuiltinType::Object { inline_slots.min(super::shape::MAX_SLOTS) as u16 } else { 0 };
        let shape = match layout {
            BuiltinType::Type => self.shapes.add_root(class, layout, 0, Vec::new(), 0),
            _ => {
                // Exceptions' own attributes lie in slots that natives know by name.
                let n_reserved = if flags & TypeObject::EXCEPTION == 0 { reserved.len() } else { 0 };
                self.shapes.add_root(class, layout, inline_slots, reserved, n_reserved)
            }
        };
        class_ref(class).instance_shape = shape;
        class_ref(class).flags = flags;
        for &base in &bases {
            let subclasses = class_ref(base.as_ptr()).subclasses.as_ptr();
            self.list_push(subclasses, Value::object(class))?;
        }
        self.update_class_flags(class);
        let no_hash = self.dict_get_name(dict, self.names.__eq__).is_some()
            && self.dict_get_name(dict, self.names.__hash__).is_none();
        if no_hash {
            self.dict_set_name(dict, self.names.__hash__, Value::NONE);
        }
        for name in [self.names.__init_subclass__, self.names.__class_getitem__] {
            if let Some(function) = self.dict_get_name(dict, name)
                && self.is_exact(function, BuiltinType::Function)
            {
                let wrapper = self.make(BuiltinType::ClassMethod, |header| MethodWrapper {
                    header,
                    attributes: Value::UNBOUND,
                    function,
                });
                self.dict_set_name(dict, name, wrapper);
            }
        }
        if let Some(function) = self.dict_get_name(dict, self.names.__new__)
            && self.is_exact(function, BuiltinType::Function)
        {
            let wrapper = self.make(BuiltinType::StaticMethod, |header| MethodWrapper {
                header,
                attributes: Value::UNBOUND,
                function,
            });
            self.dict_set_name(dict, self.names.__new__, wrapper);
        }
        self.dict_belongs_to(dict, class);
        Ok(class)
    }

    /// The names of `__slots__`, interned; `None` where the class has none.
    fn declared_slots(&mut self, class: *mut TypeObject, dict: Value) -> PyResult<Option<Vec<Value>>> {
        let Some(slots) = self.dict_get_name(dict, self.names.__slots__) else { return Ok(None) };
        let list =
            if self.has_layout(slots, BuiltinType::Str) { self.new_list(&[slots])? } else { self.collect(slots)? };
        let mut names = Vec::new();
        let mut i = 0;
        // SAFETY: `list` is a list made here.
        while let Some(&name) = unsafe { (*list.as_ptr::<ListObject>()).items().get(i) } {
            if !self.has_layout(name, BuiltinType::Str) {
                let message = format!("__slots__ items must be strings, not '{}'", self.class_name(name));
                return Err(self.raise_type(&message));
            }
            let text = str_to_string(name);
            if text == "__dict__" {
                return Ok(None);
            }
            if text != "__weakref__" {
                let class_name = self.type_name(class);
                let text = match text.strip_prefix("__") {
                    Some(rest) if !rest.ends_with("__") => format!("_{}__{rest}", class_name.trim_start_matches('_')),
                    _ => text,
                };
                let name = self.intern(&text);
                if self.dict_get_name(dict, name).is_some() {
                    let message = format!("'{text}' in __slots__ conflicts with class variable");
                    return Err(self.raise_value(&message));
                }
                names.push(name);
            }
            i += 1;
        }
        Ok(Some(names))
    }

    /// C3 linearization.
    pub(super) fn linearize(&mut self, class: *mut TypeObject, bases: &[Value]) -> PyResult<Value> {
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

    /// Calls `__set_name__` of the namespace's values and `__init_subclass__` of the parent.
    pub fn finish_class(&mut self, class: *mut TypeObject, keywords: super::native::Arguments<'_>) -> PyResult<()> {
        let dict = class_ref(class).dict;
        let mut at = 0;
        while let Some((index, entry)) = dict_of(dict).next_entry(at) {
            at = index + 1;
            if entry.value.is_object() && self.lookup_special(entry.value, self.names.__set_name__).is_some() {
                self.call_special(entry.value, self.names.__set_name__, &[Value::object(class), entry.key])?;
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
