//! A parser of XML that does what expat does: the same events in the same pieces, the same errors at the same places.
//!
//! ```text
//!   bytes ─input─► text ─scan─► tokens ─┬ prolog ─► declarations (dtd), events
//!                                       └ content ─► events            entities that are referred to are texts of their own
//! ```
//!
//! It knows no Python: who is told of events implements `Listener`.

mod attributes;
mod character;
mod content;
mod declaration;
mod dtd;
mod error;
mod event;
mod input;
mod model;
mod namespace;
mod parameters;
mod prolog;
mod scan;
mod state;

pub use error::{ERRORS, ErrorCode};
pub use event::{Attributes, Event, Kind, Listener, Scene};
pub use input::{Encoding, Place};
pub use model::Model;
pub use state::{ParameterEntities, Parser, Shared};

use state::{Fail, State, Telling};
