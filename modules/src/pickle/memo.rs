//! What has been pickled already, by identity. The objects are kept alive by whoever has the memo: they do not move.
//!
//! A table of a power of two of rows, at least half of them empty; an object is in the first row from the one of its hash on that
//! is its own or empty. Nothing is ever removed alone.

use stitch_runtime::Value;

/// An object's word, or nothing, and its place.
#[derive(Default, Clone, Copy)]
struct Row {
    object: u64,
    place: usize,
}

/// No object's word.
const EMPTY: u64 = 0;
/// Rows that a memo has at first, and how many times as many it has next.
const MIN_ROWS: usize = 64;
const GROWTH: usize = 4;

#[derive(Default, Clone)]
pub struct Memo {
    rows: Vec<Row>,
    len: usize,
}

impl Memo {
    #[inline]
    pub fn get(&self, object: Value) -> Option<usize> {
        let row = self.rows.get(self.row_of(object)?)?;
        (row.object != EMPTY).then_some(row.place)
    }
    #[inline]
    pub fn insert(&mut self, object: Value, place: usize) {
        if self.len * 2 >= self.rows.len() {
            self.grow();
        }
        self.put(Row { object: object.0, place });
    }
    pub fn len(&self) -> usize {
        self.len
    }
    pub fn clear(&mut self) {
        if self.len > 0 {
            self.rows.fill(Row::default());
            self.len = 0;
        }
    }
    pub fn size_bytes(&self) -> usize {
        self.rows.len() * size_of::<Row>()
    }

    /// The row that has an object, or the empty one that it would be in; `None`: there are no rows.
    #[inline]
    fn row_of(&self, object: Value) -> Option<usize> {
        let last = self.rows.len().checked_sub(1)?;
        let mixed = (object.0 >> 4).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut at = (mixed >> 32) as usize & last;
        while self.rows[at].object != EMPTY && self.rows[at].object != object.0 {
            at = (at + 1) & last;
        }
        Some(at)
    }

    #[inline]
    fn put(&mut self, row: Row) {
        let Some(at) = self.row_of(Value(row.object)) else { return };
        self.len += usize::from(self.rows[at].object == EMPTY);
        self.rows[at] = row;
    }

    #[cold]
    fn grow(&mut self) {
        let n_rows = (self.rows.len() * GROWTH).max(MIN_ROWS);
        let rows = std::mem::replace(&mut self.rows, vec![Row::default(); n_rows]);
        self.len = 0;
        rows.into_iter().filter(|row| row.object != EMPTY).for_each(|row| self.put(row));
    }
}
