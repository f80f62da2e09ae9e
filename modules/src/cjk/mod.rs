//! `_multibytecodec` and the modules of codecs on it: text of China, Hong Kong, Japan, Korea and Taiwan.
//!
//! Tables and steps are those of the crate; here are errors, pieces and what Python has of it.

mod codec;
mod engine;
mod piecewise;

use engine::Named;
use rustpython_common::encodings::cjk::Codec;
use stitch_runtime::object::argument::{Str, method};
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_multibytecodec",
    doc: "Codecs whose characters are of one or more bytes.",
    types: &[
        &piecewise::INCREMENTAL_ENCODER,
        &piecewise::INCREMENTAL_DECODER,
        &piecewise::STREAM_READER,
        &piecewise::STREAM_WRITER,
    ],
    ..ModuleSpec::NEW
};

macro_rules! regions {
    ($($name:ident $module:literal $doc:literal: $($codec:literal)*;)*) => {$(
        pub static $name: ModuleSpec = ModuleSpec {
            name: $module,
            doc: $doc,
            functions: &[
                method("getcodec", "(encoding, /)", |vm: &mut Vm, name: Value| get(vm, name, &[$($codec),*]))
                    .doc("A codec by its name."),
            ],
            ..ModuleSpec::NEW
        };
    )*};
}

regions! {
    CN "_codecs_cn" "Codecs of China.": "gb2312" "gbk" "gb18030" "hz";
    HK "_codecs_hk" "Codecs of Hong Kong.": "big5hkscs";
    ISO2022 "_codecs_iso2022" "Codecs that switch between sets of characters.":
        "iso2022_kr" "iso2022_jp" "iso2022_jp_1" "iso2022_jp_2" "iso2022_jp_2004" "iso2022_jp_3" "iso2022_jp_ext";
    JP "_codecs_jp" "Codecs of Japan.":
        "shift_jis" "cp932" "euc_jp" "shift_jis_2004" "euc_jis_2004" "euc_jisx0213" "shift_jisx0213";
    KR "_codecs_kr" "Codecs of Korea.": "euc_kr" "cp949" "johab";
    TW "_codecs_tw" "Codecs of Taiwan.": "big5" "cp950";
}

fn get(vm: &mut Vm, name: Value, names: &'static [&'static str]) -> PyResult {
    let Some(name) = Str::of(vm, name) else {
        return Err(vm.raise_type("encoding name must be a string."));
    };
    let wanted = name.text();
    let found = names.iter().copied().find(|&name| name == wanted);
    match found.and_then(|name| Some(Named { codec: Codec::from_name(name)?, name })) {
        Some(named) => codec::make(vm, named),
        None => Err(vm.raise(vm.exceptions.LookupError, "no such codec is supported.")),
    }
}
