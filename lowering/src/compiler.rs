//! One superblock to position-independent machine code.

use crate::isa::executor_signature;
use crate::lower::{self, EXIT_NAMESPACE, JUMP_NAMESPACE, Snippet};
use crate::process::Thunks;
use crate::stencil::Sample;
use cranelift_codegen::Context;
use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{ExternalName, UserExternalName};
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_codegen::{Final, FinalizedRelocTarget, MachSrcLoc};
use cranelift_frontend::FunctionBuilderContext;
use std::sync::Arc;
use stitch_runtime::backend::{
    BackendError, CodeText, CompileRequest, Compiler, Layout, MAX_EXITS, MAX_HOMES, Made, Relocatable, Site,
    SiteTarget, UopOffset,
};
use stitch_runtime::uop::{ExitIdx, UopIdx};

/// Compiles superblocks, one after the other; keeps its buffers.
pub struct TraceCompiler {
    isa: OwnedTargetIsa,
    thunks: Arc<Thunks>,
    context: Context,
    builder_context: FunctionBuilderContext,
    control_plane: ControlPlane,
}

impl TraceCompiler {
    pub fn new(isa: OwnedTargetIsa, thunks: Arc<Thunks>) -> TraceCompiler {
        TraceCompiler {
            isa,
            thunks,
            context: Context::new(),
            builder_context: FunctionBuilderContext::new(),
            control_plane: ControlPlane::default(),
        }
    }

    fn emit(&mut self, request: &CompileRequest<'_>) -> Result<Relocatable, BackendError> {
        self.begin(request.wanted.text);
        lower::lower(
            request,
            &self.thunks.addresses,
            self.isa.frontend_config(),
            &mut self.context.func,
            &mut self.builder_context,
        );
        self.finish(request.wanted.text, request.superblock.n_homes)
    }

    /// Machine code for a snippet, with its blocks.
    pub fn compile_snippet(&mut self, snippet: &Snippet, layout: &'static Layout) -> Result<Sample, BackendError> {
        self.begin(false);
        lower::lower_snippet(
            snippet,
            layout,
            &self.thunks.addresses,
            self.isa.frontend_config(),
            &mut self.context.func,
            &mut self.builder_context,
        );
        let code = self.finish(false, 0);
        let sample = code.map(|code| {
            let compiled = self.context.compiled_code().expect("just compiled");
            Sample {
                code,
                blocks: compiled.bb_starts.clone(),
                edges: compiled.bb_edges.clone(),
                align: compiled.buffer.alignment,
            }
        });
        self.context.clear();
        sample
    }

    fn begin(&mut self, want_text: bool) {
        self.context.func.signature = executor_signature();
        self.context.set_disasm(want_text);
    }

    /// Compiles the function that was lowered.
    fn finish(&mut self, want_text: bool, n_homes: u16) -> Result<Relocatable, BackendError> {
        let ir = if want_text { self.context.func.display().to_string() } else { String::new() };
        if let Err(error) = self.context.compile(&*self.isa, &mut self.control_plane) {
            return Err(BackendError::Rejected(cranelift_codegen::print_errors::pretty_error(error.func, error.inner)));
        }
        let Some(code) = self.context.compiled_code() else { unreachable!("`compile` succeeded") };
        let names = self.context.func.params.user_named_funcs();
        let mut sites = Vec::with_capacity(code.buffer.relocs().len());
        for reloc in code.buffer.relocs() {
            let FinalizedRelocTarget::ExternalName(ExternalName::User(name)) = &reloc.target else {
                return Err(BackendError::Rejected(format!("relocation to {:?}", reloc.target)));
            };
            let target = match &names[*name] {
                UserExternalName { namespace: EXIT_NAMESPACE, index } => SiteTarget::Exit(ExitIdx(*index)),
                UserExternalName { namespace: JUMP_NAMESPACE, index } => SiteTarget::Jump { executor: *index },
                other => return Err(BackendError::Rejected(format!("relocation to {other}"))),
            };
            if (reloc.kind, reloc.addend) != (Reloc::X86CallPCRel4, -4) {
                return Err(BackendError::Rejected(format!("relocation {:?} {}", reloc.kind, reloc.addend)));
            }
            sites.push(Site { offset: reloc.offset, target });
        }
        let at = |location: &MachSrcLoc<Final>| UopOffset { offset: location.start, uop: UopIdx(location.loc.bits()) };
        let known = code.buffer.get_srclocs_sorted().iter().filter(|location| !location.loc.is_default());
        let offsets = known.map(at).collect();
        let text = want_text.then(|| Box::new(CodeText { ir, assembly: code.vcode.clone().unwrap_or_default() }));
        let align = code.buffer.alignment.max(16);
        let bytes = code.code_buffer().to_vec();
        Ok(Relocatable { bytes, align, sites, offsets, text, n_homes, made: Made::Whole })
    }
}

impl Compiler for TraceCompiler {
    fn compile(&mut self, request: &CompileRequest<'_>) -> Result<Relocatable, BackendError> {
        if request.superblock.exits.len() > MAX_EXITS || usize::from(request.superblock.n_homes) > MAX_HOMES {
            return Err(BackendError::TooLarge);
        }
        let result = self.emit(request);
        self.context.clear();
        result
    }
}
