//! Why a recording, or the compilation after it, was given up: one row each.

macro_rules! aborts {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $fatal:literal;)*) => {
        /// A recording or compilation given up. Expected, counted, never a bug.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Abort { $($(#[$doc])* $name,)* }
        impl Abort {
            pub const ALL: &'static [Abort] = &[$(Abort::$name,)*];
            pub fn message(self) -> &'static str { match self { $(Abort::$name => $text,)* } }
            /// It says nothing about the place, which is to be tried again as if nothing had been.
            pub fn is_passing(self) -> bool {
                matches!(self, Abort::InWork | Abort::WaitsForRoom | Abort::HandedOver | Abort::Watched)
            }
            /// Trying the same place again will not help.
            pub fn is_final(self) -> bool { match self { $(Abort::$name => $fatal,)* } }
        }
    };
}

aborts! {
    /// More micro-ops, exits or steps than a superblock may have.
    TooLong = "trace too long", false;
    /// An inner loop that has no executor yet.
    InnerLoop = "inner loop first", false;
    /// The root frame was left before the loop closed.
    LeftFrame = "left the frame", false;
    /// An instruction that the recorder does not follow.
    Unsupported = "unsupported instruction", true;
    /// A generator that yields before its loop closes.
    Yields = "yields", true;
    /// What a resumed generator does cannot be followed.
    InGenerator = "in a generator", false;
    /// Functions with different globals have this code.
    SharedCode = "code of several namespaces", true;
    /// Control went elsewhere than recorded.
    Diverted = "control went elsewhere", false;
    /// The first instructions raised an exception.
    Raised = "an exception was raised", false;
    /// The trace is sure to leave before it does any work.
    AlwaysLeaves = "always leaves", false;
    /// What comes next is being compiled.
    InWork = "what follows is being compiled", false;
    /// Something that it relied on changed while it was compiled.
    Invalidated = "invalid when it was compiled", false;
    /// The executor left before its work had paid for it.
    Loser = "leaves before doing work", false;
    /// The executor was timed, and tier 1 is faster.
    Slower = "slower than tier 1", false;
    /// The tree cannot be one function.
    NotFused = "not fused", false;
    /// Another thread was let run meanwhile.
    HandedOver = "another thread ran", false;
    /// Somebody is told of what comes next.
    Watched = "somebody is told of it", false;
    /// Another optimizer's executor comes next, which is not followed.
    OtherOptimizer = "another optimizer's executor comes next", false;
    /// The code cache is full, and nothing could be freed just then.
    WaitsForRoom = "waits for room in the code cache", false;
    /// The backend has no room.
    CodeCacheFull = "code cache full", false;
    /// The backend refused.
    Backend = "refused by the backend", true;
}
