//! Going through all objects.

use super::block::{BLOCK_BYTES, BlockMeta};
use super::heap::{Heap, RootSource};
use super::{GRANULE, Object};

impl Heap {
    /// All objects of the heap. Dead ones are among them unless a full collection came right before.
    pub fn objects(&self) -> Vec<Object> {
        let mut objects = Vec::new();
        for &block in &self.blocks {
            // SAFETY: blocks of mapped chunks; nobody else refers to their meta data now.
            unsafe { (*block).visit_objects(block as usize, &mut |object| objects.push(object)) };
        }
        objects.extend(self.large.objects());
        objects
    }

    /// What an object refers to.
    pub fn referents(&mut self, object: Object, roots: &dyn RootSource) -> Vec<Object> {
        let mut children = Vec::new();
        self.children_of(object, roots, &mut children);
        children
    }
}

impl BlockMeta {
    /// Visits the objects of the block that starts at `base`.
    ///
    /// # Safety
    /// It does.
    pub(super) unsafe fn visit_objects(&self, base: usize, visit: &mut dyn FnMut(Object)) {
        for start in self.starts() {
            let mut at = base + start * GRANULE;
            // SAFETY: start bits are set at object starts, and where the next object would have started: there the size is 0. In
            // fresh lines, object follows object up to zeros, the next start or the end of what is fresh.
            unsafe {
                loop {
                    let size_bytes = (*(at as Object)).size_granules as usize * GRANULE;
                    if size_bytes == 0 {
                        break;
                    }
                    visit(at as Object);
                    at += size_bytes;
                    if at >= base + BLOCK_BYTES || !self.is_fresh(at) || self.is_start(at) {
                        break;
                    }
                }
            }
        }
    }
}
