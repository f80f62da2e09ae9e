//! Objects: headers, layouts, shapes, classes, and the operations on them that tier 1 and compiled code share.

pub mod header;
pub mod layout;
pub mod types;
pub mod shape;
pub mod string;
pub mod integer;
pub mod array;
pub mod dict;
pub mod class;
pub mod attribute;
pub mod exception;
pub mod function;
pub mod native;
pub mod instance;
mod reclass;
pub mod iterate;
pub mod operate;
pub mod compare;
pub mod item;
pub mod convert;
pub mod format;

#[cfg(test)]
mod tests;
