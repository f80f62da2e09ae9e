//! `BufferedWriter`, and how all that can be written to keep back what is written.

use super::common::{self, METHODS};
use super::{Buffered, LAYOUT, ThisBuffered, new};
use crate::io::base::check_able;
use crate::io::buffered_base::BUFFERED_IO_BASE;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{TypeSpec, joined};
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub static BUFFERED_WRITER: TypeSpec = TypeSpec {
    name: "BufferedWriter",
    module: "_io",
    doc: "Keeps back what is written to a raw stream until it is worth a call.",
    base: Some(&BUFFERED_IO_BASE),
    layout: Some(LAYOUT),
    is_base: true,
    has_dict: true,
    is_weakly_referable: true,
    slots: Slots { repr: slot(common::write_repr), finalize: Some(common::finalize), ..Slots::NONE },
    new: Some(
        method(
            "__new__",
            "($type, /, *args, **kwargs)",
            |vm: &mut Vm, class: ClassOf<Buffered>, _: Rest, _: Keywords| new(vm, class.class),
        )
        .doc("A new one."),
    ),
    methods: &joined::<_, _, _, { METHODS.len() + 4 }>(METHODS, OWN_METHODS),
    getters: common::GETTERS,
    ..TypeSpec::NEW
};

const OWN_METHODS: [NativeRow; 4] = [
    method(
        "__init__",
        "($self, /, raw, buffer_size=131072)",
        |vm: &mut Vm, mut this: ThisBuffered, raw: Value, size: Option<i64>| -> PyResult<()> {
            this.state = super::State::New;
            check_able(vm, raw, "writable", "File or stream is not writable.")?;
            Buffered::start(this, vm, raw, size)
        },
    )
    .doc("Takes a raw stream, and how much is kept back."),
    WRITE,
    FLUSH,
    method("writable", "($self, /)", |vm: &mut Vm, this: ThisBuffered| common::ask(vm, this, "writable"))
        .doc("Can it be written?"),
];

pub(super) const WRITE: NativeRow =
    method("write", "($self, buffer, /)", |vm: &mut Vm, this: ThisBuffered, data: BytesLike| -> PyResult<usize> {
        Buffered::write(this, vm, &data)?;
        Ok(data.len())
    })
    .doc("Writes bytes; gives how many.");

pub(super) const FLUSH: NativeRow =
    method("flush", "($self, /)", |vm: &mut Vm, this: ThisBuffered| Buffered::flush(this, vm))
        .doc("Writes what was kept back.");

impl Buffered {
    pub fn flush(this: ThisBuffered, vm: &mut Vm) -> PyResult<()> {
        Buffered::check_open(this, vm, "flush of closed file")?;
        Buffered::alone(this, vm, |vm| Buffered::settle(this, vm))
    }

    /// Takes all of the bytes, or tells how many by BlockingIOError. They must not be the stream's own memory.
    pub fn write(mut this: ThisBuffered, vm: &mut Vm, data: &[u8]) -> PyResult<()> {
        Buffered::check_open(this, vm, "write to closed file")?;
        if this.holder.is_none() && this.ahead.is_empty() && data.len() <= this.size_bytes - this.pending.len() {
            return keep(&mut this.pending, vm, data);
        }
        Buffered::alone(this, vm, |vm| {
            // Another thread may have closed it while this one waited.
            Buffered::check_open(this, vm, "write to closed file")?;
            write_more(this, vm, data)
        })
    }

    /// Writes what was kept back. What raw does not take stays.
    pub(super) fn write_pending(mut this: ThisBuffered, vm: &mut Vm) -> PyResult<()> {
        if this.pending.is_empty() {
            return Ok(());
        }
        let mut pending = std::mem::take(&mut this.pending);
        let mut n_written = 0;
        let written = loop {
            if n_written == pending.len() {
                break Ok(());
            }
            match Buffered::raw_write(this, vm, &pending[n_written..]) {
                Ok(Some(count)) => n_written += count,
                Ok(None) => break Err(raise_blocking(vm, 0)),
                Err(raised) => break Err(raised),
            }
            if let Err(raised) = vm.answer_signals() {
                break Err(raised);
            }
        };
        pending.drain(..n_written);
        this.pending = pending;
        written
    }
}

fn keep(pending: &mut Vec<u8>, vm: &mut Vm, data: &[u8]) -> PyResult<()> {
    if pending.try_reserve(data.len()).is_err() {
        return Err(vm.raise_memory());
    }
    pending.extend_from_slice(data);
    Ok(())
}

/// What does not fit beside what was kept back already, or follows something that was read ahead.
fn write_more(mut this: ThisBuffered, vm: &mut Vm, data: &[u8]) -> PyResult<()> {
    Buffered::rewind(this, vm)?;
    if data.len() <= this.size_bytes - this.pending.len() {
        return keep(&mut this.pending, vm, data);
    }
    if let Err(raised) = Buffered::write_pending(this, vm) {
        if !vm.exception_matches(vm.exceptions.BlockingIOError) {
            return Err(raised);
        }
        // As much as there is room for.
        let room = this.size_bytes - this.pending.len().min(this.size_bytes);
        vm.clear_exception();
        let taken = room.min(data.len());
        keep(&mut this.pending, vm, &data[..taken])?;
        return if taken == data.len() { Ok(()) } else { Err(raise_blocking(vm, taken)) };
    }
    let mut rest = data;
    while rest.len() > this.size_bytes {
        match Buffered::raw_write(this, vm, rest)? {
            Some(count) => rest = &rest[count..],
            None => {
                let taken = this.size_bytes.min(rest.len());
                keep(&mut this.pending, vm, &rest[..taken])?;
                return Err(raise_blocking(vm, data.len() - rest.len() + taken));
            }
        }
        vm.answer_signals()?;
    }
    keep(&mut this.pending, vm, rest)
}

/// BlockingIOError: so many bytes were taken, and raw takes no more now.
fn raise_blocking(vm: &mut Vm, n_taken: usize) -> Raised {
    let message = vm.new_str("write could not complete without blocking");
    let n_taken = vm.new_int_from_usize(n_taken);
    vm.raise_with(vm.exceptions.BlockingIOError, &[Value::small_int(libc::EAGAIN.into()), message, n_taken])
}
