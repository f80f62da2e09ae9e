//! `BufferedRandom`: reads ahead, and keeps back what is written.

use super::common::{self, METHODS};
use super::reader::{READING, next};
use super::writer::{FLUSH, WRITE};
use super::{Buffered, LAYOUT, State, ThisBuffered, new};
use crate::io::base::check_able;
use crate::io::buffered_base::BUFFERED_IO_BASE;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, method};
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{TypeSpec, joined};
use stitch_runtime::{PyResult, Value, Vm};

pub static BUFFERED_RANDOM: TypeSpec = TypeSpec {
    name: "BufferedRandom",
    module: "_io",
    doc: "A raw stream that is read and written, both by a buffer.",
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
    methods: &joined::<_, _, _, { METHODS.len() + READING.len() + 5 }>(
        joined::<_, _, _, { METHODS.len() + READING.len() }>(METHODS, READING),
        [
            method(
                "__init__",
                "($self, /, raw, buffer_size=131072)",
                |vm: &mut Vm, mut this: ThisBuffered, raw: Value, size: Option<i64>| -> PyResult<()> {
                    this.state = State::New;
                    check_able(vm, raw, "seekable", "File or stream is not seekable.")?;
                    check_able(vm, raw, "readable", "File or stream is not readable.")?;
                    check_able(vm, raw, "writable", "File or stream is not writable.")?;
                    Buffered::start(this, vm, raw, size)
                },
            )
            .doc("Takes a raw stream, and how much is read ahead or kept back."),
            WRITE,
            FLUSH,
            method("readable", "($self, /)", |vm: &mut Vm, this: ThisBuffered| common::ask(vm, this, "readable"))
                .doc("Can it be read?"),
            method("writable", "($self, /)", |vm: &mut Vm, this: ThisBuffered| common::ask(vm, this, "writable"))
                .doc("Can it be written?"),
        ],
    ),
    getters: common::GETTERS,
    ..TypeSpec::NEW
};
