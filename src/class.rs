//! Rust types as Python classes.

use std::any::{Any, type_name};
use std::cell::{Ref, RefCell, RefMut};
use std::marker::PhantomData;
use std::rc::{Rc, Weak};

use stitch_runtime::embed::hosted::HostPayload;
use stitch_runtime::embed::keeper::Keeper;

use crate::arguments::{FromArguments, Given};
use crate::context::Context;
use crate::convert::{FromPython, ToPython};
use crate::error::{Error, Result};
use crate::function::{Closure, Function, IntoResult};
use crate::object::Object;

/// A Rust value that a Python object owns.
struct Payload<T> {
    value: RefCell<T>,
    keeper: Weak<Keeper>,
}

impl<T: 'static> HostPayload for Payload<T> {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn bury(self: Rc<Payload<T>>) {
        if let Some(keeper) = self.keeper.upgrade() {
            keeper.bury(self);
        }
    }
}

fn short_name<T>() -> &'static str {
    type_name::<T>().rsplit("::").next().unwrap_or_default()
}

/// Does something with the value that an object owns.
fn with_payload<T: 'static, R>(object: &Object, run: impl FnOnce(&RefCell<T>) -> R) -> Result<R> {
    let payload = object.context().run(|vm| Ok(vm.host_payload(object.value())))?;
    match payload.as_ref().and_then(|payload| payload.as_any().downcast_ref::<Payload<T>>()) {
        Some(payload) => Ok(run(&payload.value)),
        None => Err(crate::convert::misfit(object, short_name::<T>())),
    }
}

fn borrowed<T>(cell: &RefCell<T>) -> Result<Ref<'_, T>> {
    cell.try_borrow().map_err(|_| Error::new("RuntimeError", format!("the {} is being changed", short_name::<T>())))
}

fn borrowed_mut<T>(cell: &RefCell<T>) -> Result<RefMut<'_, T>> {
    cell.try_borrow_mut().map_err(|_| Error::new("RuntimeError", format!("the {} is in use", short_name::<T>())))
}

impl Object {
    /// Does something with the Rust value that the object owns. TypeError where it owns no `T`, RuntimeError where the value is
    /// being changed by a caller.
    pub fn with<T: 'static, R>(&self, run: impl FnOnce(&T) -> R) -> Result<R> {
        with_payload(self, |cell| borrowed(cell).map(|value| run(&value)))?
    }

    /// Likewise, changing it. RuntimeError where a caller uses the value.
    pub fn with_mut<T: 'static, R>(&self, run: impl FnOnce(&mut T) -> R) -> Result<R> {
        with_payload(self, |cell| borrowed_mut(cell).map(|mut value| run(&mut value)))?
    }
}

/// A method: a closure whose first parameter is the value, `&T`, and whose others are [`FromArguments`].
pub trait Method<T, P> {
    /// Calls it for a receiver.
    fn call_for(&self, receiver: &T, context: &Context, given: Given) -> Result<Object>;
}

/// A method that changes the value: its first parameter is `&mut T`.
pub trait MethodMut<T, P> {
    /// Calls it for a receiver.
    fn call_for(&self, receiver: &mut T, context: &Context, given: Given) -> Result<Object>;
}

/// A constructor: its parameters are [`FromArguments`], and it gives a `T` or a `Result` of one.
pub trait Constructor<T, P> {
    /// Makes a value.
    fn make(&self, given: Given) -> Result<T>;
}

/// What a constructor gives.
pub trait IntoValue<T> {
    /// The value, or why there is none.
    fn into_value(self) -> Result<T>;
}

impl<T> IntoValue<T> for T {
    fn into_value(self) -> Result<T> {
        Ok(self)
    }
}

impl<T, E: Into<Error>> IntoValue<T> for Result<T, E> {
    fn into_value(self) -> Result<T> {
        self.map_err(Into::into)
    }
}

macro_rules! methods {
    ($(($($name:ident $variable:ident),*))*) => {$(
        impl<T, Fun, R, $($name),*> Method<T, fn($($name),*) -> R> for Fun
        where
            Fun: Fn(&T $(, $name)*) -> R,
            R: IntoResult,
            $($name: FromArguments),*
        {
            fn call_for(&self, receiver: &T, context: &Context, mut given: Given) -> Result<Object> {
                let given = &mut given;
                $(let $variable = $name::take(given)?;)*
                given.end()?;
                self(receiver $(, $variable)*).into_object(context)
            }
        }

        impl<T, Fun, R, $($name),*> MethodMut<T, fn($($name),*) -> R> for Fun
        where
            Fun: Fn(&mut T $(, $name)*) -> R,
            R: IntoResult,
            $($name: FromArguments),*
        {
            fn call_for(&self, receiver: &mut T, context: &Context, mut given: Given) -> Result<Object> {
                let given = &mut given;
                $(let $variable = $name::take(given)?;)*
                given.end()?;
                self(receiver $(, $variable)*).into_object(context)
            }
        }

        impl<T, Fun, V, $($name),*> Constructor<T, fn($($name),*) -> V> for Fun
        where
            Fun: Fn($($name),*) -> V,
            V: IntoValue<T>,
            $($name: FromArguments),*
        {
            fn make(&self, mut given: Given) -> Result<T> {
                let given = &mut given;
                $(let $variable = $name::take(given)?;)*
                given.end()?;
                self($($variable),*).into_value()
            }
        }
    )*};
}

methods! {
    ()
    (A a)
    (A a, B b)
    (A a, B b, C c)
    (A a, B b, C c, D d)
    (A a, B b, C c, D d, E e)
    (A a, B b, C c, D d, E e, G g)
}

/// What a closure with a receiver becomes.
struct Received<F>(F);

impl<F: Fn(&Context, Object, Given) -> Result<Object>> Function<Received<F>> for Received<F> {
    fn call_with(&self, context: &Context, mut given: Given) -> Result<Object> {
        match given.receiver() {
            Some(receiver) => (self.0)(context, receiver, given),
            None => Err(Error::type_error("a method needs an object")),
        }
    }
}

/// Makes a Python class whose objects own a Rust value of type `T`; [`Context::class`] begins one.
///
/// A value is dropped, on the machine's thread, soon after the collector has found that nothing refers to its object. Methods
/// are closures; those that change the value have it alone meanwhile: that a method is called in which it is used is
/// RuntimeError. Python classes may derive from the class.
///
/// ```
/// struct Counter(i64);
///
/// let machine = stitch::Machine::new()?;
/// let class = machine
///     .class::<Counter>("Counter")
///     .doc("Counts.")
///     .constructor(|start: Option<i64>| Counter(start.unwrap_or(0)))
///     .method_mut("add", |counter: &mut Counter, n: i64| counter.0 += n)
///     .property("value", |counter: &Counter| counter.0)
///     .method("__repr__", |counter: &Counter| format!("Counter({})", counter.0))
///     .build()?;
/// machine.set("Counter", class.object())?;
/// machine.exec("counter = Counter(5)\ncounter.add(2)\nassert counter.value == 7")?;
/// assert_eq!(machine.get("counter")?.with(|counter: &Counter| counter.0)?, 7);
///
/// let other = class.new_object(Counter(40))?;
/// assert_eq!(other.repr()?, "Counter(40)");
/// # Ok::<(), stitch::Error>(())
/// ```
pub struct ClassBuilder<T> {
    context: Context,
    name: String,
    /// Attributes by name, and the first error.
    attributes: Result<Vec<(String, Object)>>,
    of: PhantomData<fn(T)>,
}

impl<T: 'static> ClassBuilder<T> {
    pub(crate) fn new(context: &Context, name: &str) -> ClassBuilder<T> {
        ClassBuilder { context: context.clone(), name: name.to_owned(), attributes: Ok(Vec::new()), of: PhantomData }
    }

    fn add(mut self, name: &str, make: impl FnOnce(&Context, &str) -> Result<Object>) -> ClassBuilder<T> {
        if let Ok(attributes) = &mut self.attributes {
            match make(&self.context, &self.name) {
                Ok(object) => attributes.push((name.to_owned(), object)),
                Err(error) => self.attributes = Err(error),
            }
        }
        self
    }

    fn add_function(
        self,
        name: &str,
        call: impl Fn(&Context, Object, Given) -> Result<Object> + 'static,
    ) -> ClassBuilder<T> {
        self.add(name, |context, class| {
            let callee = Closure::new::<Received<_>>(context, &format!("{class}.{name}"), Received(call));
            context.run_to_object(|vm| vm.new_host_function(name, None, "", callee))
        })
    }

    /// The class's doc text.
    pub fn doc(self, doc: &str) -> ClassBuilder<T> {
        self.constant("__doc__", doc)
    }

    /// An attribute of the class itself.
    pub fn constant(self, name: &str, value: impl ToPython) -> ClassBuilder<T> {
        self.add(name, |context, _| context.object(value))
    }

    /// What a call of the class does. Without one, only Rust makes objects.
    pub fn constructor<P>(self, make: impl Constructor<T, P> + 'static) -> ClassBuilder<T> {
        self.add("__new__", |context, name| {
            let call = move |context: &Context, class: Object, given: Given| {
                let value = make.make(given)?;
                new_object(context, &class, value)
            };
            let callee = Closure::new::<Received<_>>(context, name, Received(call));
            let function = context.run_to_object(|vm| vm.new_host_function("__new__", None, "", callee))?;
            context.builtin("staticmethod")?.call((function,))
        })
    }

    /// A method, which may be a special one such as `__len__` or `__add__`.
    pub fn method<P>(self, name: &str, method: impl Method<T, P> + 'static) -> ClassBuilder<T> {
        self.add_function(name, move |context, receiver, given| {
            with_payload(&receiver, |cell| method.call_for(&*borrowed(cell)?, context, given))?
        })
    }

    /// A method that changes the value.
    pub fn method_mut<P>(self, name: &str, method: impl MethodMut<T, P> + 'static) -> ClassBuilder<T> {
        self.add_function(name, move |context, receiver, given| {
            with_payload(&receiver, |cell| method.call_for(&mut *borrowed_mut(cell)?, context, given))?
        })
    }

    /// An attribute that is computed and cannot be set.
    pub fn property<P>(self, name: &str, get: impl Method<T, P> + 'static) -> ClassBuilder<T> {
        let getter = self.add_function(name, move |context, receiver, given| {
            with_payload(&receiver, |cell| get.call_for(&*borrowed(cell)?, context, given))?
        });
        getter.last_as_property(None)
    }

    /// An attribute that is computed, and can be set.
    ///
    /// ```
    /// struct Light { is_on: bool }
    ///
    /// let machine = stitch::Machine::new()?;
    /// let class = machine
    ///     .class::<Light>("Light")
    ///     .property_mut("is_on", |light: &Light| light.is_on, |light: &mut Light, is_on: bool| light.is_on = is_on)
    ///     .build()?;
    /// let light = class.new_object(Light { is_on: false })?;
    /// light.set("is_on", true)?;
    /// assert!(light.get("is_on")?.is_true()?);
    /// assert_eq!(light.set("is_on", 1).unwrap_err().class(), "TypeError");
    /// # Ok::<(), stitch::Error>(())
    /// ```
    pub fn property_mut<P, Q>(
        self,
        name: &str,
        get: impl Method<T, P> + 'static,
        set: impl MethodMut<T, Q> + 'static,
    ) -> ClassBuilder<T> {
        let setter = self.add_function(name, move |context, receiver, given| {
            with_payload(&receiver, |cell| set.call_for(&mut *borrowed_mut(cell)?, context, given))?
        });
        let mut both = setter.add_function(name, move |context, receiver, given| {
            with_payload(&receiver, |cell| get.call_for(&*borrowed(cell)?, context, given))?
        });
        let getter = both.attributes.as_mut().ok().and_then(Vec::pop);
        let setter = both.attributes.as_mut().ok().and_then(Vec::pop);
        if let (Some(getter), Ok(attributes)) = (getter, &mut both.attributes) {
            attributes.push(getter);
        }
        both.last_as_property(setter.map(|(_, setter)| setter))
    }

    fn last_as_property(mut self, setter: Option<Object>) -> ClassBuilder<T> {
        match self.attributes.as_mut().ok().and_then(Vec::pop) {
            Some((name, getter)) => self.add(&name, |context, _| context.builtin("property")?.call((getter, setter))),
            None => self,
        }
    }

    /// Makes the class. `Err` is the first thing that went wrong.
    pub fn build(self) -> Result<Class<T>> {
        let context = self.context;
        let mut attributes = self.attributes?;
        let base = context.run_to_object(|vm| Ok(vm.host_object_class()))?;
        attributes.push(("__slots__".to_owned(), context.builtin("tuple")?.call(())?));
        let namespace = context.builtin("dict")?.call(())?;
        for (name, value) in attributes {
            namespace.set_item(name, value)?;
        }
        let object = context.builtin("type")?.call((self.name, (base,), namespace))?;
        Ok(Class { object, of: PhantomData })
    }
}

fn new_object<T: 'static>(context: &Context, class: &Object, value: T) -> Result<Object> {
    context.check(Some(class))?;
    let payload = Rc::new(Payload { value: RefCell::new(value), keeper: Rc::downgrade(&context.0) });
    context.run_to_object(|vm| vm.new_host_object(class.value(), payload))
}

/// A Python class whose objects own values of type `T`; made by [`ClassBuilder`].
pub struct Class<T> {
    object: Object,
    of: PhantomData<fn(T)>,
}

impl<T: 'static> Class<T> {
    /// An object that owns the value.
    pub fn new_object(&self, value: T) -> Result<Object> {
        new_object(self.object.context(), &self.object, value)
    }

    /// The class as an object.
    pub fn object(&self) -> &Object {
        &self.object
    }
}

impl<T> Clone for Class<T> {
    fn clone(&self) -> Class<T> {
        Class { object: self.object.clone(), of: PhantomData }
    }
}

/// A parameter that is an object that owns a `T`: its value is in [`Object::with`].
///
/// ```
/// struct Point(i64, i64);
///
/// let machine = stitch::Machine::new()?;
/// let class = machine.class::<Point>("Point").build()?;
/// machine.function("sum", |point: stitch::Owned<Point>| point.with(|point| point.0 + point.1))?;
/// machine.set("point", class.new_object(Point(1, 2))?)?;
/// assert_eq!(machine.eval("sum(point)")?.extract::<i64>()?, 3);
/// assert_eq!(machine.eval("sum(1)").unwrap_err().message(), "sum() argument 1: expected Point, not int");
/// # Ok::<(), stitch::Error>(())
/// ```
pub struct Owned<T> {
    object: Object,
    of: PhantomData<fn(T)>,
}

impl<T: 'static> Owned<T> {
    /// Does something with the value; see [`Object::with`].
    pub fn with<R>(&self, run: impl FnOnce(&T) -> R) -> Result<R> {
        self.object.with(run)
    }

    /// Likewise, changing it; see [`Object::with_mut`].
    pub fn with_mut<R>(&self, run: impl FnOnce(&mut T) -> R) -> Result<R> {
        self.object.with_mut(run)
    }

    /// The object that owns the value.
    pub fn object(&self) -> &Object {
        &self.object
    }
}

impl<T: 'static> FromPython for Owned<T> {
    fn from_python(object: &Object) -> Result<Owned<T>> {
        with_payload(object, |_: &RefCell<T>| ())?;
        Ok(Owned { object: object.clone(), of: PhantomData })
    }
}
