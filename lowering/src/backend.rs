//! `CraneliftBackend`: code memory, cold exits, and what is compiled once.

use crate::compiler::TraceCompiler;
use crate::isa::host_isa;
use crate::process::{ReturnTemplate, ShimCode, ThunkAddresses, Thunks};
use crate::stencil::{StencilCompiler, StencilTable};
use cranelift_codegen::isa::OwnedTargetIsa;
use std::ffi::c_void;
use std::sync::{Arc, Mutex, PoisonError};
use stitch_runtime::backend::arena::{CodeArena, CodeBlock, is_patched_at_once};
use stitch_runtime::backend::{
    Backend, BackendError, CodePart, CompileRequest, Compiled, Compiler, CompilerStart, Layout, MAX_EXITS, Relocatable,
    Shim, Site, SiteTarget,
};
use stitch_runtime::config::JitMode;
use stitch_runtime::uop::ExitIdx;

/// Who makes the code of superblocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Cranelift, each as a whole.
    Whole,
    /// They are linked from stencils.
    Stencils,
}

/// The Cranelift backend of one VM.
pub struct CraneliftBackend {
    capacity_bytes: u32,
    choice: Choice,
    /// Made at the first compilation, so that a VM that never gets hot pays nothing.
    warm: Option<Warm>,
    /// Made by the start of a compiler on another thread, not taken over yet.
    made_elsewhere: Arc<Mutex<Option<Warm>>>,
}

impl Choice {
    fn compiler(
        self,
        isa: OwnedTargetIsa,
        thunks: Arc<Thunks>,
        layout: &'static Layout,
    ) -> Result<Box<dyn Compiler>, BackendError> {
        let whole = TraceCompiler::new(isa, thunks);
        Ok(match self {
            Choice::Whole => Box::new(whole),
            Choice::Stencils => Box::new(StencilCompiler::new(StencilTable::shared(layout)?, whole)),
        })
    }
}

/// What the first compilation makes.
struct Warm {
    isa: OwnedTargetIsa,
    layout: &'static Layout,
    shim: Arc<ShimCode>,
    thunks: Arc<Thunks>,
    compiler: Box<dyn Compiler>,
    arena: CodeArena,
    /// The cold exits, one after the other.
    cold_exits: CodeBlock,
    cold_exit_stride: usize,
    jump_stub: ReturnTemplate,
}

impl CraneliftBackend {
    /// A backend with at most `capacity_bytes` of code, 64 KiB or more; the cold exits take 8 KiB of it.
    pub fn new(capacity_bytes: u32) -> CraneliftBackend {
        CraneliftBackend::with(Choice::Whole, capacity_bytes)
    }

    /// The same, whose code is made in this way.
    pub fn with(choice: Choice, capacity_bytes: u32) -> CraneliftBackend {
        CraneliftBackend { capacity_bytes, choice, warm: None, made_elsewhere: Arc::default() }
    }

    /// What a VM of this mode needs, if anything.
    pub fn for_mode(mode: JitMode, capacity_bytes: u32) -> Option<Box<dyn Backend>> {
        let choice = match mode {
            JitMode::Off | JitMode::Uops => return None,
            JitMode::Stencil => Choice::Stencils,
            JitMode::Cranelift => Choice::Whole,
        };
        Some(Box::new(CraneliftBackend::with(choice, capacity_bytes)))
    }

    fn warm(&mut self, layout: &'static Layout) -> Result<&mut Warm, BackendError> {
        self.take_over();
        if self.warm.is_none() {
            self.warm = Some(Warm::new(layout, self.capacity_bytes, self.choice)?);
        }
        let Some(warm) = &mut self.warm else { unreachable!("just made") };
        assert!(std::ptr::eq(warm.layout, layout), "one backend, one layout");
        Ok(warm)
    }

    fn take_over(&mut self) {
        if self.warm.is_none() {
            self.warm = self.made_elsewhere.lock().unwrap_or_else(PoisonError::into_inner).take();
        }
    }

    /// Only what was compiled can be installed, patched or freed.
    fn must_be_warm(&mut self) -> &mut Warm {
        self.take_over();
        self.warm.as_mut().expect("nothing was compiled by this backend")
    }
}

impl Warm {
    fn new(layout: &'static Layout, capacity_bytes: u32, choice: Choice) -> Result<Warm, BackendError> {
        let isa = host_isa()?;
        let shim = ShimCode::shared(&isa)?;
        let thunks = Arc::new(Thunks::new(&isa, layout)?);
        let mut arena = CodeArena::new(capacity_bytes)?;
        let template = ReturnTemplate::cold_exit(&*isa)?;
        let mut code = Vec::with_capacity(MAX_EXITS * template.stride());
        for exit in 0..MAX_EXITS as u32 {
            template.append(exit, &mut code);
        }
        let cold_exits = arena.alloc(code.len() as u32, 64)?;
        arena.write(cold_exits.offset, &code);
        Ok(Warm {
            compiler: choice.compiler(isa.clone(), thunks.clone(), layout)?,
            jump_stub: ReturnTemplate::jump_stub(&*isa)?,
            cold_exit_stride: template.stride(),
            isa,
            layout,
            shim,
            thunks,
            arena,
            cold_exits,
        })
    }

    fn cold_exit(&self, exit: ExitIdx) -> usize {
        assert!(exit.index() < MAX_EXITS);
        self.arena.address(self.cold_exits.offset) + exit.index() * self.cold_exit_stride
    }

    /// Makes the rel32 at arena offset `site` lead to `target`, which lies in the same arena.
    fn join(&mut self, site: u32, target: usize) {
        assert!(self.arena.contains(target), "a jump out of code memory");
        let next = self.arena.address(site) + 4;
        self.arena.patch_u32(site, target.wrapping_sub(next) as u32);
    }

    fn install(&mut self, code: &Relocatable) -> Result<Compiled, BackendError> {
        let Relocatable { mut bytes, align, mut sites, offsets, text, .. } = code.clone();
        let mut stubs: Vec<(u32, usize)> = Vec::new();
        for site in &sites {
            if let SiteTarget::Jump { executor } = site.target
                && stubs.iter().all(|stub| stub.0 != executor)
            {
                bytes.resize(bytes.len().next_multiple_of(16), 0xCC);
                stubs.push((executor, bytes.len()));
                self.jump_stub.append(executor, &mut bytes);
            }
        }
        add_hops(&mut bytes, &mut sites);
        let block = self.arena.alloc(bytes.len() as u32, align)?;
        self.arena.write(block.offset, &bytes);
        let entry = self.arena.address(block.offset);
        for site in &mut sites {
            site.offset += block.offset;
        }
        for stub in &mut stubs {
            stub.1 += entry;
        }
        let compiled = Compiled {
            entry,
            size_bytes: bytes.len() as u32,
            block,
            sites: sites.into_boxed_slice(),
            jump_stubs: stubs.into_boxed_slice(),
            offsets,
            text,
        };
        for site in &compiled.sites {
            self.join(site.offset, self.default_target(&compiled, *site));
        }
        Ok(compiled)
    }

    /// Where a site leads while it is not joined to an executor.
    fn default_target(&self, code: &Compiled, site: Site) -> usize {
        match site.target {
            SiteTarget::Exit(exit) => self.cold_exit(exit),
            SiteTarget::Jump { executor } => {
                let stub = code.jump_stubs.iter().find(|stub| stub.0 == executor);
                stub.expect("`install` made a stub per target").1
            }
        }
    }

    fn patch(&mut self, code: &Compiled, which: SiteTarget, target: Option<usize>) {
        for site in code.sites.iter().filter(|site| site.target == which) {
            self.join(site.offset, target.unwrap_or_else(|| self.default_target(code, *site)));
        }
    }
}

/// Where the rel32 of a jump would not be patched at once, the jump goes to another one behind the code, and that is patched.
fn add_hops(bytes: &mut Vec<u8>, sites: &mut [Site]) {
    const JUMP: [u8; 8] = [0xE9, 0, 0, 0, 0, 0xCC, 0xCC, 0xCC];
    let mut hops: Vec<Site> = Vec::new();
    for site in sites.iter_mut().filter(|site| !is_patched_at_once(site.offset)) {
        let known = hops.iter().find(|hop| hop.target == site.target).copied();
        let hop = known.unwrap_or_else(|| {
            bytes.resize(bytes.len().next_multiple_of(JUMP.len()), 0xCC);
            let hop = Site { offset: bytes.len() as u32 + 1, target: site.target };
            bytes.extend_from_slice(&JUMP);
            hops.push(hop);
            hop
        });
        let distance = (hop.offset - 1) - (site.offset + 4);
        bytes[site.offset as usize..][..4].copy_from_slice(&distance.to_le_bytes());
        site.offset = hop.offset;
    }
}

impl Backend for CraneliftBackend {
    fn compiler(&mut self, layout: &'static Layout) -> CompilerStart {
        if let Some(warm) = &self.warm {
            let (isa, thunks, choice) = (warm.isa.clone(), warm.thunks.clone(), self.choice);
            return Box::new(move || choice.compiler(isa, thunks, layout));
        }
        let (capacity_bytes, choice, made) = (self.capacity_bytes, self.choice, self.made_elsewhere.clone());
        Box::new(move || {
            let warm = Warm::new(layout, capacity_bytes, choice)?;
            let compiler = choice.compiler(warm.isa.clone(), warm.thunks.clone(), layout)?;
            *made.lock().unwrap_or_else(PoisonError::into_inner) = Some(warm);
            Ok(compiler)
        })
    }

    fn compile(&mut self, request: &CompileRequest<'_>) -> Result<Compiled, BackendError> {
        let warm = self.warm(request.layout)?;
        let code = warm.compiler.compile(request)?;
        warm.install(&code)
    }

    fn install(&mut self, code: &Relocatable) -> Result<Compiled, BackendError> {
        self.must_be_warm().install(code)
    }

    fn shim(&self) -> Option<Shim> {
        self.warm.as_ref().map(|warm| warm.shim.enter)
    }

    unsafe fn enter(&self, code: usize, thread: *mut c_void, homes: *mut u64, frame: *mut c_void) -> u64 {
        let shim = self.shim().expect("nothing was compiled by this backend");
        // SAFETY: the caller's promise is the shim's requirement.
        unsafe { shim(code, thread, homes, frame) }
    }

    fn patch_exit(&mut self, code: &Compiled, exit: ExitIdx, target: Option<usize>) {
        self.must_be_warm().patch(code, SiteTarget::Exit(exit), target);
    }

    fn patch_jump(&mut self, code: &Compiled, executor: u32, target: Option<usize>) {
        self.must_be_warm().patch(code, SiteTarget::Jump { executor }, target);
    }

    fn free(&mut self, code: Compiled) {
        self.must_be_warm().arena.free(code.block);
    }

    fn parts(&self) -> Vec<CodePart> {
        let Some(warm) = &self.warm else { return Vec::new() };
        let part = |name, address, code| CodePart { name, address, code };
        let cold_exits = warm.arena.read(warm.cold_exits.offset, warm.cold_exits.size_bytes);
        let [alloc_slow, barrier, box_int_slow] = warm.thunks.codes.clone();
        let ThunkAddresses { alloc_slow: alloc_at, barrier: barrier_at, box_int_slow: box_at } = warm.thunks.addresses;
        vec![
            part("entering", warm.shim.enter as usize, warm.shim.code.clone()),
            part("cold exits", warm.arena.address(warm.cold_exits.offset), cold_exits),
            part("allocating", alloc_at, alloc_slow),
            part("barrier", barrier_at, barrier),
            part("boxing", box_at, box_int_slow),
        ]
    }

    fn used_bytes(&self) -> usize {
        self.warm.as_ref().map_or(0, |warm| warm.arena.used_bytes() as usize)
    }

    fn after_fork_in_child(&mut self) -> Result<(), BackendError> {
        match &mut self.warm {
            Some(warm) => Ok(warm.arena.unshare()?),
            None => Ok(()),
        }
    }
}
