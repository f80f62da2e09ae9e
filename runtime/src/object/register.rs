//! Classes made from specifications.

use super::argument::{Class, Keywords, Rest, This, method};
use super::class::class_ref;
use super::header::Header;
use super::layout::TypeObject;
use super::slots::{Slots, unhashable};
use super::spec::{Layout, MatchedAs, Object, TypeSpec};
use super::types::BuiltinType;
use crate::builtins::specs::OBJECT;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

impl Vm {
    /// The class of a specification in this VM, made at the first use.
    pub fn type_of_spec(&mut self, spec: &'static TypeSpec) -> *mut TypeObject {
        let key = std::ptr::from_ref(spec) as usize;
        if let Some(&class) = self.classes_of_specs.get(&key) {
            return class;
        }
        let class = self.make_class_of(spec);
        self.classes_of_specs.insert(key, class);
        self.roots.push(Value::object(class));
        class
    }

    fn make_class_of(&mut self, spec: &'static TypeSpec) -> *mut TypeObject {
        let base = match spec.base {
            Some(base) => self.type_of_spec(base),
            None => self.class(BuiltinType::Object),
        };
        let base = spec.base_class.map_or(base, |base| base(self));
        let name = self.intern(spec.name);
        let namespace = self.new_dict();
        if spec.module != "builtins" {
            let module = self.intern(spec.module);
            self.dict_set_name(namespace, self.names.__module__, module);
        }
        let metaclass = match spec.metaclass {
            Some(metaclass) => self.type_of_spec(metaclass),
            None => self.class_of(Value::object(base)),
        };
        // A type that Python classes may not derive from may well be the base of one made in Rust.
        let is_final = class_ref(base).flags & TypeObject::FINAL;
        class_ref(base).flags &= !TypeObject::FINAL;
        let class = self.new_class(metaclass, name, &[Value::object(base)], namespace).expect("a sound specification");
        class_ref(base).flags |= is_final;
        if spec.base_class.is_some() {
            self.add_doc(class, spec);
            return class;
        }
        self.forget_instance_members(class, spec.has_dict);
        let object = class_ref(class);
        let mut layout = object.base_layout;
        if spec.is_solid {
            object.solid = class;
        }
        if spec.layout.is_some() {
            object.solid = class;
            if std::ptr::eq(layout.spec(), &OBJECT) {
                layout = BuiltinType::Native;
            }
        }
        object.base_layout = layout;
        object.spec = spec;
        if spec.matched_as != MatchedAs::Neither {
            object.matched_as = spec.matched_as;
        }
        let flag = |is_set: bool, flag: u16| if is_set { flag } else { 0 };
        object.flags = TypeObject::IMMUTABLE
            | flag(!spec.is_base, TypeObject::FINAL)
            | flag(spec.has_dict, TypeObject::HAS_DICT)
            | flag(spec.is_weakly_referable, TypeObject::WEAKLY_REFERABLE)
            | class_ref(base).flags & TypeObject::WEAKLY_REFERABLE;
        let shape = self.shapes.add_root(class, layout, 0, Vec::new(), 0);
        class_ref(class).instance_shape = shape;
        self.fill_class(class, spec);
        class
    }

    /// Gives a class what its specification says.
    pub(in crate::object) fn fill_class(&mut self, class: *mut TypeObject, spec: &'static TypeSpec) {
        if let Some(new) = spec.new {
            self.add_new(class, new);
        }
        for &row in spec.methods {
            self.add_method(class, row);
        }
        for &row in spec.class_methods {
            self.add_class_method(class, row);
        }
        for &row in spec.static_methods {
            self.add_static_method(class, row);
        }
        for &row in spec.getters {
            self.add_getset(class, row);
        }
        if !spec.match_args.is_empty() {
            let names: smallvec::SmallVec<[Value; 8]> = spec.match_args.iter().map(|name| self.intern(name)).collect();
            let names = self.new_tuple(&names);
            self.dict_set_name(class_ref(class).dict, self.names.__match_args__, names);
        }
        for &(name, constant) in spec.constants {
            let (name, value) = (self.intern(name), constant.value(self));
            self.dict_set_name(class_ref(class).dict, name, value);
        }
        if let Some(named) = spec.named_items {
            self.describe_fields(class, spec, named);
        }
        if spec.new.is_none() && spec.layout.is_some() {
            self.add_new(class, method("__new__", "($type, /, *args, **kwargs)", refuse_new));
        }
        self.own_slots_from(class, &spec.slots);
        if spec.is_unhashable {
            class_ref(class).slots.hash = Some(unhashable);
            self.dict_set_name(class_ref(class).dict, self.names.__hash__, Value::NONE);
        }
        self.add_doc(class, spec);
    }

    fn add_doc(&mut self, class: *mut TypeObject, spec: &'static TypeSpec) {
        let has_doc = self.dict_get_name(class_ref(class).dict, self.names.__doc__).is_some_and(|doc| !doc.is_none());
        if !spec.doc.is_empty() && !has_doc {
            let doc = self.new_str(spec.doc);
            self.dict_set_name(class_ref(class).dict, self.names.__doc__, doc);
        }
    }

    fn own_slots_from(&mut self, class: *mut TypeObject, own: &Slots) {
        self.fill_slots(class, *own);
    }

    /// The first argument of a `__new__`: the type's class, or one that derives from it; TypeError where it is another.
    #[inline]
    pub fn class_argument_of(&mut self, class: Value, spec: &'static TypeSpec) -> PyResult<*mut TypeObject> {
        if self.is_a::<TypeObject>(class) {
            let class: *mut TypeObject = class.as_ptr();
            let object = class_ref(class);
            if std::ptr::eq(object.spec, spec) && object.flags & TypeObject::HEAP == 0 {
                return Ok(class);
            }
        }
        self.derived_class_argument(class, spec)
    }

    #[inline(never)]
    fn derived_class_argument(&mut self, class: Value, spec: &'static TypeSpec) -> PyResult<*mut TypeObject> {
        if !self.is_a::<TypeObject>(class) {
            let (full, given) = (spec.full_name(), self.class_name(class));
            return Err(self.raise_type(&format!("{full}.__new__(X): X is not a type object ({given})")));
        }
        let class: *mut TypeObject = class.as_ptr();
        let own = self.type_of_spec(spec);
        if !self.is_subclass(class, own) {
            let (full, name) = (spec.full_name(), self.shown_name(class));
            return Err(self.raise_type(&format!("{full}.__new__({name}): {name} is not a subtype of {full}")));
        }
        // SAFETY: specifications are static.
        let given: &'static TypeSpec = unsafe { &*class_ref(class).spec };
        let is_exception = class_ref(class).flags & TypeObject::EXCEPTION != 0;
        // What adds no memory of its own is made as its base is.
        let is_like_base = is_exception || given.layout.is_none();
        let is_safe = std::ptr::eq(given, spec) || is_like_base && std::ptr::eq(given.maker(), spec.maker());
        if !is_safe {
            let (full, name) = (spec.full_name(), self.shown_name(class));
            return Err(self.raise_type(&format!("{full}.__new__({name}) is not safe, use {name}.__new__()")));
        }
        Ok(class)
    }

    /// The specification of a value's type, or of the one made in Rust that it derives from.
    #[inline]
    pub fn spec_of(&self, value: Value) -> &'static TypeSpec {
        // SAFETY: a live class, whose specification is static.
        unsafe { &*(*self.class_of(value)).spec }
    }

    /// Is the value an object of the specification's type, or of one that derives from it?
    #[inline]
    pub fn is_of_spec(&self, value: Value, spec: &'static TypeSpec) -> bool {
        let own = self.spec_of(value);
        std::ptr::eq(own, spec) || own.derives_from(spec)
    }

    /// The specification of the type that a value is an exact instance of, where it has one.
    #[inline]
    pub fn exact_spec(&self, value: Value) -> Option<&'static TypeSpec> {
        if !value.is_object() {
            return None;
        }
        let class = class_ref(self.class_of(value));
        if class.flags & TypeObject::HEAP != 0 {
            return None;
        }
        // SAFETY: a class's specification is static, or null.
        unsafe { class.spec.as_ref() }
    }

    /// The object that a value is, if it is one of the type whose memory is a `T`.
    #[inline]
    pub fn cast<T: Object>(&self, value: Value) -> Option<*mut T> {
        if !value.is_object() {
            return None;
        }
        let is_memory = match T::ROW {
            Some(row) => {
                let shape = self.shape_of(value);
                shape == row.shape() || self.shapes.get(shape).layout as u8 == row as u8
            }
            None => self.is_of_spec(value, T::SPEC) || T::ALSO.iter().any(|spec| self.is_of_spec(value, spec)),
        };
        is_memory.then(|| value.as_ptr())
    }

    /// Is the value an object of the very type whose memory is a `T`, of none that derives from it?
    #[inline(always)]
    pub fn is_exactly<T: Object>(&self, value: Value) -> bool {
        match T::ROW {
            Some(row) => value.is_object() && self.shape_of(value) == row.shape(),
            None => self.exact_spec(value).is_some_and(|spec| std::ptr::eq(spec, T::SPEC)),
        }
    }

    /// The object that a value is, if it is one of the very type whose memory is a `T`.
    #[inline(always)]
    pub fn exactly<T: Object>(&self, value: Value) -> Option<This<T>> {
        // SAFETY: just found to be one.
        self.is_exactly::<T>(value).then(|| unsafe { This::of_known(value) })
    }

    /// Is a value the class of the specification itself?
    pub fn is_class(&self, class: Value, spec: &'static TypeSpec) -> bool {
        This::<TypeObject>::of(self, class).is_some_and(|class| class.is_of(spec))
    }

    /// Is the value an object of the type whose memory is a `T`, or of one that derives from it?
    #[inline(always)]
    pub fn is_a<T: Object>(&self, value: Value) -> bool {
        self.cast::<T>(value).is_some()
    }

    /// A new object of `class`, which is that of a specification of `T`'s or derives from it; `init` makes it of its header. Values
    /// in it are those that the caller holds.
    pub fn new_object<T: Object>(&mut self, class: *mut TypeObject, init: impl FnOnce(Header) -> T) -> PyResult<Value> {
        debug_assert!(std::iter::once(&T::SPEC).chain(T::ALSO).any(|&spec| {
            let own = self.classes_of_specs.get(&(std::ptr::from_ref(spec) as usize));
            own.is_some_and(|&own| self.is_subclass(class, own))
        }));
        let layout = class_ref(class).base_layout;
        let Layout { size_bytes, trace, finalize } =
            T::SPEC.layout.unwrap_or(Layout { size_bytes: size_of::<T>(), trace: layout.trace(), finalize: None });
        let is_exact = std::ptr::eq(class_ref(class).spec, T::SPEC) && class_ref(class).flags & TypeObject::HEAP == 0;
        let needs_no_word = is_exact && !T::SPEC.has_dict;
        let has_word = needs_no_word || class_ref(class).base_layout.has_attributes();
        let (trace, size_bytes) =
            if has_word { (trace, size_bytes) } else { (Header::and_last(trace), size_bytes + 8) };
        let object = self.try_allocate(class_ref(class).instance_shape, trace, size_bytes)?;
        // SAFETY: fresh memory of the struct's size; its header was just written.
        unsafe {
            let header = *object;
            object.cast::<T>().write(init(header));
        }
        if finalize.is_some() {
            self.heap.register_finalizable(object);
        }
        let value = Value::object(object);
        if !is_exact {
            self.reserve_slots(value)?;
        }
        self.note_finalizer(class, value);
        Ok(value)
    }
}

impl Header {
    /// Is it that of an object of the very built-in type whose memory is a `T`?
    #[inline]
    pub fn is_exactly<T: Object>(&self) -> bool {
        T::ROW.is_some_and(|row| row.shape() == self.shape)
    }
}

fn refuse_new(vm: &mut Vm, class: Value, _: Rest, _: Keywords) -> PyResult {
    let name = match Class::of(vm, class) {
        Some(class) => vm.full_name_of_class(class.0),
        None => vm.class_name(class),
    };
    Err(vm.raise_type(&format!("cannot create '{name}' instances")))
}
