//! From source text to pre-decoded instructions.
//!
//! ```text
//!   bytes ─ source ─► text ─ compile ─► RawCode ─ decode ─► DecodedCode
//! ```
//!
//! Everything here is plain data: nothing knows the heap, and nothing runs Python code.

mod annotations;
mod class_parts;
pub mod compile;
pub mod decode;
mod diagnosis;
pub mod dump;
mod incomplete;
pub mod instruction;
mod join;
pub mod landing;
pub(crate) mod literals;
mod nesting;
mod parts;
pub mod positions;
pub mod raw;
pub mod source;
mod stand_ins;
mod statements;
pub mod syntax_error;
mod wording;

pub use compile::{CompileMode, CompileOptions, SyntaxWarning, compile, compile_with_warnings};
pub use decode::{Decoded, DecodedCode, Handler, MalformedCode, Tables, decode, positions_of};
pub use instruction::{Opcode, Operand};
pub use positions::{Position, decode_line_table};
pub use raw::{CodeFlags, LocalKind, RawCode, RawConst};
pub use source::Origin;
pub use syntax_error::{SyntaxErrorInfo, SyntaxErrorKind, format_syntax_error};
