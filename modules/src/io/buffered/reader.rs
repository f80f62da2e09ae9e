//! `BufferedReader`, and how all that can be read read ahead.

use super::common::{self, METHODS};
use super::raw::bytes_or_none;
use super::{Buffered, LAYOUT, State, ThisBuffered, new};
use crate::io::base::check_able;
use crate::io::buffered_base::BUFFERED_IO_BASE;
use crate::io::size::Size;
use crate::io::{call, file_io};
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, method};
use stitch_runtime::object::buffer::WritableBytes;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{TypeSpec, joined};
use stitch_runtime::{PyResult, Value, Vm};

pub static BUFFERED_READER: TypeSpec = TypeSpec {
    name: "BufferedReader",
    module: "_io",
    doc: "Reads ahead of what is asked for from a raw stream.",
    base: Some(&BUFFERED_IO_BASE),
    layout: Some(LAYOUT),
    is_base: true,
    has_dict: true,
    is_weakly_referable: true,
    slots: Slots { repr: slot(common::write_repr), next: slot(next), finalize: Some(common::finalize), ..Slots::NONE },
    new: Some(
        method(
            "__new__",
            "($type, /, *args, **kwargs)",
            |vm: &mut Vm, class: ClassOf<Buffered>, _: Rest, _: Keywords| new(vm, class.class),
        )
        .doc("A new one."),
    ),
    methods: &joined::<_, _, _, { METHODS.len() + 9 }>(
        METHODS,
        joined::<_, _, _, 9>(
            [
                method(
                    "__init__",
                    "($self, /, raw, buffer_size=131072)",
                    |vm: &mut Vm, mut this: ThisBuffered, raw: Value, size: Option<i64>| -> PyResult<()> {
                        this.state = State::New;
                        check_able(vm, raw, "readable", "File or stream is not readable.")?;
                        Buffered::start(this, vm, raw, size)
                    },
                )
                .doc("Takes a raw stream, and how much is read ahead."),
                method("flush", "($self, /)", |vm: &mut Vm, this: ThisBuffered| common::ask(vm, this, "flush"))
                    .doc("Flushes the raw stream."),
                method("readable", "($self, /)", |vm: &mut Vm, this: ThisBuffered| common::ask(vm, this, "readable"))
                    .doc("Can it be read?"),
            ],
            READING,
        ),
    ),
    getters: common::GETTERS,
    ..TypeSpec::NEW
};

/// What a stream has that can be read.
pub(super) const READING: [NativeRow; 6] = [
    method("peek", "($self, size=0, /)", |vm: &mut Vm, this: ThisBuffered, _: Option<i64>| -> PyResult {
        Buffered::check_open(this, vm, "peek of closed file")?;
        Buffered::alone(this, vm, |vm| {
            Buffered::write_pending(this, vm)?;
            if this.unread().is_empty() {
                Buffered::fill(this, vm)?;
            }
            vm.new_bytes(this.unread())
        })
    })
    .doc("What was read ahead, or a call would give; the position stays."),
    method("read", "($self, size=-1, /)", |vm: &mut Vm, this: ThisBuffered, size: Size| -> PyResult {
        let size = size.0.unwrap_or(-1);
        this.check_ready(vm)?;
        if size < -1 {
            return Err(vm.raise_value("read length must be non-negative or -1"));
        }
        Buffered::check_open(this, vm, "read of closed file")?;
        match usize::try_from(size) {
            Err(_) => Buffered::read_all(this, vm),
            Ok(size) => Buffered::read(this, vm, size),
        }
    })
    .doc("So many bytes, or all; None where there are none yet."),
    method("read1", "($self, size=-1, /)", |vm: &mut Vm, this: ThisBuffered, size: Option<i64>| -> PyResult {
        let size = usize::try_from(size.unwrap_or(-1)).unwrap_or(this.size_bytes);
        let mut data = Vec::new();
        Buffered::read_once(this, vm, size, &mut data)?;
        vm.new_bytes(&data)
    })
    .doc("At most so many bytes, by one call of the raw stream."),
    method("readinto", "($self, buffer, /)", |vm: &mut Vm, this: ThisBuffered, buffer| {
        read_into(vm, this, buffer, false)
    })
    .doc("Reads into a buffer; gives how many bytes there were."),
    method("readinto1", "($self, buffer, /)", |vm: &mut Vm, this: ThisBuffered, buffer| {
        read_into(vm, this, buffer, true)
    })
    .doc("As readinto, by one call of the raw stream."),
    method("readline", "($self, size=-1, /)", |vm: &mut Vm, this: ThisBuffered, size: Size| -> PyResult {
        Buffered::read_line(this, vm, size.of_available(usize::MAX))
    })
    .doc("The next line with its end; nothing at the end."),
];

pub(super) fn next(vm: &mut Vm, this: ThisBuffered) -> PyResult<Option<Value>> {
    let line = if Buffered::exact(vm, this.value()).is_some() {
        Buffered::read_line(this, vm, usize::MAX)?
    } else {
        let line = call(vm, this.value(), "readline", &[])?;
        if !crate::io::base::is_bytes(vm, line) {
            let message = format!("readline() should have returned a bytes object, not '{}'", vm.class_name(line));
            return Err(vm.raise(vm.exceptions.OSError, &message));
        }
        line
    };
    Ok((vm.len(line)? > 0).then_some(line))
}

impl Buffered {
    /// Reads ahead anew, where nothing is left of what was; how many bytes, and `None` where there are none yet.
    fn fill(mut this: ThisBuffered, vm: &mut Vm) -> PyResult<Option<usize>> {
        let mut buffer = std::mem::take(&mut this.ahead);
        this.at = 0;
        if buffer.capacity() < this.size_bytes && buffer.try_reserve_exact(this.size_bytes - buffer.len()).is_err() {
            return Err(vm.raise_memory());
        }
        buffer.resize(this.size_bytes, 0);
        let count = Buffered::raw_read(this, vm, &mut buffer);
        buffer.truncate(count.ok().flatten().unwrap_or(0));
        this.ahead = buffer;
        count
    }

    /// At most so many of the bytes that were read ahead.
    fn take_ahead<'a>(mut this: ThisBuffered, limit: usize) -> &'a [u8] {
        let count = this.unread().len().min(limit);
        let start = this.at;
        this.at += count;
        // SAFETY: callers use the bytes before anything else happens to the stream.
        unsafe { std::slice::from_raw_parts(this.ahead.as_ptr().add(start), count) }
    }

    fn read(this: ThisBuffered, vm: &mut Vm, size: usize) -> PyResult {
        if this.holder.is_none() && size <= this.unread().len() {
            let data = Buffered::take_ahead(this, size);
            return vm.new_bytes(data);
        }
        Buffered::alone(this, vm, |vm| {
            Buffered::write_pending(this, vm)?;
            let mut data = Buffered::take_ahead(this, size).to_vec();
            while data.len() < size {
                let rest = size - data.len();
                let count = if rest >= this.size_bytes {
                    // Whole blocks are not read ahead.
                    let wanted = rest - rest % this.size_bytes;
                    Buffered::append(this, vm, &mut data, wanted)?
                } else {
                    let count = Buffered::fill(this, vm)?;
                    data.extend_from_slice(Buffered::take_ahead(this, rest));
                    count
                };
                match count {
                    Some(0) => break,
                    None if data.is_empty() => return Ok(Value::NONE),
                    None => break,
                    Some(_) => {}
                }
            }
            vm.new_bytes(&data)
        })
    }

    /// Appends at most so many bytes of raw, by one call.
    fn append(this: ThisBuffered, vm: &mut Vm, data: &mut Vec<u8>, wanted: usize) -> PyResult<Option<usize>> {
        let start = data.len();
        if data.try_reserve(wanted).is_err() {
            return Err(vm.raise_memory());
        }
        data.resize(start + wanted, 0);
        let count = Buffered::raw_read(this, vm, &mut data[start..]);
        data.truncate(start + count.ok().flatten().unwrap_or(0));
        count
    }

    pub fn read_all(this: ThisBuffered, vm: &mut Vm) -> PyResult {
        Buffered::alone(this, vm, |vm| {
            Buffered::write_pending(this, vm)?;
            let mut ahead = Buffered::take_ahead(this, usize::MAX).to_vec();
            let mut this = this;
            this.forget_ahead();
            this.raw_position = None;
            this.check_ready(vm)?;
            let name = vm.intern("readall");
            if let Some(read_all) = vm.get_attr_opt(this.raw, name)? {
                let rest = match this.file(vm) {
                    Some(file) => file_io::read_all(vm, file)?,
                    None => vm.call(read_all, &[])?,
                };
                let Some(bytes) = bytes_or_none(vm, rest, "readall")? else {
                    return if ahead.is_empty() { Ok(rest) } else { vm.new_bytes(&ahead) };
                };
                if ahead.is_empty() {
                    return Ok(rest);
                }
                ahead.extend_from_slice(bytes.data());
                return vm.new_bytes(&ahead);
            }
            loop {
                let piece = call(vm, this.raw, "read", &[])?;
                match bytes_or_none(vm, piece, "read")? {
                    Some(bytes) if !bytes.data().is_empty() => ahead.extend_from_slice(bytes.data()),
                    _ if ahead.is_empty() => return Ok(piece),
                    _ => return vm.new_bytes(&ahead),
                }
            }
        })
    }

    /// Appends what was read ahead, or what one call of raw gives, but no more than so many bytes.
    pub fn read_once(this: ThisBuffered, vm: &mut Vm, limit: usize, data: &mut Vec<u8>) -> PyResult<()> {
        Buffered::check_open(this, vm, "read of closed file")?;
        Buffered::alone(this, vm, |vm| {
            if limit == 0 {
                return Ok(());
            }
            Buffered::write_pending(this, vm)?;
            if !this.unread().is_empty() {
                data.extend_from_slice(Buffered::take_ahead(this, limit));
                return Ok(());
            }
            let mut this = this;
            this.forget_ahead();
            Buffered::append(this, vm, data, limit).map(drop)
        })
    }

    /// As `read_once`, with a good deal read ahead where there is nothing left of what was.
    pub fn read_ahead(this: ThisBuffered, vm: &mut Vm, limit: usize, data: &mut Vec<u8>) -> PyResult<()> {
        Buffered::check_open(this, vm, "read of closed file")?;
        Buffered::alone(this, vm, |vm| {
            Buffered::write_pending(this, vm)?;
            if this.unread().is_empty() {
                Buffered::fill(this, vm)?;
            }
            data.extend_from_slice(Buffered::take_ahead(this, limit));
            Ok(())
        })
    }

    fn read_line(this: ThisBuffered, vm: &mut Vm, limit: usize) -> PyResult {
        Buffered::check_open(this, vm, "readline of closed file")?;
        let line_in = |data: &[u8], limit: usize| {
            let data = &data[..data.len().min(limit)];
            memchr::memchr(b'\n', data).map(|at| at + 1).or((data.len() == limit).then_some(limit))
        };
        if this.holder.is_none()
            && let Some(len) = line_in(this.unread(), limit)
        {
            let line = Buffered::take_ahead(this, len);
            return vm.new_bytes(line);
        }
        Buffered::alone(this, vm, |vm| {
            Buffered::write_pending(this, vm)?;
            let mut line = Buffered::take_ahead(this, usize::MAX).to_vec();
            loop {
                if Buffered::fill(this, vm)?.unwrap_or(0) == 0 {
                    break;
                }
                let rest = limit - line.len();
                let found = line_in(this.unread(), rest);
                line.extend_from_slice(Buffered::take_ahead(this, found.unwrap_or(rest)));
                if found.is_some() {
                    break;
                }
                vm.answer_signals()?;
            }
            vm.new_bytes(&line)
        })
    }
}

fn read_into(vm: &mut Vm, this: ThisBuffered, mut buffer: WritableBytes, is_once: bool) -> PyResult {
    let count = Buffered::check_open(this, vm, "readinto of closed file")
        .and_then(|()| Buffered::alone(this, vm, |vm| fill_buffer(vm, this, &mut buffer, is_once)));
    let error = if count.is_err() { Some(vm.take_exception()) } else { None };
    buffer.finish(vm)?;
    if let Some(error) = error {
        return Err(vm.raise_value_object(error));
    }
    Ok(count?.map_or(Value::NONE, |count| vm.new_int_from_usize(count)))
}

fn fill_buffer(vm: &mut Vm, mut this: ThisBuffered, buffer: &mut [u8], is_once: bool) -> PyResult<Option<usize>> {
    Buffered::write_pending(this, vm)?;
    let ahead = Buffered::take_ahead(this, buffer.len());
    let mut n_read = ahead.len();
    buffer[..n_read].copy_from_slice(ahead);
    while n_read < buffer.len() {
        let rest = &mut buffer[n_read..];
        let count = if rest.len() > this.size_bytes {
            this.forget_ahead();
            let count = Buffered::raw_read(this, vm, rest)?;
            n_read += count.unwrap_or(0);
            count
        } else if is_once && n_read > 0 {
            break;
        } else {
            let count = Buffered::fill(this, vm)?;
            let data = Buffered::take_ahead(this, rest.len());
            rest[..data.len()].copy_from_slice(data);
            n_read += data.len();
            count
        };
        match count {
            Some(0) => break,
            None if n_read == 0 => return Ok(None),
            None => break,
            Some(_) if is_once => break,
            Some(_) => {}
        }
    }
    Ok(Some(n_read))
}
