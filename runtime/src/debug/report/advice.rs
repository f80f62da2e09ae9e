//! What one could do about an exit that is taken, or about what was given up.

use crate::bytecode::Opcode;
use crate::debug::places::CodePlace;
use crate::trace::Abort;
use crate::uop::ExitKind;

/// By the kind of the exit, the name of the micro-op that leaves, and where tier 1 goes on; empty: nothing.
pub fn on_exit(kind: ExitKind, uop: &str, place: CodePlace) -> &'static str {
    match (kind, uop) {
        (_, "guard_true" | "guard_false") if place.opcode() == Some(Opcode::ForIter) => "The loop ends here.",
        (ExitKind::Pending, _) => "",
        (ExitKind::Error, _) => "Exceptions are raised here: a test before may be cheaper.",
        (ExitKind::Dynamic, _) => "Calls or returns go to many places.",
        (_, "guard_shape") => {
            "Objects of several classes meet here, or of one whose attributes are set in different orders: make them alike."
        }
        (_, "guard_int" | "guard_float" | "guard_bool") => "Values of several types meet here: keep to one.",
        (_, "guard_is" | "guard_is_not") => "What is called or looked up here changes: bind it once, before the loop.",
        (_, "int_add" | "int_sub" | "int_mul" | "int_shl") => "Ints get large here: a mask keeps them small.",
        (_, "guard_valid") => "Something that the code relies on changes while it runs: a class, a global, a closure.",
        (_, "guard_stack" | "guard_frames") => "Recursion goes deep here.",
        (_, "guard_true" | "guard_false" | "exit_trace") => {
            "A branch that is seldom taken; it is compiled once it is hot."
        }
        _ => "",
    }
}

pub fn on_abort(abort: Abort) -> &'static str {
    match abort {
        Abort::TooLong => "Split what one turn of the loop does into functions with loops of their own.",
        Abort::LeftFrame => "The function returns before the loop turns again.",
        Abort::Unsupported => "This instruction is not followed: move it out of the loop.",
        Abort::Yields | Abort::InGenerator => "A plain loop, or a list, in place of the generator may be compiled.",
        Abort::SharedCode => "The same function is made with several namespaces: import it from one module.",
        Abort::Raised | Abort::AlwaysLeaves => "What runs here leaves at once: look at the types and exceptions.",
        Abort::Invalidated => "Do not change classes and globals while the loop runs.",
        Abort::Loser | Abort::Slower => "Each run does little: a longer loop, or one call for many items, would pay.",
        Abort::Watched => "A debugger, profiler or tracer watches: without it the place is compiled.",
        Abort::WaitsForRoom | Abort::CodeCacheFull => "Give it more room with --code-cache.",
        Abort::InnerLoop
        | Abort::Diverted
        | Abort::InWork
        | Abort::NotFused
        | Abort::HandedOver
        | Abort::OtherOptimizer
        | Abort::Backend => "",
    }
}
