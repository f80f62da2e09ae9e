//! Objects: headers, layouts, shapes, classes, and the operations on them that tier 1 and compiled code share.

pub mod append;
pub mod argument;
pub mod array;
pub mod attribute;
pub mod buffer;
pub mod class;
mod collector;
pub mod compare;
pub mod convert;
pub mod dict;
pub mod exception;
pub mod finalize;
pub mod format;
pub mod function;
pub mod header;
pub mod instance;
pub mod integer;
pub mod item;
pub mod iterate;
pub mod layout;
pub mod module;
pub mod native;
pub mod operate;
pub mod path;
pub mod points;
pub mod raw;
mod reclass;
mod register;
pub mod shape;
pub mod simple;
pub mod slots;
pub mod spec;
pub mod string;
pub mod struct_sequence;
pub mod subclasses;
mod suggest;
pub mod table;
pub mod typed;
pub mod types;
pub mod utf8;
mod warn;
pub mod weak;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod type_tests;
