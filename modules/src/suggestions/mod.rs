//! `_suggestions`: which of some names was meant.

use stitch_runtime::object::argument::{Str, This, method};
use stitch_runtime::object::layout::ListObject;
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_suggestions",
    doc: "Which of some names was meant.",
    functions: &[method("_generate_suggestions", "(candidates, item, /)", nearest)
        .doc("The name in the list that is nearest to the given one, if one is near enough.")],
    ..ModuleSpec::NEW
};

/// Among more candidates none is looked for, and for no longer names.
const MAX_CANDIDATES: usize = 750;
const MAX_NAME_BYTES: usize = 40;
/// What it costs to insert, drop or replace a letter, and to write it large or small.
const MOVE: usize = 2;
const CASE: usize = 1;

fn nearest(vm: &mut Vm, candidates: Value, item: Str) -> PyResult {
    let Some(list) = This::<ListObject>::of(vm, candidates) else {
        return Err(vm.raise_type("candidates must be a list"));
    };
    if !list.items().iter().all(|&name| vm.is_str(name)) {
        return Err(vm.raise_type("all elements in 'candidates' must be strings"));
    }
    if list.items().len() >= MAX_CANDIDATES {
        return Ok(Value::NONE);
    }
    let wrong = item.text();
    let (mut best, mut best_distance) = (Value::NONE, usize::MAX);
    for &name in list.items() {
        let text = vm.string_of(name);
        if text == wrong {
            continue;
        }
        // No more than a third of the letters, and less than what is known already.
        let limit = ((wrong.len() + text.len() + 3) * MOVE / 6).min(best_distance - 1);
        if let Some(distance) = distance(wrong.as_bytes(), text.as_bytes(), limit) {
            (best, best_distance) = (name, distance);
            if distance == 0 {
                break;
            }
        }
    }
    Ok(best)
}

fn cost(a: u8, b: u8) -> usize {
    match a == b {
        true => 0,
        false if a.eq_ignore_ascii_case(&b) => CASE,
        false => MOVE,
    }
}

/// Levenshtein's distance, where it is not above the limit.
fn distance(a: &[u8], b: &[u8], limit: usize) -> Option<usize> {
    let n_before = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[n_before..], &b[n_before..]);
    let n_behind = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - n_behind], &b[..b.len() - n_behind]);
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    if a.len().max(b.len()) > MAX_NAME_BYTES || (long.len() - short.len()) * MOVE > limit {
        return None;
    }
    let mut row: Vec<usize> = (1..=short.len()).map(|at| at * MOVE).collect();
    let mut result = long.len() * MOVE;
    for (at, &letter) in long.iter().enumerate() {
        let mut diagonal = at * MOVE;
        result = diagonal + MOVE;
        let mut least = usize::MAX;
        for (above, &other) in row.iter_mut().zip(short) {
            result = (diagonal + cost(letter, other)).min((*above).min(result) + MOVE);
            diagonal = std::mem::replace(above, result);
            least = least.min(result);
        }
        if !short.is_empty() && least > limit {
            return None;
        }
    }
    (result <= limit).then_some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        assert_eq!(distance(b"ab", b"abs", 2), Some(2));
        assert_eq!(distance(b"", b"abs", 6), Some(6));
        assert_eq!(distance(b"Abs", b"abs", 2), Some(1));
        assert_eq!(distance(b"kitten", b"sitting", 10), Some(6));
        assert_eq!(distance(b"kitten", b"sitting", 5), None);
        assert_eq!(distance(b"same", b"same", 0), Some(0));
    }
}
