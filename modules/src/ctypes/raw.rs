//! Memory by its address. Which addresses are good is for the program to know, as in C: this is where it may go wrong.

use stitch_runtime::object::argument::{Str, This};
use stitch_runtime::object::layout::BytesObject;
use stitch_runtime::{PyResult, Value, Vm};

/// Room for the largest simple value.
#[derive(Default)]
#[repr(C, align(16))]
pub struct Block([u64; 4]);

impl Block {
    pub fn address(&mut self) -> usize {
        self.0.as_mut_ptr() as usize
    }
}

/// Copies bytes, which may overlap.
pub fn copy(to: usize, from: usize, len: usize) {
    if len > 0 {
        // SAFETY: the program says that there is memory.
        unsafe { std::ptr::copy(from as *const u8, to as *mut u8, len) };
    }
}

pub fn read<T: Copy>(address: usize) -> T {
    // SAFETY: the program says that there is memory; every `T` that is asked for takes any bits.
    unsafe { (address as *const T).read_unaligned() }
}

pub fn write<T: Copy>(address: usize, value: T) {
    // SAFETY: the program says that there is memory.
    unsafe { (address as *mut T).write_unaligned(value) };
}

/// The bytes from an address on, for as long as nobody changes them.
pub fn bytes<'a>(address: usize, len: usize) -> &'a [u8] {
    if len == 0 {
        return &[];
    }
    // SAFETY: the program says that there is memory.
    unsafe { std::slice::from_raw_parts(address as *const u8, len) }
}

/// How many bytes there are before a NUL.
pub fn len_of_string(address: usize) -> usize {
    // SAFETY: the program says that there is a string.
    unsafe { std::ffi::CStr::from_ptr(address as *const std::ffi::c_char) }.count_bytes()
}

/// How many wide characters there are before a NUL.
pub fn len_of_wide(address: usize) -> usize {
    (0..).take_while(|i| read::<u32>(address + 4 * i) != 0).count()
}

/// A str of wide characters; ValueError where one is none.
pub fn wide_string(vm: &mut Vm, address: usize, len: usize) -> PyResult {
    let mut points = Vec::new();
    if points.try_reserve_exact(len).is_err() {
        return Err(vm.raise_memory());
    }
    points.extend((0..len).map(|i| read::<u32>(address + 4 * i)));
    if let Some(bad) = points.iter().find(|&&point| point > 0x10_FFFF) {
        let message = format!("character U+{bad:x} is not in range [U+0000; U+10ffff]");
        return Err(vm.raise_value(&message));
    }
    Ok(vm.str_from_code_points(&points))
}

/// The address of a bytes object's bytes with a NUL behind them, and what has to be kept for it: the object itself where a zero
/// happens to follow, else a copy.
pub fn terminated(vm: &mut Vm, bytes: This<BytesObject>) -> PyResult<(usize, Value)> {
    let kept = if vm.ends_in_nul(bytes) { bytes } else { vm.copy_ending_in_nul(bytes)? };
    Ok((kept.data().as_ptr() as usize, kept.value()))
}

/// The address of wide characters with a zero behind them, and what has to be kept for it.
pub fn terminated_wide(vm: &mut Vm, text: Str) -> PyResult<(usize, Value)> {
    let view = text.view();
    let kept = vm.new_raw_storage(view.len().saturating_add(1).saturating_mul(4))?;
    let at = This::<BytesObject>::expect(vm, kept).data().as_ptr() as usize;
    for (i, point) in view.code_points().enumerate() {
        write(at + 4 * i, point);
    }
    Ok((at, kept))
}
