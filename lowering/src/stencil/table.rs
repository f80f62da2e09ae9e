//! The stencils of a process: each is cut when it is first wanted, by whoever wants it, and is there for all after that.

use super::cut::{self, Sample, Stencil, Uncut};
use super::piece::Piece;
use crate::compiler::TraceCompiler;
use crate::isa::host_isa_with_blocks;
use crate::process::Thunks;
use hashbrown::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use stitch_runtime::backend::{BackendError, Layout};

/// The stencils for one layout.
pub struct StencilTable {
    layout: &'static Layout,
    inner: Mutex<Inner>,
}

struct Inner {
    compiler: TraceCompiler,
    stencils: HashMap<Piece, Result<&'static Stencil, Uncut>>,
}

/// One for each layout that there is: the VM's, and those of tests. Stencils call their table's thunks: none is ever freed.
static TABLES: Mutex<Vec<Arc<StencilTable>>> = Mutex::new(Vec::new());

impl StencilTable {
    pub fn shared(layout: &'static Layout) -> Result<Arc<StencilTable>, BackendError> {
        let mut tables = TABLES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(table) = tables.iter().find(|table| std::ptr::eq(table.layout, layout)) {
            return Ok(table.clone());
        }
        let isa = host_isa_with_blocks()?;
        let thunks = Arc::new(Thunks::new(&isa, layout)?);
        let compiler = TraceCompiler::new(isa, thunks);
        let inner = Mutex::new(Inner { compiler, stencils: HashMap::new() });
        let table = Arc::new(StencilTable { layout, inner });
        tables.push(table.clone());
        Ok(table)
    }

    /// The stencil of a key, and whether it was cut for this; `Err`: why there can be none.
    pub fn get(&self, key: &Piece) -> Result<(&'static Stencil, bool), Uncut> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = inner.stencils.get(key) {
            return known.clone().map(|stencil| (stencil, false));
        }
        // As the table itself, it is there for good.
        let stencil = inner.cut(key, self.layout).map(|stencil| &*Box::leak(Box::new(stencil)));
        inner.stencils.insert(key.clone(), stencil.clone());
        stencil.map(|stencil| (stencil, true))
    }
}

impl Inner {
    fn cut(&mut self, key: &Piece, layout: &'static Layout) -> Result<Stencil, Uncut> {
        let mut sample = |which| -> Result<Sample, Uncut> {
            self.compiler.compile_snippet(&key.snippet(which), layout).map_err(|error| error.to_string())
        };
        let samples = [sample(0)?, sample(1)?];
        cut::cut([&samples[0], &samples[1]], &key.classes())
    }
}
