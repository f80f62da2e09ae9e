//! The way in: addresses that C calls, each with a context of its own.

use crate::backend::BackendError;
use crate::backend::arena::{CodeArena, CodeBlock};
use std::arch::naked_asm;
use std::mem::offset_of;

/// Code memory of one VM for stubs: room for 32,768 of them, mapped as it is used.
const ARENA_BYTES: u32 = 1 << 20;
const STUB_BYTES: usize = 32;

/// What a stub hands to the handler, beside what the caller has passed. It stays where it is while the stub is.
#[repr(C)]
#[derive(Debug)]
pub struct Context {
    /// Gets what came and leaves the results there. It does not unwind.
    pub handler: unsafe extern "C" fn(context: *mut Context, arrival: *mut Arrival),
}

/// What a caller has passed, and what it gets.
#[repr(C)]
#[derive(Debug)]
pub struct Arrival {
    /// rdi, rsi, rdx, rcx, r8, r9.
    pub general: [u64; 6],
    /// The low halves of xmm0 … xmm7.
    pub floats: [u64; 8],
    /// The caller's stack words.
    pub stack: *const u64,
    /// rax, rdx.
    pub general_results: [u64; 2],
    /// The low halves of xmm0 and xmm1.
    pub float_results: [u64; 2],
    /// How many long doubles the result is, and these.
    pub n_long_doubles: u64,
    pub long_doubles: [u64; 4],
}

/// The stubs of one VM.
#[derive(Default)]
pub struct Stubs {
    /// Made with the first stub.
    arena: Option<CodeArena>,
}

impl Stubs {
    /// An address that C may call, which calls the context's handler.
    pub fn add(&mut self, context: *const Context) -> Result<(usize, CodeBlock), BackendError> {
        if self.arena.is_none() {
            self.arena = Some(CodeArena::new(ARENA_BYTES)?);
        }
        let Some(arena) = &mut self.arena else { unreachable!("just made") };
        let block = arena.alloc(STUB_BYTES as u32, STUB_BYTES as u32)?;
        arena.write(block.offset, &stub(context as usize as u64, enter as *const () as usize as u64));
        Ok((arena.address(block.offset), block))
    }

    /// Nobody calls the address any more.
    pub fn remove(&mut self, block: CodeBlock) {
        if let Some(arena) = &mut self.arena {
            arena.free(block);
        }
    }

    /// In the copy of a process: gives it code memory of its own.
    pub fn after_fork_in_child(&mut self) -> Result<(), BackendError> {
        match &mut self.arena {
            Some(arena) => Ok(arena.unshare()?),
            None => Ok(()),
        }
    }
}

/// `endbr64; mov r10, context; mov r11, target; jmp r11`
fn stub(context: u64, target: u64) -> [u8; STUB_BYTES] {
    let mut code = [0xCC; STUB_BYTES];
    code[..4].copy_from_slice(&[0xF3, 0x0F, 0x1E, 0xFA]);
    code[4..6].copy_from_slice(&[0x49, 0xBA]);
    code[6..14].copy_from_slice(&context.to_le_bytes());
    code[14..16].copy_from_slice(&[0x49, 0xBB]);
    code[16..24].copy_from_slice(&target.to_le_bytes());
    code[24..27].copy_from_slice(&[0x41, 0xFF, 0xE3]);
    code
}

/// Where stubs lead, with the context in r10: stores the argument registers, calls the handler, loads the results.
///
/// # Safety
/// Only stubs jump here.
#[unsafe(naked)]
unsafe extern "C" fn enter() {
    naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "sub rsp, {size}",
        "mov [rsp + {general}], rdi",
        "mov [rsp + {general} + 8], rsi",
        "mov [rsp + {general} + 16], rdx",
        "mov [rsp + {general} + 24], rcx",
        "mov [rsp + {general} + 32], r8",
        "mov [rsp + {general} + 40], r9",
        "movsd [rsp + {floats}], xmm0",
        "movsd [rsp + {floats} + 8], xmm1",
        "movsd [rsp + {floats} + 16], xmm2",
        "movsd [rsp + {floats} + 24], xmm3",
        "movsd [rsp + {floats} + 32], xmm4",
        "movsd [rsp + {floats} + 40], xmm5",
        "movsd [rsp + {floats} + 48], xmm6",
        "movsd [rsp + {floats} + 56], xmm7",
        "lea rax, [rbp + 16]",
        "mov [rsp + {stack}], rax",
        "xor eax, eax",
        "mov [rsp + {general_results}], rax",
        "mov [rsp + {general_results} + 8], rax",
        "mov [rsp + {float_results}], rax",
        "mov [rsp + {float_results} + 8], rax",
        "mov [rsp + {n_long_doubles}], rax",
        "mov rdi, r10",
        "mov rsi, rsp",
        "call [r10 + {handler}]",
        "mov rax, [rsp + {n_long_doubles}]",
        "test rax, rax",
        "je 3f",
        "cmp rax, 2",
        "jb 2f",
        "fld tbyte ptr [rsp + {long_doubles} + 16]",
        "2:",
        "fld tbyte ptr [rsp + {long_doubles}]",
        "3:",
        "mov rax, [rsp + {general_results}]",
        "mov rdx, [rsp + {general_results} + 8]",
        "movsd xmm0, [rsp + {float_results}]",
        "movsd xmm1, [rsp + {float_results} + 8]",
        "leave",
        "ret",
        size = const { assert!(size_of::<Arrival>().is_multiple_of(16)); size_of::<Arrival>() },
        general = const offset_of!(Arrival, general),
        floats = const offset_of!(Arrival, floats),
        stack = const offset_of!(Arrival, stack),
        general_results = const offset_of!(Arrival, general_results),
        float_results = const offset_of!(Arrival, float_results),
        n_long_doubles = const offset_of!(Arrival, n_long_doubles),
        long_doubles = const offset_of!(Arrival, long_doubles),
        handler = const offset_of!(Context, handler),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    unsafe extern "C" fn add_up(_: *mut Context, arrival: *mut Arrival) {
        // SAFETY: a stub's handler gets its caller's arrival.
        let arrival = unsafe { &mut *arrival };
        let first = f64::from_bits(arrival.floats[0]);
        // SAFETY: the test passes seven words, of which one is on the stack.
        let seventh = unsafe { *arrival.stack };
        arrival.general_results[0] = arrival.general.iter().sum::<u64>() + seventh + first as u64;
    }

    #[test]
    fn what_is_passed_arrives() {
        let context = Context { handler: add_up };
        let mut stubs = Stubs::default();
        let (address, block) = stubs.add(&context).unwrap();
        type Function = extern "C" fn(u64, u64, u64, u64, u64, u64, u64, f64) -> u64;
        // SAFETY: the stub takes whatever it is passed.
        let function = unsafe { std::mem::transmute::<usize, Function>(address) };
        assert_eq!(function(1, 2, 3, 4, 5, 6, 7, 100.0), 128);
        stubs.remove(block);
    }
}
