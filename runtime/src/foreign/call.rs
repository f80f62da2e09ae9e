//! The one way out: a call of any function, with its registers and stack words in a structure.

use std::arch::naked_asm;
use std::mem::offset_of;

/// A call of a function, before it and after it.
#[repr(C)]
#[derive(Debug, Clone, Default)]
pub struct Call {
    /// rdi, rsi, rdx, rcx, r8, r9.
    pub general: [u64; 6],
    /// The low halves of xmm0 … xmm7.
    pub floats: [u64; 8],
    /// Of how many `floats` something is in use, as functions with variable arguments want to know.
    pub n_floats: u64,
    stack: usize,
    n_stack: usize,
    function: usize,
    /// How many long doubles the result is.
    pub n_long_doubles: u64,
    /// rax, rdx.
    pub general_results: [u64; 2],
    /// The low halves of xmm0 and xmm1.
    pub float_results: [u64; 2],
    /// The ten bytes of a long double, and padding, twice.
    pub long_doubles: [u64; 4],
}

impl Call {
    /// Calls the function with the words of `stack` on its stack.
    ///
    /// # Safety
    /// There is such a function at the address; it takes what it is given, and may do what it does.
    pub unsafe fn make(&mut self, function: usize, stack: &[u64]) {
        (self.function, self.stack, self.n_stack) = (function, stack.as_ptr() as usize, stack.len());
        // SAFETY: the caller's promise; the structure has what the code reads.
        unsafe { enter(self) };
    }
}

/// Loads the registers, copies the stack words below its own frame, which keeps the stack pointer a multiple of 16, calls, and
/// stores the results.
///
/// # Safety
/// As `Call::make`.
#[unsafe(naked)]
unsafe extern "C" fn enter(call: *mut Call) {
    naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "push rbx",
        "sub rsp, 8",
        "mov rbx, rdi",
        "mov rcx, [rbx + {n_stack}]",
        "mov rsi, [rbx + {stack}]",
        "lea rax, [rcx + 1]",
        "and rax, -2",
        "shl rax, 3",
        "sub rsp, rax",
        "mov rdi, rsp",
        "rep movsq",
        "movsd xmm0, [rbx + {floats}]",
        "movsd xmm1, [rbx + {floats} + 8]",
        "movsd xmm2, [rbx + {floats} + 16]",
        "movsd xmm3, [rbx + {floats} + 24]",
        "movsd xmm4, [rbx + {floats} + 32]",
        "movsd xmm5, [rbx + {floats} + 40]",
        "movsd xmm6, [rbx + {floats} + 48]",
        "movsd xmm7, [rbx + {floats} + 56]",
        "mov rdi, [rbx + {general}]",
        "mov rsi, [rbx + {general} + 8]",
        "mov rdx, [rbx + {general} + 16]",
        "mov rcx, [rbx + {general} + 24]",
        "mov r8, [rbx + {general} + 32]",
        "mov r9, [rbx + {general} + 40]",
        "mov rax, [rbx + {n_floats}]",
        "call [rbx + {function}]",
        "mov [rbx + {general_results}], rax",
        "mov [rbx + {general_results} + 8], rdx",
        "movsd [rbx + {float_results}], xmm0",
        "movsd [rbx + {float_results} + 8], xmm1",
        "mov rax, [rbx + {n_long_doubles}]",
        "test rax, rax",
        "je 2f",
        "fstp tbyte ptr [rbx + {long_doubles}]",
        "cmp rax, 2",
        "jb 2f",
        "fstp tbyte ptr [rbx + {long_doubles} + 16]",
        "2:",
        "lea rsp, [rbp - 8]",
        "pop rbx",
        "pop rbp",
        "ret",
        general = const offset_of!(Call, general),
        floats = const offset_of!(Call, floats),
        n_floats = const offset_of!(Call, n_floats),
        stack = const offset_of!(Call, stack),
        n_stack = const offset_of!(Call, n_stack),
        function = const offset_of!(Call, function),
        n_long_doubles = const offset_of!(Call, n_long_doubles),
        general_results = const offset_of!(Call, general_results),
        float_results = const offset_of!(Call, float_results),
        long_doubles = const offset_of!(Call, long_doubles),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[repr(C)]
    struct Words([u64; 3]);

    extern "C" fn weigh(a: u64, b: f64, c: i32, d: f64, rest: Words) -> f64 {
        a as f64 + b * 10.0 + f64::from(c) * 100.0 + d * 1000.0 + rest.0.iter().sum::<u64>() as f64
    }

    #[test]
    fn registers_and_stack_words_arrive() {
        let mut call = Call { general: [1, 3, 0, 0, 0, 0], ..Call::default() };
        call.floats[..2].copy_from_slice(&[2f64.to_bits(), 4f64.to_bits()]);
        // SAFETY: a function of these arguments; the array of three words goes to the stack.
        unsafe { call.make(weigh as *const () as usize, &[10_000, 20_000, 30_000]) };
        assert_eq!(f64::from_bits(call.float_results[0]), 1.0 + 20.0 + 300.0 + 4000.0 + 60_000.0);
    }
}
