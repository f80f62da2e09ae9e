//! What debuggers want to know of a piece of code beside its name, in DWARF's form.

use super::Symbol;

/// How each function of ours begins: the frame pointer is saved and set.
const PROLOGUE: [u8; 4] = [0x55, 0x48, 0x89, 0xE5];
/// Numbers of registers.
const FRAME_POINTER: u8 = 6;
const STACK_POINTER: u8 = 7;
const RETURN_ADDRESS: u8 = 16;

/// How its frames are unwound, by the frame pointer; `None`: it does not keep one.
pub fn unwinding(symbol: &Symbol) -> Option<Vec<u8>> {
    if !symbol.code.starts_with(&PROLOGUE) {
        return None;
    }
    // Version 1, no augmentation; code counts by 1, data by −8; where the return address is. At the start, the frame's
    // address is 8 above the stack pointer, and the return address below it.
    let common = [1, 0, 1, 0x78, RETURN_ADDRESS, 0x0C, STACK_POINTER, 8, 0x80 | RETURN_ADDRESS, 1];
    let mut bytes = entry(0, &common);
    let mut body = Vec::new();
    body.extend((symbol.address as u64).to_le_bytes());
    body.extend((symbol.code.len() as u64).to_le_bytes());
    // After the push: 16 above it, the caller's frame pointer 16 below the frame. After the move: 16 above the frame pointer.
    body.extend([0x41, 0x0E, 16, 0x80 | FRAME_POINTER, 2, 0x43, 0x0D, FRAME_POINTER]);
    let back = bytes.len() as u32 + 4;
    bytes.extend(entry(back, &body));
    bytes.extend(0u32.to_le_bytes());
    Some(bytes)
}

/// Length and the word that tells what it is, in front; padded with what does nothing.
fn entry(word: u32, body: &[u8]) -> Vec<u8> {
    let padded = (8 + body.len()).next_multiple_of(8);
    let mut bytes = Vec::with_capacity(padded);
    bytes.extend((padded as u32 - 4).to_le_bytes());
    bytes.extend(word.to_le_bytes());
    bytes.extend(body);
    bytes.resize(padded, 0);
    bytes
}

/// The sections that say which line code is for.
pub struct Lines {
    pub abbreviations: Vec<u8>,
    pub info: Vec<u8>,
    pub program: Vec<u8>,
}

impl Lines {
    /// `None`: nothing is known.
    pub fn of(symbol: &Symbol) -> Option<Lines> {
        let first = symbol.lines.first()?;
        Some(Lines { abbreviations: ABBREVIATIONS.to_vec(), info: info(symbol, &first.file), program: program(symbol) })
    }
}

/// Two kinds of entry: a unit (name, start, size, lines), and a function in it (name, start, size).
const ABBREVIATIONS: [u8; 24] = [
    1, 0x11, 1, 0x03, 0x08, 0x11, 0x01, 0x12, 0x07, 0x10, 0x17, 0, 0, // unit
    2, 0x2E, 0, 0x03, 0x08, 0x11, 0x01, 0x12, 0x07, 0, 0, // function
];

fn info(symbol: &Symbol, file: &str) -> Vec<u8> {
    let mut body = Vec::new();
    // Version 4, abbreviations from 0 on, addresses of 8 bytes.
    body.extend([4, 0, 0, 0, 0, 0, 8]);
    for (kind, name) in [(1, file), (2, &symbol.name)] {
        body.push(kind);
        append_text(&mut body, name);
        body.extend((symbol.address as u64).to_le_bytes());
        body.extend((symbol.code.len() as u64).to_le_bytes());
        if kind == 1 {
            body.extend(0u32.to_le_bytes());
        }
    }
    // The ends of the kinds' table and of the unit's children.
    body.push(0);
    with_length(body)
}

/// The program that makes the table of lines.
fn program(symbol: &Symbol) -> Vec<u8> {
    let mut files: Vec<&str> = Vec::new();
    for line in &symbol.lines {
        if !files.contains(&&*line.file) {
            files.push(&line.file);
        }
    }
    // Instructions of 1 byte, one at a time, rows are statements; lines' range, which is not used; operands of the 9 standard
    // opcodes; no folders.
    let mut header = vec![1, 1, 1, 0xFB, 14, 10, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0];
    for file in &files {
        append_text(&mut header, file);
        header.extend([0, 0, 0]);
    }
    header.push(0);
    let mut body = vec![4, 0];
    body.extend((header.len() as u32).to_le_bytes());
    body.extend(header);
    body.extend([0, 9, 2]);
    body.extend((symbol.address as u64).to_le_bytes());
    let (mut offset, mut line) = (0, 1);
    for row in &symbol.lines {
        let file = files.iter().position(|file| *file == row.file).unwrap_or(0) as u64 + 1;
        body.push(2);
        append_unsigned(&mut body, u64::from(row.offset - offset));
        body.push(4);
        append_unsigned(&mut body, file);
        body.push(3);
        append_signed(&mut body, i64::from(row.line) - line);
        body.push(1);
        (offset, line) = (row.offset, i64::from(row.line));
    }
    body.push(2);
    append_unsigned(&mut body, symbol.code.len() as u64 - u64::from(offset));
    body.extend([0, 1, 1]);
    with_length(body)
}

fn with_length(body: Vec<u8>) -> Vec<u8> {
    let length = (body.len() as u32).to_le_bytes();
    length.into_iter().chain(body).collect()
}

fn append_text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend(text.bytes().filter(|&byte| byte != 0));
    bytes.push(0);
}

fn append_unsigned(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn append_signed(bytes: &mut Vec<u8>, mut number: i64) {
    loop {
        let byte = number as u8 & 0x7F;
        number >>= 7;
        if (number == 0 && byte & 0x40 == 0) || (number == -1 && byte & 0x40 != 0) {
            return bytes.push(byte);
        }
        bytes.push(byte | 0x80);
    }
}
