//! Reading the native stack and registers word by word.

use super::heap::Stack;
use std::arch::asm;

/// The stack pointer of the caller, more or less.
#[inline(always)]
pub fn native_stack_pointer() -> usize {
    let sp: usize;
    // SAFETY: reads a register.
    unsafe { asm!("mov {}, rsp", out(reg) sp, options(nomem, nostack, preserves_flags)) };
    sp
}

/// Stores the registers that calls keep. From the address given on, the stack, scanned upwards, has what the caller's callers
/// hold, as long as the caller runs: what it has saved of their registers lies above its locals.
#[inline(always)]
pub fn save_registers(saved: &mut [usize; 6]) -> usize {
    // SAFETY: stores the callee-saved registers into an array of six words; caller-saved ones were spilled by callers.
    unsafe {
        asm!("mov [{0}], rbx", "mov [{0} + 8], rbp", "mov [{0} + 16], r12", "mov [{0} + 24], r13",
             "mov [{0} + 32], r14", "mov [{0} + 40], r15", in(reg) saved.as_mut_ptr(), options(nostack, preserves_flags));
    }
    std::hint::black_box(saved).as_ptr() as usize
}

/// Calls `then` with the address from which on the stack, scanned upwards, has the caller's registers and all that its callers
/// hold. That is so until `then` returns.
#[inline(never)]
pub fn with_registers_on_stack<R>(then: impl FnOnce(usize) -> R) -> R {
    let mut saved = [0; 6];
    save_registers(&mut saved);
    let result = then(native_stack_pointer() & !7);
    std::hint::black_box(&mut saved);
    result
}

/// Calls `visit` with every word of a stack that is not dead.
pub(super) fn scan_stack(stack: &Stack, mut visit: impl FnMut(usize)) {
    let mut at = stack.words.start;
    let mut dead = stack.dead.iter().peekable();
    while at < stack.words.end {
        if let Some(range) = dead.next_if(|range| range.start <= at) {
            at = at.max(range.end);
            continue;
        }
        // SAFETY: from the stack pointer to the base that its thread recorded lies a live stack, of this thread or of one that
        // stands still.
        visit(unsafe { (at as *const usize).read_volatile() });
        at += 8;
    }
}

/// Overwrites what returned calls have left on the stack below here. Later calls may take that room without writing all
/// of it, and the collector would find the old words in it.
#[inline(never)]
pub fn clear_dead_stack() {
    let mut room = [0usize; 4096];
    std::hint::black_box(&mut room);
}
