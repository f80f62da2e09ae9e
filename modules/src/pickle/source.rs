//! Where a pickle is read from: memory, or a file by its methods.

use super::{Kind, raise};
use std::ops::Range;
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub enum Source<'a> {
    Memory(&'a [u8]),
    File(File),
}

/// A file: what was read of it, and what was only looked at.
pub struct File {
    pub read: Value,
    pub readline: Value,
    /// Or None.
    pub peek: Value,
    bytes: Vec<u8>,
    /// From here on it was looked at.
    peeked: usize,
}

impl File {
    pub fn new(read: Value, readline: Value, peek: Value) -> File {
        File { read, readline, peek, bytes: Vec::new(), peeked: 0 }
    }
}

pub struct Reader<'a> {
    pub source: Source<'a>,
    at: usize,
}

fn raise_truncated(vm: &mut Vm) -> Raised {
    raise(vm, Kind::Unpickling, "pickle data was truncated")
}

impl<'a> Reader<'a> {
    pub fn new(source: Source<'a>) -> Reader<'a> {
        Reader { source, at: 0 }
    }

    pub fn bytes(&self) -> &[u8] {
        match &self.source {
            Source::Memory(data) => data,
            Source::File(file) => &file.bytes,
        }
    }

    pub fn slice(&self, range: Range<usize>) -> &[u8] {
        &self.bytes()[range]
    }

    /// The next byte; `None` at the end.
    #[inline]
    pub fn opcode(&mut self, vm: &mut Vm) -> PyResult<Option<u8>> {
        if let Some(&byte) = self.bytes().get(self.at) {
            self.at += 1;
            return Ok(Some(byte));
        }
        match &self.source {
            Source::Memory(_) => Ok(None),
            Source::File(_) => {
                if self.fetch(vm, 1)? == 0 {
                    return Ok(None);
                }
                self.at += 1;
                Ok(Some(self.bytes()[self.at - 1]))
            }
        }
    }

    /// Where the next `n` bytes lie.
    #[inline]
    pub fn take(&mut self, vm: &mut Vm, n: usize) -> PyResult<Range<usize>> {
        self.see_to(vm, n)?;
        let start = self.at;
        self.at += n;
        Ok(start..self.at)
    }

    /// Sees to it that `n` bytes are there.
    pub fn see_to(&mut self, vm: &mut Vm, n: usize) -> PyResult<()> {
        while self.bytes().len() - self.at < n {
            let missing = n - (self.bytes().len() - self.at);
            if matches!(self.source, Source::Memory(_)) || self.fetch(vm, missing)? == 0 {
                return Err(raise_truncated(vm));
            }
        }
        Ok(())
    }

    pub fn array<const N: usize>(&mut self, vm: &mut Vm) -> PyResult<[u8; N]> {
        let range = self.take(vm, N)?;
        Ok(self.slice(range).try_into().expect("as many bytes were taken"))
    }

    /// The next line, without its end.
    pub fn line(&mut self, vm: &mut Vm) -> PyResult<Range<usize>> {
        loop {
            if let Some(len) = memchr::memchr(b'\n', &self.bytes()[self.at..]) {
                let start = self.at;
                self.at += len + 1;
                return Ok(start..start + len);
            }
            if matches!(self.source, Source::Memory(_)) || self.fetch_line(vm)? == 0 {
                return Err(raise_truncated(vm));
            }
        }
    }

    /// What was looked at and used is read.
    fn skip_used(&mut self, vm: &mut Vm) -> PyResult<()> {
        let at = self.at;
        let Source::File(file) = &mut self.source else { return Ok(()) };
        if file.peeked < file.bytes.len() && at > file.peeked {
            let n_used = Value::small_int((at - file.peeked) as i64);
            let read = file.read;
            file.peeked = at;
            vm.call(read, &[n_used])?;
        }
        Ok(())
    }

    /// Reads at least one of `n` bytes more, if there are any; gives how many.
    fn fetch(&mut self, vm: &mut Vm, n: usize) -> PyResult<usize> {
        self.skip_used(vm)?;
        let Source::File(file) = &mut self.source else { return Ok(0) };
        // What was only looked at is read now.
        let unused = file.bytes.len() - file.peeked;
        file.bytes.truncate(file.peeked);
        file.bytes.drain(..self.at);
        self.at = 0;
        let n = n + unused;
        let size = vm.new_int_from_usize(n);
        let data = vm.call(file.read, &[size])?;
        if !vm.is_bytes_like(data) {
            let given = vm.class_name(data);
            return Err(vm.raise_type(&format!("read() returned non-bytes object ({given})")));
        }
        let data = BytesLike::of(vm, data)?;
        let Source::File(file) = &mut self.source else { return Ok(0) };
        file.bytes.extend_from_slice(&data);
        file.peeked = file.bytes.len();
        let n_read = data.len();
        self.look(vm)?;
        Ok(n_read.saturating_sub(unused))
    }

    fn fetch_line(&mut self, vm: &mut Vm) -> PyResult<usize> {
        self.skip_used(vm)?;
        let Source::File(file) = &mut self.source else { return Ok(0) };
        file.bytes.truncate(file.peeked);
        file.bytes.drain(..self.at);
        self.at = 0;
        let line = vm.call(file.readline, &[])?;
        if !vm.is_bytes_like(line) {
            let given = vm.class_name(line);
            return Err(vm.raise_type(&format!("readline() returned non-bytes object ({given})")));
        }
        let line = BytesLike::of(vm, line)?;
        let Source::File(file) = &mut self.source else { return Ok(0) };
        file.bytes.extend_from_slice(&line);
        file.peeked = file.bytes.len();
        let is_line = line.last() == Some(&b'\n');
        Ok(if is_line { line.len() } else { 0 })
    }

    /// Looks at what comes next, if the file can do that.
    fn look(&mut self, vm: &mut Vm) -> PyResult<()> {
        let Source::File(file) = &mut self.source else { return Ok(()) };
        if file.peek.is_none() {
            return Ok(());
        }
        let peeked = vm.call(file.peek, &[Value::small_int(128 << 10)])?;
        if vm.is_bytes_like(peeked) {
            let peeked = BytesLike::of(vm, peeked)?;
            let Source::File(file) = &mut self.source else { return Ok(()) };
            file.bytes.extend_from_slice(&peeked);
        }
        Ok(())
    }

    /// The pickle ends here: what is behind it stays in the file.
    pub fn finish(&mut self, vm: &mut Vm) -> PyResult<()> {
        self.skip_used(vm)
    }
}
