//! Values to bytes and back, as a format says.

use super::format::{Format, Item, Kind};
use super::number::{float_of_half, half_of};
use super::raise;
use smallvec::SmallVec;
use stitch_runtime::builtins::types::BYTEARRAY;
use stitch_runtime::object::argument::This;
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::layout::BytesObject;
use stitch_runtime::value::without_identity;
use stitch_runtime::{PyResult, Value, Vm};

/// Bytes that are mostly few.
type Packed = SmallVec<[u8; 64]>;

/// The bytes of values; `function` is what messages call it.
pub fn pack(vm: &mut Vm, format: &Format, values: &[Value], function: &str) -> PyResult<Packed> {
    if values.len() != format.n_values {
        let message = format!("{function} expected {} items for packing (got {})", format.n_values, values.len());
        return Err(raise(vm, &message));
    }
    let mut data = Packed::new();
    if data.try_reserve_exact(format.size).is_err() {
        return Err(vm.raise_memory());
    }
    data.resize(format.size, 0);
    let mut values = values.iter().copied();
    for item in &format.items {
        let room = &mut data[item.offset..][..item.size * item.count];
        match item.kind {
            Kind::Pad => {}
            Kind::Bytes | Kind::Pascal => {
                let value = values.next().expect("as many values as the format has");
                pack_bytes(vm, item, value, room)?;
            }
            _ => {
                let mut room = room;
                for value in values.by_ref().take(item.count) {
                    let (place, rest) = room.split_at_mut(item.size);
                    pack_one(vm, format, item, value, place)?;
                    if format.is_big != cfg!(target_endian = "big") {
                        turn_round(item, place);
                    }
                    room = rest;
                }
            }
        }
    }
    Ok(data)
}

/// To the other order of bytes.
fn turn_round(item: &Item, place: &mut [u8]) {
    if item.kind == Kind::Complex {
        place.chunks_exact_mut(item.size / 2).for_each(<[u8]>::reverse);
    } else {
        place.reverse();
    }
}

fn pack_bytes(vm: &mut Vm, item: &Item, value: Value, room: &mut [u8]) -> PyResult<()> {
    if !vm.is_a::<BytesObject>(value) && !vm.is_of_spec(value, &BYTEARRAY) {
        return Err(raise(vm, &format!("argument for '{}' must be a bytes object", item.code)));
    }
    let data = BytesLike::of(vm, value)?;
    let room = match (item.kind, room) {
        (Kind::Pascal, [len, room @ ..]) => {
            *len = data.len().min(room.len()).min(255) as u8;
            room
        }
        (_, room) => room,
    };
    let n = data.len().min(room.len());
    room[..n].copy_from_slice(&data[..n]);
    Ok(())
}

/// One item, in the machine's byte order.
fn pack_one(vm: &mut Vm, format: &Format, item: &Item, value: Value, place: &mut [u8]) -> PyResult<()> {
    match item.kind {
        Kind::Char => {
            let Some(bytes) = This::<BytesObject>::of(vm, value).filter(|bytes| bytes.data().len() == 1) else {
                return Err(raise(vm, "char format requires a bytes object of length 1"));
            };
            place.copy_from_slice(bytes.data());
        }
        Kind::Bool => place[0] = vm.is_true(value)? as u8,
        Kind::Float => pack_float(vm, format, value, place)?,
        Kind::Complex => pack_complex(vm, format, value, place)?,
        _ => {
            let word = integer(vm, item, value)?;
            match place.len() {
                1 => place.copy_from_slice(&(word as u8).to_ne_bytes()),
                2 => place.copy_from_slice(&(word as u16).to_ne_bytes()),
                4 => place.copy_from_slice(&(word as u32).to_ne_bytes()),
                _ => place.copy_from_slice(&word.to_ne_bytes()),
            }
        }
    }
    Ok(())
}

fn pack_float(vm: &mut Vm, format: &Format, value: Value, place: &mut [u8]) -> PyResult<()> {
    let Ok(float) = vm.to_float(value) else {
        vm.clear_exception();
        return Err(raise(vm, "required argument is not a float"));
    };
    store_float(vm, format, float, place)
}

fn pack_complex(vm: &mut Vm, format: &Format, value: Value, place: &mut [u8]) -> PyResult<()> {
    let (real, imag) = match vm.complex_parts(value) {
        Some(parts) => parts,
        None => match vm.to_float(value) {
            Ok(real) => (real, 0.0),
            Err(_) => {
                vm.clear_exception();
                return Err(raise(vm, "required argument is not a complex"));
            }
        },
    };
    let (first, second) = place.split_at_mut(place.len() / 2);
    store_float(vm, format, real, first)?;
    store_float(vm, format, imag, second)
}

/// A float in as many bytes as there are.
fn store_float(vm: &mut Vm, format: &Format, float: f64, place: &mut [u8]) -> PyResult<()> {
    let float = without_identity(float);
    match place.len() {
        8 => place.copy_from_slice(&float.to_ne_bytes()),
        4 => {
            let narrow = float as f32;
            if narrow.is_infinite() && float.is_finite() && !format.is_native {
                return Err(vm.raise_overflow("float too large to pack with f format"));
            }
            place.copy_from_slice(&narrow.to_ne_bytes());
        }
        _ => match half_of(float) {
            Some(half) => place.copy_from_slice(&half.to_ne_bytes()),
            None => return Err(vm.raise_overflow("float too large to pack with e format")),
        },
    }
    Ok(())
}

fn integer(vm: &mut Vm, item: &Item, value: Value) -> PyResult<u64> {
    let unused = 64 - 8 * item.size as u32;
    if value.is_int() {
        let word = value.as_int();
        let fits = match item.kind {
            Kind::Signed => word << unused >> unused == word,
            Kind::Pointer => true,
            _ => word >= 0 && word as u64 <= u64::MAX >> unused,
        };
        if fits {
            return Ok(word as u64);
        }
    }
    if !vm.is_index(value) {
        return Err(raise(vm, "required argument is not an integer"));
    }
    let int = vm.index(value)?;
    let bits = 8 * item.size as u32;
    let (low, high): (i128, i128) = match item.kind {
        Kind::Signed => (-(1 << (bits - 1)), (1 << (bits - 1)) - 1),
        Kind::Pointer => (i64::MIN.into(), u64::MAX.into()),
        _ => (0, (1 << bits) - 1),
    };
    match vm.int_to_i128(int) {
        Some(wide) if (low..=high).contains(&wide) => Ok(wide as u64),
        _ if item.kind == Kind::Pointer => Err(raise(vm, "int too large to convert")),
        _ => Err(raise(vm, &format!("'{}' format requires {low} <= number <= {high}", item.code))),
    }
}

/// The values that `data` is, which has the format's size.
pub fn unpack(vm: &mut Vm, format: &Format, data: &[u8]) -> PyResult<Value> {
    let tuple = vm.new_tuple_of_len(format.n_values)?;
    let mut at = 0;
    for item in &format.items {
        let room = &data[item.offset..][..item.size * item.count];
        match item.kind {
            Kind::Pad => {}
            Kind::Bytes | Kind::Pascal => {
                let value = match (item.kind, room) {
                    (Kind::Pascal, [len, rest @ ..]) => vm.new_bytes(&rest[..rest.len().min(*len as usize)])?,
                    _ => vm.new_bytes(room)?,
                };
                vm.tuple_init(tuple, at, value);
                at += 1;
            }
            _ => {
                let mut room = room;
                for _ in 0..item.count {
                    let (bytes, rest) = room.split_at(item.size);
                    let value = unpack_one(vm, item, bytes, format.is_big)?;
                    room = rest;
                    vm.tuple_init(tuple, at, value);
                    at += 1;
                }
            }
        }
    }
    Ok(tuple)
}

/// The number that so many bytes are, up to eight.
fn word_of(bytes: &[u8], is_big: bool) -> u64 {
    let little = match *bytes {
        [a] => a.into(),
        [a, b] => u16::from_le_bytes([a, b]).into(),
        [a, b, c, d] => u32::from_le_bytes([a, b, c, d]).into(),
        [a, b, c, d, e, f, g, h] => u64::from_le_bytes([a, b, c, d, e, f, g, h]),
        _ => bytes.iter().rev().fold(0, |word: u64, &byte| word << 8 | u64::from(byte)),
    };
    if is_big { little.swap_bytes() >> (64 - 8 * bytes.len() as u32) } else { little }
}

fn float_of(word: u64, size: usize) -> f64 {
    match size {
        8 => f64::from_bits(word),
        4 => f64::from(f32::from_bits(word as u32)),
        _ => float_of_half(word as u16),
    }
}

fn unpack_one(vm: &mut Vm, item: &Item, bytes: &[u8], is_big: bool) -> PyResult {
    if item.kind == Kind::Complex {
        let size = item.size / 2;
        let (real, imag) = bytes.split_at(size);
        let part = |bytes| float_of(word_of(bytes, is_big), size);
        return Ok(vm.new_complex(part(real), part(imag)));
    }
    let word = word_of(bytes, is_big);
    let unused = 64 - 8 * bytes.len() as u32;
    Ok(match item.kind {
        Kind::Char => vm.new_bytes(bytes)?,
        Kind::Bool => Value::bool(word != 0),
        Kind::Signed => vm.new_int((word << unused) as i64 >> unused),
        Kind::Float => Value::float(float_of(word, item.size)),
        _ => vm.new_int_from_u64(word),
    })
}
