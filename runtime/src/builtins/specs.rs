//! The specifications of the built-in types.

pub use super::async_generator::{ASYNC_GENERATOR, ASYNC_STEP, ASYNC_VALUE};
pub use super::bytes::BYTES;
pub use super::class::TYPE;
pub use super::code::{CELL, CODE};
pub use super::complex::COMPLEX;
pub use super::descriptor::{CLASS_METHOD, GET_SET, MEMBER, STATIC_METHOD};
pub use super::dict::DICT;
pub use super::exception::BASE_EXCEPTION;
pub use super::float::FLOAT;
pub use super::frame::FRAME;
pub use super::function::{BOUND_METHOD, FUNCTION, MODULE};
pub use super::generator::{COROUTINE, GENERATOR};
pub use super::integer::{BOOL, INT};
pub use super::iterator::{
    BYTES_ITER, CALL_ITER, DICT_ITEM_ITER, DICT_KEY_ITER, DICT_VALUE_ITER, ENUMERATE, FILTER, LIST_ITER,
    LIST_REVERSE_ITER, LONG_RANGE_ITER, MAP, RANGE_ITER, SEQUENCE_ITER, SEQUENCE_REVERSE_ITER, SET_ITER, STR_ITER,
    TUPLE_ITER, ZIP,
};
pub use super::list::LIST;
pub use super::native_function::{
    BOUND_SLOT_WRAPPER, NATIVE_CLASS_METHOD, NATIVE_FUNCTION, NATIVE_METHOD, SLOT_WRAPPER,
};
pub use super::object::OBJECT;
pub use super::property::PROPERTY;
pub use super::range::{RANGE, SLICE};
pub use super::set::{FROZEN_SET, SET};
pub use super::singleton::{APPEND_BUFFER, ARRAY, ELLIPSIS, NATIVE, NONE_TYPE, NOT_IMPLEMENTED, TABLE_INDEX};
pub use super::string::STR;
pub use super::super_object::SUPER;
pub use super::traceback::TRACEBACK;
pub use super::tuple::TUPLE;
pub use super::view::{DICT_ITEMS, DICT_KEYS, DICT_VALUES};
