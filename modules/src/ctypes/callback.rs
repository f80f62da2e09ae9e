//! Addresses that other languages call, behind which there are Python functions.

use super::code::Form;
use super::data::CData;
use super::info::{self, Info, Kind};
use super::prototype::FLAG_USE_ERRNO;
use super::raw;
use smallvec::SmallVec;
use std::sync::{Arc, Mutex, PoisonError};
use stitch_runtime::backend::arena::CodeBlock;
use stitch_runtime::foreign::{Arrival, Class, Context, Place, Placement, Stubs};
use stitch_runtime::object::argument::This;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::ListObject;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

/// What an address leads to. It lives as long as somebody in Python has it.
#[repr(C)]
pub struct Callback {
    header: Header,
    callable: Value,
    argtypes: Value,
    /// None or unbound: there is no result.
    restype: Value,
    /// What the last result needs.
    kept: Value,
    context: Context,
    pub address: usize,
    vm: *mut Vm,
    flags: u32,
    block: Option<CodeBlock>,
    stubs: Option<Arc<Mutex<Stubs>>>,
}

static CALLBACK: TypeSpec = TypeSpec {
    name: "CThunkObject",
    module: "_ctypes",
    doc: "What an address that leads to a Python function belongs to.",
    layout: Some(Layout::of::<Callback>(4).finalized_by(|object| {
        // SAFETY: a dead object, whose stub nobody may call any more.
        unsafe { (*object.cast::<Callback>()).give_back() };
    })),
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; nothing derives from the type.
unsafe impl Object for Callback {
    const SPEC: &'static TypeSpec = &CALLBACK;
}

/// Where the context is in the object that has it.
const CONTEXT_OFFSET: usize = std::mem::offset_of!(Callback, context);

impl Callback {
    /// An address that calls the callable as the info of a function's class says.
    pub fn new(vm: &mut Vm, callable: Value, info: This<Info>) -> PyResult<This<Callback>> {
        let result = Info::of_class(vm, info.restype);
        let has_none = info.restype.is_unbound() || info.restype.is_none();
        if !has_none && !result.is_some_and(|result| result.kind == Kind::Simple) {
            return Err(vm.raise_type("invalid result type for callback function"));
        }
        let class = vm.type_of_spec(&CALLBACK);
        let stubs = super::State::of(vm).stubs.clone();
        let own = std::ptr::from_mut(vm);
        let made = vm.new_object(class, |header| Callback {
            header,
            callable,
            argtypes: info.argtypes,
            restype: info.restype,
            kept: Value::UNBOUND,
            context: Context { handler: enter },
            address: 0,
            vm: own,
            flags: info.flags,
            block: None,
            stubs: None,
        })?;
        let mut this = This::<Callback>::expect(vm, made);
        let added = stubs.lock().unwrap_or_else(PoisonError::into_inner).add(&raw const this.context);
        match added {
            Ok((address, block)) => {
                (this.address, this.block, this.stubs) = (address, Some(block), Some(stubs));
                Ok(this)
            }
            Err(_) => Err(vm.raise_memory()),
        }
    }

    fn give_back(&mut self) {
        if let (Some(stubs), Some(block)) = (self.stubs.take(), self.block.take()) {
            stubs.lock().unwrap_or_else(PoisonError::into_inner).remove(block);
        }
    }
}

/// What a caller has passed, argument by argument.
struct Incoming<'a> {
    arrival: &'a Arrival,
    placement: Placement,
}

impl Incoming<'_> {
    fn next(&mut self, classes: &[Class], align: usize) -> SmallVec<[u64; 4]> {
        let words = self.placement.place(classes, align).into_iter().map(|place| match place {
            Place::General(at) => self.arrival.general[at],
            Place::Float(at) => self.arrival.floats[at],
            Place::Stack(at) => raw::read(self.arrival.stack as usize + 8 * at),
        });
        words.collect()
    }

    /// The words of an argument of a class.
    fn argument(&mut self, info: This<Info>) -> SmallVec<[u64; 4]> {
        let form = info.code.map(|code| (code.form, code.size));
        match form {
            Some((Form::Float, _) | (Form::Complex, 8)) => self.next(&[Class::Float], 8),
            Some((Form::Complex, _)) => self.next(&[Class::Float; 2], 8),
            Some((Form::LongDouble, _)) => self.next(&[Class::Memory; 2], 16),
            Some((Form::LongDoubleComplex, _)) => self.next(&[Class::Memory; 4], 16),
            None if matches!(info.kind, Kind::Structure | Kind::Union) => match info.classes() {
                [Some(Class::Memory), _] => {
                    let classes: SmallVec<[Class; 8]> = SmallVec::from_elem(Class::Memory, info.size.div_ceil(8));
                    self.next(&classes, info.align)
                }
                classes => {
                    let classes: SmallVec<[Class; 2]> = classes.into_iter().flatten().collect();
                    self.next(&classes, info.align)
                }
            },
            _ => self.next(&[Class::General], 8),
        }
    }
}

/// The handler of all callbacks' stubs.
///
/// # Safety
/// A stub calls it, with the context of a live `Callback`.
unsafe extern "C" fn enter(context: *mut Context, arrival: *mut Arrival) {
    let object = (context as usize - CONTEXT_OFFSET) as *mut Callback;
    // SAFETY: the context lies in a callback, which the program has kept alive.
    let (value, vm) = unsafe { (Value::object(object), (*object).vm) };
    // SAFETY: the stub's own structure.
    let arrival = unsafe { &mut *arrival };
    let flags = {
        // SAFETY: as above.
        unsafe { (*object).flags }
    };
    if flags & FLAG_USE_ERRNO != 0 {
        super::errno::exchange();
    }
    let done = Vm::come_back(vm, |vm| run(vm, This::expect(vm, value), arrival));
    if flags & FLAG_USE_ERRNO != 0 {
        super::errno::exchange();
    }
    if done.is_none() {
        stitch_runtime::host::write_stderr(b"stitch: a callback on a thread that Python does not know is left out\n");
    }
}

fn run(vm: &mut Vm, this: This<Callback>, arrival: &mut Arrival) {
    let outer = vm.exception;
    vm.exception = Value::UNBOUND;
    if let Ok(result) = call(vm, this, arrival) {
        give(vm, this, arrival, result);
    }
    vm.exception = outer;
}

/// Calls the callable; an exception goes to `sys.unraisablehook`.
fn call(vm: &mut Vm, this: This<Callback>, arrival: &Arrival) -> Result<Value, ()> {
    let arguments = match arguments(vm, this, arrival) {
        Ok(arguments) => arguments,
        Err(index) => {
            let message =
                format!("Exception ignored while creating argument {} for ctypes callback function", index + 1);
            tell(vm, &message, this.callable);
            return Err(());
        }
    };
    let result = vm.check_native_stack().and_then(|()| {
        let arguments = vm.collect_tuple(arguments)?;
        vm.call(this.callable, vm.tuple_items(arguments))
    });
    result.map_err(|_| tell(vm, "Exception ignored while calling ctypes callback function", this.callable))
}

fn tell(vm: &mut Vm, doing: &str, callable: Value) {
    let exception = vm.take_exception();
    let shown = vm.repr_or_unknown(callable);
    vm.exception = exception;
    vm.write_unraisable(&format!("{doing} {shown}"), Value::NONE);
}

/// A list of the arguments, or which of them cannot be made.
fn arguments(vm: &mut Vm, this: This<Callback>, arrival: &Arrival) -> Result<Value, usize> {
    let list = vm.new_list(&[]).map_err(|_| 0usize)?;
    let mut incoming = Incoming { arrival, placement: Placement::default() };
    for (index, &class) in vm.tuple_items(this.argtypes).iter().enumerate() {
        let made = argument(vm, &mut incoming, class);
        let pushed = made.and_then(|value| vm.list_push(list.as_ptr::<ListObject>(), value));
        pushed.map_err(|_| index)?;
    }
    Ok(list)
}

fn argument(vm: &mut Vm, incoming: &mut Incoming<'_>, class: Value) -> PyResult {
    let Some(info) = Info::of_class(vm, class) else {
        return Err(vm.raise_type("cannot build parameter"));
    };
    let words = incoming.argument(info);
    let address = words.as_ptr() as usize;
    if info.kind == Kind::Simple && !info::is_own_class(vm, class) {
        return info::load(vm, info, address);
    }
    let made = vm.call(class, &[])?;
    let Some(data) = This::<CData>::of(vm, made) else {
        return Err(vm.raise_type("unexpected result of create argument"));
    };
    raw::copy(data.address, address, info.size.min(words.len() * 8));
    Ok(made)
}

/// Leaves the result for the caller.
fn give(vm: &mut Vm, mut this: This<Callback>, arrival: &mut Arrival, result: Value) {
    let Some(info) = Info::of_class(vm, this.restype) else { return };
    let code = info.code.expect("results are of simple types");
    let mut block = raw::Block::default();
    match code.store(vm, block.address(), result, info.is_swapped) {
        Ok(kept) => {
            this.kept = kept;
            vm.barrier(this.pointer());
        }
        Err(_) => {
            tell(vm, "Exception ignored while converting result of ctypes callback function", this.callable);
            return;
        }
    }
    let address = block.address();
    match code.form {
        Form::Float if code.size == 4 => arrival.float_results[0] = u64::from(raw::read::<u32>(address)),
        Form::Float | Form::Complex => arrival.float_results = raw::read(address),
        Form::LongDouble => {
            arrival.n_long_doubles = 1;
            arrival.long_doubles = raw::read(address);
        }
        Form::LongDoubleComplex => {
            arrival.n_long_doubles = 2;
            arrival.long_doubles = raw::read(address);
        }
        _ => arrival.general_results[0] = super::call::word_of(code, address),
    }
}
