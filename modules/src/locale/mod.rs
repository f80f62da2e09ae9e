//! `_locale`: how the user's language writes and sorts, under the module `locale`.

use std::ffi::CString;
use stitch_runtime::host::locale as host;
use stitch_runtime::object::argument::{OrNone, Str, method};
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::{PyResult, Value, Vm};

macro_rules! constants {
    ($($name:ident)*) => {
        const CONSTANTS: &[(&str, Constant)] = &[
            $((stringify!($name), Constant::Int(libc::$name as i64)),)*
            ("CHAR_MAX", Constant::Int(127)),
            ("_DATE_FMT", Constant::Int(131_180)),
        ];
    };
}

constants! {
    ABDAY_1 ABDAY_2 ABDAY_3 ABDAY_4 ABDAY_5 ABDAY_6 ABDAY_7 ABMON_1 ABMON_2 ABMON_3 ABMON_4 ABMON_5 ABMON_6 ABMON_7
    ABMON_8 ABMON_9 ABMON_10 ABMON_11 ABMON_12 ALT_DIGITS AM_STR CODESET CRNCYSTR DAY_1 DAY_2 DAY_3 DAY_4 DAY_5 DAY_6
    DAY_7 D_FMT D_T_FMT ERA ERA_D_FMT ERA_D_T_FMT ERA_T_FMT LC_ALL LC_COLLATE LC_CTYPE LC_MESSAGES LC_MONETARY LC_NUMERIC
    LC_TIME MON_1 MON_2 MON_3 MON_4 MON_5 MON_6 MON_7 MON_8 MON_9 MON_10 MON_11 MON_12 NOEXPR PM_STR RADIXCHAR THOUSEP
    T_FMT T_FMT_AMPM YESEXPR
}

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_locale",
    doc: "How the user's language writes and sorts.",
    functions: &[
        method("setlocale", "(category, locale=<unrepresentable>, /)", set)
            .doc("Sets a category's locale, or tells it."),
        method("localeconv", "()", conventions).doc("How numbers and amounts of money are written."),
        method("nl_langinfo", "(key, /)", |vm: &mut Vm, key: i32| -> PyResult {
            let is_known = CONSTANTS.iter().any(|&(name, constant)| {
                matches!(constant, Constant::Int(number) if number == i64::from(key)) && !name.starts_with("LC_")
            });
            if !is_known {
                return Err(vm.raise_value("unsupported langinfo constant"));
            }
            Ok(vm.fs_decode(&host::text(key)))
        })
        .doc("A text of the locale."),
        method("strcoll", "(os1, os2, /)", |vm: &mut Vm, lhs: Str, rhs: Str| -> PyResult<i32> {
            let (lhs, rhs) = (text_of(vm, lhs)?, text_of(vm, rhs)?);
            Ok(host::compare(&lhs, &rhs))
        })
        .doc("Which of two texts comes first: negative, 0 or positive."),
        method("strxfrm", "(string, /)", |vm: &mut Vm, text: Str| -> PyResult {
            let text = text_of(vm, text)?;
            Ok(vm.fs_decode(&host::sort_key(&text)))
        })
        .doc("A text that sorts by itself as the given one does by the locale."),
        method("gettext", "(msg, /)", |vm: &mut Vm, message: Str| translate(vm, None, message, libc::LC_MESSAGES))
            .doc("A message in the user's language."),
        method("dgettext", "(domain, msg, /)", |vm: &mut Vm, domain: OrNone<Str>, message: Str| {
            translate(vm, domain.0, message, libc::LC_MESSAGES)
        })
        .doc("A message of a domain in the user's language."),
        method(
            "dcgettext",
            "(domain, msg, category, /)",
            |vm: &mut Vm, domain: OrNone<Str>, message: Str, category: i32| translate(vm, domain.0, message, category),
        )
        .doc("A message of a domain in the language of a category."),
        method("textdomain", "(domain, /)", |vm: &mut Vm, domain: OrNone<Str>| {
            let domain = optional_text(vm, domain.0)?;
            let found = host::domain(domain.as_deref());
            text_or_none(vm, found)
        })
        .doc("Sets the domain of messages, or tells it."),
        method("bindtextdomain", "(domain, dir, /)", |vm: &mut Vm, domain: Str, directory: OrNone<Value>| {
            if domain.view().is_empty() {
                return Err(raise(vm, "domain must be a non-empty string"));
            }
            let domain = text_of(vm, domain)?;
            let directory = match directory.0 {
                Some(directory) => Some(vm.fs_c_string(directory)?),
                None => None,
            };
            let found = host::domain_directory(&domain, directory.as_ref());
            text_or_none(vm, found)
        })
        .doc("Sets where the messages of a domain lie, or tells it."),
        method("bind_textdomain_codeset", "(domain, codeset, /)", |vm: &mut Vm, domain: Str, encoding: OrNone<Str>| {
            let (domain, encoding) = (text_of(vm, domain)?, optional_text(vm, encoding.0)?);
            let found = host::domain_encoding(&domain, encoding.as_deref());
            text_or_none(vm, found)
        })
        .doc("Sets how the messages of a domain are encoded, or tells it."),
        method("getencoding", "()", || "utf-8").doc("The encoding of the locale."),
    ],
    constants: CONSTANTS,
    types: &[&ERROR],
    ..ModuleSpec::NEW
};

static ERROR: TypeSpec = TypeSpec {
    name: "Error",
    module: "locale",
    doc: "A locale that there is not.",
    base_class: Some(|vm| vm.exceptions.Exception),
    ..TypeSpec::NEW
};

fn text_of(vm: &mut Vm, text: Str) -> PyResult<CString> {
    let bytes = vm.fs_encode(text.value())?;
    CString::new(bytes).map_err(|_| vm.raise_value("embedded null character"))
}

fn optional_text(vm: &mut Vm, text: Option<Str>) -> PyResult<Option<CString>> {
    text.map(|text| text_of(vm, text)).transpose()
}

fn text_or_none(vm: &mut Vm, text: Option<Vec<u8>>) -> PyResult {
    Ok(text.map_or(Value::NONE, |text| vm.fs_decode(&text)))
}

fn raise(vm: &mut Vm, message: &str) -> stitch_runtime::Raised {
    let class = vm.type_of_spec(&ERROR);
    vm.raise(class, message)
}

fn translate(vm: &mut Vm, domain: Option<Str>, message: Str, category: i32) -> PyResult {
    let (domain, message) = (optional_text(vm, domain)?, text_of(vm, message)?);
    Ok(vm.fs_decode(&host::translation(domain.as_deref(), &message, category)))
}

fn set(vm: &mut Vm, category: i32, locale: OrNone<Str>) -> PyResult {
    let locale = optional_text(vm, locale.0)?;
    match host::set(category, locale.as_deref()) {
        Some(found) => Ok(vm.fs_decode(&found)),
        None if locale.is_some() => Err(raise(vm, "unsupported locale setting")),
        None => Err(raise(vm, "locale query failed")),
    }
}

fn conventions(vm: &mut Vm) -> PyResult {
    let found = host::conventions();
    let dict = vm.new_dict();
    for (name, text) in &found.texts {
        let (name, text) = (vm.intern(name), vm.fs_decode(text));
        vm.dict_set(dict, name, text)?;
    }
    for (name, grouping) in &found.groupings {
        // The last number stands for all that follow; 127 says that there is no more grouping.
        let mut numbers: Vec<Value> = grouping.iter().map(|&number| Value::small_int(number.into())).collect();
        if !numbers.is_empty() && grouping.last() != Some(&127) {
            numbers.push(Value::small_int(0));
        }
        let (name, numbers) = (vm.intern(name), vm.new_list(&numbers)?);
        vm.dict_set(dict, name, numbers)?;
    }
    for &(name, number) in &found.numbers {
        let name = vm.intern(name);
        vm.dict_set(dict, name, Value::small_int(number))?;
    }
    Ok(dict)
}
