//! Normal forms. What a text has in the form already is found a block at a time, and passed over.

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use rustpython_unicode::data::Ucd;
use std::borrow::Cow;
use stitch_runtime::object::argument::Str;
use stitch_runtime::object::string::View;
use stitch_runtime::{PyResult, Vm};

enum Normalizer {
    Composing(ComposingNormalizerBorrowed<'static>),
    Decomposing(DecomposingNormalizerBorrowed<'static>),
}

impl Normalizer {
    fn of(vm: &mut Vm, form: Str) -> PyResult<Normalizer> {
        Ok(match form.text().as_str() {
            "NFC" => Normalizer::Composing(ComposingNormalizerBorrowed::new_nfc()),
            "NFKC" => Normalizer::Composing(ComposingNormalizerBorrowed::new_nfkc()),
            "NFD" => Normalizer::Decomposing(DecomposingNormalizerBorrowed::new_nfd()),
            "NFKD" => Normalizer::Decomposing(DecomposingNormalizerBorrowed::new_nfkd()),
            _ => return Err(vm.raise_value("invalid normalization form")),
        })
    }
    fn is_normalized(&self, text: &str) -> bool {
        match self {
            Normalizer::Composing(normalizer) => normalizer.is_normalized(text),
            Normalizer::Decomposing(normalizer) => normalizer.is_normalized(text),
        }
    }
    fn normalize<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self {
            Normalizer::Composing(normalizer) => normalizer.normalize(text),
            Normalizer::Decomposing(normalizer) => normalizer.normalize(text),
        }
    }
}

pub fn is_normalized(vm: &mut Vm, _: Ucd, form: Str, text: Str) -> PyResult<bool> {
    let normalizer = Normalizer::of(vm, form)?;
    if is_ascii(text) {
        return Ok(true);
    }
    let mut is_normal = true;
    for_each_run(text.view(), |run, _| is_normal &= normalizer.is_normalized(run));
    Ok(is_normal)
}

pub fn normalize(vm: &mut Vm, _: Ucd, form: Str, text: Str) -> PyResult {
    let normalizer = Normalizer::of(vm, form)?;
    if is_ascii(text) {
        return Ok(vm.str_exact(text.value()));
    }
    if let Ok(utf8) = String::from_utf8(text.view().to_wtf8()) {
        return Ok(match normalizer.normalize(&utf8) {
            Cow::Borrowed(_) => vm.str_exact(text.value()),
            Cow::Owned(normal) => vm.new_str(&normal),
        });
    }
    let mut points = Vec::new();
    for_each_run(text.view(), |run, surrogate| {
        points.extend(normalizer.normalize(run).chars().map(u32::from));
        points.extend(surrogate);
    });
    Ok(vm.str_from_code_points(&points))
}

fn is_ascii(text: Str) -> bool {
    matches!(text.view(), View::One(data) if data.is_ascii())
}

/// What lies between the surrogates of a text, which are passed over, with the one that follows.
fn for_each_run(text: View<'_>, mut take: impl FnMut(&str, Option<u32>)) {
    if let Ok(utf8) = String::from_utf8(text.to_wtf8()) {
        return take(&utf8, None);
    }
    let mut run = String::new();
    for point in text.code_points() {
        match char::from_u32(point) {
            Some(character) => run.push(character),
            None => {
                take(&run, Some(point));
                run.clear();
            }
        }
    }
    take(&run, None);
}
