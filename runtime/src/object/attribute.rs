//! Attribute access as `object.__getattribute__`, `type.__getattribute__`, modules and `super` do it.

use super::argument::This;
use super::class::{class_ref, mro_of};
use super::header::Header;
use super::layout::*;
use super::types::{BuiltinType, FIRST_INSTANCE_SHAPE};
use crate::builtins::exception_fields::field;
use crate::object::typed::{NativeMethod, SlotWrapper};
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

/// Where an instance keeps its attributes.
enum Storage {
    /// In slots, by its shape.
    Slots,
    /// In a real dict.
    Dict(Value),
    None,
}

impl Vm {
    fn storage_of(&self, owner: Value) -> Storage {
        if !owner.is_object() {
            return Storage::None;
        }
        let shape_id = self.shape_of(owner);
        let shape = self.shapes.get(shape_id);
        if let Some(namespace) = shape.layout.spec().namespace {
            let dict = namespace(self, owner);
            return if dict.is_unbound() { Storage::None } else { Storage::Dict(dict) };
        }
        if shape.is_dict_mode {
            // SAFETY: an instance of a class of Python, which has the word.
            return Storage::Dict(unsafe { *self.dict_word(owner) });
        }
        if shape_id >= FIRST_INSTANCE_SHAPE { Storage::Slots } else { Storage::None }
    }

    /// Where an instance of a class of Python keeps its overflow array or real dict.
    ///
    /// # Safety
    /// It is an instance of a class of Python, or of a built-in exception.
    pub(super) unsafe fn attributes_word(&self, owner: Value) -> *mut Value {
        if self.layout_of(owner).has_attributes() {
            // SAFETY: such layouts have it behind the header.
            return unsafe { &raw mut (*owner.as_ptr::<Instance>()).attributes };
        }
        let size_bytes = self.heap.size_bytes(owner.as_ptr());
        // SAFETY: instances of subclasses of the others have it as their last word.
        unsafe { owner.as_ptr::<u8>().add(size_bytes - 8).cast() }
    }

    /// Where an instance in dict mode keeps its dict: behind the slots of `__slots__` that lie in the overflow array, if any do.
    ///
    /// # Safety
    /// It is an instance of a class of Python in dict mode.
    unsafe fn dict_word(&self, owner: Value) -> *mut Value {
        let n_outside = self.shapes.get(self.shape_of(owner)).n_reserved_outside();
        // SAFETY: the caller's promise; `instance_dict` made an overflow array of an element more than there are slots in it.
        unsafe {
            let word = self.attributes_word(owner);
            if n_outside == 0 {
                return word;
            }
            let array = (*word).as_ptr::<ValueArray>();
            (&raw mut (*array).elements).cast::<Value>().add(n_outside)
        }
    }

    /// The address of slot `slot` of an instance.
    ///
    /// # Safety
    /// The instance's shape has that slot.
    pub unsafe fn slot_address(&self, owner: Value, slot: usize) -> *mut Value {
        let inline = self.shapes.get(self.shape_of(owner)).inline_slots as usize;
        // SAFETY: slots below `inline_slots` lie in the object, the others in its overflow array, which has room for all
        // slots of the shape.
        unsafe {
            let instance = owner.as_ptr::<Instance>();
            if slot < inline {
                (&raw mut (*instance).slots).cast::<Value>().add(slot)
            } else {
                let array = (*self.attributes_word(owner)).as_ptr::<ValueArray>();
                (&raw mut (*array).elements).cast::<Value>().add(slot - inline)
            }
        }
    }

    /// What the instance itself has under a name.
    pub fn own_attribute(&mut self, owner: Value, name: Value) -> Option<Value> {
        match self.storage_of(owner) {
            Storage::Slots => {
                let slot = self.shapes.get(self.shape_of(owner)).slot_of(name)?;
                // SAFETY: the shape has the slot.
                let value = unsafe { *self.slot_address(owner, slot) };
                (!value.is_unbound()).then_some(value)
            }
            Storage::Dict(dict) => self.dict_get_name(dict, name),
            Storage::None => None,
        }
    }

    pub fn set_own_attribute(&mut self, owner: Value, name: Value, value: Value) -> PyResult<()> {
        match self.storage_of(owner) {
            Storage::Dict(dict) => {
                self.dict_set_name(dict, name, value);
                return Ok(());
            }
            Storage::None => {
                if self.is_a::<FunctionObject>(owner) {
                    let dict = self.new_dict();
                    // SAFETY: the layout was checked.
                    unsafe { (*owner.as_ptr::<FunctionObject>()).dict = dict };
                    self.barrier(owner.as_ptr::<FunctionObject>());
                    self.dict_set_name(dict, name, value);
                    return Ok(());
                }
                return Err(self.raise_no_attribute(owner, name, true));
            }
            Storage::Slots => {}
        }
        let shape_id = self.shape_of(owner);
        let shape = self.shapes.get(shape_id);
        if let Some(slot) = shape.slot_of(name) {
            // SAFETY: the shape has the slot.
            unsafe { self.store_slot(owner, slot, value) };
            return Ok(());
        }
        if class_ref(shape.class).flags & TypeObject::HAS_DICT == 0 {
            return Err(self.raise_no_attribute(owner, name, true));
        }
        let slot = shape.names.len();
        // Shapes have interned names.
        let next = if self.is_interned(name) { self.shapes.with_name(shape_id, name) } else { None };
        match next {
            Some(next) => self.add_slot(owner, slot, next, value),
            None => {
                let dict = self.instance_dict(owner)?;
                self.dict_set_name(dict, name, value);
                Ok(())
            }
        }
    }

    /// # Safety
    /// The instance's shape has slot `slot`.
    pub unsafe fn store_slot(&mut self, owner: Value, slot: usize, value: Value) {
        // SAFETY: the caller's promise.
        unsafe { *self.slot_address(owner, slot) = value };
        let inline = self.shapes.get(self.shape_of(owner)).inline_slots as usize;
        if slot < inline {
            self.barrier(owner.as_ptr::<Instance>());
        } else {
            // SAFETY: slots beyond the inline ones live in the overflow array.
            let array = unsafe { *self.attributes_word(owner) };
            self.barrier(array.as_ptr::<ValueArray>());
        }
    }

    /// Gives the instance its next shape, `shape`, which adds slot `slot`, and writes it.
    pub fn add_slot(&mut self, owner: Value, slot: usize, shape: u32, value: Value) -> PyResult<()> {
        let instance = owner.as_ptr::<Instance>();
        let inline = self.shapes.get(shape).inline_slots as usize;
        if slot >= inline {
            let needed = slot - inline + 1;
            // SAFETY: an instance in slot mode: `attributes` is unbound or a value array.
            let old = unsafe { *self.attributes_word(owner) };
            // SAFETY: as above.
            let capacity = if old.is_unbound() { 0 } else { unsafe { (*old.as_ptr::<ValueArray>()).capacity } };
            if needed > capacity {
                let array = self.new_array((needed * 2).max(4))?;
                // SAFETY: the fresh array is larger than the old one.
                unsafe {
                    if capacity > 0 {
                        let target = (*array.as_ptr::<ValueArray>()).elements_mut();
                        target[..capacity].copy_from_slice((*old.as_ptr::<ValueArray>()).elements());
                    }
                    *self.attributes_word(owner) = array;
                }
                self.barrier(instance);
            }
        }
        // SAFETY: the object has room for the slot now.
        unsafe {
            (*instance).header.shape = shape;
            self.store_slot(owner, slot, value);
        }
        Ok(())
    }

    /// The instance's `__dict__`, made real: from now on its attributes live there.
    pub fn instance_dict(&mut self, owner: Value) -> PyResult<Value> {
        match self.storage_of(owner) {
            Storage::Dict(dict) => return Ok(dict),
            Storage::None => {
                if self.is_a::<FunctionObject>(owner) {
                    let dict = self.new_dict();
                    // SAFETY: the layout was checked.
                    unsafe { (*owner.as_ptr::<FunctionObject>()).dict = dict };
                    self.barrier(owner.as_ptr::<FunctionObject>());
                    return Ok(dict);
                }
                return Err(self.raise_no_attribute(owner, self.names.__dict__, false));
            }
            Storage::Slots => {}
        }
        let shape_id = self.shape_of(owner);
        let class = self.shapes.get(shape_id).class;
        if class_ref(class).flags & TypeObject::HAS_DICT == 0 {
            return Err(self.raise_no_attribute(owner, self.names.__dict__, false));
        }
        let dict = self.new_dict();
        let n_names = self.shapes.get(shape_id).names.len();
        // What `__slots__` names stays in the object.
        let n_reserved = self.shapes.get(class_ref(class).instance_shape).names.len();
        for slot in n_reserved..n_names {
            let name = self.shapes.get(shape_id).names[slot];
            // SAFETY: the shape has the slot.
            let value = unsafe { *self.slot_address(owner, slot) };
            if !value.is_unbound() {
                self.dict_set_name(dict, name, value);
            }
        }
        let n_outside = self.shapes.get(shape_id).n_reserved_outside();
        let array = if n_outside > 0 { self.new_array(n_outside + 1)? } else { Value::UNBOUND };
        let dict_shape = self.shapes.dict_mode(shape_id);
        // SAFETY: an instance with an attributes word; where slots lie outside, it has an array of them, and the fresh one has
        // room for them and the dict.
        unsafe {
            let word = self.attributes_word(owner);
            if n_outside > 0 {
                let elements = (*array.as_ptr::<ValueArray>()).elements_mut();
                elements[..n_outside].copy_from_slice(&(*(*word).as_ptr::<ValueArray>()).elements()[..n_outside]);
                elements[n_outside] = dict;
                *word = array;
            } else {
                *word = dict;
            }
            (*owner.as_ptr::<Instance>()).header.shape = dict_shape;
        }
        self.barrier(owner.as_ptr::<Instance>());
        Ok(dict)
    }

    /// `owner.__dict__ = dict`: that very dict has the attributes from now on; a fresh one where there is none.
    pub fn set_instance_dict(&mut self, owner: Value, dict: Option<Value>) -> PyResult<()> {
        let name = self.names.__dict__;
        match self.storage_of(owner) {
            Storage::None if !self.is_a::<FunctionObject>(owner) => {
                return Err(self.raise_no_attribute(owner, name, true));
            }
            Storage::Slots if self.class_ref_flags(owner) & TypeObject::HAS_DICT == 0 => {
                return Err(self.raise_no_attribute(owner, name, true));
            }
            Storage::Dict(_) if self.is_a::<ModuleObject>(owner) => {
                return Err(self.raise_attribute("readonly attribute"));
            }
            _ => {}
        }
        let is_function = self.is_a::<FunctionObject>(owner);
        let dict = match dict {
            Some(dict) if self.is_a::<DictObject>(dict) => dict,
            Some(other) => {
                let message = format!("__dict__ must be set to a dictionary, not a '{}'", self.class_name(other));
                return Err(self.raise_type(&message));
            }
            None if is_function => return Err(self.raise_type("cannot delete __dict__")),
            None => self.new_dict(),
        };
        // Its attributes lie in a dict from here on, if it may have any.
        self.instance_dict(owner)?;
        // SAFETY: a function, or an instance in dict mode, whose attributes word is its dict.
        unsafe {
            if is_function {
                (*owner.as_ptr::<FunctionObject>()).dict = dict;
            } else {
                *self.dict_word(owner) = dict;
                // The dict lies there, or in the array that is there.
                let array = *self.attributes_word(owner);
                self.barrier(array.as_ptr::<Header>());
            }
        }
        self.barrier(owner.as_ptr::<Header>());
        Ok(())
    }

    /// Does the class attribute go before the instance's own (it has `__set__` or `__delete__`)?
    pub fn is_data_descriptor(&self, attribute: Value) -> bool {
        attribute.is_object() && self.slots_of(attribute).set.is_some()
    }

    /// Is a class attribute read instead of the instance's own? It also needs a `__get__` for that.
    fn is_read_first(&self, attribute: Value) -> bool {
        self.is_data_descriptor(attribute) && self.slots_of(attribute).get.is_some()
    }

    /// Binds a class attribute to an object (`owner` unbound: looked up on the class itself).
    #[inline]
    pub fn bind(&mut self, attribute: Value, owner: Value, class: *mut TypeObject) -> PyResult<Value> {
        if !attribute.is_object() {
            return Ok(attribute);
        }
        match self.slots_of(attribute).get {
            Some(slot) => slot(self, attribute, owner, class),
            None => Ok(attribute),
        }
    }

    /// Is it a function that takes the receiver as its first argument, so that it need not be bound to be called?
    #[inline(always)]
    pub fn takes_receiver(&self, method: Value) -> bool {
        self.is_exactly::<FunctionObject>(method) || self.is_native_method(method)
    }

    /// A native method of a type, or the wrapper of a slot.
    #[inline(always)]
    pub fn is_native_method(&self, method: Value) -> bool {
        self.is_exactly::<NativeMethod>(method) || self.is_exactly::<SlotWrapper>(method)
    }

    /// What is read through a slot's member.
    pub(crate) fn member_get(&mut self, attribute: Value, owner: Value) -> PyResult<Value> {
        let slot = self.member_slot(attribute, owner)?;
        // SAFETY: `member_slot` checked that the owner has the slot; callers pass a member descriptor.
        let (value, member) = unsafe { (*slot, &*attribute.as_ptr::<MemberObject>()) };
        if !value.is_unbound() {
            return Ok(value);
        }
        match member.kind {
            MemberKind::Slot => {
                let name = member.name;
                Err(self.raise_no_attribute(owner, name, false))
            }
            MemberKind::Field | MemberKind::ReadOnly => Ok(Value::NONE),
            MemberKind::Index => Ok(Value::small_int(0)),
        }
    }

    pub(crate) fn member_set(&mut self, attribute: Value, owner: Value, value: Option<Value>) -> PyResult<()> {
        let address = self.member_slot(attribute, owner)?;
        let MemberObject { name, slot, kind, .. } = *This::<MemberObject>::expect(self, attribute);
        let mut value = value;
        match (kind, value) {
            (MemberKind::ReadOnly, _) => return Err(self.raise_attribute("readonly attribute")),
            (MemberKind::Index, Some(number)) if !self.is_int_like(number) => {
                return Err(self.raise_type("an integer is required"));
            }
            (MemberKind::Index, Some(number)) => {
                let word = self.index_i64(number)?;
                value = Some(self.new_int(word));
            }
            (MemberKind::Index, None) => return Err(self.raise_type("can't delete numeric/char attribute")),
            // SAFETY: `member_slot` has seen that the owner has the slot.
            (MemberKind::Slot, None) if unsafe { (*address).is_unbound() } => {
                return Err(self.raise_attribute(&self.string_of(name)));
            }
            (MemberKind::Slot | MemberKind::Field, _) => {}
        }
        // SAFETY: as above; the class of an owner whose `__index__` ran has the slot still: solid bases do not change.
        unsafe { self.store_slot(owner, slot, value.unwrap_or(Value::UNBOUND)) };
        Ok(())
    }

    /// `owner.name`.
    pub fn get_attr(&mut self, owner: Value, name: Value) -> PyResult {
        match self.get_attr_hooked(owner, name) {
            Ok(Some(value)) => Ok(value),
            Err(Raised) => {
                self.tell_attribute(owner, name);
                Err(Raised)
            }
            Ok(None) => Err(self.raise_no_attribute(owner, name, false)),
        }
    }

    /// Tells the pending exception, if it is an AttributeError that says nothing of it, what was read of which object.
    #[cold]
    fn tell_attribute(&mut self, owner: Value, name: Value) {
        let exception = self.exception;
        if self.exception_matches(self.exceptions.AttributeError)
            && self.exception_field(exception, field::ATTRIBUTE_NAME).is_none()
            && self.exception_field(exception, field::ATTRIBUTE_OBJECT).is_none()
        {
            self.set_exception_field(exception, field::ATTRIBUTE_NAME, name);
            self.set_exception_field(exception, field::ATTRIBUTE_OBJECT, owner);
        }
    }

    /// `owner.name`, `None` where that raises AttributeError.
    pub fn get_attr_opt(&mut self, owner: Value, name: Value) -> PyResult<Option<Value>> {
        match self.get_attr_hooked(owner, name) {
            Err(Raised) if self.exception_matches(self.exceptions.AttributeError) => {
                self.clear_exception();
                Ok(None)
            }
            result => result,
        }
    }

    fn get_attr_hooked(&mut self, owner: Value, name: Value) -> PyResult<Option<Value>> {
        match self.slots_of(owner).get_attribute {
            Some(slot) => slot(self, owner, name),
            None => Ok(None),
        }
    }

    /// Attributes of modules.
    pub(crate) fn module_get_attr(&mut self, owner: Value, name: Value) -> PyResult<Option<Value>> {
        let dict = This::<ModuleObject>::expect(self, owner).dict;
        let class = self.class_of(owner);
        let attribute = self.class_lookup(class, name);
        if let Some(attribute) = attribute
            && self.is_read_first(attribute)
        {
            return self.bind(attribute, owner, class).map(Some);
        }
        if let Some(value) = self.dict_get_name(dict, name) {
            return Ok(Some(value));
        }
        if let Some(attribute) = attribute {
            return self.bind(attribute, owner, class).map(Some);
        }
        if let Some(value) = self.attribute_of_spec(owner, name)? {
            return Ok(Some(value));
        }
        if let Some(value) = self.attribute_on_demand(owner, name)? {
            return Ok(Some(value));
        }
        if let Some(hook) = self.dict_get_name(dict, self.names.__getattr__) {
            return self.call(hook, &[name]).map(Some);
        }
        Ok(None)
    }

    /// `object.__getattribute__`; `None`: no such attribute.
    pub fn generic_get_attr(&mut self, owner: Value, name: Value) -> PyResult<Option<Value>> {
        let class = self.class_of(owner);
        let attribute = self.class_lookup(class, name);
        if let Some(attribute) = attribute
            && self.is_read_first(attribute)
        {
            return self.bind(attribute, owner, class).map(Some);
        }
        if let Some(value) = self.own_attribute(owner, name) {
            return Ok(Some(value));
        }
        match attribute {
            Some(attribute) => self.bind(attribute, owner, class).map(Some),
            None => Ok(None),
        }
    }

    /// Attributes of classes.
    pub(crate) fn class_get_attr(&mut self, class: *mut TypeObject, name: Value) -> PyResult<Option<Value>> {
        let owner = Value::object(class);
        let metaclass = self.class_of(owner);
        let meta_attribute = self.class_lookup(metaclass, name);
        if let Some(attribute) = meta_attribute
            && self.is_read_first(attribute)
        {
            return self.bind(attribute, owner, metaclass).map(Some);
        }
        if let Some(attribute) = self.class_lookup(class, name) {
            return self.bind(attribute, Value::UNBOUND, class).map(Some);
        }
        match meta_attribute {
            Some(attribute) => self.bind(attribute, owner, metaclass).map(Some),
            None => Ok(None),
        }
    }

    /// Attributes of `super` objects.
    pub(crate) fn super_get_attr(&mut self, owner: Value, name: Value) -> PyResult<Option<Value>> {
        let object = This::<SuperObject>::expect(self, owner);
        if name != self.names.__class__ && !object.owner.is_unbound() {
            let found = self.super_lookup(object.class.as_ptr(), object.owner, object.owner_class.as_ptr(), name)?;
            if found.is_some() {
                return Ok(found);
            }
        }
        // It is an object, too.
        self.generic_get_attr(owner, name)
    }

    /// The attribute that follows `class` in the order of `owner_class`, bound to `owner`.
    pub fn super_lookup(
        &mut self,
        class: *mut TypeObject,
        owner: Value,
        owner_class: *mut TypeObject,
        name: Value,
    ) -> PyResult<Option<Value>> {
        match self.super_find(class, owner_class, name) {
            Some(attribute) => {
                let bound_owner = if owner.0 == owner_class as u64 { Value::UNBOUND } else { owner };
                self.bind(attribute, bound_owner, owner_class).map(Some)
            }
            None => Ok(None),
        }
    }

    /// `super(class, owner).name`: what `super` objects have themselves where nothing follows the class under the name.
    pub fn super_attribute(
        &mut self,
        class: *mut TypeObject,
        owner: Value,
        owner_class: *mut TypeObject,
        name: Value,
    ) -> PyResult {
        if let Some(value) = self.super_lookup(class, owner, owner_class, name)? {
            return Ok(value);
        }
        let (class, owner_class) = (Value::object(class), Value::object(owner_class));
        let object = self.make(BuiltinType::Super, |header| SuperObject { header, class, owner, owner_class });
        self.get_attr(object, name)
    }

    /// As `super_lookup`, not bound.
    pub fn super_find(&mut self, class: *mut TypeObject, owner_class: *mut TypeObject, name: Value) -> Option<Value> {
        let mro = mro_of(owner_class);
        let position = mro.iter().position(|&c| c.0 == class as u64)?;
        mro[position + 1..].iter().find_map(|&base| self.dict_get_name(class_ref(base.as_ptr()).dict, name))
    }

    /// `owner.name = value`.
    pub fn set_attr(&mut self, owner: Value, name: Value, value: Value) -> PyResult<()> {
        self.store_attr(owner, name, Some(value))
    }

    /// `del owner.name`.
    pub fn del_attr(&mut self, owner: Value, name: Value) -> PyResult<()> {
        self.store_attr(owner, name, None)
    }

    fn store_attr(&mut self, owner: Value, name: Value, value: Option<Value>) -> PyResult<()> {
        match self.slots_of(owner).set_attribute {
            Some(slot) => slot(self, owner, name, value),
            None => Err(self.raise_no_attribute(owner, name, true)),
        }
    }

    /// `object.__setattr__` or, with no value, `object.__delattr__`.
    pub fn generic_set_attr(&mut self, owner: Value, name: Value, value: Option<Value>) -> PyResult<()> {
        if let Some(done) = self.set_through_class(owner, name, value) {
            return done;
        }
        match value {
            Some(value) => self.set_own_attribute(owner, name, value),
            None => self.delete_own_attribute(owner, name),
        }
    }

    /// Writes through a data descriptor of the owner's class, if it has one under the name.
    fn set_through_class(&mut self, owner: Value, name: Value, value: Option<Value>) -> Option<PyResult<()>> {
        let class = self.class_of(owner);
        let attribute = self.class_lookup(class, name).filter(|attribute| attribute.is_object())?;
        let slot = self.slots_of(attribute).set?;
        Some(slot(self, attribute, owner, value))
    }

    /// Where the instance keeps what a member stands for. TypeError for another class's instance.
    fn member_slot(&mut self, member: Value, owner: Value) -> PyResult<*mut Value> {
        let MemberObject { class, slot, name, .. } = *This::<MemberObject>::expect(self, member);
        let class = This::<TypeObject>::expect(self, class).pointer();
        if self.is_instance(owner, class) {
            // SAFETY: instances of the class and its subclasses have the slot.
            return Ok(unsafe { self.slot_address(owner, slot) });
        }
        let message = format!(
            "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
            self.string_of(name),
            self.type_name(class),
            self.class_name(owner)
        );
        Err(self.raise_type(&message))
    }

    /// Sets or deletes an attribute of a class.
    pub fn class_set_attr(&mut self, owner: Value, name: Value, value: Option<Value>) -> PyResult<()> {
        let class = owner.as_ptr::<TypeObject>();
        if class_ref(class).flags & TypeObject::IMMUTABLE != 0 {
            let message = format!(
                "cannot set '{}' attribute of immutable type '{}'",
                self.string_of(name),
                self.shown_name(class)
            );
            return Err(self.raise_type(&message));
        }
        if let Some(done) = self.set_through_class(owner, name, value) {
            return done;
        }
        let dict = class_ref(class).dict;
        match value {
            Some(value) => self.dict_set_name(dict, name, value),
            None => match self.dict_entry_of_name(dict, name) {
                Some(entry) => {
                    self.dict_remove_entry(dict, entry);
                }
                None => {
                    let message =
                        format!("type object '{}' has no attribute '{}'", self.shown_name(class), self.string_of(name));
                    return Err(self.raise(self.exceptions.AttributeError, &message));
                }
            },
        }
        Ok(())
    }

    fn delete_own_attribute(&mut self, owner: Value, name: Value) -> PyResult<()> {
        match self.storage_of(owner) {
            Storage::Dict(dict) => {
                if let Some(entry) = self.dict_entry_of_name(dict, name) {
                    self.dict_remove_entry(dict, entry);
                    return Ok(());
                }
            }
            Storage::Slots => {
                let shape = self.shapes.get(self.shape_of(owner));
                let is_fixed = class_ref(shape.class).flags & TypeObject::HAS_DICT == 0;
                if let Some(slot) = shape.slot_of(name)
                    // SAFETY: the shape has the slot.
                    && unsafe { !(*self.slot_address(owner, slot)).is_unbound() }
                {
                    if is_fixed {
                        // SAFETY: as above.
                        unsafe { self.store_slot(owner, slot, Value::UNBOUND) };
                    } else {
                        // Deleting is rare: the attributes move to a real dict, which keeps their order.
                        let dict = self.instance_dict(owner)?;
                        if let Some(entry) = self.dict_entry_of_name(dict, name) {
                            self.dict_remove_entry(dict, entry);
                        }
                    }
                    return Ok(());
                }
            }
            Storage::None => {}
        }
        Err(self.raise_no_attribute(owner, name, true))
    }

    /// AttributeError for a missing attribute, or, with `setting`, one that cannot be set or deleted.
    pub fn raise_no_attribute(&mut self, owner: Value, name: Value, setting: bool) -> Raised {
        let text = self.string_of(name);
        let flags = self.class_ref_flags(owner);
        let spec = self.spec_of(owner);
        let has_dict = flags & TypeObject::HAS_DICT != 0 || spec.inherited(|spec| spec.namespace).is_some();
        let is_heap_class = flags & TypeObject::HEAP != 0;
        let missing = spec.inherited(|spec| spec.missing_attribute);
        let message = match missing.filter(|_| !setting) {
            Some(missing) => missing(self, owner, &text),
            None if setting
                && !has_dict
                && name != self.names.__dict__
                && self.lookup_special(owner, name).is_some() =>
            {
                format!("'{}' object attribute '{text}' is read-only", self.class_name(owner))
            }
            None if setting && !has_dict && (!is_heap_class || self.sets_attributes_itself(owner)) => format!(
                "'{}' object has no attribute '{text}' and no __dict__ for setting new attributes",
                self.class_name(owner)
            ),
            None => format!("'{}' object has no attribute '{text}'", self.class_name(owner)),
        };
        let raised = self.raise(self.exceptions.AttributeError, &message);
        self.tell_attribute(owner, name);
        raised
    }

    /// Has nobody said how attributes of the object are set?
    fn sets_attributes_itself(&mut self, owner: Value) -> bool {
        let (class, name) = (self.class_of(owner), self.names.__setattr__);
        let object = self.type_of_spec(&crate::builtins::specs::OBJECT);
        self.class_lookup(class, name) == self.class_lookup(object, name)
    }

    fn class_ref_flags(&self, owner: Value) -> u16 {
        class_ref(self.class_of(owner)).flags
    }

    /// A special method, looked up on the value's class and not bound.
    pub fn lookup_special(&mut self, value: Value, name: Value) -> Option<Value> {
        let class = self.class_of(value);
        self.class_lookup(class, name)
    }

    /// Calls a special method; `None` where the class has none.
    pub fn call_special(&mut self, value: Value, name: Value, arguments: &[Value]) -> PyResult<Option<Value>> {
        let class = self.class_of(value);
        let Some(method) = self.class_lookup(class, name) else { return Ok(None) };
        if self.takes_receiver(method) {
            let mut values: smallvec::SmallVec<[Value; 4]> = smallvec::smallvec![value];
            values.extend_from_slice(arguments);
            return self.call(method, &values).map(Some);
        }
        let bound = self.bind(method, value, class)?;
        self.call(bound, arguments).map(Some)
    }

    /// The names in an object's own storage, for `dir` and `vars`.
    pub fn own_names(&mut self, owner: Value) -> PyResult<Value> {
        let list = self.new_list_with_capacity(0)?;
        match self.storage_of(owner) {
            Storage::Dict(dict) => {
                let mut at = 0;
                while let Some((index, entry)) = self.table(dict).next_entry(at) {
                    self.list_push(list.as_ptr(), entry.key)?;
                    at = index + 1;
                }
            }
            Storage::Slots => {
                let shape = self.shape_of(owner);
                let (first, end) = (self.shapes.get(shape).n_reserved as usize, self.shapes.get(shape).names.len());
                for slot in first..end {
                    // SAFETY: the shape has the slot.
                    if unsafe { !(*self.slot_address(owner, slot)).is_unbound() } {
                        let name = self.shapes.get(shape).names[slot];
                        self.list_push(list.as_ptr(), name)?;
                    }
                }
            }
            Storage::None => {}
        }
        Ok(list)
    }
}
