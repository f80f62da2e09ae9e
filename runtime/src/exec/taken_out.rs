//! Why an executor was taken out: one row each, and what it was that changed.

use super::dependencies::Dependency;
use crate::object::layout::{FunctionObject, TypeObject};
use crate::value::Value;
use crate::vm::Vm;
use std::fmt;
use std::sync::Arc;

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// Why an executor cannot be entered any more.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Reason { $($(#[$doc])* $name,)* }
        impl Reason {
            pub const ALL: &'static [Reason] = &[$(Reason::$name,)*];
            pub fn message(self) -> &'static str { match self { $(Reason::$name => $text,)* } }
        }
    };
}

reasons! {
    /// `Dependency::Name`.
    Name = "a name's value changed";
    /// `Dependency::Class`.
    Class = "a class changed";
    /// `Dependency::Order`.
    Order = "a class's bases changed";
    /// `Dependency::Function`.
    Function = "a function's code, defaults or closure changed";
    /// `Dependency::Code`: functions over it have different globals, or it runs as a module and as something else.
    Namespace = "a code got a second namespace";
    /// `Dependency::Code`: its instructions were marked.
    Watched = "somebody watches a code";
    /// `Dependency::Exceptions`.
    Exceptions = "somebody watches exceptions";
    /// `Dependency::Origins`.
    Origins = "coroutines keep where they were made";
    /// Compiled code changes it without telling.
    Variable = "a name turned out to be a variable";
    /// `Abort::Loser`.
    Loser = "it left before doing work";
    /// `Abort::Slower`.
    Slower = "it was slower than tier 1";
    /// Another one needed its room in the code cache.
    Evicted = "its room in the code cache was needed";
    /// A newer fused executor of its tree took its place, and its code was freed.
    Superseded = "a newer one of its tree took its place";
    /// A full collection found its code dead but for what it keeps itself.
    Unreached = "nobody has its code any more";
    /// The program asked for it.
    Flushed = "the program took it out";
    /// Another optimizer's, which gave way to a better one or went with its optimizer.
    Replaced = "an optimizer gave way";
    /// Another optimizer's, which broke a rule.
    BrokeRule = "it broke a rule";
    /// The stress mode that takes out executors at random.
    Stress = "stress";
}

/// Why, and what it was: the name, class or function that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenOut {
    pub reason: Reason,
    pub thing: Option<Arc<str>>,
}

impl From<Reason> for TakenOut {
    fn from(reason: Reason) -> TakenOut {
        TakenOut { reason, thing: None }
    }
}

impl fmt::Display for TakenOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason.message())?;
        self.thing.as_ref().map_or(Ok(()), |thing| write!(f, ": {thing}"))
    }
}

impl Dependency {
    /// What it means for those who rely on it that it has changed.
    pub(super) fn reason(self) -> Reason {
        match self {
            Dependency::Class(_) => Reason::Class,
            Dependency::Order(_) => Reason::Order,
            Dependency::Name(..) => Reason::Name,
            Dependency::Function(_) => Reason::Function,
            Dependency::Code(_) => Reason::Namespace,
            Dependency::Exceptions => Reason::Exceptions,
            Dependency::Origins => Reason::Origins,
        }
    }
}

impl Vm {
    /// What a thing that somebody relies on, and which is alive for that, is called.
    pub(super) fn name_of_thing(&self, dependency: Dependency) -> Option<Arc<str>> {
        let name = match dependency {
            Dependency::Name(_, name) => Value(name),
            // SAFETY: whoever relies on a class or a function keeps it alive.
            Dependency::Class(class) | Dependency::Order(class) => unsafe { (*(class as *const TypeObject)).qualname },
            // SAFETY: as above.
            Dependency::Function(function) => unsafe { (*(function as *const FunctionObject)).qualname },
            Dependency::Code(_) | Dependency::Exceptions | Dependency::Origins => return None,
        };
        Some(self.string_of(name).into())
    }
}
