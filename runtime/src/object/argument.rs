//! What a native's parameters are: Rust types that convert and check their arguments, so that no native reads a word as what it
//! is not.
//!
//! ```text
//!   method("append", "($self, item, /)", append)
//!   fn append(vm: &mut Vm, this: This<ByteArray>, item: Byte) -> PyResult<()>
//!                          └ TypeError for another receiver  └ ValueError beyond 0 … 255
//! ```
//!
//! A native that takes no `&mut Vm` cannot run Python code.

use super::class::class_ref;
use super::integer::{BigInt, IntView, known_int};
use super::layout::{DictObject, FloatObject, StrObject, TupleObject, TypeObject};
use super::native::{NativeBinding, NativeRow};
use super::spec::{Object, TypeSpec};
use super::string::{View, known_str};
use crate::builtins::specs;
use crate::object::layout::IntObject;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// Which argument of which native it is, for messages.
#[derive(Clone, Copy)]
pub struct Place<'b> {
    pub binding: &'b NativeBinding,
    pub index: usize,
}

impl Place<'_> {
    /// `replace() argument 1`.
    pub fn describe(&self) -> String {
        format!("{}() {}", self.binding.called_name(), self.binding.describe_parameter(self.index))
    }

    /// TypeError: the argument `must be …, not …`.
    pub fn raise_misfit(&self, vm: &mut Vm, wanted: &str, given: Value) -> Raised {
        let given = if given.is_none() { "None".to_string() } else { vm.class_name(given) };
        vm.raise_type(&format!("{} must be {wanted}, not {given}", self.describe()))
    }
}

/// The type of a native's parameter.
pub trait Parameter: Sized {
    /// Checks and converts an argument; unbound: an optional one that was not given.
    fn from_argument(vm: &mut Vm, argument: Value, place: Place<'_>) -> PyResult<Self>;
}

/// Any value.
impl Parameter for Value {
    fn from_argument(_: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<Value> {
        Ok(argument)
    }
}

/// An argument that need not be given.
impl<T: Parameter> Parameter for Option<T> {
    fn from_argument(vm: &mut Vm, argument: Value, place: Place<'_>) -> PyResult<Option<T>> {
        if argument.is_unbound() { Ok(None) } else { T::from_argument(vm, argument, place).map(Some) }
    }
}

/// An argument that need not be given, or is None.
pub struct OrNone<T>(pub Option<T>);

impl<T: Parameter> Parameter for OrNone<T> {
    fn from_argument(vm: &mut Vm, argument: Value, place: Place<'_>) -> PyResult<OrNone<T>> {
        if argument.is_unbound() || argument.is_none() {
            return Ok(OrNone(None));
        }
        T::from_argument(vm, argument, place).map(|value| OrNone(Some(value)))
    }
}

/// The receiver of a method: an object of the type, or of one that derives from it. What it refers to is not to be held across
/// anything that may change it.
pub struct This<T> {
    pointer: *mut T,
}

impl<T> Clone for This<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for This<T> {}

impl<T: Object> This<T> {
    /// The object that a value is, if it is one of the type.
    #[inline]
    pub fn of(vm: &Vm, value: Value) -> Option<This<T>> {
        vm.cast(value).map(|pointer| This { pointer })
    }
    /// The object that a value is known to be: that it is another would be a bug.
    #[inline]
    #[track_caller]
    pub fn expect(vm: &Vm, value: Value) -> This<T> {
        match This::of(vm, value) {
            Some(this) => this,
            None => unexpected(vm, value, T::SPEC),
        }
    }
    /// The object that a value is known to be, unchecked.
    ///
    /// # Safety
    /// It is an object of the type, or of one that derives from it, and stays alive.
    pub unsafe fn of_known(value: Value) -> This<T> {
        This { pointer: value.as_ptr() }
    }
    pub fn value(self) -> Value {
        Value::object(self.pointer)
    }
    pub fn pointer(self) -> *mut T {
        self.pointer
    }
}

impl This<TupleObject> {
    /// Its items, for as long as the caller keeps it alive: tuples do not change.
    pub fn kept_items<'a>(self) -> &'a [Value] {
        // SAFETY: made of a live tuple.
        unsafe { (*self.pointer).items() }
    }
}

#[cold]
#[track_caller]
fn unexpected(vm: &Vm, value: Value, wanted: &TypeSpec) -> ! {
    panic!("{} where there can only be {}", vm.class_name(value), wanted.name)
}

impl<T> Deref for This<T> {
    type Target = T;
    fn deref(&self) -> &T {
        // SAFETY: made of a live object of the type, which the caller of the native keeps alive and which does not move.
        unsafe { &*self.pointer }
    }
}
impl<T> DerefMut for This<T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as in `deref`; the VM has one thread, and natives do not hold the reference across calls.
        unsafe { &mut *self.pointer }
    }
}

/// What a method's or a getter's receiver may be taken as.
pub trait Receiver: Copy {
    /// The type whose objects it takes, for messages.
    const SPEC: &'static TypeSpec;
    /// Does it take objects of further types?
    const IS_OF_SEVERAL: bool = false;
    fn receive(vm: &Vm, value: Value) -> Option<Self>;
}

impl<T: Object> Receiver for This<T> {
    const SPEC: &'static TypeSpec = T::SPEC;
    const IS_OF_SEVERAL: bool = !T::ALSO.is_empty();
    #[inline]
    fn receive(vm: &Vm, value: Value) -> Option<This<T>> {
        This::of(vm, value)
    }
}

/// An int as receiver: immediate, boxed, or of a class that derives from `int`.
#[derive(Clone, Copy)]
pub struct ThisInt(Value);

impl ThisInt {
    pub fn value(self) -> Value {
        self.0
    }
    pub fn view<'a>(self) -> IntView<'a> {
        // SAFETY: found to be an int when it was received.
        unsafe { known_int(self.0) }
    }
    /// The value as an int of the type itself.
    pub fn exact(self, vm: &mut Vm) -> Value {
        vm.int_exact(self.0)
    }
}

impl Receiver for ThisInt {
    const SPEC: &'static TypeSpec = &specs::INT;
    #[inline]
    fn receive(vm: &Vm, value: Value) -> Option<ThisInt> {
        let is_int = value.is_int() || value.is_bool() || vm.is_a::<IntObject>(value);
        is_int.then_some(ThisInt(value))
    }
}

/// A float as receiver: immediate, or of a class that derives from `float`.
#[derive(Clone, Copy)]
pub struct ThisFloat(Value);

impl ThisFloat {
    pub fn value(self) -> Value {
        self.0
    }
    pub fn get(self) -> f64 {
        if self.0.is_float() {
            return self.0.as_float();
        }
        // SAFETY: found to be of float layout when it was received.
        unsafe { (*self.0.as_ptr::<FloatObject>()).value }
    }
}

impl Receiver for ThisFloat {
    const SPEC: &'static TypeSpec = &specs::FLOAT;
    #[inline]
    fn receive(vm: &Vm, value: Value) -> Option<ThisFloat> {
        (value.is_float() || vm.is_a::<FloatObject>(value)).then_some(ThisFloat(value))
    }
}

/// Checks the receiver of a method: what its parameter can be, and what the class whose method it is has for objects.
#[inline]
fn receive<R: Receiver>(vm: &mut Vm, value: Value, place: Place<'_>) -> PyResult<R> {
    let is_receiver = place.index == 0 && place.binding.has_self;
    let owner = place.binding.owner.filter(|_| is_receiver);
    // What the parameter takes is all that there is to ask, but where several types have it for their memory.
    let is_asked = |owner| R::IS_OF_SEVERAL || !std::ptr::eq(owner, R::SPEC);
    match R::receive(vm, value) {
        Some(this) if owner.is_none_or(|owner| !is_asked(owner) || vm.is_of_spec(value, owner)) => Ok(this),
        _ => Err(raise_receiver(vm, value, owner.unwrap_or(R::SPEC), is_receiver, place)),
    }
}

#[cold]
fn raise_receiver(vm: &mut Vm, value: Value, owner: &'static TypeSpec, is_receiver: bool, place: Place<'_>) -> Raised {
    if !is_receiver {
        return place.raise_misfit(vm, owner.name, value);
    }
    let (method, wanted, given) = (place.binding.row.name, owner.full_name(), vm.class_name(value));
    if method == "__init__" {
        return vm.raise_type(&format!("descriptor '{method}' requires a '{wanted}' object but received a '{given}'"));
    }
    vm.raise_type(&format!("descriptor '{method}' for '{wanted}' objects doesn't apply to a '{given}' object"))
}

impl<T: Object> Parameter for This<T> {
    #[inline]
    fn from_argument(vm: &mut Vm, argument: Value, place: Place<'_>) -> PyResult<This<T>> {
        receive(vm, argument, place)
    }
}
impl Parameter for ThisInt {
    #[inline]
    fn from_argument(vm: &mut Vm, argument: Value, place: Place<'_>) -> PyResult<ThisInt> {
        receive(vm, argument, place)
    }
}
impl Parameter for ThisFloat {
    #[inline]
    fn from_argument(vm: &mut Vm, argument: Value, place: Place<'_>) -> PyResult<ThisFloat> {
        receive(vm, argument, place)
    }
}

/// The first argument of a `__new__`: the type whose `__new__` it is, the memory of which is a `T`, or a class that derives from it.
pub struct ClassOf<T> {
    pub class: *mut TypeObject,
    memory: PhantomData<T>,
}

impl<T: Object> ClassOf<T> {
    /// Is it the type itself?
    pub fn is_exact(&self) -> bool {
        class_ref(self.class).flags & TypeObject::HEAP == 0
    }
}

impl<T: Object> Parameter for ClassOf<T> {
    fn from_argument(vm: &mut Vm, argument: Value, place: Place<'_>) -> PyResult<ClassOf<T>> {
        let owner = place.binding.owner.unwrap_or(T::SPEC);
        debug_assert!(owner.derives_from(T::SPEC) || T::ALSO.iter().any(|also| owner.derives_from(also)));
        let class = vm.class_argument_of(argument, owner)?;
        Ok(ClassOf { class, memory: PhantomData })
    }
}

/// A str.
#[derive(Clone, Copy)]
pub struct Str(Value);

impl Str {
    /// The str that a value is, if it is one.
    #[inline]
    pub fn of(vm: &Vm, value: Value) -> Option<Str> {
        vm.is_str(value).then_some(Str(value))
    }
    pub fn value(self) -> Value {
        self.0
    }
    /// The value of one that need not be given.
    pub fn or_unbound(given: Option<Str>) -> Value {
        given.map_or(Value::UNBOUND, Str::value)
    }
    /// Its text, what is no character in it replaced.
    pub fn text(self) -> String {
        self.view().to_string_lossy()
    }
    pub fn object<'a>(self) -> &'a StrObject {
        // SAFETY: found to be a str when it was made.
        unsafe { known_str(self.0) }
    }
    pub fn view<'a>(self) -> View<'a> {
        self.object().view()
    }
}

impl Parameter for Str {
    fn from_argument(vm: &mut Vm, argument: Value, place: Place<'_>) -> PyResult<Str> {
        if vm.is_str(argument) { Ok(Str(argument)) } else { Err(place.raise_misfit(vm, "str", argument)) }
    }
}

/// A path: a str, bytes, or what `__fspath__` gives.
pub struct FilePath(pub String);

impl Parameter for FilePath {
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<FilePath> {
        crate::builtins::bytes::path_text(vm, argument).map(FilePath)
    }
}

/// An int, or what `__index__` gives, as a word: beyond it the nearest one.
#[derive(Clone, Copy)]
pub struct ClampedIndex(pub i64);

impl Parameter for ClampedIndex {
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<ClampedIndex> {
        vm.index_clamped(argument).map(ClampedIndex)
    }
}

/// A bound of a search, as a slice has them: negative ones count from the end; None, or not given, is no bound.
#[derive(Clone, Copy)]
pub struct Bound(Option<i64>);

impl Bound {
    fn counted(self, default: usize, len: usize) -> usize {
        let Some(index) = self.0 else { return default };
        (if index < 0 { index.saturating_add(len as i64).max(0) } else { index }) as usize
    }
    /// Where a search of so many items begins: maybe beyond them, where not even an empty part is found.
    pub fn start(self, len: usize) -> usize {
        self.counted(0, len)
    }
    /// Where a search of so many items ends.
    pub fn stop(self, len: usize) -> usize {
        self.counted(len, len).min(len)
    }
    /// Where a search ends of what has so many items and may grow meanwhile: maybe beyond them.
    pub fn stop_beyond(self, len: usize) -> usize {
        self.counted(usize::MAX, len)
    }

    fn given(vm: &mut Vm, index: Value, misfit: &str) -> PyResult<Bound> {
        if !vm.is_index(index) {
            return Err(vm.raise_type(misfit));
        }
        vm.index_clamped(index).map(|index| Bound(Some(index)))
    }
}

impl Parameter for Bound {
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<Bound> {
        if argument.is_unbound() || argument.is_none() {
            return Ok(Bound(None));
        }
        Bound::given(vm, argument, "slice indices must be integers or None or have an __index__ method")
    }
}

/// A bound that has to be an index where it is given.
#[derive(Clone, Copy)]
pub struct IndexBound(Bound);

impl Deref for IndexBound {
    type Target = Bound;
    fn deref(&self) -> &Bound {
        &self.0
    }
}

impl Parameter for IndexBound {
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<IndexBound> {
        if argument.is_unbound() {
            return Ok(IndexBound(Bound(None)));
        }
        Bound::given(vm, argument, "slice indices must be integers or have an __index__ method").map(IndexBound)
    }
}

/// An int, or what `__index__` gives; OverflowError beyond a word.
#[derive(Clone, Copy)]
pub struct Index(pub i64);

impl Parameter for Index {
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<Index> {
        vm.index_i64(argument).map(Index)
    }
}

/// An int of a smaller kind, or what `__index__` gives; OverflowError beyond it.
#[derive(Clone, Copy)]
pub struct Word<T>(pub T);

impl Parameter for Word<i32> {
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<Word<i32>> {
        let index = vm.index_clamped(argument)?;
        i32::try_from(index).map(Word).map_err(|_| vm.raise_overflow("Python int too large to convert to C int"))
    }
}

/// An int from 0 to 255, or what `__index__` gives.
#[derive(Clone, Copy)]
pub struct Byte(pub u8);

impl Parameter for Byte {
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<Byte> {
        let word = vm.index_clamped(argument)?;
        u8::try_from(word).map(Byte).map_err(|_| vm.raise_value("byte must be in range(0, 256)"))
    }
}

/// A C `int`.
impl Parameter for i32 {
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<i32> {
        vm.c_int(argument)
    }
}

/// A C `unsigned int`, of whose argument what is too much is dropped.
impl Parameter for u32 {
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<u32> {
        Ok(vm.index_i64(argument)? as u32)
    }
}

/// A C `long` or `off_t`.
impl Parameter for i64 {
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<i64> {
        vm.index_i64(argument)
    }
}

/// A number as a float.
impl Parameter for f64 {
    #[inline]
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<f64> {
        vm.to_float(argument)
    }
}

/// The truth of a value.
impl Parameter for bool {
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<bool> {
        vm.is_true(argument)
    }
}

/// A class.
#[derive(Clone, Copy)]
pub struct Class(pub *mut TypeObject);

impl Class {
    /// Is it the class of the specification, none that derives from it?
    pub fn is_of(self, spec: &'static TypeSpec) -> bool {
        class_ref(self.0).is_of(spec)
    }
    /// The class that a value is, if it is one.
    pub fn of(vm: &Vm, value: Value) -> Option<Class> {
        vm.is_a::<TypeObject>(value).then(|| Class(value.as_ptr()))
    }
}

impl Parameter for Class {
    fn from_argument(vm: &mut Vm, argument: Value, place: Place<'_>) -> PyResult<Class> {
        Class::of(vm, argument).ok_or_else(|| place.raise_misfit(vm, "type", argument))
    }
}

/// `*args`.
#[derive(Clone, Copy)]
pub struct Rest(Value);

impl Rest {
    pub fn value(self) -> Value {
        self.0
    }
    pub fn tuple(self) -> This<TupleObject> {
        This { pointer: self.0.as_ptr() }
    }
    pub fn items<'a>(self) -> &'a [Value] {
        // SAFETY: a parameter `*args` gets a tuple; the native's caller keeps it alive.
        unsafe { (*self.0.as_ptr::<TupleObject>()).items() }
    }
}

impl Parameter for Rest {
    fn from_argument(vm: &mut Vm, argument: Value, place: Place<'_>) -> PyResult<Rest> {
        if vm.is_exactly::<TupleObject>(argument) {
            Ok(Rest(argument))
        } else {
            Err(place.raise_misfit(vm, "tuple", argument))
        }
    }
}

/// `**kwargs`.
#[derive(Clone, Copy)]
pub struct Keywords(Value);

impl Keywords {
    pub fn value(self) -> Value {
        self.0
    }
    pub fn dict<'a>(self) -> &'a DictObject {
        // SAFETY: a parameter `**kwargs` gets a dict, which the native's caller keeps alive.
        unsafe { &*self.0.as_ptr() }
    }
    pub fn is_empty(self) -> bool {
        self.dict().len == 0
    }
}

impl Parameter for Keywords {
    fn from_argument(vm: &mut Vm, argument: Value, place: Place<'_>) -> PyResult<Keywords> {
        if vm.is_exactly::<DictObject>(argument) {
            return Ok(Keywords(argument));
        }
        Err(place.raise_misfit(vm, "dict", argument))
    }
}

/// What a native gives.
pub trait Outcome {
    fn into_result(self, vm: &mut Vm) -> PyResult;
}

impl Outcome for Value {
    fn into_result(self, _: &mut Vm) -> PyResult {
        Ok(self)
    }
}
impl Outcome for () {
    fn into_result(self, _: &mut Vm) -> PyResult {
        Ok(Value::NONE)
    }
}
impl Outcome for bool {
    fn into_result(self, _: &mut Vm) -> PyResult {
        Ok(Value::bool(self))
    }
}
impl Outcome for i64 {
    fn into_result(self, vm: &mut Vm) -> PyResult {
        Ok(vm.new_int(self))
    }
}
impl Outcome for i32 {
    fn into_result(self, _: &mut Vm) -> PyResult {
        Ok(Value::small_int(self.into()))
    }
}
impl Outcome for u32 {
    fn into_result(self, _: &mut Vm) -> PyResult {
        Ok(Value::small_int(self.into()))
    }
}
impl Outcome for usize {
    fn into_result(self, vm: &mut Vm) -> PyResult {
        Ok(vm.new_int_from_usize(self))
    }
}
impl Outcome for BigInt {
    fn into_result(self, vm: &mut Vm) -> PyResult {
        Ok(vm.new_big(self))
    }
}
impl Outcome for f64 {
    fn into_result(self, _: &mut Vm) -> PyResult {
        Ok(Value::float(self))
    }
}
impl Outcome for &str {
    fn into_result(self, vm: &mut Vm) -> PyResult {
        Ok(vm.new_str(self))
    }
}
impl Outcome for String {
    fn into_result(self, vm: &mut Vm) -> PyResult {
        Ok(vm.new_str(&self))
    }
}
impl<T: Outcome> Outcome for PyResult<T> {
    fn into_result(self, vm: &mut Vm) -> PyResult {
        self.and_then(|value| value.into_result(vm))
    }
}
impl<T: Outcome> Outcome for Option<T> {
    fn into_result(self, vm: &mut Vm) -> PyResult {
        self.map_or(Ok(Value::NONE), |value| value.into_result(vm))
    }
}

/// A function whose parameters are checked; `P` is the type of its pointer.
pub trait Checked<P>: Copy + 'static {
    fn call(self, vm: &mut Vm, binding: &NativeBinding, arguments: &[Value]) -> PyResult;
}

/// As many arguments as there are parameters, whose places are given: counted once, not at each.
#[inline]
fn all_of<'a, const N: usize>(arguments: &'a [Value], _places: &[usize; N]) -> &'a [Value; N] {
    #[cold]
    fn too_few() -> ! {
        unreachable!("the binding has put something at each parameter's place")
    }
    arguments.first_chunk().unwrap_or_else(|| too_few())
}

macro_rules! checked {
    ($($parameter:ident $index:tt)*) => {
        impl<Function, Result, $($parameter,)*> Checked<fn(&mut Vm, $($parameter,)*) -> Result> for Function
        where
            Function: Fn(&mut Vm, $($parameter,)*) -> Result + Copy + 'static,
            Result: Outcome,
            $($parameter: Parameter,)*
        {
            #[inline]
            #[allow(unused_variables, non_snake_case)]
            fn call(self, vm: &mut Vm, binding: &NativeBinding, arguments: &[Value]) -> PyResult {
                let arguments = all_of(arguments, &[$($index),*]);
                $(let $parameter = $parameter::from_argument(vm, arguments[$index], Place { binding, index: $index })?;)*
                self(vm, $($parameter,)*).into_result(vm)
            }
        }
        impl<Function, Result, $($parameter,)*> Checked<fn($($parameter,)*) -> Result> for Function
        where
            Function: Fn($($parameter,)*) -> Result + Copy + 'static,
            Result: Outcome,
            $($parameter: Parameter,)*
        {
            #[inline]
            #[allow(unused_variables, non_snake_case)]
            fn call(self, vm: &mut Vm, binding: &NativeBinding, arguments: &[Value]) -> PyResult {
                let arguments = all_of(arguments, &[$($index),*]);
                $(let $parameter = $parameter::from_argument(vm, arguments[$index], Place { binding, index: $index })?;)*
                self($($parameter,)*).into_result(vm)
            }
        }
    };
}

checked! {}
checked! { A 0 }
checked! { A 0 B 1 }
checked! { A 0 B 1 C 2 }
checked! { A 0 B 1 C 2 D 3 }
checked! { A 0 B 1 C 2 D 3 E 4 }
checked! { A 0 B 1 C 2 D 3 E 4 F 5 }
checked! { A 0 B 1 C 2 D 3 E 4 F 5 G 6 }
checked! { A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 }
checked! { A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 }
checked! { A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 }
checked! { A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11 M 12 N 13 O 14 }
checked! { A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11 M 12 N 13 O 14 P0 15 Q 16 R 17 S 18 }

/// The one value of a function's type: rows are made of one.
pub(in crate::object) fn instance_of<F: Copy>() -> F {
    const { assert!(size_of::<F>() == 0, "a native is a function or a closure that captures nothing") };
    // SAFETY: `F` has no bytes, and a value of it was there when the row was made.
    unsafe { std::ptr::NonNull::<F>::dangling().read() }
}

/// A function called through a plain pointer.
fn call_checked<F: Checked<P>, P>(vm: &mut Vm, binding: &NativeBinding, arguments: &[Value]) -> PyResult {
    instance_of::<F>().call(vm, binding, arguments)
}

/// A native function or method with checked parameters: `method("append", "($self, item, /)", append)`.
pub const fn method<F: Checked<P>, P>(name: &'static str, signature: &'static str, _function: F) -> NativeRow {
    NativeRow::checked(name, signature, call_checked::<F, P>)
}

/// What a checked native is called by.
pub type CheckedFn = fn(&mut Vm, &NativeBinding, &[Value]) -> PyResult;
