//! Case and classes of bytes: ASCII alone.

use super::{ByteString, is_space};
use crate::object::argument::This;
use crate::vm::{PyResult, Vm};

pub fn upper<K: ByteString>(vm: &mut Vm, this: This<K>) -> PyResult {
    let changed = this.data().to_ascii_uppercase();
    K::make(vm, &changed)
}

pub fn lower<K: ByteString>(vm: &mut Vm, this: This<K>) -> PyResult {
    let changed = this.data().to_ascii_lowercase();
    K::make(vm, &changed)
}

fn swapped(byte: u8) -> u8 {
    if byte.is_ascii_alphabetic() { byte ^ 0x20 } else { byte }
}

pub fn swapcase<K: ByteString>(vm: &mut Vm, this: This<K>) -> PyResult {
    let changed: Vec<u8> = this.data().iter().map(|&byte| swapped(byte)).collect();
    K::make(vm, &changed)
}

pub fn capitalize<K: ByteString>(vm: &mut Vm, this: This<K>) -> PyResult {
    let mut changed = this.data().to_ascii_lowercase();
    if let Some(first) = changed.first_mut() {
        first.make_ascii_uppercase();
    }
    K::make(vm, &changed)
}

pub fn title<K: ByteString>(vm: &mut Vm, this: This<K>) -> PyResult {
    let mut in_word = false;
    let change = |&byte: &u8| {
        let changed = if in_word { byte.to_ascii_lowercase() } else { byte.to_ascii_uppercase() };
        in_word = byte.is_ascii_alphabetic();
        changed
    };
    let changed: Vec<u8> = this.data().iter().map(change).collect();
    K::make(vm, &changed)
}

fn all(data: &[u8], test: impl Fn(&u8) -> bool) -> bool {
    !data.is_empty() && data.iter().all(test)
}

pub fn isalnum<K: ByteString>(this: This<K>) -> bool {
    all(this.data(), u8::is_ascii_alphanumeric)
}

pub fn isalpha<K: ByteString>(this: This<K>) -> bool {
    all(this.data(), u8::is_ascii_alphabetic)
}

pub fn isdigit<K: ByteString>(this: This<K>) -> bool {
    all(this.data(), u8::is_ascii_digit)
}

pub fn isspace<K: ByteString>(this: This<K>) -> bool {
    all(this.data(), is_space)
}

pub fn isascii<K: ByteString>(this: This<K>) -> bool {
    this.data().is_ascii()
}

pub fn islower<K: ByteString>(this: This<K>) -> bool {
    let data = this.data();
    data.iter().any(u8::is_ascii_lowercase) && !data.iter().any(u8::is_ascii_uppercase)
}

pub fn isupper<K: ByteString>(this: This<K>) -> bool {
    let data = this.data();
    data.iter().any(u8::is_ascii_uppercase) && !data.iter().any(u8::is_ascii_lowercase)
}

pub fn istitle<K: ByteString>(this: This<K>) -> bool {
    let (mut in_word, mut has_word) = (false, false);
    for byte in this.data() {
        if byte.is_ascii_alphabetic() {
            if byte.is_ascii_uppercase() == in_word {
                return false;
            }
            has_word = true;
        }
        in_word = byte.is_ascii_alphabetic();
    }
    has_word
}
