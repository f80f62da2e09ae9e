//! Type codes: what simple types are in memory, and how Python's values become that.

use super::raw;
use stitch_runtime::builtins::types::BYTEARRAY;
use stitch_runtime::object::argument::{Str, This};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::layout::BytesObject;
use stitch_runtime::object::operate::op;
use stitch_runtime::{PyResult, Value, Vm};

/// What a simple value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    Signed,
    Unsigned,
    Bool,
    /// All bits are set where it is true.
    VariantBool,
    Float,
    /// Ten bytes of sixteen.
    LongDouble,
    /// A real part, and an imaginary one behind it.
    Complex,
    LongDoubleComplex,
    Char,
    WideChar,
    /// The address of a string of one or of four bytes a character.
    CharPointer,
    WidePointer,
    Pointer,
    /// A Python value.
    Object,
}

/// One type code.
pub struct Code {
    pub letter: char,
    pub form: Form,
    pub size: usize,
    pub align: usize,
    /// In buffers' formats, of its own size in the machine's order.
    pub format: char,
}

const fn code(letter: char, form: Form, size: usize, format: char) -> Code {
    Code { letter, form, size, align: size, format }
}

/// The letters, as the message names them.
pub const LETTERS: &str = "cbBhHiIlLdDFGfuzZqQPOv?g";

pub static CODES: &[Code] = &[
    code('c', Form::Char, 1, 'c'),
    code('b', Form::Signed, 1, 'b'),
    code('B', Form::Unsigned, 1, 'B'),
    code('h', Form::Signed, 2, 'h'),
    code('H', Form::Unsigned, 2, 'H'),
    code('i', Form::Signed, 4, 'i'),
    code('I', Form::Unsigned, 4, 'I'),
    code('l', Form::Signed, 8, 'q'),
    code('L', Form::Unsigned, 8, 'Q'),
    code('q', Form::Signed, 8, 'q'),
    code('Q', Form::Unsigned, 8, 'Q'),
    code('f', Form::Float, 4, 'f'),
    code('d', Form::Float, 8, 'd'),
    code('g', Form::LongDouble, 16, 'g'),
    Code { letter: 'F', form: Form::Complex, size: 8, align: 4, format: 'F' },
    Code { letter: 'D', form: Form::Complex, size: 16, align: 8, format: 'D' },
    Code { letter: 'G', form: Form::LongDoubleComplex, size: 32, align: 16, format: 'G' },
    code('?', Form::Bool, 1, '?'),
    code('v', Form::VariantBool, 2, 'v'),
    code('u', Form::WideChar, 4, 'u'),
    code('z', Form::CharPointer, 8, 'z'),
    code('Z', Form::WidePointer, 8, 'Z'),
    code('P', Form::Pointer, 8, 'P'),
    code('O', Form::Object, 8, 'O'),
];

/// A bit field: where its lowest bit is, and how many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bits {
    pub shift: usize,
    pub count: usize,
}

impl Code {
    pub fn of(letter: char) -> Option<&'static Code> {
        CODES.iter().find(|code| code.letter == letter)
    }

    pub fn is_float(&self) -> bool {
        matches!(self.form, Form::Float | Form::Complex)
    }
    pub fn is_long_double(&self) -> bool {
        matches!(self.form, Form::LongDouble | Form::LongDoubleComplex)
    }
    /// Do arguments of it show their value?
    pub fn is_shown_as_number(&self) -> bool {
        matches!(self.form, Form::Signed | Form::Unsigned | Form::Float)
    }
    /// Is there a type of the other byte order?
    pub fn can_be_swapped(&self) -> bool {
        matches!(self.form, Form::Signed | Form::Unsigned | Form::Float | Form::Complex)
    }
    pub fn can_have_bits(&self) -> bool {
        matches!(self.form, Form::Signed | Form::Unsigned | Form::Bool)
    }
    pub fn is_pointer(&self) -> bool {
        matches!(self.form, Form::CharPointer | Form::WidePointer | Form::Pointer | Form::Object)
    }

    /// The unsigned number in memory.
    fn word(&self, address: usize, is_swapped: bool) -> u64 {
        word_at(address, self.size, is_swapped)
    }

    fn write_word(&self, address: usize, word: u64, is_swapped: bool) {
        write_word(address, self.size, word, is_swapped);
    }

    /// An integer of so many bits as Python has it.
    fn integer(&self, vm: &mut Vm, word: u64, n_bits: usize) -> Value {
        let unused = 64 - n_bits.clamp(1, 64);
        match self.form {
            Form::Signed => vm.new_int(((word << unused) as i64) >> unused),
            Form::Bool => Value::bool(word << unused != 0),
            _ => vm.new_int_from_u64(word << unused >> unused),
        }
    }

    /// The value in memory.
    pub fn load(&self, vm: &mut Vm, address: usize, is_swapped: bool) -> PyResult {
        match self.form {
            Form::Signed | Form::Unsigned | Form::Bool => {
                let word = self.word(address, is_swapped);
                Ok(self.integer(vm, word, self.size * 8))
            }
            Form::VariantBool => Ok(Value::bool(self.word(address, false) != 0)),
            Form::Float => Ok(Value::float(float_at(address, self.size, is_swapped))),
            Form::LongDouble => Ok(Value::float(double_of_long(address))),
            Form::Complex => {
                let size = self.size / 2;
                let real = float_at(address, size, is_swapped);
                Ok(vm.new_complex(real, float_at(address + size, size, is_swapped)))
            }
            Form::LongDoubleComplex => Ok(vm.new_complex(double_of_long(address), double_of_long(address + 16))),
            Form::Char => vm.new_bytes(&[raw::read::<u8>(address)]),
            Form::WideChar => raw::wide_string(vm, address, 1),
            Form::CharPointer => match raw::read::<usize>(address) {
                0 => Ok(Value::NONE),
                text => vm.new_bytes(raw::bytes(text, raw::len_of_string(text))),
            },
            Form::WidePointer => match raw::read::<usize>(address) {
                0 => Ok(Value::NONE),
                text => raw::wide_string(vm, text, raw::len_of_wide(text)),
            },
            Form::Pointer => match raw::read::<u64>(address) {
                0 => Ok(Value::NONE),
                pointer => Ok(vm.new_int_from_u64(pointer)),
            },
            Form::Object => match raw::read::<Value>(address) {
                Value::UNBOUND => Err(vm.raise_value("PyObject is NULL")),
                value => Ok(value),
            },
        }
    }

    /// Writes a value; gives what is to be kept alive for it, or None.
    pub fn store(&self, vm: &mut Vm, address: usize, value: Value, is_swapped: bool) -> PyResult {
        match self.form {
            Form::Signed | Form::Unsigned => {
                let word = integer_bits(vm, value)?;
                self.write_word(address, word, is_swapped);
            }
            Form::Bool => {
                let truth = vm.is_true(value)?;
                raw::write(address, u8::from(truth));
            }
            Form::VariantBool => {
                let truth = vm.is_true(value)?;
                raw::write(address, if truth { u16::MAX } else { 0 });
            }
            Form::Float => {
                let float = vm.to_float(value)?;
                write_float(address, self.size, float, is_swapped);
            }
            Form::LongDouble => {
                let float = vm.to_float(value)?;
                store_long_double(address, float);
            }
            Form::Complex | Form::LongDoubleComplex => {
                let (real, imag) = complex_of(vm, value)?;
                let size = self.size / 2;
                if self.form == Form::LongDoubleComplex {
                    store_long_double(address, real);
                    store_long_double(address + size, imag);
                } else {
                    write_float(address, size, real, is_swapped);
                    write_float(address + size, size, imag, is_swapped);
                }
            }
            Form::Char => {
                let byte = char_of(vm, value)?;
                raw::write(address, byte);
            }
            Form::WideChar => {
                let point = wide_char_of(vm, value)?;
                raw::write(address, point);
            }
            Form::CharPointer => return store_string(vm, address, value),
            Form::WidePointer => return store_wide_string(vm, address, value),
            Form::Pointer => {
                let pointer = if value.is_none() {
                    0
                } else if vm.is_int_like(value) {
                    integer_bits(vm, value)?
                } else {
                    return Err(vm.raise_type("cannot be converted to pointer"));
                };
                raw::write(address, pointer);
            }
            Form::Object => {
                raw::write(address, value);
                return Ok(value);
            }
        }
        Ok(Value::NONE)
    }

    pub fn load_bits(&self, vm: &mut Vm, address: usize, is_swapped: bool, bits: Bits) -> Value {
        let word = self.word(address, is_swapped) >> bits.shift;
        self.integer(vm, word, bits.count)
    }

    pub fn store_bits(&self, vm: &mut Vm, address: usize, value: Value, is_swapped: bool, bits: Bits) -> PyResult<()> {
        let word = match self.form {
            Form::Bool => u64::from(vm.is_true(value)?),
            _ => integer_bits(vm, value)?,
        };
        let mask = (u64::MAX >> (64 - bits.count.clamp(1, 64))) << bits.shift;
        let old = self.word(address, is_swapped);
        self.write_word(address, old & !mask | word << bits.shift & mask, is_swapped);
        Ok(())
    }
}

fn word_at(address: usize, size: usize, is_swapped: bool) -> u64 {
    match (size, is_swapped) {
        (1, _) => u64::from(raw::read::<u8>(address)),
        (2, false) => u64::from(raw::read::<u16>(address)),
        (2, true) => u64::from(raw::read::<u16>(address).swap_bytes()),
        (4, false) => u64::from(raw::read::<u32>(address)),
        (4, true) => u64::from(raw::read::<u32>(address).swap_bytes()),
        (_, false) => raw::read::<u64>(address),
        (_, true) => raw::read::<u64>(address).swap_bytes(),
    }
}

fn write_word(address: usize, size: usize, word: u64, is_swapped: bool) {
    match (size, is_swapped) {
        (1, _) => raw::write(address, word as u8),
        (2, false) => raw::write(address, word as u16),
        (2, true) => raw::write(address, (word as u16).swap_bytes()),
        (4, false) => raw::write(address, word as u32),
        (4, true) => raw::write(address, (word as u32).swap_bytes()),
        (_, false) => raw::write(address, word),
        (_, true) => raw::write(address, word.swap_bytes()),
    }
}

/// The float of so many bytes in memory.
fn float_at(address: usize, size: usize, is_swapped: bool) -> f64 {
    let word = word_at(address, size, is_swapped);
    if size == 4 { f64::from(f32::from_bits(word as u32)) } else { f64::from_bits(word) }
}

fn write_float(address: usize, size: usize, float: f64, is_swapped: bool) {
    let word = if size == 4 { u64::from((float as f32).to_bits()) } else { float.to_bits() };
    write_word(address, size, word, is_swapped);
}

/// The low 64 bits of an integer.
pub fn integer_bits(vm: &mut Vm, value: Value) -> PyResult<u64> {
    if !vm.is_index(value) {
        let message = format!("'{}' object cannot be interpreted as an integer", vm.class_name(value));
        return Err(vm.raise_type(&message));
    }
    let int = vm.index(value)?;
    if let Some(word) = vm.int_to_i64(int) {
        return Ok(word as u64);
    }
    let mask = vm.new_int_from_u64(u64::MAX);
    let low = vm.binary_op(op::AND, int, mask)?;
    Ok(vm.int_to_i128(low).map_or(0, |low| low as u64))
}

fn complex_of(vm: &mut Vm, value: Value) -> PyResult<(f64, f64)> {
    if let Some(parts) = vm.complex_parts(value) {
        return Ok(parts);
    }
    let name = vm.intern("__complex__");
    if let Some(number) = vm.call_special(value, name, &[])?
        && let Some(parts) = vm.complex_parts(number)
    {
        return Ok(parts);
    }
    Ok((vm.to_float(value)?, 0.0))
}

/// The byte that a value is as a character.
fn char_of(vm: &mut Vm, value: Value) -> PyResult<u8> {
    const WANTED: &str = "one character bytes, bytearray, or an integer in range(256) expected";
    for (is_one, name) in [(vm.is_a::<BytesObject>(value), "bytes"), (vm.is_of_spec(value, &BYTEARRAY), "bytearray")] {
        if is_one {
            let bytes = BytesLike::of(vm, value)?;
            return match *bytes {
                [byte] => Ok(byte),
                _ => Err(vm.raise_type(&format!("{WANTED}, not {name} of length {}", bytes.len()))),
            };
        }
    }
    if vm.is_int_like(value) {
        let byte = vm.int_to_i64(value).and_then(|int| u8::try_from(int).ok());
        return byte.ok_or_else(|| vm.raise_type("integer not in range(256)"));
    }
    Err(vm.raise_type(&format!("{WANTED}, not {}", vm.class_name(value))))
}

fn wide_char_of(vm: &mut Vm, value: Value) -> PyResult<u32> {
    let message = match Str::of(vm, value).map(Str::view) {
        Some(text) if text.len() == 1 => return Ok(text.at(0)),
        Some(text) => format!("a unicode character expected, not a string of length {}", text.len()),
        None => format!("a unicode character expected, not instance of {}", vm.class_name(value)),
    };
    Err(vm.raise_type(&message))
}

fn store_string(vm: &mut Vm, address: usize, value: Value) -> PyResult {
    if let Some(bytes) = This::<BytesObject>::of(vm, value) {
        let (text, kept) = raw::terminated(vm, bytes)?;
        raw::write(address, text);
        return Ok(kept);
    }
    store_address(vm, address, value, "bytes")
}

fn store_wide_string(vm: &mut Vm, address: usize, value: Value) -> PyResult {
    if let Some(text) = Str::of(vm, value) {
        let (text, kept) = raw::terminated_wide(vm, text)?;
        raw::write(address, text);
        return Ok(kept);
    }
    store_address(vm, address, value, "unicode string")
}

fn store_address(vm: &mut Vm, address: usize, value: Value, wanted: &str) -> PyResult {
    let text = if value.is_none() {
        0
    } else if vm.is_int_like(value) {
        integer_bits(vm, value)?
    } else {
        let message = format!("{wanted} or integer address expected instead of {} instance", vm.class_name(value));
        return Err(vm.raise_type(&message));
    };
    raw::write(address, text);
    Ok(Value::NONE)
}

/// The nearest double of the long double in memory.
pub fn double_of_long(address: usize) -> f64 {
    let (mut double, at) = (0f64, address as *const u8);
    // SAFETY: the program says that ten bytes lie there; the x87's stack is empty between functions, and is so again.
    unsafe {
        std::arch::asm!("fld tbyte ptr [{0}]", "fstp qword ptr [{1}]", in(reg) at, in(reg) &raw mut double,
            out("st(0)") _, out("st(1)") _, out("st(2)") _, out("st(3)") _,
            out("st(4)") _, out("st(5)") _, out("st(6)") _, out("st(7)") _, options(nostack));
    }
    double
}

/// Writes a double as a long one.
pub fn store_long_double(address: usize, double: f64) {
    let at = address as *mut u8;
    // SAFETY: as in `double_of_long`.
    unsafe {
        std::arch::asm!("fld qword ptr [{1}]", "fstp tbyte ptr [{0}]", in(reg) at, in(reg) &raw const double,
            out("st(0)") _, out("st(1)") _, out("st(2)") _, out("st(3)") _,
            out("st(4)") _, out("st(5)") _, out("st(6)") _, out("st(7)") _, options(nostack));
    }
}
