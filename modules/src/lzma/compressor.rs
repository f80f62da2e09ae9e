//! `LZMACompressor`.

use super::filter::{Filter, LZMA1, chain_of, filters_of, lzma_options};
use super::{
    CHECK_CRC64, CHECK_NONE, FORMAT_ALONE, FORMAT_RAW, FORMAT_XZ, PRESET_DEFAULT, check_of, raise_error, reserve,
    word_of,
};
use liblzma::stream::{Action, Error, Status, Stream};
use stitch_runtime::object::argument::{ClassOf, OrNone, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Compressor {
    header: Header,
    is_flushed: bool,
    stream: Option<Stream>,
}

pub static COMPRESSOR: TypeSpec = TypeSpec {
    name: "LZMACompressor",
    module: "_lzma",
    doc: "What compresses piece by piece: LZMACompressor(format=FORMAT_XZ, check=-1, preset=None, filters=None).",
    layout: Some(Layout::of::<Compressor>(0).finalized_by(|object| {
        // SAFETY: a dead object, which has its stream for itself.
        unsafe { (*object.cast::<Compressor>()).stream = None };
    })),
    is_base: true,
    new: Some(method("__new__", "($type, format=1, check=-1, preset=None, filters=None)", new).doc("A new one.")),
    methods: &[
        method("compress", "($self, data, /)", |vm: &mut Vm, this: This<Compressor>, data: BytesLike| -> PyResult {
            if this.is_flushed {
                return Err(vm.raise_value("Compressor has been flushed"));
            }
            run(vm, this, &data, Action::Run)
        })
        .doc("Takes bytes, and gives what is ready of their compressed form."),
        method("flush", "($self, /)", |vm: &mut Vm, mut this: This<Compressor>| -> PyResult {
            if this.is_flushed {
                return Err(vm.raise_value("Repeated call to flush()"));
            }
            this.is_flushed = true;
            run(vm, this, &[], Action::Finish)
        })
        .doc("The rest; nothing can come behind."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Compressor {
    const SPEC: &'static TypeSpec = &COMPRESSOR;
}

fn new(
    vm: &mut Vm,
    class: ClassOf<Compressor>,
    format: Option<Value>,
    check: Option<Value>,
    preset: OrNone<Value>,
    filters: OrNone<Value>,
) -> PyResult {
    let format = format.map_or(Ok(FORMAT_XZ), |format| vm.index_i64(format))?;
    let check = check.map_or(Ok(-1), |check| vm.index_i64(check))?;
    if preset.0.is_some() && filters.0.is_some() {
        return Err(vm.raise_value("Cannot specify both preset and filter chain"));
    }
    let preset = preset.0.map_or(Ok(PRESET_DEFAULT), |preset| word_of(vm, preset))?;
    if format != FORMAT_XZ && check != -1 && check != CHECK_NONE {
        return Err(vm.raise_value("Integrity checks are only supported by FORMAT_XZ"));
    }
    let filters = match filters.0 {
        Some(filters) => Some(filters_of(vm, filters)?),
        None => None,
    };
    let opened = match (format, &filters) {
        (FORMAT_XZ, _) => {
            let check = check_of(if check == -1 { CHECK_CRC64 } else { check });
            let Some(check) = check else { return Err(raise_error(vm, &Error::UnsupportedCheck)) };
            match &filters {
                Some(filters) => Stream::new_stream_encoder(&chain_of(vm, filters)?, check),
                None => Stream::new_easy_encoder(preset, check),
            }
        }
        (FORMAT_ALONE, None) => Stream::new_lzma_encoder(&lzma_options(vm, preset)?),
        (FORMAT_ALONE, Some(filters)) => match filters.as_slice() {
            [Filter::Lzma { id: LZMA1, options, .. }] => Stream::new_lzma_encoder(options),
            _ => {
                let message = "Invalid filter chain for FORMAT_ALONE - must be a single LZMA1 filter";
                return Err(vm.raise_value(message));
            }
        },
        (FORMAT_RAW, Some(filters)) => Stream::new_raw_encoder(&chain_of(vm, filters)?),
        (FORMAT_RAW, None) => return Err(vm.raise_value("Must specify filters for FORMAT_RAW")),
        _ => return Err(vm.raise_value(&format!("Invalid container format: {format}"))),
    };
    match opened {
        Ok(stream) => {
            vm.new_object(class.class, |header| Compressor { header, is_flushed: false, stream: Some(stream) })
        }
        Err(error) => Err(raise_error(vm, &error)),
    }
}

fn run(vm: &mut Vm, mut this: This<Compressor>, data: &[u8], action: Action) -> PyResult {
    let Some(stream) = &mut this.stream else { return Err(vm.raise_memory()) };
    let (mut taken, mut out) = (0, Vec::new());
    let is_finish = matches!(action, Action::Finish);
    while is_finish || taken < data.len() {
        reserve(vm, &mut out, usize::MAX)?;
        let before = stream.total_in();
        let status = stream.process_vec(&data[taken..], &mut out, action);
        taken += (stream.total_in() - before) as usize;
        match status {
            Ok(Status::StreamEnd) => break,
            Ok(_) => {}
            Err(error) => return Err(raise_error(vm, &error)),
        }
    }
    vm.new_bytes(&out)
}
