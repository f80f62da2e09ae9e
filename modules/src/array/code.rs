//! Type codes: what the items of an array are, and how values become items.

use stitch_runtime::object::argument::Str;
use stitch_runtime::object::raw::RawSequence;
use stitch_runtime::uop::ElementKind;
use stitch_runtime::{PyResult, Raised, Value, Vm};

/// One type code.
pub struct TypeCode {
    pub code: char,
    pub text: &'static str,
    /// `None`: code points.
    pub kind: Option<ElementKind>,
    /// As `memoryview.format` gives it.
    pub format: &'static str,
    /// The number by which pickles say what the bytes are, little-endian.
    pub machine_format: i64,
    range: Range,
}

/// Which integers fit, and what OverflowError says of others.
enum Range {
    /// Bounds, one after the other, and what they are called.
    Steps(&'static [(i64, i64, &'static str)]),
    /// Up to so much, in the words of C's unsigned types.
    Unsigned(u64),
    LongLong,
    UnsignedLongLong,
    /// Not an integer.
    None,
}

const SHORT: (i64, i64, &str) = (i16::MIN as i64, i16::MAX as i64, "signed short integer");
const INT: (i64, i64, &str) = (i32::MIN as i64, i32::MAX as i64, "signed integer");

pub static TYPE_CODES: &[TypeCode] = &[
    TypeCode {
        code: 'b',
        text: "b",
        kind: Some(ElementKind::I8),
        format: "b",
        machine_format: 1,
        range: Range::Steps(&[SHORT, (i8::MIN as i64, i8::MAX as i64, "signed char")]),
    },
    TypeCode {
        code: 'B',
        text: "B",
        kind: Some(ElementKind::U8),
        format: "B",
        machine_format: 0,
        range: Range::Steps(&[(0, u8::MAX as i64, "unsigned byte integer")]),
    },
    TypeCode { code: 'u', text: "u", kind: None, format: "w", machine_format: 20, range: Range::None },
    TypeCode { code: 'w', text: "w", kind: None, format: "w", machine_format: 20, range: Range::None },
    TypeCode {
        code: 'h',
        text: "h",
        kind: Some(ElementKind::I16),
        format: "h",
        machine_format: 4,
        range: Range::Steps(&[SHORT]),
    },
    TypeCode {
        code: 'H',
        text: "H",
        kind: Some(ElementKind::U16),
        format: "H",
        machine_format: 2,
        range: Range::Steps(&[INT, (0, u16::MAX as i64, "unsigned short")]),
    },
    TypeCode {
        code: 'i',
        text: "i",
        kind: Some(ElementKind::I32),
        format: "i",
        machine_format: 8,
        range: Range::Steps(&[INT]),
    },
    TypeCode {
        code: 'I',
        text: "I",
        kind: Some(ElementKind::U32),
        format: "I",
        machine_format: 6,
        range: Range::Unsigned(u32::MAX as u64),
    },
    TypeCode {
        code: 'l',
        text: "l",
        kind: Some(ElementKind::I64),
        format: "l",
        machine_format: 12,
        range: Range::Steps(&[]),
    },
    TypeCode {
        code: 'L',
        text: "L",
        kind: Some(ElementKind::U64),
        format: "L",
        machine_format: 10,
        range: Range::Unsigned(u64::MAX),
    },
    TypeCode {
        code: 'q',
        text: "q",
        kind: Some(ElementKind::I64),
        format: "q",
        machine_format: 12,
        range: Range::LongLong,
    },
    TypeCode {
        code: 'Q',
        text: "Q",
        kind: Some(ElementKind::U64),
        format: "Q",
        machine_format: 10,
        range: Range::UnsignedLongLong,
    },
    TypeCode {
        code: 'f',
        text: "f",
        kind: Some(ElementKind::F32),
        format: "f",
        machine_format: 14,
        range: Range::None,
    },
    TypeCode {
        code: 'd',
        text: "d",
        kind: Some(ElementKind::F64),
        format: "d",
        machine_format: 16,
        range: Range::None,
    },
];

impl TypeCode {
    pub fn of(code: char) -> Option<&'static TypeCode> {
        TYPE_CODES.iter().find(|row| row.code == code)
    }
    pub fn item_bytes(&self) -> usize {
        self.kind.map_or(4, ElementKind::size_bytes)
    }
    /// As a raw sequence says it.
    pub fn raw_kind(&self) -> u64 {
        self.kind.map_or(RawSequence::NO_NUMBERS, |kind| kind as u64)
    }

    /// The word that a value is as an item.
    pub fn word_of(&self, vm: &mut Vm, value: Value) -> PyResult<u64> {
        match self.kind {
            None => self.code_point(vm, value),
            Some(kind) if kind.is_float() => Ok(vm.to_float(value)?.to_bits()),
            Some(_) => self.integer(vm, value),
        }
    }

    fn code_point(&self, vm: &mut Vm, value: Value) -> PyResult<u64> {
        let message = match Str::of(vm, value).map(Str::view) {
            Some(text) if text.len() == 1 => return Ok(u64::from(text.at(0))),
            Some(text) => {
                format!("array item must be a string of length 1, not a string of length {}", text.len())
            }
            None => format!("array item must be a unicode character, not {}", vm.class_name(value)),
        };
        Err(vm.raise_type(&message))
    }

    fn integer(&self, vm: &mut Vm, value: Value) -> PyResult<u64> {
        let int = vm.index(value)?;
        let wide = vm.int_to_i128(int);
        let word = wide.and_then(|wide| i64::try_from(wide).ok());
        match self.range {
            Range::Steps(steps) => {
                let Some(word) = word else {
                    return Err(vm.raise_overflow("Python int too large to convert to C long"));
                };
                for &(low, high, name) in steps {
                    if word < low {
                        return Err(vm.raise_overflow(&format!("{name} is less than minimum")));
                    }
                    if word > high {
                        return Err(vm.raise_overflow(&format!("{name} is greater than maximum")));
                    }
                }
                Ok(word as u64)
            }
            Range::Unsigned(most) => match wide.map(u64::try_from) {
                Some(Ok(word)) if word <= most => Ok(word),
                Some(Ok(_)) => Err(vm.raise_overflow("unsigned int is greater than maximum")),
                _ if is_negative(vm, int)? => Err(vm.raise_overflow("can't convert negative value to unsigned int")),
                _ => Err(vm.raise_overflow("Python int too large to convert to C unsigned long")),
            },
            Range::LongLong => word.map(|word| word as u64).ok_or_else(|| too_big(vm)),
            Range::UnsignedLongLong => match wide.map(u64::try_from) {
                Some(Ok(word)) => Ok(word),
                _ if is_negative(vm, int)? => Err(vm.raise_overflow("can't convert negative int to unsigned")),
                _ => Err(too_big(vm)),
            },
            Range::None => unreachable!("an integer type has a range"),
        }
    }

    /// The item that `bytes` are.
    pub fn item(&self, vm: &mut Vm, bytes: &[u8]) -> Value {
        let Some(kind) = self.kind else {
            return vm.str_from_code_point(code_point_of(bytes));
        };
        let word = kind.load(bytes);
        match kind {
            ElementKind::F32 | ElementKind::F64 => Value::float(f64::from_bits(word)),
            ElementKind::U64 => vm.new_int_from_u64(word),
            _ => vm.new_int(word as i64),
        }
    }

    /// Writes an item's word.
    pub fn store(&self, bytes: &mut [u8], word: u64) {
        match self.kind {
            Some(kind) => kind.store(bytes, word),
            None => bytes.copy_from_slice(&(word as u32).to_ne_bytes()),
        }
    }
}

/// The code point that an item of a text array is.
pub fn code_point_of(bytes: &[u8]) -> u32 {
    u32::from_ne_bytes(bytes.try_into().expect("items of text arrays have four bytes"))
}

fn too_big(vm: &mut Vm) -> Raised {
    vm.raise_overflow("int too big to convert")
}

fn is_negative(vm: &mut Vm, int: Value) -> PyResult<bool> {
    vm.less_than(int, Value::small_int(0))
}
