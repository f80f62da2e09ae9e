//! Pictures of what a run left behind: the frames and all that can be reached from them and from the world's values. Two
//! are equal exactly if no Python program could tell the states apart; where objects lie does not matter.

use hashbrown::HashMap;
use stitch_runtime::backend::Status;
use stitch_runtime::interp::dispatch::State;
use stitch_runtime::interp::frame::Frame;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::{
    BytesObject, DictIter, EnumerateObject, FunctionObject, GeneratorObject, Instance, ListObject, RangeIter, SeqIter,
    TracebackObject, TupleObject,
};
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::uop::{Helper, Kind, Op, Superblock, Uop};
use stitch_runtime::value::Value;
use stitch_runtime::vm::Vm;

/// Numbers of objects in a picture start here: no immediate and no address is so.
const FIRST_NUMBER: u64 = 0x1_0000;

/// Words with what they are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture(Vec<(&'static str, u64)>);

impl Picture {
    /// Where two pictures begin to differ, for people.
    pub fn difference(&self, other: &Picture) -> String {
        let differs = (0..).find(|&place| self.0.get(place) != other.0.get(place)).unwrap_or(0);
        let show = |picture: &Picture| {
            let end = picture.0.len().min(differs + 6);
            let words = &picture.0[differs.saturating_sub(6).min(end)..end];
            words.iter().map(|(what, word)| format!("{what} {}", shown(*word))).collect::<Vec<_>>().join(", ")
        };
        format!("at {differs}:\n  {}\n  {}", show(self), show(other))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn shown(word: u64) -> String {
    if (FIRST_NUMBER..FIRST_NUMBER << 8).contains(&word) {
        format!("#{}", word - FIRST_NUMBER)
    } else {
        format!("{:?}", Value(word))
    }
}

/// Walks from values to what they hold.
pub struct Painter<'v> {
    vm: &'v Vm,
    picture: Picture,
    numbers: HashMap<u64, u64>,
    /// Objects in the order of their numbers.
    objects: Vec<Value>,
    /// How many of them were walked into.
    n_done: usize,
}

/// Of longer lists the rest is not pictured: a list that is repeated again and again has millions.
const MAX_SHOWN: usize = 2_000;

impl<'v> Painter<'v> {
    pub fn new(vm: &'v Vm) -> Painter<'v> {
        Painter { vm, picture: Picture::default(), numbers: HashMap::new(), objects: Vec::new(), n_done: 0 }
    }

    fn word(&mut self, what: &'static str, word: u64) {
        self.picture.0.push((what, word));
    }

    /// Walks into all that was met.
    pub fn end(mut self) -> Picture {
        self.walk();
        self.picture
    }

    /// Every object that can be reached.
    pub fn reached(mut self) -> Vec<Value> {
        self.walk();
        let arrays = self.objects.iter().flat_map(|object| self.parts(*object)).collect::<Vec<_>>();
        self.objects.extend(arrays);
        self.objects
    }

    /// The arrays that an object keeps its content in.
    fn parts(&self, object: Value) -> Vec<Value> {
        // SAFETY: live objects of their shapes' layouts.
        let parts = unsafe {
            match self.vm.layout_of(object) {
                BuiltinType::List => vec![(*object.as_ptr::<ListObject>()).items],
                BuiltinType::Dict | BuiltinType::Set | BuiltinType::FrozenSet => {
                    let dict = self.vm.table(object);
                    vec![dict.entries, dict.index]
                }
                BuiltinType::Object => vec![(*object.as_ptr::<Instance>()).attributes],
                BuiltinType::Native => self.vm.raw_sequence(object).map(|raw| raw.storage).into_iter().collect(),
                _ => Vec::new(),
            }
        };
        parts.into_iter().filter(|part| part.is_object()).collect()
    }

    fn walk(&mut self) {
        while self.n_done < self.objects.len() {
            let object = self.objects[self.n_done];
            self.n_done += 1;
            self.object(object);
        }
    }

    /// A value: an immediate, a number of an object, or where no two can be told apart, what is in it.
    pub fn value(&mut self, value: Value) {
        self.named("value", value);
    }

    fn named(&mut self, what: &'static str, value: Value) {
        if !value.is_object() {
            return self.word(what, value.bits());
        }
        match self.vm.layout_of(value) {
            BuiltinType::Int if self.vm.is_exact(value, BuiltinType::Int) => self.int(value),
            BuiltinType::Type
            | BuiltinType::Code
            | BuiltinType::Module
            | BuiltinType::NativeMethod
            | BuiltinType::GetSet
            | BuiltinType::Ellipsis
            | BuiltinType::NotImplemented => self.word(what, value.bits()),
            _ => {
                let next = FIRST_NUMBER + self.objects.len() as u64;
                let number = *self.numbers.entry(value.bits()).or_insert(next);
                if number == next {
                    self.objects.push(value);
                }
                self.word(what, number);
            }
        }
    }

    fn int(&mut self, value: Value) {
        match self.vm.int_to_i64(value) {
            Some(word) => self.word("int", word as u64),
            None => self.word("hash of int", self.vm.int_of(value).hash() as u64),
        }
    }

    fn values(&mut self, what: &'static str, values: &[Value]) {
        self.word("count", values.len() as u64);
        values.iter().take(MAX_SHOWN).for_each(|value| self.named(what, *value));
    }

    fn object(&mut self, object: Value) {
        let shape = self.vm.shape_of(object);
        self.word("shape", u64::from(shape));
        // SAFETY: live objects of their shapes' layouts.
        unsafe {
            match self.vm.layout_of(object) {
                BuiltinType::Str => self.text(object),
                BuiltinType::Bytes => {
                    let hash = self.hash((*object.as_ptr::<BytesObject>()).data());
                    self.word("bytes", hash);
                }
                BuiltinType::Native => {
                    if let Some(raw) = self.vm.raw_sequence(object) {
                        let (hash, len) = (self.hash(raw.room()), raw.len as u64);
                        self.word("items", hash);
                        self.word("len", len);
                    }
                }
                BuiltinType::Tuple => self.values("item", (*object.as_ptr::<TupleObject>()).items()),
                BuiltinType::List => self.values("item", (*object.as_ptr::<ListObject>()).items()),
                BuiltinType::Dict | BuiltinType::Set | BuiltinType::FrozenSet => {
                    for entry in self.vm.table(object).iter() {
                        self.named("key", entry.key);
                        self.named("of key", entry.value);
                    }
                }
                BuiltinType::Object => self.instance(object),
                BuiltinType::RangeIter => {
                    let RangeIter { next, step, remaining, .. } = *object.as_ptr::<RangeIter>();
                    [next, step, remaining].into_iter().for_each(|word| self.word("of range", word as u64));
                }
                BuiltinType::ListIter | BuiltinType::TupleIter | BuiltinType::StrIter | BuiltinType::BytesIter => {
                    let iterator = &*object.as_ptr::<SeqIter>();
                    self.word("index", iterator.index as u64);
                    self.named("sequence", iterator.sequence);
                }
                BuiltinType::DictKeyIter
                | BuiltinType::DictValueIter
                | BuiltinType::DictItemIter
                | BuiltinType::SetIter => {
                    let iterator = &*object.as_ptr::<DictIter>();
                    self.word("index", iterator.index as u64);
                    self.word("expected", iterator.expected_len as u64);
                    self.named("table", iterator.dict);
                }
                BuiltinType::Enumerate => {
                    let enumerate = &*object.as_ptr::<EnumerateObject>();
                    self.word("count", enumerate.count as u64);
                    self.named("iterator", enumerate.iterator);
                }
                BuiltinType::Function => {
                    let function = &*object.as_ptr::<FunctionObject>();
                    let FunctionObject { code, globals, builtins, defaults, kwdefaults, closure, module, .. } =
                        function;
                    self.word("globals", globals.bits());
                    self.word("builtins", builtins.bits());
                    let parts = [*code, *defaults, *kwdefaults, *closure, *module];
                    parts
                        .into_iter()
                        .chain([function.name, function.doc, function.dict])
                        .for_each(|part| self.value(part));
                }
                BuiltinType::Generator => self.generator(object.as_ptr()),
                // Where it was raised is known as well as the frames are, which others look at.
                BuiltinType::Traceback => self.word("line", (*object.as_ptr::<TracebackObject>()).line as u64),
                BuiltinType::Frame | BuiltinType::Super => {}
                _ => self.traced(object),
            }
        }
    }

    /// An object that is all values.
    fn traced(&mut self, object: Value) {
        // SAFETY: a live object, whose header says how many values follow it.
        let values = unsafe {
            let n_values = usize::from((*object.as_ptr::<Header>()).trace);
            let n_values = if n_values <= usize::from(Header::TRACE_MAX) { n_values } else { 0 };
            std::slice::from_raw_parts(object.as_ptr::<Value>().add(1), n_values)
        };
        self.values("part", values);
    }

    fn instance(&mut self, object: Value) {
        let shape = self.vm.shapes.get(self.vm.shape_of(object));
        let n_inline = shape.names.len().min(usize::from(shape.inline_slots));
        let n_beyond = shape.names.len() - n_inline;
        // SAFETY: the shape says how many slots there are, and where.
        unsafe {
            let instance = object.as_ptr::<Instance>();
            let slots = std::slice::from_raw_parts((&raw const (*instance).slots).cast::<Value>(), n_inline);
            self.values("slot", slots);
            let attributes = (*instance).attributes;
            if shape.is_dict_mode {
                self.named("dict", attributes);
            } else if n_beyond > 0 {
                let array = &*attributes.as_ptr::<stitch_runtime::object::layout::ValueArray>();
                self.values("further slot", &array.elements()[..n_beyond]);
            }
        }
    }

    /// # Safety
    /// A live generator.
    unsafe fn generator(&mut self, generator: *mut GeneratorObject) {
        // SAFETY: the caller's promise.
        unsafe {
            self.word("state", (*generator).state as u64);
            self.named("handled", (*generator).handled);
            let frame = &raw mut (*generator).frame;
            self.frame(frame, (*frame).ip as u64, (*frame).sp);
        }
    }

    /// Text, but for addresses in it.
    fn text(&mut self, string: Value) {
        let text = self.vm.string_of(string);
        let hash = match text.contains("0x") {
            false => self.hash(text.as_bytes()),
            true => self.hash(without_addresses(&text).as_bytes()),
        };
        self.word("text", hash);
    }

    /// FNV-1a.
    fn hash(&self, bytes: &[u8]) -> u64 {
        bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3))
    }

    /// How a run ended, and all frames.
    ///
    /// # Safety
    /// The VM's frames are live.
    pub unsafe fn machine(&mut self, status: Status, state: Option<State>) {
        let vm = self.vm;
        // Exits are told apart by where they lead.
        let (what, word) = match status {
            Status::Exit(_) => ("exit", 0),
            Status::Returned => ("returned", vm.result.bits()),
            Status::Jump(executor) => ("jump", u64::from(executor)),
            Status::Caller => ("caller", 0),
            Status::Call => ("call", 0),
        };
        self.named(what, Value(word));
        self.exception(vm.exception);
        self.named("handled", vm.handled);
        self.word("depth", u64::from(vm.depth));
        self.word("steps", vm.executor_steps);
        let mut frame = vm.frame;
        let mut place = state.map(|state| (state.ip as u64, state.sp));
        // SAFETY: the caller's promise.
        unsafe {
            match status {
                // What was returned lies on the caller's stack.
                Status::Caller => place = Some(((*frame).ip as u64, (*frame).sp.add(1))),
                // Whoever goes on there knows how deep the stack is: the locals are what it starts from.
                Status::Jump(_) | Status::Returned => place = Some(((*frame).ip as u64, Frame::stack_base(frame))),
                Status::Exit(_) | Status::Call => {}
            }
        }
        while !frame.is_null() {
            // SAFETY: the caller's promise.
            unsafe {
                let (ip, sp) = place.take().unwrap_or(((*frame).ip as u64, (*frame).sp));
                self.word("frame", (*frame).flags);
                self.frame(frame, ip, sp);
                frame = (*frame).previous;
            }
        }
    }

    fn exception(&mut self, exception: Value) {
        self.named("exception", exception);
    }

    /// # Safety
    /// A live frame, and its stack's top.
    unsafe fn frame(&mut self, frame: *mut Frame, ip: u64, sp: *mut Value) {
        // SAFETY: the caller's promise.
        unsafe {
            self.word("code", (*frame).code as u64);
            self.word("ip", ip);
            self.named("function", (*frame).function);
            let n_slots = sp.offset_from(Frame::slot(frame, 0)).clamp(0, 64) as usize;
            for slot in 0..n_slots {
                self.named("slot", *Frame::slot(frame, slot));
            }
        }
    }

    /// The homes of a superblock, each by the kind that it has, and the exit that the last call stood at. (What a loop makes is
    /// in its home where an exit shows it: the frames that are rebuilt tell.)
    ///
    /// # Safety
    /// As many homes as the superblock has; what they hold is alive.
    pub unsafe fn homes(&mut self, superblock: &Superblock, homes: *const u64, unwritten: u64) {
        let mut kinds = vec![None; usize::from(superblock.n_homes)];
        let n_made_once = superblock.loop_start().unwrap_or(superblock.homes.len());
        for (index, home) in superblock.homes.iter().enumerate().take(n_made_once) {
            if let Some(home) = home {
                kinds[usize::from(*home)] = superblock.uops[index].op.output_kind();
            }
        }
        // What compiled code does by itself, it does not announce.
        let is_silent = |uop: &Uop| {
            let helpers = [Helper::ListAppend, Helper::StrIndex, Helper::StrEq];
            helpers.iter().any(|&helper| uop.op == Op::CallHelper { helper } || uop.op == Op::CallTest { helper })
        };
        if !superblock.uops.iter().any(is_silent) {
            self.word("announced", u64::from(self.vm.exit_index));
        }
        for (home, kind) in kinds.into_iter().enumerate() {
            // SAFETY: the caller's promise.
            let word = unsafe { *homes.add(home) };
            match kind {
                None => {}
                Some(_) if word == unwritten => self.word("unwritten", 0),
                Some(Kind::Value) => self.named("home", Value(word)),
                Some(Kind::Float) if f64::from_bits(word).is_nan() => self.word("NaN", 0),
                Some(_) => self.word("raw home", word),
            }
        }
    }
}

fn without_addresses(text: &str) -> String {
    let mut parts = text.split("0x");
    let first = parts.next().unwrap_or_default().to_string();
    parts.fold(first, |text, part| text + "0x" + part.trim_start_matches(|c: char| c.is_ascii_hexdigit()))
}
