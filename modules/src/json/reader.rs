//! The reading of a JSON value.

use super::error::Failure;
use super::scanner::Scanner;
use super::string::{self, Scanned};
use crate::unit::Unit;
use smallvec::SmallVec;
use stitch_runtime::object::argument::This;
use stitch_runtime::object::layout::{ListObject, ValueArray};
use stitch_runtime::object::string::View;
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{Value, Vm};

pub struct Reader<'a, U> {
    units: &'a [U],
    pub at: usize,
    scanner: This<Scanner>,
    reads_floats: bool,
    reads_ints: bool,
    /// Keys that were read: an array on the heap, made at the first key; each under a hash of its text.
    keys: Value,
}

/// So many keys are remembered.
const KEYS: usize = 64;

type Read<T> = Result<T, Failure>;

impl<'a, U: Unit> Reader<'a, U> {
    pub fn new(vm: &mut Vm, scanner: This<Scanner>, units: &'a [U], at: usize) -> Read<Reader<'a, U>> {
        let is_class = |value: Value, ty: BuiltinType| value == Value::object(vm.class(ty));
        let reads_floats = is_class(scanner.parse_float, BuiltinType::Float);
        let reads_ints = is_class(scanner.parse_int, BuiltinType::Int);
        Ok(Reader { units, at, scanner, reads_floats, reads_ints, keys: Value::UNBOUND })
    }

    /// The code point that is next; beyond all of them at the end.
    #[inline(always)]
    fn peek(&self) -> u32 {
        self.units.get(self.at).map_or(u32::MAX, |unit| unit.point())
    }

    #[inline(always)]
    fn skip_blanks(&mut self) {
        while let 0x20 | 0x09 | 0x0A | 0x0D = self.peek() {
            self.at += 1;
        }
    }

    fn takes(&mut self, word: &str) -> bool {
        let there = self.units.get(self.at..self.at + word.len());
        let is_there =
            there.is_some_and(|there| there.iter().zip(word.bytes()).all(|(u, b)| u.point() == u32::from(b)));
        if is_there {
            self.at += word.len();
        }
        is_there
    }

    pub fn value(&mut self, vm: &mut Vm) -> Read<Value> {
        match self.peek() {
            0x22 => {
                let (scanned, end) = string::scan(self.units, self.at + 1, self.scanner.strict)?;
                self.at = end;
                return Ok(scanned.finish(vm));
            }
            0x7B => return self.object(vm),
            0x5B => return self.array(vm),
            0x6E if self.takes("null") => return Ok(Value::NONE),
            0x74 if self.takes("true") => return Ok(Value::TRUE),
            0x66 if self.takes("false") => return Ok(Value::FALSE),
            0x4E if self.takes("NaN") => return self.constant(vm, "NaN"),
            0x49 if self.takes("Infinity") => return self.constant(vm, "Infinity"),
            0x2D if self.takes("-Infinity") => return self.constant(vm, "-Infinity"),
            _ => {}
        }
        self.number(vm)
    }

    fn constant(&mut self, vm: &mut Vm, name: &str) -> Read<Value> {
        let name = vm.intern(name);
        Ok(vm.call(self.scanner.parse_constant, &[name])?)
    }

    fn skip_digits(&mut self) -> bool {
        let start = self.at;
        while let 0x30..=0x39 = self.peek() {
            self.at += 1;
        }
        self.at > start
    }

    fn number(&mut self, vm: &mut Vm) -> Read<Value> {
        let start = self.at;
        self.at += (self.peek() == 0x2D) as usize;
        if self.peek() == 0x30 {
            self.at += 1;
        } else if !self.skip_digits() {
            return Err(Failure::NoValue(start));
        }
        let mut end = self.at;
        if self.peek() == 0x2E {
            self.at += 1;
            if self.skip_digits() {
                end = self.at;
            }
        }
        let mut is_float = end == self.at && self.units[start..end].iter().any(|unit| unit.point() == 0x2E);
        self.at = end;
        if let 0x65 | 0x45 = self.peek() {
            self.at += 1;
            if let 0x2B | 0x2D = self.peek() {
                self.at += 1;
            }
            if self.skip_digits() {
                is_float = true;
                end = self.at;
            }
        }
        self.at = end;
        self.number_of(vm, start, is_float)
    }

    /// The number whose text is from `start` up to here.
    fn number_of(&mut self, vm: &mut Vm, start: usize, is_float: bool) -> Read<Value> {
        let bytes: SmallVec<[u8; 32]> = self.units[start..self.at].iter().map(|unit| unit.point() as u8).collect();
        let text = std::str::from_utf8(&bytes).unwrap_or_default();
        let (reads, hook) = match is_float {
            true => (self.reads_floats, self.scanner.parse_float),
            false => (self.reads_ints, self.scanner.parse_int),
        };
        if !reads {
            let text = vm.new_str(text);
            return Ok(vm.call(hook, &[text])?);
        }
        if is_float {
            return Ok(Value::float(text.parse().unwrap_or(f64::NAN)));
        }
        if let Ok(word) = text.parse() {
            return Ok(vm.new_int(word));
        }
        let text = vm.new_str(text);
        Ok(vm.int_from_str(text, 10)?)
    }

    fn array(&mut self, vm: &mut Vm) -> Read<Value> {
        vm.check_native_stack()?;
        let list = vm.new_list(&[])?;
        self.at += 1;
        self.skip_blanks();
        if self.peek() == 0x5D {
            self.at += 1;
            return Ok(list);
        }
        loop {
            let item = self.value(vm)?;
            vm.list_push(list.as_ptr::<ListObject>(), item)?;
            if self.is_last(0x5D, "Illegal trailing comma before end of array")? {
                return Ok(list);
            }
        }
    }

    /// Goes over what follows an item: the end, or a comma and blanks.
    fn is_last(&mut self, closing: u32, trailing: &'static str) -> Read<bool> {
        self.skip_blanks();
        let at = self.at;
        match self.peek() {
            point if point == closing => {
                self.at += 1;
                Ok(true)
            }
            0x2C => {
                self.at += 1;
                self.skip_blanks();
                if self.peek() == closing { Err(Failure::At(trailing, at)) } else { Ok(false) }
            }
            _ => Err(Failure::At("Expecting ',' delimiter", at)),
        }
    }

    fn object(&mut self, vm: &mut Vm) -> Read<Value> {
        vm.check_native_stack()?;
        let wants_pairs = !self.scanner.object_pairs_hook.is_none();
        let result = if wants_pairs { vm.new_list(&[])? } else { vm.new_dict() };
        self.at += 1;
        self.skip_blanks();
        if self.peek() == 0x7D {
            self.at += 1;
        } else {
            while {
                let key = self.key(vm)?;
                let value = self.value(vm)?;
                if wants_pairs {
                    let pair = vm.new_tuple(&[key, value]);
                    vm.list_push(result.as_ptr::<ListObject>(), pair)?;
                } else {
                    vm.dict_set(result, key, value)?;
                }
                !self.is_last(0x7D, "Illegal trailing comma before end of object")?
            } {}
        }
        let hook = if wants_pairs { self.scanner.object_pairs_hook } else { self.scanner.object_hook };
        if hook.is_none() { Ok(result) } else { Ok(vm.call(hook, &[result])?) }
    }

    /// A key, its colon and blanks.
    fn key(&mut self, vm: &mut Vm) -> Read<Value> {
        if self.peek() != 0x22 {
            return Err(Failure::At("Expecting property name enclosed in double quotes", self.at));
        }
        let (scanned, end) = string::scan(self.units, self.at + 1, self.scanner.strict)?;
        let key = self.shared_key(vm, scanned)?;
        self.at = end;
        self.skip_blanks();
        if self.peek() != 0x3A {
            return Err(Failure::At("Expecting ':' delimiter", self.at));
        }
        self.at += 1;
        self.skip_blanks();
        Ok(key)
    }

    /// The string of a key, one for all equal ones as far as they are remembered.
    fn shared_key(&mut self, vm: &mut Vm, scanned: Scanned<'_>) -> Read<Value> {
        let Scanned::Plain(View::One(text)) = scanned else { return Ok(scanned.finish(vm)) };
        if self.keys.is_unbound() {
            self.keys = vm.new_array(KEYS)?;
        }
        let hash = text.iter().fold(text.len(), |hash, &byte| hash.wrapping_mul(31).wrapping_add(byte.into()));
        // SAFETY: `new_array` gave an array, which nobody else writes to.
        let places = unsafe { (*self.keys.as_ptr::<ValueArray>()).elements_mut() };
        let place = &mut places[hash % KEYS];
        if !place.is_unbound() && vm.str_of(*place).view() == View::One(text) {
            return Ok(*place);
        }
        let key = vm.str_from_latin1(text);
        *place = key;
        vm.barrier(self.keys.as_ptr::<ValueArray>());
        Ok(key)
    }
}
