//! Python objects, kept alive by those who hold them.

use std::fmt;
use std::rc::Rc;

use stitch_runtime::object::native::Arguments;
use stitch_runtime::{PyResult, Value, Vm};

use crate::arguments::CallArguments;
use crate::context::Context;
use crate::convert::{FromPython, ToPython};
use crate::error::Result;

/// A Python object. It is kept alive as long as this is, across collections and runs. It may be dropped whenever, also after the
/// machine; using it then is an error of the kind [`ErrorKind::Gone`](crate::ErrorKind::Gone).
///
/// ```
/// let machine = stitch::Machine::new()?;
/// let list = machine.eval("[3, 1, 2]")?;
/// list.call_method("sort", ())?;
/// assert_eq!(list.extract::<Vec<i32>>()?, [1, 2, 3]);
/// drop(machine);
/// assert_eq!(list.len().unwrap_err().kind(), stitch::ErrorKind::Gone);
/// # Ok::<(), stitch::Error>(())
/// ```
///
/// Objects that a Rust value inside the machine holds are seen as used by the collector: a cycle through one is only freed with
/// the machine.
pub struct Object {
    context: Context,
    place: u32,
}

impl Object {
    pub(crate) fn new(context: &Context, value: Value) -> Object {
        Object { context: context.clone(), place: context.0.handles.keep(value) }
    }

    /// The value, for code that has entered the VM.
    pub(crate) fn value(&self) -> Value {
        self.context.0.handles.get(self.place)
    }

    fn run<R>(&self, run: impl FnOnce(&mut Vm, Value) -> PyResult<R>) -> Result<R> {
        self.context.run(|vm| run(vm, self.value()))
    }

    fn run_to_object(&self, run: impl FnOnce(&mut Vm, Value) -> PyResult) -> Result<Object> {
        self.context.run_to_object(|vm| run(vm, self.value()))
    }

    /// A way to the object's machine.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// As a Rust value. TypeError, OverflowError or ValueError where it is none of that type.
    pub fn extract<T: FromPython>(&self) -> Result<T> {
        T::from_python(self)
    }

    /// An attribute. AttributeError where there is none.
    pub fn get(&self, name: &str) -> Result<Object> {
        self.run_to_object(|vm, value| {
            let name = vm.intern(name);
            vm.get_attr(value, name)
        })
    }

    /// Sets an attribute.
    pub fn set(&self, name: &str, to: impl ToPython) -> Result<()> {
        let to = self.context.object(to)?;
        self.run(|vm, value| {
            let name = vm.intern(name);
            vm.set_attr(value, name, to.value())
        })
    }

    /// Deletes an attribute. AttributeError where there is none.
    pub fn delete(&self, name: &str) -> Result<()> {
        self.run(|vm, value| {
            let name = vm.intern(name);
            vm.del_attr(value, name)
        })
    }

    /// Is there an attribute of the name?
    pub fn has(&self, name: &str) -> Result<bool> {
        self.run(|vm, value| {
            let name = vm.intern(name);
            Ok(vm.get_attr_opt(value, name)?.is_some())
        })
    }

    /// Calls it with positional arguments: a tuple, or a `Vec` or slice of what is alike.
    ///
    /// ```
    /// let machine = stitch::Machine::new()?;
    /// let join = machine.eval("lambda *parts: '-'.join(parts)")?;
    /// assert_eq!(join.call(("a", "b"))?.extract::<String>()?, "a-b");
    /// assert_eq!(join.call(vec!["c"])?.extract::<String>()?, "c");
    /// assert_eq!(join.call(())?.extract::<String>()?, "");
    /// # Ok::<(), stitch::Error>(())
    /// ```
    pub fn call(&self, arguments: impl CallArguments) -> Result<Object> {
        self.call_with(arguments, &[])
    }

    /// Likewise with keyword arguments.
    ///
    /// ```
    /// let machine = stitch::Machine::new()?;
    /// let reverse = machine.object(true)?;
    /// let sorted = machine.builtin("sorted")?.call_with(("bca",), &[("reverse", &reverse)])?;
    /// assert_eq!(sorted.extract::<Vec<String>>()?, ["c", "b", "a"]);
    /// # Ok::<(), stitch::Error>(())
    /// ```
    pub fn call_with(&self, arguments: impl CallArguments, keywords: &[(&str, &Object)]) -> Result<Object> {
        let mut given = arguments.into_objects(&self.context)?;
        given.extend(keywords.iter().map(|&(_, object)| object.clone()));
        self.context.check(&given)?;
        self.run_to_object(|vm, callee| {
            // The handles keep them.
            let values: Vec<Value> = given.iter().map(Object::value).collect();
            let names = match keywords {
                [] => Value::UNBOUND,
                _ => {
                    // Interned names stay.
                    let names: Vec<Value> = keywords.iter().map(|(name, _)| vm.intern(name)).collect();
                    vm.new_tuple(&names)
                }
            };
            vm.call_with(callee, Arguments { values: &values, names })
        })
    }

    /// Calls a method.
    pub fn call_method(&self, name: &str, arguments: impl CallArguments) -> Result<Object> {
        self.get(name)?.call(arguments)
    }

    /// `object[key]`. KeyError, IndexError or TypeError where there is none.
    pub fn item(&self, key: impl ToPython) -> Result<Object> {
        let key = self.context.object(key)?;
        self.run_to_object(|vm, value| vm.get_item(value, key.value()))
    }

    /// `object[key] = value`.
    pub fn set_item(&self, key: impl ToPython, to: impl ToPython) -> Result<()> {
        let (key, to) = (self.context.object(key)?, self.context.object(to)?);
        self.run(|vm, value| vm.set_item(value, key.value(), to.value()))
    }

    /// `del object[key]`.
    pub fn delete_item(&self, key: impl ToPython) -> Result<()> {
        let key = self.context.object(key)?;
        self.run(|vm, value| vm.del_item(value, key.value()))
    }

    /// `len(object)`.
    #[expect(clippy::len_without_is_empty, reason = "any object may be asked, and most have no length")]
    pub fn len(&self) -> Result<usize> {
        self.run(|vm, value| vm.len(value))
    }

    /// `iter(object)`, as a Rust iterator. It ends after the first error.
    ///
    /// ```
    /// let machine = stitch::Machine::new()?;
    /// let squares = machine.eval("(n * n for n in range(4))")?;
    /// let squares: Vec<i64> = squares.iter()?.map(|n| n?.extract()).collect::<stitch::Result<_>>()?;
    /// assert_eq!(squares, [0, 1, 4, 9]);
    /// # Ok::<(), stitch::Error>(())
    /// ```
    pub fn iter(&self) -> Result<Iter> {
        let iterator = self.run_to_object(|vm, value| vm.get_iter(value))?;
        Ok(Iter { iterator: Some(iterator) })
    }

    /// `str(object)`; surrogates become U+FFFD.
    pub fn text(&self) -> Result<String> {
        self.run(|vm, value| vm.str_string(value))
    }

    /// `repr(object)`; surrogates become U+FFFD.
    pub fn repr(&self) -> Result<String> {
        self.run(|vm, value| vm.repr_string(value))
    }

    /// `bool(object)`.
    pub fn is_true(&self) -> Result<bool> {
        self.run(|vm, value| vm.is_true(value))
    }

    /// Is it None? Also false where the machine is gone.
    pub fn is_none(&self) -> bool {
        self.value().is_none()
    }

    /// `object is other`.
    pub fn is(&self, other: &Object) -> bool {
        self.context.check(Some(other)).is_ok() && self.value() == other.value()
    }

    /// `object == other`.
    pub fn equals(&self, other: impl ToPython) -> Result<bool> {
        let other = self.context.object(other)?;
        self.run(|vm, value| vm.equal(value, other.value()))
    }

    /// `isinstance(object, class)`.
    pub fn is_instance(&self, class: &Object) -> Result<bool> {
        let isinstance = self.context.builtin("isinstance")?;
        isinstance.call((self, class))?.is_true()
    }

    /// The object's class.
    pub fn class(&self) -> Result<Object> {
        self.run_to_object(|vm, value| Ok(Value::object(vm.class_of(value))))
    }

    /// The name of its class, without its module.
    pub fn class_name(&self) -> Result<String> {
        self.run(|vm, value| Ok(vm.class_name(value)))
    }

    /// Can it be called?
    pub fn is_callable(&self) -> Result<bool> {
        self.run(|vm, value| Ok(vm.is_callable(value)))
    }
}

/// The same Python object.
impl Clone for Object {
    fn clone(&self) -> Object {
        Object::new(&self.context, self.value())
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        self.context.0.handles.release(self.place);
    }
}

/// The `repr`, or what is known without asking the machine.
impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.repr().unwrap_or_else(|_| "<object>".into()))
    }
}

/// What an iterator gives; made by [`Object::iter`].
#[derive(Debug)]
pub struct Iter {
    /// `None`: it has ended.
    iterator: Option<Object>,
}

impl Iterator for Iter {
    type Item = Result<Object>;

    fn next(&mut self) -> Option<Result<Object>> {
        let iterator = self.iterator.as_ref()?;
        let next = iterator.context.run(|vm| {
            let next = vm.iter_next(iterator.value())?;
            Ok(next.map(|value| iterator.context.keep(value)))
        });
        let next = next.transpose();
        if !matches!(next, Some(Ok(_))) {
            self.iterator = None;
        }
        next
    }
}

impl PartialEq for Context {
    /// Is it the same machine?
    fn eq(&self, other: &Context) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}
