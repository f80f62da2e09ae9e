//! What tools can be told of.

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// Something that happens as code runs. The numbers are those of the bits in sets of events.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Event { $($(#[$doc])* $name,)* }
        impl Event {
            pub const ALL: &'static [Event] = &[$(Event::$name,)*];
            pub const fn name(self) -> &'static str {
                match self { $(Event::$name => $text,)* }
            }
        }
    };
}

events! {
    PyStart = "PY_START";
    PyResume = "PY_RESUME";
    PyReturn = "PY_RETURN";
    PyYield = "PY_YIELD";
    Call = "CALL";
    Line = "LINE";
    Instruction = "INSTRUCTION";
    Jump = "JUMP";
    /// A branch is not taken, or a loop goes on.
    BranchLeft = "BRANCH_LEFT";
    BranchRight = "BRANCH_RIGHT";
    /// A generator that a loop or a delegation runs has returned.
    StopIteration = "STOP_ITERATION";
    Raise = "RAISE";
    ExceptionHandled = "EXCEPTION_HANDLED";
    PyUnwind = "PY_UNWIND";
    PyThrow = "PY_THROW";
    Reraise = "RERAISE";
    CReturn = "C_RETURN";
    CRaise = "C_RAISE";
    /// Stands for both sides.
    Branch = "BRANCH";
}

pub const N_EVENTS: usize = Event::ALL.len();
/// How many of them happen at instructions: the first ones.
pub const N_LOCAL_EVENTS: usize = Event::StopIteration as usize + 1;

/// A set of events, by their bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct EventSet(pub u32);

impl EventSet {
    /// Those that happen at instructions, and can be asked for in some code alone.
    pub const LOCAL: EventSet = EventSet((1 << N_LOCAL_EVENTS) - 1);
    /// Those about exceptions that go up or down, wherever they do.
    pub const EXCEPTIONAL: EventSet = EventSet(
        Event::Raise.bit()
            | Event::ExceptionHandled.bit()
            | Event::PyUnwind.bit()
            | Event::PyThrow.bit()
            | Event::Reraise.bit(),
    );

    pub const fn of(events: &[Event]) -> EventSet {
        let mut bits = 0;
        let mut at = 0;
        while at < events.len() {
            bits |= events[at].bit();
            at += 1;
        }
        EventSet(bits)
    }
    pub const fn has(self, event: Event) -> bool {
        self.0 & event.bit() != 0
    }
    pub const fn union(self, other: EventSet) -> EventSet {
        EventSet(self.0 | other.0)
    }
    pub const fn both(self, other: EventSet) -> EventSet {
        EventSet(self.0 & other.0)
    }
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl Event {
    pub const fn bit(self) -> u32 {
        1 << self as u32
    }
    pub const fn is_local(self) -> bool {
        EventSet::LOCAL.has(self)
    }
    /// The event that tools have asked for where they are told of this one.
    pub const fn asked_for(self) -> Event {
        match self {
            Event::CReturn | Event::CRaise => Event::Call,
            _ => self,
        }
    }
}
