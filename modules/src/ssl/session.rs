//! `SSLSession`: what a later connection could begin with. No connection gives one: each makes its keys anew.

use stitch_runtime::object::header::Header;
use stitch_runtime::object::spec::{Layout, TypeSpec};

pub static SESSION: TypeSpec = TypeSpec {
    name: "SSLSession",
    module: "_ssl",
    doc: "What a later connection could begin with.",
    layout: Some(Layout::of::<Header>(0)),
    ..TypeSpec::NEW
};
