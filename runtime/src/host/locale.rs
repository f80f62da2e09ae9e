//! The locale of the process: how numbers, times and texts are written and sorted.

use std::ffi::{CStr, CString};

/// How numbers and amounts of money are written.
pub struct Conventions {
    pub texts: [(&'static str, Vec<u8>); 8],
    /// How digits are put together, of numbers and of money.
    pub groupings: [(&'static str, Vec<u8>); 2],
    pub numbers: [(&'static str, i64); 8],
}

/// # Safety
/// A string that ends in NUL, or NULL.
unsafe fn copied(pointer: *const libc::c_char) -> Option<Vec<u8>> {
    // SAFETY: as the caller says.
    (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) }.to_bytes().to_vec())
}

/// Sets, or tells, the locale of a category; `None`: there is no such one.
pub fn set(category: i32, locale: Option<&CStr>) -> Option<Vec<u8>> {
    // SAFETY: a string that ends in NUL, or NULL; what is given is copied before the next call.
    unsafe { copied(libc::setlocale(category, locale.map_or(std::ptr::null(), CStr::as_ptr))) }
}

pub fn conventions() -> Conventions {
    // SAFETY: a struct whose strings end in NUL; it is copied before the next call.
    unsafe {
        let found = &*libc::localeconv();
        let text = |pointer: *mut libc::c_char| copied(pointer).unwrap_or_default();
        Conventions {
            texts: [
                ("decimal_point", text(found.decimal_point)),
                ("thousands_sep", text(found.thousands_sep)),
                ("int_curr_symbol", text(found.int_curr_symbol)),
                ("currency_symbol", text(found.currency_symbol)),
                ("mon_decimal_point", text(found.mon_decimal_point)),
                ("mon_thousands_sep", text(found.mon_thousands_sep)),
                ("positive_sign", text(found.positive_sign)),
                ("negative_sign", text(found.negative_sign)),
            ],
            groupings: [("grouping", text(found.grouping)), ("mon_grouping", text(found.mon_grouping))],
            numbers: [
                ("int_frac_digits", found.int_frac_digits.into()),
                ("frac_digits", found.frac_digits.into()),
                ("p_cs_precedes", found.p_cs_precedes.into()),
                ("p_sep_by_space", found.p_sep_by_space.into()),
                ("n_cs_precedes", found.n_cs_precedes.into()),
                ("n_sep_by_space", found.n_sep_by_space.into()),
                ("p_sign_posn", found.p_sign_posn.into()),
                ("n_sign_posn", found.n_sign_posn.into()),
            ],
        }
    }
}

/// A text of the locale.
pub fn text(item: i32) -> Vec<u8> {
    // SAFETY: gives a string that ends in NUL, which is copied before the next call.
    unsafe { copied(libc::nl_langinfo(item)).unwrap_or_default() }
}

/// Which of two texts comes first: negative, zero or positive.
pub fn compare(lhs: &CStr, rhs: &CStr) -> i32 {
    // SAFETY: strings that end in NUL.
    unsafe { libc::strcoll(lhs.as_ptr(), rhs.as_ptr()) }
}

/// A text that compares by its bytes as the given one does by the locale.
pub fn sort_key(text: &CStr) -> Vec<u8> {
    // SAFETY: a string that ends in NUL; without memory the call tells how much there is.
    let len = unsafe { strxfrm(std::ptr::null_mut(), text.as_ptr(), 0) };
    let mut key = vec![0u8; len + 1];
    // SAFETY: memory of that size.
    unsafe { strxfrm(key.as_mut_ptr().cast(), text.as_ptr(), key.len()) };
    key.pop();
    key
}

/// A message by the locale's translations; `domain`: `None` for the one that is set.
pub fn translation(domain: Option<&CStr>, message: &CStr, category: i32) -> Vec<u8> {
    let domain = domain.map_or(std::ptr::null(), CStr::as_ptr);
    // SAFETY: strings that end in NUL, or NULL; what is given is copied at once.
    unsafe { copied(dcgettext(domain, message.as_ptr(), category)).unwrap_or_default() }
}

/// Sets, or tells, where translations are taken from.
pub fn domain(name: Option<&CStr>) -> Option<Vec<u8>> {
    // SAFETY: as above.
    unsafe { copied(textdomain(name.map_or(std::ptr::null(), CStr::as_ptr))) }
}

/// Sets, or tells, the directory of a domain's translations.
pub fn domain_directory(domain: &CStr, directory: Option<&CString>) -> Option<Vec<u8>> {
    let directory = directory.map_or(std::ptr::null(), |directory| directory.as_ptr());
    // SAFETY: as above.
    unsafe { copied(bindtextdomain(domain.as_ptr(), directory)) }
}

/// Sets, or tells, the encoding of a domain's translations.
pub fn domain_encoding(domain: &CStr, encoding: Option<&CStr>) -> Option<Vec<u8>> {
    // SAFETY: as above.
    unsafe { copied(bind_textdomain_codeset(domain.as_ptr(), encoding.map_or(std::ptr::null(), CStr::as_ptr))) }
}

unsafe extern "C" {
    fn strxfrm(to: *mut libc::c_char, from: *const libc::c_char, size: usize) -> usize;
    fn dcgettext(
        domain: *const libc::c_char,
        message: *const libc::c_char,
        category: libc::c_int,
    ) -> *const libc::c_char;
    fn textdomain(domain: *const libc::c_char) -> *const libc::c_char;
    fn bindtextdomain(domain: *const libc::c_char, directory: *const libc::c_char) -> *const libc::c_char;
    fn bind_textdomain_codeset(domain: *const libc::c_char, encoding: *const libc::c_char) -> *const libc::c_char;
}
