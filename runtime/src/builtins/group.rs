//! Exception groups: making, splitting, and what `except*` does with them.

use super::exception_fields::field;
use crate::object::argument::{ClassOf, Keywords, Rest, This, method};
use crate::object::exception::{ARGS, CAUSE, CONTEXT, Fields, TRACEBACK, kinds};
use crate::object::layout::MemberKind::ReadOnly;
use crate::object::layout::{ListObject, TupleObject, TypeObject};
use crate::object::native::NativeRow;
use crate::object::slots::{Slots, slot};
use crate::object::spec::TypeSpec;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

type ThisGroup = This<kinds::BaseExceptionGroup>;

pub const BASE_EXCEPTION_GROUP: TypeSpec = TypeSpec {
    fields: Some(Fields { names: &[("message", ReadOnly), ("exceptions", ReadOnly)], fill: |_, _, _, _| Ok(()) }),
    slots: Slots { str: slot(str), ..Slots::NONE },
    new: Some(method("__new__", "($type, /, *args, **kwargs)", new).doc("A group of a message and exceptions.")),
    methods: METHODS,
    class_methods: &[super::protocol::CLASS_GETITEM],
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    method("__init__", "($self, /, *args)", |vm: &mut Vm, this: ThisGroup, args: Rest| {
        vm.set_exception_slot(this.value(), ARGS, args.value());
    })
    .doc("Sets the arguments."),
    method("derive", "($self, excs, /)", |vm: &mut Vm, this, members: Value| {
        let message = message(vm, this);
        let class = Value::object(vm.exceptions.BaseExceptionGroup);
        vm.call(class, &[message, members])
    })
    .doc("A group with the same message and other exceptions; subclasses override it."),
    method("split", "($self, matcher_value, /)", |vm: &mut Vm, this: ThisGroup, matcher: Value| {
        let matcher = check_matcher(vm, matcher)?;
        let (matching, rest) = vm.split_group(this.value(), matcher)?;
        PyResult::Ok(vm.new_tuple(&[matching, rest]))
    })
    .doc("The part that matches and the part that does not."),
    method("subgroup", "($self, matcher_value, /)", |vm: &mut Vm, this: ThisGroup, matcher: Value| {
        let matcher = check_matcher(vm, matcher)?;
        PyResult::Ok(vm.split_group(this.value(), matcher)?.0)
    })
    .doc("The part that matches, or None."),
];

fn new(vm: &mut Vm, class: ClassOf<kinds::BaseExceptionGroup>, args: Rest, _keywords: Keywords) -> PyResult {
    let (classes, mut class) = (vm.exceptions, class.class);
    let args = args.items();
    if args.len() != 2 {
        let message = format!("BaseExceptionGroup.__new__() takes exactly 2 arguments ({} given)", args.len());
        return Err(vm.raise_type(&message));
    }
    if !vm.is_str(args[0]) {
        let message = format!("BaseExceptionGroup.__new__() argument 1 must be str, not {}", vm.class_name(args[0]));
        return Err(vm.raise_type(&message));
    }
    if !vm.is_a::<ListObject>(args[1]) && !vm.is_a::<TupleObject>(args[1]) {
        return Err(vm.raise_type("second argument (exceptions) must be a sequence"));
    }
    let list = vm.collect(args[1])?;
    let members = vm.new_tuple(This::<ListObject>::expect(vm, list).items());
    if vm.tuple_items(members).is_empty() {
        return Err(vm.raise_value("second argument (exceptions) must be a non-empty sequence"));
    }
    let mut all_exceptions = true;
    for (i, &member) in vm.tuple_items(members).iter().enumerate() {
        if !vm.is_exception(member) {
            return Err(vm.raise_value(&format!("Item {i} of second argument (exceptions) is not an exception")));
        }
        all_exceptions &= vm.is_instance(member, classes.Exception);
    }
    if class == classes.BaseExceptionGroup && all_exceptions {
        class = classes.ExceptionGroup;
    } else if !all_exceptions && vm.is_subclass(class, classes.Exception) {
        let message = if class == classes.ExceptionGroup {
            "Cannot nest BaseExceptions in an ExceptionGroup".to_string()
        } else {
            format!("Cannot nest BaseExceptions in '{}'", vm.type_name(class))
        };
        return Err(vm.raise_type(&message));
    }
    let group = vm.new_exception(class, args)?;
    vm.set_exception_field(group, field::GROUP_MESSAGE, args[0]);
    vm.set_exception_field(group, field::GROUP_EXCEPTIONS, members);
    Ok(group)
}

/// The message of a group.
fn message(vm: &mut Vm, this: ThisGroup) -> Value {
    vm.exception_field(this.value(), field::GROUP_MESSAGE).unwrap_or(Value::NONE)
}

/// The members of a group: a tuple.
fn members(vm: &mut Vm, group: Value) -> PyResult {
    match vm.exception_field(group, field::GROUP_EXCEPTIONS) {
        Some(members) => Ok(members),
        None => Err(vm.raise_type("exceptions must be a tuple")),
    }
}

fn str(vm: &mut Vm, this: ThisGroup) -> PyResult {
    let message = message(vm, this);
    let message = vm.str(message)?;
    let members = members(vm, this.value())?;
    let n = vm.tuple_items(members).len();
    let plural = if n == 1 { "" } else { "s" };
    Ok(vm.new_str(&format!("{} ({n} sub-exception{plural})", vm.string_of(message))))
}

fn check_matcher(vm: &mut Vm, matcher: Value) -> PyResult {
    let is_classes = if vm.is_a::<TupleObject>(matcher) {
        vm.tuple_items(matcher).iter().all(|&class| vm.is_exception_class(class))
    } else {
        vm.is_exception_class(matcher)
            || !vm.is_a::<TypeObject>(matcher) && vm.lookup_special(matcher, vm.names.__call__).is_some()
    };
    if is_classes {
        return Ok(matcher);
    }
    Err(vm.raise_type("expected an exception type, a tuple of exception types, or a callable (other than a class)"))
}

impl Vm {
    pub fn is_exception_group(&self, value: Value) -> bool {
        self.is_exception(value) && self.is_instance(value, self.exceptions.BaseExceptionGroup)
    }

    /// Does a leaf or group match as a whole?
    fn group_matches(&mut self, exception: Value, matcher: Value) -> PyResult<bool> {
        if self.is_a::<TupleObject>(matcher) {
            return Ok(self.tuple_items(matcher).iter().any(|&class| self.is_instance(exception, class.as_ptr())));
        }
        if self.is_a::<TypeObject>(matcher) {
            return Ok(self.is_instance(exception, matcher.as_ptr()));
        }
        let result = self.call(matcher, &[exception])?;
        self.is_true(result)
    }

    /// The parts of an exception that match and that do not; None where there is none.
    pub fn split_group(&mut self, exception: Value, matcher: Value) -> PyResult<(Value, Value)> {
        self.check_native_stack()?;
        if self.group_matches(exception, matcher)? {
            return Ok((exception, Value::NONE));
        }
        if !self.is_exception_group(exception) {
            return Ok((Value::NONE, exception));
        }
        let (matching, rest) = (self.new_list(&[])?, self.new_list(&[])?);
        let all = members(self, exception)?;
        for &member in self.tuple_items(all) {
            let (yes, no) = self.split_group(member, matcher)?;
            for (part, list) in [(yes, matching), (no, rest)] {
                if !part.is_none() {
                    self.list_push(list.as_ptr(), part)?;
                }
            }
        }
        Ok((self.derive_group(exception, matching)?, self.derive_group(exception, rest)?))
    }

    /// A group like `group` with these members; None where there are none.
    fn derive_group(&mut self, group: Value, list: Value) -> PyResult {
        if This::<ListObject>::expect(self, list).len == 0 {
            return Ok(Value::NONE);
        }
        let derive = self.intern("derive");
        let derived = self.call_method(group, derive, &[list])?;
        if !self.is_exception_group(derived) {
            return Err(self.raise_type("derive must return an instance of BaseExceptionGroup"));
        }
        for slot in [TRACEBACK, CONTEXT, CAUSE] {
            let value = self.exception_slot(group, slot);
            self.set_exception_slot(derived, slot, value);
        }
        let notes = self.names.__notes__;
        if let Some(value) = self.own_attribute(group, notes)
            && self.is_a::<ListObject>(value)
        {
            let copy = self.collect(value)?;
            self.set_own_attribute(derived, notes, copy)?;
        }
        Ok(derived)
    }

    /// `except* class` for an exception: what matches (a naked exception is wrapped) and what is left.
    pub fn match_group(&mut self, exception: Value, class: Value) -> PyResult<(Value, Value)> {
        let is_tuple = self.is_a::<TupleObject>(class);
        let one = [class];
        for &class in if is_tuple { self.tuple_items(class) } else { &one } {
            if !self.is_exception_class(class) {
                return Err(self.raise_type("catching classes that do not inherit from BaseException is not allowed"));
            }
            if self.is_subclass(class.as_ptr(), self.exceptions.BaseExceptionGroup) {
                return Err(self.raise_type("catching ExceptionGroup with except* is not allowed. Use except instead."));
            }
        }
        if exception.is_none() {
            return Ok((Value::NONE, Value::NONE));
        }
        if self.is_exception_group(exception) {
            return self.split_group(exception, class);
        }
        if !self.group_matches(exception, class)? {
            return Ok((Value::NONE, exception));
        }
        let empty = self.str_from_latin1(b"");
        let list = self.new_list(&[exception])?;
        let wrapper = Value::object(self.exceptions.BaseExceptionGroup);
        let group = self.call(wrapper, &[empty, list])?;
        let traceback = self.exception_slot(exception, TRACEBACK);
        self.set_exception_slot(group, TRACEBACK, traceback);
        Ok((group, Value::NONE))
    }

    /// What a `try … except*` raises at its end, of the exceptions that its clauses raised or left over; None: nothing.
    pub fn prepare_reraise_star(&mut self, original: Value, raised: Value) -> PyResult {
        let items = self.new_tuple(This::<ListObject>::expect(self, raised).items());
        let items = self.tuple_items(items);
        if !self.is_exception_group(original) {
            return Ok(items.iter().copied().find(|item| !item.is_none()).unwrap_or(Value::NONE));
        }
        let (fresh, left) = (self.new_list(&[])?, self.new_list(&[])?);
        for &item in items.iter().filter(|item| !item.is_none()) {
            let is_left = [TRACEBACK, CONTEXT, CAUSE]
                .iter()
                .all(|&slot| self.exception_slot(item, slot) == self.exception_slot(original, slot));
            if is_left {
                self.collect_leaves(item, left)?;
            } else {
                self.list_push(fresh.as_ptr(), item)?;
            }
        }
        let left = self.project_group(original, left)?;
        if This::<ListObject>::expect(self, fresh).len == 0 {
            return Ok(left);
        }
        if !left.is_none() {
            self.list_push(fresh.as_ptr(), left)?;
        }
        if This::<ListObject>::expect(self, fresh).len == 1 {
            return Ok(This::<ListObject>::expect(self, fresh).items()[0]);
        }
        let empty = self.str_from_latin1(b"");
        let class = Value::object(self.exceptions.BaseExceptionGroup);
        self.call(class, &[empty, fresh])
    }

    fn collect_leaves(&mut self, exception: Value, leaves: Value) -> PyResult<()> {
        self.check_native_stack()?;
        if !self.is_exception_group(exception) {
            return self.list_push(leaves.as_ptr(), exception);
        }
        let all = members(self, exception)?;
        for &member in self.tuple_items(all) {
            self.collect_leaves(member, leaves)?;
        }
        Ok(())
    }

    /// The part of a group whose leaves are in the list, in the group's own structure.
    fn project_group(&mut self, group: Value, leaves: Value) -> PyResult {
        self.check_native_stack()?;
        if !self.is_exception_group(group) {
            let is_kept = This::<ListObject>::expect(self, leaves).items().contains(&group);
            return Ok(if is_kept { group } else { Value::NONE });
        }
        let kept = self.new_list(&[])?;
        let all = members(self, group)?;
        for &member in self.tuple_items(all) {
            let part = self.project_group(member, leaves)?;
            if !part.is_none() {
                self.list_push(kept.as_ptr(), part)?;
            }
        }
        if This::<ListObject>::expect(self, kept).items() == self.tuple_items(all) {
            return Ok(group);
        }
        self.derive_group(group, kept)
    }
}
