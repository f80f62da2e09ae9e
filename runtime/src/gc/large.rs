//! The large-object space: one mapping-sized allocation an object, found by address range.

use super::Object;
use std::alloc::{Layout, alloc, alloc_zeroed, dealloc};
use std::collections::{BTreeMap, VecDeque};

struct Large {
    size_bytes: usize,
    marked: bool,
}

#[derive(Default)]
pub struct LargeSpace {
    objects: BTreeMap<usize, Large>,
    /// Those made since the last collection.
    young: Vec<usize>,
    spare: Spare,
    /// Bytes of all of `objects`.
    bytes: usize,
}

/// What was freed last, for objects of the same size: through the allocator, a loop that makes and drops large objects would
/// have the system map and clear their pages time and again.
#[derive(Default)]
struct Spare {
    /// Address and size.
    pieces: VecDeque<(usize, usize)>,
    bytes: usize,
}

impl Spare {
    /// So much is kept at the most.
    const MAX_BYTES: usize = 4 << 20;

    fn put(&mut self, start: usize, size_bytes: usize) {
        self.pieces.push_back((start, size_bytes));
        self.bytes += size_bytes;
        while self.bytes > Spare::MAX_BYTES
            && let Some((start, size_bytes)) = self.pieces.pop_front()
        {
            self.bytes -= size_bytes;
            free(start, size_bytes);
        }
    }

    fn take(&mut self, size_bytes: usize) -> Option<usize> {
        let place = self.pieces.iter().rposition(|piece| piece.1 == size_bytes)?;
        self.bytes -= size_bytes;
        self.pieces.remove(place).map(|piece| piece.0)
    }
}

/// What fresh memory holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    Zeros,
    Nothing,
}

const ALIGN: usize = 64;

/// A size with at most a sixteenth more, so that what is freed serves for what is a little longer. For text alone: the last word
/// of other objects has a meaning.
fn usual_size(size_bytes: usize) -> usize {
    let step = (size_bytes.checked_next_power_of_two().unwrap_or(0) / 32).max(ALIGN);
    size_bytes.checked_next_multiple_of(step).unwrap_or(size_bytes)
}

impl LargeSpace {
    /// Memory; `None` when the machine has no more.
    pub fn allocate(&mut self, size_bytes: usize, fill: Fill) -> Option<Object> {
        let size_bytes = if fill == Fill::Nothing { usual_size(size_bytes) } else { size_bytes };
        let layout = Layout::from_size_align(size_bytes, ALIGN).ok()?;
        let memory = match (self.spare.take(size_bytes), fill) {
            (Some(spare), Fill::Nothing) => spare as *mut u8,
            (Some(spare), Fill::Zeros) => {
                // SAFETY: memory of this size, which is no object's any more.
                unsafe { std::ptr::write_bytes(spare as *mut u8, 0, size_bytes) };
                spare as *mut u8
            }
            // SAFETY: large objects have more than `LARGE_BYTES` bytes, so the layout is not zero-sized.
            (None, Fill::Zeros) => unsafe { alloc_zeroed(layout) },
            // SAFETY: as above.
            (None, Fill::Nothing) => unsafe { alloc(layout) },
        };
        if memory.is_null() {
            return None;
        }
        self.objects.insert(memory as usize, Large { size_bytes, marked: false });
        self.bytes += size_bytes;
        self.young.push(memory as usize);
        Some(memory.cast())
    }
    pub fn size_bytes(&self, object: Object) -> usize {
        self.objects[&(object as usize)].size_bytes
    }
    pub fn is_marked(&self, object: Object) -> bool {
        self.objects[&(object as usize)].marked
    }
    pub fn has_marked(&self, address: usize) -> bool {
        self.objects.get(&address).is_some_and(|large| large.marked)
    }
    /// Its size, unless it was marked before.
    pub fn mark(&mut self, object: Object) -> Option<usize> {
        let large = self.objects.get_mut(&(object as usize)).expect("a large object is in the large-object space");
        (!std::mem::replace(&mut large.marked, true)).then_some(large.size_bytes)
    }
    pub fn containing(&self, address: usize) -> Option<Object> {
        let (&start, large) = self.objects.range(..=address).next_back()?;
        (address < start + large.size_bytes).then_some(start as Object)
    }
    pub fn objects(&self) -> impl Iterator<Item = Object> + '_ {
        self.objects.keys().map(|&start| start as Object)
    }
    /// All objects lie between these addresses.
    pub fn bounds(&self) -> (usize, usize) {
        let last = self.objects.last_key_value().map_or(0, |(start, large)| start + large.size_bytes);
        (self.objects.first_key_value().map_or(usize::MAX, |(&start, _)| start), last)
    }
    pub fn clear_marks(&mut self) {
        self.objects.values_mut().for_each(|l| l.marked = false);
    }
    /// Frees what is not marked; of what is old, only in a full collection.
    pub fn sweep(&mut self, full: bool) {
        let mut young = std::mem::take(&mut self.young);
        if !full {
            for start in young.drain(..) {
                let size_bytes = self.objects[&start].size_bytes;
                if !self.objects[&start].marked {
                    self.objects.remove(&start);
                    self.bytes -= size_bytes;
                    self.spare.put(start, size_bytes);
                }
            }
            self.young = young;
            return;
        }
        self.objects.retain(|&start, large| {
            if !large.marked {
                self.bytes -= large.size_bytes;
                self.spare.put(start, large.size_bytes);
            }
            large.marked
        });
    }
    pub fn used_bytes(&self) -> usize {
        self.bytes
    }
    /// With what is kept for objects to come.
    pub fn mapped_bytes(&self) -> usize {
        self.bytes + self.spare.bytes
    }
    /// How many bytes an object may take.
    pub fn room_for(size_bytes: usize) -> usize {
        usual_size(size_bytes)
    }
    /// Gives back what is kept for objects to come.
    pub fn free_spare(&mut self) {
        self.spare.bytes = 0;
        self.spare.pieces.drain(..).for_each(|(start, size_bytes)| free(start, size_bytes));
    }
}

fn free(start: usize, size_bytes: usize) {
    // SAFETY: `start` came from `allocate` with this size and alignment, and its entry is going away.
    unsafe { dealloc(start as *mut u8, Layout::from_size_align_unchecked(size_bytes, ALIGN)) }
}

impl Drop for LargeSpace {
    fn drop(&mut self) {
        self.objects.iter().for_each(|(&start, large)| free(start, large.size_bytes));
        self.spare.pieces.iter().for_each(|&(start, size_bytes)| free(start, size_bytes));
    }
}
