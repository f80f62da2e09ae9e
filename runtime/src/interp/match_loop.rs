//! Dispatch for builds without optimization, where a call in tail position would grow the native stack.

use super::dispatch::State;
use super::op::Op;
use crate::vm::Vm;

macro_rules! define_match_loop {
    ($($name:ident = $handler:path, $how:ident $(($fused:path))?;)*) => {
        use super::handlers as h;
        /// Runs until the run is over or the recorder is switched on.
        ///
        /// # Safety
        /// The state describes a live frame of this VM.
        #[inline(never)]
        pub unsafe fn run_until_over(vm: &mut Vm, mut state: State) -> State {
            while !state.frame.is_null() {
                // SAFETY: `ip` points into the instructions of the frame's code; handlers keep the state true.
                unsafe {
                    state = match (*state.ip).op() {
                        _ if (*state.ip).is_watched() => crate::watch::watched(vm, state),
                        $(Op::$name => $handler(vm, state),)*
                    };
                }
            }
            state
        }
    };
}
crate::for_each_op!(define_match_loop);
