//! CPython's line table: where each instruction stands in the source.

/// A span of source text. Lines count from 1, columns from 0 in bytes; −1 where unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub line: i32,
    pub end_line: i32,
    pub col: i32,
    pub end_col: i32,
}

impl Position {
    pub const UNKNOWN: Position = Position { line: -1, end_line: -1, col: -1, end_col: -1 };
}

/// The kinds of entry, in bits 3 to 6 of its first byte; those below are short forms on the same line.
const ONE_LINE_FIRST: u8 = 10;
const ONE_LINE_LAST: u8 = 12;
const NO_COLUMNS: u8 = 13;
const LONG: u8 = 14;
const NONE: u8 = 15;

/// Decodes a line table into one position a unit of code. `None` when the table is malformed or does not cover
/// exactly `n_units`.
pub fn decode_line_table(table: &[u8], first_line: u32, n_units: usize) -> Option<Vec<Position>> {
    let mut reader = Reader { bytes: table };
    let mut line = i32::try_from(first_line).ok()?;
    let mut positions = Vec::with_capacity(n_units);
    while !reader.bytes.is_empty() {
        let head = reader.byte()?;
        if head & 0x80 == 0 {
            return None;
        }
        let n_covered = usize::from(head & 7) + 1;
        let position = reader.entry(head >> 3 & 15, &mut line)?;
        if positions.len() + n_covered > n_units {
            return None;
        }
        positions.extend(std::iter::repeat_n(position, n_covered));
    }
    (positions.len() == n_units).then_some(positions)
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(first)
    }

    /// Six bits a byte, the lowest first; bit 6 says that more follow.
    fn varint(&mut self) -> Option<u32> {
        let mut value = 0u64;
        let mut shift = 0;
        loop {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x3F) << shift;
            if byte & 0x40 == 0 {
                return u32::try_from(value).ok();
            }
            shift += 6;
            if shift > 30 {
                return None;
            }
        }
    }

    /// The sign in the lowest bit.
    fn signed_varint(&mut self) -> Option<i32> {
        let raw = self.varint()?;
        let magnitude = (raw >> 1).cast_signed();
        Some(if raw & 1 == 0 { magnitude } else { -magnitude })
    }

    /// A column, stored with 1 added so that 0 means unknown.
    fn column(&mut self) -> Option<i32> {
        i32::try_from(self.varint()?).ok().map(|column| column - 1)
    }

    fn entry(&mut self, kind: u8, line: &mut i32) -> Option<Position> {
        match kind {
            NONE => Some(Position::UNKNOWN),
            LONG => {
                *line = line.checked_add(self.signed_varint()?)?;
                let end_line = line.checked_add(i32::try_from(self.varint()?).ok()?)?;
                let (col, end_col) = (self.column()?, self.column()?);
                Some(Position { line: *line, end_line, col, end_col })
            }
            NO_COLUMNS => {
                *line = line.checked_add(self.signed_varint()?)?;
                Some(Position { line: *line, end_line: *line, col: -1, end_col: -1 })
            }
            ONE_LINE_FIRST..=ONE_LINE_LAST => {
                *line = line.checked_add(i32::from(kind - ONE_LINE_FIRST))?;
                let (col, end_col) = (i32::from(self.byte()?), i32::from(self.byte()?));
                Some(Position { line: *line, end_line: *line, col, end_col })
            }
            short => {
                let second = i32::from(self.byte()?);
                let col = i32::from(short) << 3 | second >> 4 & 7;
                Some(Position { line: *line, end_line: *line, col, end_col: col + (second & 15) })
            }
        }
    }
}

/// The line table of stretches of code, each so many units long, in the shortest forms.
pub fn write_line_table(spans: &[(u32, Position)], first_line: u32) -> Vec<u8> {
    let mut table = Vec::new();
    let mut line = first_line.cast_signed();
    let mut at = 0;
    while let Some(&(mut n_units, position)) = spans.get(at) {
        at += 1;
        // What is at one place is one stretch.
        while let Some(&(more, _)) = spans.get(at).filter(|(_, next)| *next == position) {
            n_units += more;
            at += 1;
        }
        while n_units > 0 {
            let n_covered = n_units.min(8);
            write_entry(&mut table, n_covered as u8 - 1, position, &mut line);
            n_units -= n_covered;
        }
    }
    table
}

fn write_entry(table: &mut Vec<u8>, covered: u8, position: Position, line: &mut i32) {
    let head = |kind: u8| 0x80 | kind << 3 | covered;
    let Position { line: start, end_line, col, end_col } = position;
    if start < 0 {
        table.push(head(NONE));
        return;
    }
    let delta = start - std::mem::replace(line, start);
    if col < 0 || end_col < 0 {
        if end_line == start || end_line < 0 {
            table.push(head(NO_COLUMNS));
            write_signed_varint(table, delta);
            return;
        }
    } else if end_line == start {
        let width = end_col - col;
        if delta == 0 && col < 80 && (0..16).contains(&width) {
            table.extend([head((col >> 3) as u8), ((col & 7) << 4 | width) as u8]);
            return;
        }
        if (0..3).contains(&delta) && col < 128 && end_col < 128 {
            table.extend([head(ONE_LINE_FIRST + delta as u8), col as u8, end_col as u8]);
            return;
        }
    }
    table.push(head(LONG));
    write_signed_varint(table, delta);
    write_varint(table, (end_line - start).max(0).cast_unsigned());
    write_varint(table, (col + 1).cast_unsigned());
    write_varint(table, (end_col + 1).cast_unsigned());
}

fn write_varint(table: &mut Vec<u8>, mut value: u32) {
    while value >= 0x40 {
        table.push(0x40 | (value & 0x3F) as u8);
        value >>= 6;
    }
    table.push(value as u8);
}

fn write_signed_varint(table: &mut Vec<u8>, value: i32) {
    let sign = u32::from(value < 0);
    write_varint(table, value.unsigned_abs() << 1 | sign);
}
