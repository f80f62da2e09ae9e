//! `_random`: the Mersenne twister under the module `random`, seeded and drawn from as CPython does it.

use mt19937::{MT19937, gen_res53};
use rand_core::TryRng;
use stitch_runtime::host;
use stitch_runtime::object::argument::{ClassOf, Keywords, OrNone, Rest, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::TupleObject;
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec =
    ModuleSpec { name: "_random", doc: "The Mersenne twister.", types: &[&RANDOM], ..ModuleSpec::NEW };

#[repr(C)]
pub struct Random {
    header: Header,
    twister: MT19937,
}

pub static RANDOM: TypeSpec = TypeSpec {
    name: "Random",
    module: "_random",
    doc: "A source of pseudo-random numbers: Random(seed).",
    layout: Some(Layout::of::<Random>(0)),
    is_base: true,
    new: Some(
        method(
            "__new__",
            "($type, /, *args, **kwargs)",
            |vm: &mut Vm, class: ClassOf<Random>, _: Rest, _: Keywords| {
                vm.new_object(class.class, |header| Random { header, twister: MT19937::default() })
            },
        )
        .doc("A new source, not seeded yet."),
    ),
    methods: &[
        method("__init__", "($self, /, *args, **kwargs)", init).doc("Seeds it."),
        method("random", "($self, /)", |mut this: This<Random>| gen_res53(&mut this.twister))
            .doc("The next float from 0 up to 1, which does not come."),
        method("seed", "($self, n=None, /)", seed).doc("Begins anew from an int, from an object's hash, or by chance."),
        method("getstate", "($self, /)", state).doc("All that the next numbers depend on, as a tuple of ints."),
        method("setstate", "($self, state, /)", set_state).doc("Goes on from what getstate gave."),
        method("getrandbits", "($self, k, /)", bits).doc("An int of k random bits."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Random {
    const SPEC: &'static TypeSpec = &RANDOM;
}

/// How many words the state has.
const N_WORDS: usize = 624;

impl Random {
    fn next_word(&mut self) -> u32 {
        let Ok(word) = self.twister.try_next_u32();
        word
    }
}

fn init(vm: &mut Vm, this: This<Random>, args: Rest, keywords: Keywords) -> PyResult<()> {
    if !keywords.is_empty() {
        return Err(vm.raise_type("Random() takes no keyword arguments"));
    }
    match *args.items() {
        [] => seed(vm, this, OrNone(None)),
        [n] => seed(vm, this, OrNone(Some(n).filter(|n| !n.is_none()))),
        _ => Err(vm.raise_type("Random() requires 0 or 1 argument")),
    }
}

fn seed(vm: &mut Vm, mut this: This<Random>, n: OrNone<Value>) -> PyResult<()> {
    let key = match n.0 {
        None => {
            let mut bytes = [0; 4 * N_WORDS];
            host::entropy(&mut bytes);
            bytes.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect()
        }
        Some(n) if vm.is_int_like(n) => words_of(vm, n)?,
        Some(n) => {
            let hash = vm.hash(n)? as u64;
            vec![hash as u32, (hash >> 32) as u32]
        }
    };
    let significant = key.iter().rposition(|&word| word != 0).map_or(1, |last| last + 1);
    this.twister = MT19937::new_with_slice_seed(&key[..significant]);
    Ok(())
}

/// The words of an int's magnitude, the lowest first; at least one.
fn words_of(vm: &mut Vm, int: Value) -> PyResult<Vec<u32>> {
    if let Some(word) = vm.int_to_i64(int) {
        let magnitude = word.unsigned_abs();
        return Ok(vec![magnitude as u32, (magnitude >> 32) as u32]);
    }
    let digits = vm.int_magnitude_digits(int, 16)?;
    let word =
        |digits: &[u8]| digits.iter().fold(0, |word, &digit| word << 4 | (digit as char).to_digit(16).unwrap_or(0));
    Ok(digits.as_bytes().rchunks(8).map(word).collect())
}

fn state(vm: &mut Vm, this: This<Random>) -> PyResult {
    let state = vm.new_tuple_of_len(N_WORDS + 1)?;
    for at in 0..N_WORDS {
        vm.tuple_init(state, at, Value::small_int(this.twister.get_state()[at] as i64));
    }
    vm.tuple_init(state, N_WORDS, Value::small_int(this.twister.get_index() as i64));
    Ok(state)
}

fn set_state(vm: &mut Vm, mut this: This<Random>, state: Value) -> PyResult<()> {
    if !vm.is_a::<TupleObject>(state) {
        return Err(vm.raise_type("state vector must be a tuple"));
    }
    let items = vm.tuple_items(state);
    if items.len() != N_WORDS + 1 {
        return Err(vm.raise_value("state vector is the wrong size"));
    }
    let mut words = [0; N_WORDS];
    for (word, &item) in words.iter_mut().zip(items) {
        *word = state_word(vm, item)?;
    }
    let Some(index) = vm.int_view(items[N_WORDS]) else { return Err(vm.raise_type("an integer is required")) };
    match index.to_wide() {
        Some(index) if (0..=N_WORDS as i128).contains(&index) => {
            this.twister.set_state(&words);
            this.twister.set_index(index as usize);
            Ok(())
        }
        _ => Err(vm.raise_value("invalid state")),
    }
}

fn state_word(vm: &mut Vm, item: Value) -> PyResult<u32> {
    if !vm.is_int_like(item) {
        return Err(vm.raise_type("an integer is required"));
    }
    let view = vm.int_of(item);
    if view.is_negative() {
        return Err(vm.raise_overflow("can't convert negative value to unsigned int"));
    }
    match view.to_wide() {
        Some(wide) if wide <= u64::MAX as i128 => Ok(wide as u32),
        _ => Err(vm.raise_overflow("Python int too large to convert to C unsigned long")),
    }
}

fn bits(vm: &mut Vm, mut this: This<Random>, k: Value) -> PyResult {
    let int = vm.index(k)?;
    let k = match vm.int_to_i64(int) {
        Some(k) if k >= 0 => k as u64,
        None if !vm.int_of(int).is_negative() => {
            return Err(vm.raise_overflow("Python int too large to convert to C uint64_t"));
        }
        _ => return Err(vm.raise_value("Cannot convert negative int")),
    };
    let mut left = k;
    let mut next = || {
        let word = this.next_word() >> (32 - left.min(32));
        left -= left.min(32);
        word
    };
    match k {
        0 => Ok(Value::small_int(0)),
        1..=32 => Ok(Value::small_int(next() as i64)),
        33..=64 => {
            let low = next() as u64;
            let high = next() as u64;
            Ok(vm.new_int_from_u64(high << 32 | low))
        }
        _ => {
            let n_words = k.div_ceil(32) as usize;
            let mut words: Vec<u32> = Vec::new();
            if n_words > 1 << 31 || words.try_reserve_exact(n_words).is_err() {
                return Err(vm.raise_memory());
            }
            words.extend(std::iter::repeat_with(next).take(n_words));
            let mut digits = String::with_capacity(8 * n_words);
            for word in words.iter().rev() {
                digits.push_str(&format!("{word:08x}"));
            }
            match vm.parse_int(&digits, 16) {
                Ok(int) => Ok(int),
                Err(_) => Err(vm.raise_memory()),
            }
        }
    }
}
