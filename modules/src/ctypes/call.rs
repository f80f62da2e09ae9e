//! Calls of functions: arguments to registers and stack words, and back.

use super::code::{Code, Form};
use super::data::CData;
use super::error;
use super::info::{self, Info, Kind};
use super::out_parameters;
use super::parameter::{self, Argument};
use super::prototype::{FLAG_PYTHON_API, FLAG_USE_ERRNO, Signature};
use super::raw;
use smallvec::SmallVec;
use stitch_runtime::foreign::{Call, Class, Place, Placement};
use stitch_runtime::object::argument::{Str, This};
use stitch_runtime::object::layout::{BytesObject, ListObject};
use stitch_runtime::object::native::Arguments;
use stitch_runtime::{PyResult, Raised, Value, Vm};

/// No function gets more.
pub const MAX_ARGUMENTS: usize = 1024;

/// What is passed to a function.
pub struct Outgoing {
    call: Call,
    placement: Placement,
    stack: SmallVec<[u64; 8]>,
    /// A list of what is to be kept alive until the function has returned, or unbound.
    kept: Value,
}

impl Outgoing {
    pub fn new() -> Outgoing {
        Outgoing {
            call: Call::default(),
            placement: Placement::default(),
            stack: SmallVec::new(),
            kept: Value::UNBOUND,
        }
    }

    fn keep(&mut self, vm: &mut Vm, value: Value) -> PyResult<()> {
        if self.kept.is_unbound() {
            self.kept = vm.new_list(&[])?;
        }
        vm.list_push(self.kept.as_ptr::<ListObject>(), value)
    }

    fn push(&mut self, classes: &[Class], words: &[u64], align: usize) {
        for (place, &word) in self.placement.place(classes, align).into_iter().zip(words) {
            match place {
                Place::General(at) => self.call.general[at] = word,
                Place::Float(at) => self.call.floats[at] = word,
                Place::Stack(at) => {
                    self.stack.resize(self.stack.len().max(at), 0);
                    self.stack.push(word);
                }
            }
        }
    }

    fn push_word(&mut self, word: u64) {
        self.push(&[Class::General], &[word], 8);
    }

    /// Passes the simple value in memory.
    fn push_simple(&mut self, code: &Code, address: usize) {
        match code.form {
            Form::Float if code.size == 4 => {
                self.push(&[Class::Float], &[u64::from(raw::read::<u32>(address))], 8);
            }
            Form::Float => self.push(&[Class::Float], &[raw::read(address)], 8),
            Form::Complex if code.size == 8 => self.push(&[Class::Float], &[raw::read(address)], 8),
            Form::Complex => self.push(&[Class::Float; 2], &[raw::read(address), raw::read(address + 8)], 8),
            Form::LongDouble => self.push(&[Class::Memory; 2], &[raw::read(address), raw::read(address + 8)], 16),
            Form::LongDoubleComplex => {
                let words: [u64; 4] = raw::read(address);
                self.push(&[Class::Memory; 4], &words, 16);
            }
            _ => self.push_word(word_of(code, address)),
        }
    }

    /// Passes a whole structure or union.
    fn push_block(&mut self, info: This<Info>, address: usize) {
        let n_words = info.size.div_ceil(8);
        let mut words: SmallVec<[u64; 4]> = SmallVec::from_elem(0, n_words);
        raw::copy(words.as_mut_ptr() as usize, address, info.size);
        match info.classes() {
            [Some(Class::Memory), _] => {
                let classes: SmallVec<[Class; 4]> = SmallVec::from_elem(Class::Memory, n_words);
                self.push(&classes, &words, info.align);
            }
            classes => {
                let classes: SmallVec<[Class; 2]> = classes.into_iter().flatten().collect();
                self.push(&classes, &words, info.align);
            }
        }
    }

    fn push_data(&mut self, vm: &Vm, data: This<CData>) {
        let info = CData::info(vm, data);
        match info.kind {
            Kind::Simple => self.push_simple(info.code.expect("a simple type has a code"), data.address),
            Kind::Structure | Kind::Union => self.push_block(info, data.address),
            Kind::Array => self.push_word(data.address as u64),
            Kind::Pointer | Kind::Function => self.push_word(data.pointer_in() as u64),
        }
    }

    /// Passes an argument that no type says anything about.
    fn push_value(&mut self, vm: &mut Vm, value: Value, index: usize) -> PyResult<()> {
        if let Some(data) = This::<CData>::of(vm, value) {
            self.push_data(vm, data);
            return Ok(());
        }
        if let Some(argument) = This::<Argument>::of(vm, value) {
            match Info::of_class(vm, argument.class).and_then(|info| info.code) {
                Some(code) => self.push_simple(code, argument.words.as_ptr() as usize),
                None => self.push_word(argument.words[0]),
            }
            return Ok(());
        }
        if value.is_none() {
            self.push_word(0);
            return Ok(());
        }
        if vm.is_int_like(value) {
            let int = vm.int_to_i128(value).filter(|int| (i128::from(i64::MIN)..1 << 64).contains(int));
            let Some(int) = int else { return Err(vm.raise_overflow("int too long to convert")) };
            self.push_word(int as i32 as i64 as u64);
            return Ok(());
        }
        let found = if let Some(bytes) = This::<BytesObject>::of(vm, value) {
            Some(raw::terminated(vm, bytes)?)
        } else if let Some(text) = Str::of(vm, value) {
            Some(raw::terminated_wide(vm, text)?)
        } else {
            None
        };
        if let Some((address, kept)) = found {
            self.keep(vm, kept)?;
            self.push_word(address as u64);
            return Ok(());
        }
        match parameter::as_parameter(vm, value)? {
            Some(inner) => {
                self.keep(vm, inner)?;
                self.push_value(vm, inner, index)
            }
            None => Err(vm.raise_type(&format!("Don't know how to convert parameter {}", index + 1))),
        }
    }

    /// Passes an argument by the converter of its type: see `prototype::converters_of`.
    fn push_converted(&mut self, vm: &mut Vm, converter: Value, value: Value, index: usize) -> PyResult<()> {
        let converted = match Info::of_class(vm, converter) {
            Some(info) => {
                if let Some(code) = info.code
                    && is_number_for(vm, code, value)
                {
                    let mut block = raw::Block::default();
                    code.store(vm, block.address(), value, info.is_swapped)?;
                    self.push_simple(code, block.address());
                    return Ok(());
                }
                parameter::from_param(vm, converter, value)?
            }
            None => vm.call(converter, &[value])?,
        };
        if converted != value {
            self.keep(vm, converted)?;
        }
        self.push_value(vm, converted, index)
    }

    pub fn push_argument(&mut self, vm: &mut Vm, converter: Option<Value>, value: Value, index: usize) -> PyResult<()> {
        let done = match converter {
            Some(converter) => self.push_converted(vm, converter, value, index),
            None => self.push_value(vm, value, index),
        };
        done.map_err(|Raised| error::of_argument(vm, index))
    }

    /// Calls the function, and gives what it gives as an object of the restype (unbound: an int).
    pub fn make(mut self, vm: &mut Vm, function: usize, flags: u32, restype: Value) -> PyResult {
        self.call.n_floats = self.placement.n_floats as u64;
        let info = Info::of_class(vm, restype);
        let classes = match info {
            Some(info) if matches!(info.kind, Kind::Structure | Kind::Union) => info.classes(),
            _ => [None; 2],
        };
        let mut room = Value::UNBOUND;
        if classes[0] == Some(Class::Memory)
            && let Some(info) = info
        {
            // The address of the room for the result comes first.
            let made = CData::new(vm, restype, info)?;
            room = made.value();
            self.call.general[0] = made.address as u64;
        }
        self.call.n_long_doubles = match info.and_then(|info| info.code).map(|code| code.form) {
            Some(Form::LongDouble) => 1,
            Some(Form::LongDoubleComplex) => 2,
            _ => 0,
        };
        let (call, stack) = (&mut self.call, &self.stack[..]);
        vm.go_outside(flags & FLAG_PYTHON_API != 0, || {
            if flags & FLAG_USE_ERRNO != 0 {
                super::errno::exchange();
            }
            // SAFETY: the program says that there is such a function.
            unsafe { call.make(function, stack) };
            if flags & FLAG_USE_ERRNO != 0 {
                super::errno::exchange();
            }
        });
        std::hint::black_box(self.kept);
        if flags & FLAG_PYTHON_API != 0 && !vm.exception.is_unbound() {
            return Err(Raised);
        }
        if !room.is_unbound() {
            return Ok(room);
        }
        self.result(vm, restype, info, classes)
    }

    fn result(&self, vm: &mut Vm, restype: Value, info: Option<This<Info>>, classes: [Option<Class>; 2]) -> PyResult {
        let call = &self.call;
        let int = i64::from(call.general_results[0] as i32);
        if restype.is_none() {
            return Ok(Value::NONE);
        }
        let Some(info) = info else {
            let int = vm.new_int(int);
            return if restype.is_unbound() { Ok(int) } else { vm.call(restype, &[int]) };
        };
        let (general, floats) = (call.general_results.as_ptr() as usize, call.float_results.as_ptr() as usize);
        let mut both = [0u64; 2];
        let at = match info.code.map(|code| (code.form, code.size)) {
            Some((Form::Float, _) | (Form::Complex, _)) => floats,
            Some((Form::LongDouble | Form::LongDoubleComplex, _)) => call.long_doubles.as_ptr() as usize,
            Some(_) => general,
            None if info.kind != Kind::Structure && info.kind != Kind::Union => general,
            None => {
                let (mut n_general, mut n_floats) = (0, 0);
                for (word, class) in both.iter_mut().zip(classes) {
                    let (from, count) = match class {
                        Some(Class::Float) => (&call.float_results, &mut n_floats),
                        _ => (&call.general_results, &mut n_general),
                    };
                    *word = from[*count];
                    *count += 1;
                }
                both.as_ptr() as usize
            }
        };
        if info.kind == Kind::Simple && !info::is_own_class(vm, restype) {
            return info::load(vm, info, at);
        }
        Ok(CData::copy_of(vm, restype, at)?.value())
    }
}

/// Is the value one that becomes a number of the code without asking anybody?
fn is_number_for(vm: &Vm, code: &Code, value: Value) -> bool {
    match code.form {
        Form::Signed | Form::Unsigned => vm.is_int_like(value),
        Form::Float => vm.is_float_like(value) || vm.is_int_like(value),
        Form::Pointer => value.is_none() || vm.is_int_like(value),
        _ => false,
    }
}

/// The word that a simple value of a general register is.
pub fn word_of(code: &Code, address: usize) -> u64 {
    match (code.size, code.form) {
        (1, Form::Signed) => i64::from(raw::read::<i8>(address)) as u64,
        (1, _) => u64::from(raw::read::<u8>(address)),
        (2, Form::Signed) => i64::from(raw::read::<i16>(address)) as u64,
        (2, _) => u64::from(raw::read::<u16>(address)),
        (4, Form::Signed) => i64::from(raw::read::<i32>(address)) as u64,
        (4, _) => u64::from(raw::read::<u32>(address)),
        _ => raw::read(address),
    }
}

/// Calls a function object.
pub fn call(vm: &mut Vm, callee: Value, given: Arguments<'_>) -> PyResult {
    let this = CData::at(vm, callee);
    let signature = Signature::of(vm, this);
    let built = if signature.parameter_flags.is_unbound() || signature.argtypes.is_unbound() {
        None
    } else {
        Some(out_parameters::build(vm, signature.parameter_flags, signature.argtypes, given)?)
    };
    let n_given = built
        .as_ref()
        .map_or(given.n_positional(), |built| This::<ListObject>::expect(vm, built.arguments).items().len());
    let argument = |vm: &Vm, i: usize| match &built {
        Some(built) => This::<ListObject>::expect(vm, built.arguments).items()[i],
        None => given.values[i],
    };
    let converters: &[Value] =
        if signature.converters.is_unbound() { &[] } else { vm.tuple_items(signature.converters) };
    if converters.len() > n_given {
        let (n, s) = (converters.len(), if converters.len() == 1 { "" } else { "s" });
        return Err(vm.raise_type(&format!("this function takes at least {n} argument{s} ({n_given} given)")));
    }
    if n_given > MAX_ARGUMENTS {
        let class = vm.type_of_spec(&error::ARGUMENT_ERROR);
        return Err(vm.raise(class, &format!("too many arguments ({n_given}), maximum is {MAX_ARGUMENTS}")));
    }
    vm.check_native_stack()?;
    let mut outgoing = Outgoing::new();
    if Info::is_given_in_memory(vm, signature.restype) {
        // For the address of the room, which `make` finds.
        outgoing.push_word(0);
    }
    for i in 0..n_given {
        let value = argument(vm, i);
        outgoing.push_argument(vm, converters.get(i).copied(), value, i)?;
    }
    let function = this.pointer_in();
    let mut result = outgoing.make(vm, function, signature.flags, signature.restype)?;
    if !signature.check.is_unbound() {
        result = vm.call(signature.check, &[result])?;
    }
    if !signature.errcheck.is_unbound() {
        let list = vm.new_list(&[])?;
        for i in 0..n_given {
            let value = argument(vm, i);
            vm.list_push(list.as_ptr(), value)?;
        }
        let arguments = vm.collect_tuple(list)?;
        let checked = vm.call(signature.errcheck, &[result, callee, arguments])?;
        // The arguments themselves: the result is made of them, as without a check.
        if checked != arguments {
            return Ok(checked);
        }
    }
    match built {
        Some(built) => built.result(vm, result),
        None => Ok(result),
    }
}
