//! Reading the native stack and registers word by word.

use std::arch::asm;
use std::ops::Range;

/// The stack pointer of the caller, more or less.
#[inline(always)]
pub fn native_stack_pointer() -> usize {
    let sp: usize;
    // SAFETY: reads a register.
    unsafe { asm!("mov {}, rsp", out(reg) sp, options(nomem, nostack, preserves_flags)) };
    sp
}

/// Calls `visit` with every callee-saved register and every word of the stack from here up to `base`.
/// Addresses in `dead`, which are in order and do not overlap, are passed over.
#[inline(never)]
pub fn scan_registers_and_stack(base: usize, dead: &[Range<usize>], mut visit: impl FnMut(usize)) {
    let mut saved = [0usize; 6];
    // SAFETY: stores the callee-saved registers into an array of six words; caller-saved ones were spilled by callers.
    unsafe {
        asm!("mov [{0}], rbx", "mov [{0} + 8], rbp", "mov [{0} + 16], r12", "mov [{0} + 24], r13",
             "mov [{0} + 32], r14", "mov [{0} + 40], r15", in(reg) saved.as_mut_ptr(), options(nostack, preserves_flags));
    }
    saved.iter().for_each(|&word| visit(word));
    let mut at = native_stack_pointer() & !7;
    let mut dead = dead.iter().peekable();
    while at < base {
        if let Some(range) = dead.next_if(|range| range.start <= at) {
            at = at.max(range.end);
            continue;
        }
        // SAFETY: between the stack pointer and the base that the thread recorded lies this thread's live stack.
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
