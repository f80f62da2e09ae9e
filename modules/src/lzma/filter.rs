//! Filters: what Python says of them, and what the library gets.

use super::{PRESET_DEFAULT, PRESET_EXTREME, raise, raise_error, word_of};
use liblzma::stream::{Error, Filters, LzmaOptions, MatchFinder, Mode};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::dict::Table;
use stitch_runtime::object::layout::TupleObject;
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub const LZMA1: i64 = 0x4000_0000_0000_0001;
pub const LZMA2: i64 = 0x21;
pub const DELTA: i64 = 0x03;
/// Those that make branches of machine code absolute: x86 to SPARC.
const FIRST_BRANCH: i64 = 4;
const LAST_BRANCH: i64 = 9;

/// What a program may chain.
const MAX_FILTERS: usize = 4;

/// A filter.
pub enum Filter {
    Lzma { id: i64, options: LzmaOptions, properties: Properties },
    Delta { distance: u32 },
    Branch { id: i64, start: u32 },
}

/// What a decoder has to know of a dictionary.
#[derive(Clone, Copy)]
pub struct Properties {
    dict_size: u32,
    lc: u32,
    lp: u32,
    pb: u32,
}

/// The sizes of the presets' dictionaries, as powers of two.
const DICT_BITS: [u32; 10] = [18, 20, 21, 22, 22, 23, 23, 24, 25, 26];

impl Filter {
    fn of(vm: &mut Vm, spec: Value) -> PyResult<Filter> {
        if vm.slots_of(spec).get_item.is_none() || vm.is_str(spec) || vm.is_a::<TupleObject>(spec) {
            return Err(vm.raise_type("Filter specifier must be a dict or dict-like object"));
        }
        let key = vm.intern("id");
        let id = match vm.get_item(spec, key) {
            Ok(id) => id,
            Err(Raised) if vm.exception_matches(vm.exceptions.KeyError) => {
                vm.clear_exception();
                return Err(vm.raise_value("Filter specifier must have an \"id\" entry"));
            }
            Err(raised) => return Err(raised),
        };
        let id = vm.index_i64(id)?;
        match id {
            LZMA1 | LZMA2 => Filter::lzma(vm, id, spec),
            DELTA => {
                let [distance] = entries(vm, spec, ["dist"], "delta")?;
                Ok(Filter::Delta { distance: distance.unwrap_or(1) })
            }
            FIRST_BRANCH..=LAST_BRANCH => {
                let [start] = entries(vm, spec, ["start_offset"], "BCJ")?;
                Ok(Filter::Branch { id, start: start.unwrap_or(0) })
            }
            _ => Err(vm.raise_value(&format!("Invalid filter ID: {id}"))),
        }
    }

    fn lzma(vm: &mut Vm, id: i64, spec: Value) -> PyResult<Filter> {
        let names = ["preset", "dict_size", "lc", "lp", "pb", "mode", "nice_len", "mf", "depth"];
        let [preset, dict_size, lc, lp, pb, mode, nice_len, mf, depth] = entries(vm, spec, names, "LZMA")?;
        let preset = preset.unwrap_or(PRESET_DEFAULT);
        let mut options = lzma_options(vm, preset)?;
        let bits = DICT_BITS[((preset & !PRESET_EXTREME) as usize).min(DICT_BITS.len() - 1)];
        let properties = Properties {
            dict_size: dict_size.unwrap_or(1 << bits),
            lc: lc.unwrap_or(3),
            lp: lp.unwrap_or(0),
            pb: pb.unwrap_or(2),
        };
        options.dict_size(properties.dict_size).literal_context_bits(properties.lc);
        options.literal_position_bits(properties.lp).position_bits(properties.pb);
        if let Some(mode) = mode {
            options.mode(match mode {
                1 => Mode::Fast,
                2 => Mode::Normal,
                _ => return Err(raise_error(vm, &Error::Options)),
            });
        }
        if let Some(length) = nice_len {
            options.nice_len(length);
        }
        if let Some(finder) = mf {
            options.match_finder(match finder {
                0x03 => MatchFinder::HashChain3,
                0x04 => MatchFinder::HashChain4,
                0x12 => MatchFinder::BinaryTree2,
                0x13 => MatchFinder::BinaryTree3,
                0x14 => MatchFinder::BinaryTree4,
                _ => return Err(raise_error(vm, &Error::Options)),
            });
        }
        if let Some(depth) = depth {
            options.depth(depth);
        }
        Ok(Filter::Lzma { id, options, properties })
    }

    fn id(&self) -> i64 {
        match self {
            Filter::Lzma { id, .. } | Filter::Branch { id, .. } => *id,
            Filter::Delta { .. } => DELTA,
        }
    }

    /// The options as a container has them.
    fn encoded(&self) -> Result<Vec<u8>, Error> {
        match self {
            Filter::Lzma { id: LZMA2, properties, .. } => {
                let code = (0..40).find(|&code| dict_size_of(code) >= properties.dict_size as u64);
                Ok(vec![code.unwrap_or(40)])
            }
            Filter::Lzma { properties: Properties { dict_size, lc, lp, pb }, .. } => {
                if *lc > 4 || *lp > 4 || *pb > 4 || lc + lp > 4 {
                    return Err(Error::Program);
                }
                let mut bytes = vec![((pb * 5 + lp) * 9 + lc) as u8];
                bytes.extend_from_slice(&dict_size.to_le_bytes());
                Ok(bytes)
            }
            Filter::Delta { distance } => match distance {
                1..=256 => Ok(vec![(distance - 1) as u8]),
                _ => Err(Error::Program),
            },
            Filter::Branch { start: 0, .. } => Ok(Vec::new()),
            Filter::Branch { start, .. } => Ok(start.to_le_bytes().to_vec()),
        }
    }

    fn add_to(&self, chain: &mut Filters) -> Result<(), Error> {
        match self {
            Filter::Lzma { id: LZMA2, options, .. } => {
                chain.lzma2(options);
                return Ok(());
            }
            Filter::Lzma { options, .. } => {
                chain.lzma1(options);
                return Ok(());
            }
            _ => {}
        }
        let bytes = self.encoded().map_err(|_| Error::Options)?;
        match self.id() {
            DELTA => chain.delta_properties(&bytes)?,
            4 => chain.x86_properties(&bytes)?,
            5 => chain.powerpc_properties(&bytes)?,
            6 => chain.ia64_properties(&bytes)?,
            7 => chain.arm_properties(&bytes)?,
            8 => chain.arm_thumb_properties(&bytes)?,
            _ => chain.sparc_properties(&bytes)?,
        };
        Ok(())
    }
}

/// The dictionary's size that LZMA2's one byte stands for.
fn dict_size_of(code: u8) -> u64 {
    if code >= 40 { u32::MAX.into() } else { (2 | (code as u64 & 1)) << (code / 2 + 11) }
}

/// The options of a preset.
pub fn lzma_options(vm: &mut Vm, preset: u32) -> PyResult<LzmaOptions> {
    LzmaOptions::new_preset(preset).map_err(|_| raise(vm, &format!("Invalid compression preset: {preset}")))
}

/// The entries of a specification, which has no others.
fn entries<const N: usize>(vm: &mut Vm, spec: Value, names: [&str; N], kind: &str) -> PyResult<[Option<u32>; N]> {
    let mut found = [None; N];
    let mut at = 0;
    if let Some(table) = Table::of(vm, spec) {
        while let Some((index, entry)) = table.next_entry(at) {
            at = index + 1;
            let name = if vm.is_str(entry.key) { vm.string_of(entry.key) } else { String::new() };
            if name == "id" {
                continue;
            }
            let Some(place) = names.iter().position(|&known| known == name) else {
                return Err(vm.raise_value(&format!("Invalid filter specifier for {kind} filter")));
            };
            found[place] = Some(word_of(vm, entry.value)?);
        }
        return Ok(found);
    }
    for (place, name) in found.iter_mut().zip(names) {
        let key = vm.intern(name);
        match vm.get_item(spec, key) {
            Ok(value) => *place = Some(word_of(vm, value)?),
            Err(Raised) if vm.exception_matches(vm.exceptions.KeyError) => vm.clear_exception(),
            Err(raised) => return Err(raised),
        }
    }
    Ok(found)
}

/// The filters of a sequence.
pub fn filters_of(vm: &mut Vm, sequence: Value) -> PyResult<Vec<Filter>> {
    let count = vm.len(sequence)?;
    if count > MAX_FILTERS {
        return Err(vm.raise_value(&format!("Too many filters - liblzma supports a maximum of {MAX_FILTERS}")));
    }
    let mut filters = Vec::new();
    for at in 0..count {
        let spec = vm.get_item(sequence, Value::small_int(at as i64))?;
        filters.push(Filter::of(vm, spec)?);
    }
    Ok(filters)
}

/// The filters as the library takes them.
pub fn chain_of(vm: &mut Vm, filters: &[Filter]) -> PyResult<Filters> {
    let mut chain = Filters::new();
    for filter in filters {
        if let Err(error) = filter.add_to(&mut chain) {
            return Err(raise_error(vm, &error));
        }
    }
    Ok(chain)
}

pub fn encode_properties(vm: &mut Vm, spec: Value) -> PyResult {
    let filter = Filter::of(vm, spec)?;
    match filter.encoded() {
        Ok(bytes) => vm.new_bytes(&bytes),
        Err(error) => Err(raise_error(vm, &error)),
    }
}

pub fn decode_properties(vm: &mut Vm, id: Value, encoded: BytesLike) -> PyResult {
    let id = vm.index_i64(id)?;
    let fields: Vec<(&str, i64)> = match (id, &*encoded) {
        (LZMA1, &[first, a, b, c, d]) if first < 9 * 5 * 5 => {
            let first = first as i64;
            vec![
                ("lc", first % 9),
                ("lp", first / 9 % 5),
                ("pb", first / 45),
                ("dict_size", u32::from_le_bytes([a, b, c, d]).into()),
            ]
        }
        (LZMA2, &[code]) if code <= 40 => vec![("dict_size", dict_size_of(code) as i64)],
        (DELTA, &[distance]) => vec![("dist", distance as i64 + 1)],
        (FIRST_BRANCH..=LAST_BRANCH, &[]) => Vec::new(),
        (FIRST_BRANCH..=LAST_BRANCH, &[a, b, c, d]) => vec![("start_offset", u32::from_le_bytes([a, b, c, d]).into())],
        _ => return Err(raise_error(vm, &Error::Options)),
    };
    let dict = vm.new_dict();
    let (name, number) = (vm.intern("id"), vm.new_int(id));
    vm.dict_set(dict, name, number)?;
    for (name, number) in fields {
        let name = vm.intern(name);
        vm.dict_set(dict, name, Value::small_int(number))?;
    }
    Ok(dict)
}
