//! `format(decimal, specification)`.

use super::current;
use super::number::limbs::write_digits;
use super::number::settings::{MAX_DIGITS, Rounding};
use super::number::text::{Notation, to_text};
use super::number::{Number, View};
use super::object::Decimal;
use smallvec::SmallVec;
use stitch_runtime::object::argument::{Str, This};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::{PyResult, Raised, Value, Vm};

/// Code points: most numbers need no memory for theirs.
type Points = SmallVec<[u32; 32]>;

/// A specification, parsed.
struct Spec {
    fill: u32,
    align: u8,
    sign: u8,
    drops_sign_of_zero: bool,
    keeps_point: bool,
    pads_with_zeros: bool,
    width: usize,
    separator: Option<u8>,
    precision: Option<i64>,
    fraction_separator: Option<u8>,
    ty: Option<u8>,
}

/// What numbers are written with: ASCII, or what the locale has.
struct Style {
    point: SmallVec<[u32; 4]>,
    separator: SmallVec<[u32; 4]>,
    /// Sizes of groups from the right; the last one is repeated, or, where it is zero, the end of grouping.
    groups: SmallVec<[usize; 4]>,
}

impl Spec {
    fn parse(points: &[u32]) -> Option<Spec> {
        let byte = |at: usize| points.get(at).and_then(|&point| u8::try_from(point).ok()).unwrap_or(0);
        let is_align = |at: usize| matches!(byte(at), b'<' | b'>' | b'=' | b'^');
        let mut at = 0;
        let (mut fill, mut align) = (None, None);
        if is_align(1) {
            (fill, align, at) = (Some(points[0]), Some(byte(1)), 2);
        } else if is_align(0) {
            (align, at) = (Some(byte(0)), 1);
        }
        let take = |at: &mut usize, wanted: &[u8]| {
            let found = byte(*at);
            let is_there = found != 0 && wanted.contains(&found);
            *at += is_there as usize;
            is_there.then_some(found)
        };
        let sign = take(&mut at, b"+- ").unwrap_or(b'-');
        let drops_sign_of_zero = take(&mut at, b"z").is_some();
        let keeps_point = take(&mut at, b"#").is_some();
        let pads_with_zeros = take(&mut at, b"0").is_some();
        if pads_with_zeros && align.is_some() {
            return None;
        }
        let number = |at: &mut usize| {
            let start = *at;
            let mut sum = 0i64;
            while let Some(digit) = take(at, b"0123456789") {
                sum = sum.checked_mul(10)?.checked_add((digit - b'0') as i64)?;
            }
            Some((*at > start).then_some(sum))
        };
        let width = number(&mut at)?.unwrap_or(0);
        let separator = points.get(at).filter(|&&point| point == 0x2C || point == 0x5F).map(|&point| point as u8);
        at += separator.is_some() as usize;
        let (mut precision, mut fraction_separator) = (None, None);
        if points.get(at) == Some(&0x2E) {
            at += 1;
            precision = number(&mut at)?;
            fraction_separator =
                points.get(at).filter(|&&point| point == 0x2C || point == 0x5F).map(|&point| point as u8);
            at += fraction_separator.is_some() as usize;
            if precision.is_none() && fraction_separator.is_none() {
                return None;
            }
        }
        let ty = points.get(at).and_then(|&point| u8::try_from(point).ok()).filter(|ty| b"eEfFgGn%".contains(ty));
        at += ty.is_some() as usize;
        if at != points.len() || ty == Some(b'n') && separator.is_some() {
            return None;
        }
        let is_general = matches!(ty, None | Some(b'g' | b'G' | b'n'));
        Some(Spec {
            fill: fill.unwrap_or(0x20),
            align: align.unwrap_or(b'>'),
            sign,
            drops_sign_of_zero,
            keeps_point,
            pads_with_zeros,
            width: usize::try_from(width).ok()?,
            separator,
            precision: precision.map(|precision| if is_general { precision.max(1) } else { precision }),
            fraction_separator,
            ty,
        })
    }
}

fn points_of(text: &str) -> SmallVec<[u32; 4]> {
    text.chars().map(u32::from).collect()
}

/// The locale's way to write numbers.
fn style_of_locale(vm: &mut Vm) -> PyResult<Style> {
    let module = vm.import_dotted("_locale")?;
    let name = vm.intern("localeconv");
    let conventions = vm.call_method(module, name, &[])?;
    style_of_conventions(vm, conventions)
}

/// Bytes that a point or a separator may have.
const MAX_SEPARATOR_BYTES: usize = 4;

/// What the optional argument of `__format__` says: a dict as `localeconv` gives it, but with the groups in a str.
fn style_of_override(vm: &mut Vm, given: Value, plain: Style) -> PyResult<Style> {
    if !vm.is_of_spec(given, &stitch_runtime::builtins::types::DICT) {
        return Err(vm.raise_type("optional argument must be a dict"));
    }
    let mut style = plain;
    for key in ["decimal_point", "thousands_sep", "grouping"] {
        let name = vm.intern(key);
        let Some(text) = vm.dict_get(given, name)? else { continue };
        let Some(text) = Str::of(vm, text) else { return Err(vm.raise_value("invalid override dict")) };
        let points: SmallVec<[u32; 4]> = text.view().code_points().collect();
        let n_bytes = text.text().len();
        let is_valid = match key {
            "decimal_point" => (1..=MAX_SEPARATOR_BYTES).contains(&n_bytes),
            "thousands_sep" => n_bytes <= MAX_SEPARATOR_BYTES,
            _ => points.iter().all(|&size| size <= 127),
        };
        if !is_valid {
            return Err(vm.raise_value("invalid override dict"));
        }
        match key {
            "decimal_point" => style.point = points,
            "thousands_sep" => style.separator = points,
            _ => style.groups = groups_of(points.into_iter().map(|size| size as usize).collect()),
        }
    }
    Ok(style)
}

/// Sizes as `localeconv` has them: at their end, 0 repeats the last, and 127 ends the grouping.
fn groups_of(mut groups: SmallVec<[usize; 4]>) -> SmallVec<[usize; 4]> {
    match groups.last_mut() {
        Some(0) => groups.truncate(groups.len() - 1),
        Some(last @ 127) => *last = 0,
        _ => {}
    }
    groups
}

fn style_of_conventions(vm: &mut Vm, conventions: Value) -> PyResult<Style> {
    let entry = |vm: &mut Vm, key: &str| -> PyResult {
        let key = vm.intern(key);
        vm.dict_get(conventions, key)?.ok_or_else(|| vm.raise_key(key))
    };
    let point = entry(vm, "decimal_point")?;
    let separator = entry(vm, "thousands_sep")?;
    let grouping = entry(vm, "grouping")?;
    let grouping = vm.list_to_tuple(grouping)?;
    let groups =
        vm.tuple_items(grouping).iter().filter_map(|size| size.to_small_int()).map(|size| size as usize).collect();
    let (point, separator) = (points_of(&vm.string_of(point)), points_of(&vm.string_of(separator)));
    Ok(Style { point, separator, groups: groups_of(groups) })
}

#[cold]
fn raise_invalid(vm: &mut Vm) -> Raised {
    vm.raise_value("invalid format string")
}

pub fn format(vm: &mut Vm, this: This<Decimal>, spec: Value, conventions: Option<Value>) -> PyResult {
    let Some(text) = Str::of(vm, spec) else { return Err(vm.raise_type("format arg must be str")) };
    let context = current::context(vm)?;
    if text.view().is_empty() && vm.is_exactly::<Decimal>(this.value()) {
        return Ok(super::compute::text(vm, Decimal::view(this), false, context.has_capitals));
    }
    let points: Points = text.view().code_points().collect();
    // A capital N is an n whose result is in capitals.
    if points.last() == Some(&u32::from(b'N')) && Spec::parse(&points).is_none() {
        let mut lower = points.clone();
        lower.pop();
        lower.push(u32::from(b'n'));
        if Spec::parse(&lower).is_none() {
            return Err(raise_invalid(vm));
        }
        vm.warn(vm.exceptions.DeprecationWarning, "Format specifier 'N' is deprecated")?;
        let lower = vm.str_from_code_points(&lower);
        let result = format(vm, this, lower, conventions)?;
        let upper = vm.intern("upper");
        return vm.call_method(result, upper, &[]);
    }
    let Some(spec) = Spec::parse(&points) else { return Err(raise_invalid(vm)) };
    if spec.width as i64 > MAX_DIGITS || spec.precision.is_some_and(|precision| precision > MAX_DIGITS) {
        return Err(vm.raise_value("format specification exceeds internal limits of _decimal"));
    }
    let style = match (spec.ty, spec.separator) {
        (Some(b'n'), _) => style_of_locale(vm)?,
        (_, separator) => Style {
            point: SmallVec::from_slice(&[0x2E]),
            separator: separator.map(u32::from).into_iter().collect(),
            groups: separator.map(|_| 3).into_iter().collect(),
        },
    };
    let style = match conventions {
        Some(given) => style_of_override(vm, given, style)?,
        None => style,
    };
    let a = Decimal::view(this);
    if !a.is_finite() {
        let notation = Notation { is_engineering: false, is_capital: true };
        let mut body = to_text(a.absolute(), notation);
        if spec.ty == Some(b'%') {
            body.push(b'%');
        }
        let body: Points = body.into_iter().map(u32::from).collect();
        return Ok(aligned(vm, &spec, a.is_negative, &body));
    }
    let ty = spec.ty.unwrap_or(if context.has_capitals { b'G' } else { b'g' });
    let ty = if ty == b'n' { b'g' } else { ty };
    let Some(number) = rounded(a, &spec, ty, context.settings.rounding) else { return Err(vm.raise_memory()) };
    let is_negative = number.is_negative && !(spec.drops_sign_of_zero && number.limbs.is_empty());
    match body_of(&number, &spec, ty, is_negative, &style) {
        Some(body) => Ok(aligned(vm, &spec, is_negative, &body)),
        None => Err(vm.raise_memory()),
    }
}

/// The number with the digits that are to be shown; `None`: too many.
fn rounded(a: View<'_>, spec: &Spec, ty: u8, rounding: Rounding) -> Option<Number> {
    let mut number = a.to_number();
    if ty == b'%' {
        number.exponent += 2;
    }
    match (spec.precision, ty) {
        (Some(precision), b'e' | b'E') => round_to_digits(&mut number, precision + 1, true, rounding),
        (Some(precision), b'f' | b'F' | b'%') => rescale(&mut number, -precision, rounding)?,
        (Some(precision), _) => round_to_digits(&mut number, precision, false, rounding),
        _ => {}
    }
    if number.limbs.is_empty() && number.exponent > 0 && matches!(ty, b'f' | b'F' | b'%') {
        number.exponent = 0;
    }
    Some(number)
}

/// No more digits than these; `pads`: no fewer, either.
fn round_to_digits(number: &mut Number, n_digits: i64, pads: bool, rounding: Rounding) {
    let excess = number.view().digits() - n_digits;
    if excess > 0 {
        number.drop_digits(excess, rounding);
        if number.view().digits() > n_digits {
            number.drop_digits(1, Rounding::Down);
        }
    } else if pads && !number.limbs.is_empty() {
        number.limbs = super::number::shift::shift_left(&number.limbs, -excess);
        number.exponent += excess;
    }
}

fn rescale(number: &mut Number, exponent: i64, rounding: Rounding) -> Option<()> {
    let n = number.exponent - exponent;
    if number.limbs.is_empty() {
        number.exponent = exponent;
    } else if n >= 0 {
        if n + number.view().digits() > MAX_DIGITS {
            return None;
        }
        number.limbs = super::number::shift::shift_left(&number.limbs, n);
        number.exponent = exponent;
    } else {
        number.drop_digits(-n, rounding);
    }
    Some(())
}

/// The digits with point, separators and exponent.
fn body_of(number: &Number, spec: &Spec, ty: u8, is_negative: bool, style: &Style) -> Option<Points> {
    let mut digits = Vec::new();
    write_digits(&number.limbs, &mut digits);
    let n = digits.len() as i64;
    let left_digits = number.exponent + n;
    let point = match ty {
        b'e' | b'E' => match spec.precision {
            Some(precision) if number.limbs.is_empty() => 1 - precision,
            _ => 1,
        },
        b'f' | b'F' | b'%' => left_digits,
        _ if number.exponent <= 0 && left_digits > -6 => left_digits,
        _ => 1,
    };
    if point.abs() > MAX_DIGITS {
        return None;
    }
    // Zeros where the point stands beyond the digits, on either side.
    if point < 0 {
        digits.splice(0..0, std::iter::repeat_n(b'0', -point as usize));
    } else if point > n {
        digits.resize(point as usize, b'0');
    }
    let (whole, fraction) = digits.split_at(point.max(0) as usize);
    let whole = if whole.is_empty() { b"0" } else { whole };
    let exponent = left_digits - point;
    let mut tail = Points::new();
    if !fraction.is_empty() || spec.keeps_point {
        tail.extend_from_slice(&style.point);
    }
    for (i, &digit) in fraction.iter().enumerate() {
        if let Some(separator) = spec.fraction_separator
            && i > 0
            && i % 3 == 0
        {
            tail.push(separator.into());
        }
        tail.push(digit.into());
    }
    if exponent != 0 || matches!(ty, b'e' | b'E') {
        let letter = if ty.is_ascii_uppercase() { 'E' } else { 'e' };
        tail.extend(points_of(&format!("{letter}{exponent:+}")));
    }
    if ty == b'%' {
        tail.push(u32::from(b'%'));
    }
    let sign_len = sign_of(spec, is_negative).is_some() as usize;
    let min_width = if spec.pads_with_zeros { spec.width.saturating_sub(tail.len() + sign_len) } else { 0 };
    let mut body = grouped(whole, style, min_width);
    body.extend_from_slice(&tail);
    Some(body)
}

/// Whole digits in groups, with zeros in front up to a width.
fn grouped(digits: &[u8], style: &Style, min_width: usize) -> Points {
    let mut left = digits.len();
    let mut width = min_width;
    // From the right.
    let mut out = Points::new();
    let mut nth = 0;
    loop {
        let size = match style.groups.get(nth).or(style.groups.last()) {
            Some(0) | None => usize::MAX,
            Some(&size) => size,
        };
        nth += 1;
        let size = size.min(left.max(width).max(1));
        for i in 0..size {
            let digit = if i < left { digits[left - 1 - i] } else { b'0' };
            out.push(digit.into());
        }
        left = left.saturating_sub(size);
        width = width.saturating_sub(size);
        if left == 0 && width == 0 {
            break;
        }
        width = width.saturating_sub(style.separator.len());
        out.extend(style.separator.iter().rev().copied());
    }
    out.reverse();
    out
}

fn sign_of(spec: &Spec, is_negative: bool) -> Option<u8> {
    if is_negative { Some(b'-') } else { Some(spec.sign).filter(|&sign| sign != b'-') }
}

fn aligned(vm: &mut Vm, spec: &Spec, is_negative: bool, body: &[u32]) -> Value {
    let sign = sign_of(spec, is_negative).map(u32::from);
    let padding = spec.width.saturating_sub(body.len() + sign.is_some() as usize);
    let (before, between, after) = match spec.align {
        b'<' => (0, 0, padding),
        b'=' => (0, padding, 0),
        b'^' => (padding / 2, 0, padding - padding / 2),
        _ => (padding, 0, 0),
    };
    let mut out = Text::new();
    out.push_repeated(spec.fill, before);
    if let Some(sign) = sign {
        out.push(sign);
    }
    out.push_repeated(spec.fill, between);
    body.iter().for_each(|&point| out.push(point));
    out.push_repeated(spec.fill, after);
    out.finish(vm)
}
