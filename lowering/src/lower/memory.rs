//! Fields, slots and elements; the write barrier; allocation.

use super::{Lowering, MEMORY, block_args, is_immediate};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use stitch_runtime::backend::{AllocKind, FormWord, ObjectForm};
use stitch_runtime::uop::{ElementKind, Field, Op, Storage, UopIdx};
use stitch_runtime::value::INT_TAG;

/// Objects are multiples of this long.
const ALLOCATION_GRANULE: u32 = 16;

impl Lowering<'_> {
    pub fn load_field(&mut self, owner: UopIdx, field: Field) -> Value {
        let owner = self.value(owner);
        self.builder.ins().load(types::I64, MEMORY, owner, self.layout.field(field))
    }

    pub fn load_word(&mut self, owner: UopIdx, field: Field) -> Value {
        let owner = self.value(owner);
        let offset = self.layout.field(field);
        match field.storage() {
            Storage::Word | Storage::Value => self.builder.ins().load(types::I64, MEMORY, owner, offset),
            Storage::Half => self.builder.ins().uload32(MEMORY, owner, offset),
        }
    }

    pub fn store_field(&mut self, owner: UopIdx, field: Field, value: UopIdx) -> Option<Value> {
        self.store_value(owner, self.layout.field(field), value)
    }

    pub fn store_word(&mut self, owner: UopIdx, field: Field, word: UopIdx) -> Option<Value> {
        let (owner, word) = (self.value(owner), self.value(word));
        let offset = self.layout.field(field);
        match field.storage() {
            Storage::Word | Storage::Value => self.builder.ins().store(MEMORY, word, owner, offset),
            Storage::Half => self.builder.ins().istore32(MEMORY, word, owner, offset),
        };
        None
    }

    fn slot_offset(&self, slot: u16) -> i32 {
        self.layout.instance_slots as i32 + 8 * i32::from(slot)
    }

    pub fn load_slot(&mut self, owner: UopIdx, slot: u16) -> Value {
        let (owner, offset) = (self.value(owner), self.slot_offset(slot));
        self.builder.ins().load(types::I64, MEMORY, owner, offset)
    }

    pub fn store_slot(&mut self, owner: UopIdx, slot: u16, value: UopIdx) -> Option<Value> {
        self.store_value(owner, self.slot_offset(slot), value)
    }

    /// The slot is written before the shape says that it is there.
    pub fn add_slot(&mut self, owner: UopIdx, slot: u16, shape: u32, value: UopIdx) -> Option<Value> {
        self.store_value(owner, self.slot_offset(slot), value);
        let owner = self.value(owner);
        let shape = self.builder.ins().iconst(types::I32, i64::from(shape));
        self.builder.ins().store(MEMORY, shape, owner, self.layout.shape as i32);
        None
    }

    fn generator_slot_offset(&self, slot: u16) -> i32 {
        self.layout.generator_slots as i32 + 8 * i32::from(slot)
    }

    pub fn load_generator_slot(&mut self, generator: UopIdx, slot: u16) -> Value {
        let (generator, offset) = (self.value(generator), self.generator_slot_offset(slot));
        self.builder.ins().load(types::I64, MEMORY, generator, offset)
    }

    pub fn store_generator_slot(&mut self, generator: UopIdx, slot: u16, value: UopIdx) -> Option<Value> {
        self.store_value(generator, self.generator_slot_offset(slot), value)
    }

    pub fn suspend(&mut self, generator: UopIdx, top: u16, ip: UopIdx) -> Option<Value> {
        self.store_word(generator, Field::GeneratorIp, ip);
        let (generator, offset) = (self.value(generator), self.generator_slot_offset(top));
        let top = self.builder.ins().iadd_imm_s(generator, i64::from(offset));
        self.builder.ins().store(MEMORY, top, generator, self.layout.generator_sp as i32);
        None
    }

    /// Address of an element, but for the offset of element 0.
    fn element(&mut self, array: UopIdx, index: UopIdx) -> Value {
        let (array, index) = (self.value(array), self.value(index));
        let distance = self.builder.ins().ishl_imm_u(index, 3);
        self.builder.ins().iadd(array, distance)
    }

    pub fn load_element(&mut self, array: UopIdx, field: Field, index: UopIdx) -> Value {
        let element = self.element(array, index);
        self.builder.ins().load(types::I64, MEMORY, element, self.layout.field(field))
    }

    pub fn store_element(&mut self, array: UopIdx, field: Field, index: UopIdx, value: UopIdx) -> Option<Value> {
        let element = self.element(array, index);
        let owner = self.value(array);
        self.store_at_place(owner, element, self.layout.field(field), value);
        None
    }

    /// Address of an element in raw storage, but for the offset of its data.
    fn raw_element(&mut self, storage: UopIdx, element: ElementKind, index: UopIdx) -> Value {
        let (storage, index) = (self.value(storage), self.value(index));
        let distance = self.builder.ins().ishl_imm_u(index, i64::from(element.size_bytes().trailing_zeros()));
        self.builder.ins().iadd(storage, distance)
    }

    pub fn load_raw_int(&mut self, storage: UopIdx, element: ElementKind, index: UopIdx) -> Value {
        let at = self.raw_element(storage, element, index);
        let offset = self.layout.raw_data as i32;
        let ins = self.builder.ins();
        match element {
            ElementKind::I8 => ins.sload8(types::I64, MEMORY, at, offset),
            ElementKind::U8 => ins.uload8(types::I64, MEMORY, at, offset),
            ElementKind::I16 => ins.sload16(types::I64, MEMORY, at, offset),
            ElementKind::U16 => ins.uload16(types::I64, MEMORY, at, offset),
            ElementKind::I32 => ins.sload32(MEMORY, at, offset),
            ElementKind::U32 => ins.uload32(MEMORY, at, offset),
            ElementKind::I64 | ElementKind::U64 => ins.load(types::I64, MEMORY, at, offset),
            ElementKind::F32 | ElementKind::F64 => unreachable!("the verifier has seen that it is an integer"),
        }
    }

    pub fn load_raw_float(&mut self, storage: UopIdx, element: ElementKind, index: UopIdx) -> Value {
        let at = self.raw_element(storage, element, index);
        let offset = self.layout.raw_data as i32;
        if element == ElementKind::F32 {
            let single = self.builder.ins().load(types::F32, MEMORY, at, offset);
            return self.builder.ins().fpromote(types::F64, single);
        }
        self.builder.ins().load(types::F64, MEMORY, at, offset)
    }

    pub fn store_raw_int(
        &mut self,
        storage: UopIdx,
        element: ElementKind,
        index: UopIdx,
        word: UopIdx,
    ) -> Option<Value> {
        let at = self.raw_element(storage, element, index);
        let word = self.value(word);
        let offset = self.layout.raw_data as i32;
        let ins = self.builder.ins();
        match element.size_bytes() {
            1 => ins.istore8(MEMORY, word, at, offset),
            2 => ins.istore16(MEMORY, word, at, offset),
            4 => ins.istore32(MEMORY, word, at, offset),
            _ => ins.store(MEMORY, word, at, offset),
        };
        None
    }

    pub fn store_raw_float(
        &mut self,
        storage: UopIdx,
        element: ElementKind,
        index: UopIdx,
        float: UopIdx,
    ) -> Option<Value> {
        let at = self.raw_element(storage, element, index);
        let float = self.value(float);
        let mut float = self.without_identity(float);
        if element == ElementKind::F32 {
            float = self.builder.ins().fdemote(types::F32, float);
        }
        self.builder.ins().store(MEMORY, float, at, self.layout.raw_data as i32);
        None
    }

    pub fn copy_elements(&mut self, inputs: &[UopIdx], step: i64) -> Option<Value> {
        let functions = &self.layout.functions;
        let function = if step < 0 { functions.copy_reversed } else { functions.copy_elements };
        let mut words = vec![self.thread];
        words.extend(inputs.iter().map(|&input| self.value(input)));
        self.call_words(function as usize, &words);
        None
    }

    fn store_value(&mut self, owner: UopIdx, offset: i32, value: UopIdx) -> Option<Value> {
        let owner = self.value(owner);
        self.store_at_place(owner, owner, offset, value);
        None
    }

    /// Stores at `offset` from `base`, which is in `owner`.
    fn store_at_place(&mut self, owner: Value, base: Value, offset: i32, value: UopIdx) {
        if self.boxed_at_store[value.index()] {
            let integer = self.superblock.uop(value).inputs[0];
            return self.store_boxed(owner, base, offset, integer);
        }
        let word = self.value(value);
        self.builder.ins().store(MEMORY, word, base, offset);
        self.barrier(owner, value);
    }

    /// Stores a Python int. Small ones are no objects, so that there is nothing to remember.
    fn store_boxed(&mut self, owner: Value, base: Value, offset: i32, integer: UopIdx) {
        let (integer, slow) = self.split_wide(integer);
        let join = self.builder.create_block();
        let tag = self.word(INT_TAG);
        let word = self.builder.ins().bor(integer, tag);
        self.builder.ins().store(MEMORY, word, base, offset);
        self.builder.ins().jump(join, &[]);

        self.builder.switch_to_block(slow);
        self.call_thunk(self.thunks.box_int_slow, &[self.thread, integer]);
        let word = self.thunk_result();
        self.builder.ins().store(MEMORY, word, base, offset);
        self.call_thunk(self.thunks.barrier, &[self.thread, owner]);
        self.builder.ins().jump(join, &[]);

        self.builder.switch_to_block(join);
    }

    /// Remembers `owner`, into which `value` was stored, if it is old and not remembered yet.
    pub fn barrier(&mut self, owner: Value, value: UopIdx) {
        if is_immediate(self.superblock, value) || self.known.immediates.contains(&value) {
            return;
        }
        let flags = self.builder.ins().load(types::I8, MEMORY, owner, self.layout.gc_flags as i32);
        let unlogged = self.builder.ins().band_imm_u(flags, i64::from(self.layout.unlogged_mask));
        let (slow, join, _) = self.slow_path(false);
        self.builder.ins().brif(unlogged, slow, &[], join, &[]);
        self.builder.switch_to_block(slow);
        self.call_thunk(self.thunks.barrier, &[self.thread, owner]);
        self.builder.ins().jump(join, &[]);
        self.builder.switch_to_block(join);
    }

    /// A fresh object with its header and the rest zero, which is to be filled in before anything else is allocated or
    /// called.
    fn allocate(&mut self, kind: AllocKind, shape: u32, size_bytes: u32) -> Value {
        self.allocate_with((self.layout.header)(kind, shape, size_bytes), size_bytes, true)
    }

    fn allocate_with(&mut self, header: u64, size_bytes: u32, may_be_inline: bool) -> Value {
        let header = self.word(header);
        let size_bytes = size_bytes.next_multiple_of(ALLOCATION_GRANULE);
        let size = self.word(u64::from(size_bytes));
        let thread = self.layout.thread;
        let (slow, join, object) = self.slow_path(true);
        if may_be_inline && size_bytes <= self.layout.max_inline_alloc_bytes {
            let fast = self.builder.create_block();
            let cursor = self.builder.ins().load(types::I64, MEMORY, self.thread, thread.bump_cursor as i32);
            let next = self.builder.ins().iadd_imm_s(cursor, i64::from(size_bytes));
            let limit = self.builder.ins().load(types::I64, MEMORY, self.thread, thread.bump_limit as i32);
            let full = self.builder.ins().icmp(IntCC::UnsignedGreaterThan, next, limit);
            self.builder.ins().brif(full, slow, &[], fast, &[]);
            self.builder.switch_to_block(fast);
            self.builder.ins().store(MEMORY, next, self.thread, thread.bump_cursor as i32);
            self.builder.ins().store(MEMORY, header, cursor, 0);
            self.builder.ins().jump(join, &block_args([cursor]));
        } else {
            self.builder.ins().jump(slow, &[]);
        }
        self.builder.switch_to_block(slow);
        self.call_thunk(self.thunks.alloc_slow, &[self.thread, header, size]);
        let slow_object = self.thunk_result();
        self.builder.ins().jump(join, &block_args([slow_object]));
        self.builder.switch_to_block(join);
        object.expect("asked for")
    }

    fn fill(&mut self, object: Value, first_offset: i32, values: &[UopIdx]) {
        for (index, &value) in values.iter().enumerate() {
            let value = self.value(value);
            self.builder.ins().store(MEMORY, value, object, first_offset + 8 * index as i32);
        }
    }

    /// Size of a container of `n_items` whose items start at `first`, if it is to be made inline. Empty ones are not: the
    /// empty tuple is one object, and how an empty list begins is the runtime's business.
    pub fn inline_bytes(&self, first: Field, n_items: usize) -> Option<u32> {
        let size_bytes = self.layout.field(first) as u32 + 8 * n_items as u32;
        (n_items > 0 && size_bytes <= self.layout.max_inline_alloc_bytes).then_some(size_bytes)
    }

    pub fn new_tuple(&mut self, items: &[UopIdx]) -> Value {
        let Some(size_bytes) = self.inline_bytes(Field::TupleElement, items.len()) else {
            return self.call_variadic(self.layout.functions.new_tuple as usize, items);
        };
        let tuple = self.allocate(AllocKind::Tuple, 0, size_bytes);
        let n_items = self.word(items.len() as u64);
        self.builder.ins().store(MEMORY, n_items, tuple, self.layout.field(Field::TupleLen));
        self.fill(tuple, self.layout.field(Field::TupleElement), items);
        tuple
    }

    pub fn new_list(&mut self, items: &[UopIdx]) -> Value {
        let Some(size_bytes) = self.inline_bytes(Field::ArrayElement, items.len()) else {
            return self.call_variadic(self.layout.functions.new_list as usize, items);
        };
        let array = self.allocate(AllocKind::Array, 0, size_bytes);
        let n_items = self.word(items.len() as u64);
        self.builder.ins().store(MEMORY, n_items, array, self.layout.array_capacity as i32);
        self.fill(array, self.layout.field(Field::ArrayElement), items);
        let list = self.allocate(AllocKind::List, 0, self.layout.list_bytes);
        self.builder.ins().store(MEMORY, array, list, self.layout.field(Field::ListItems));
        let n_items = self.word(items.len() as u64);
        self.builder.ins().store(MEMORY, n_items, list, self.layout.field(Field::ListLen));
        list
    }

    pub fn new_dict(&mut self) -> Value {
        self.call_words(self.layout.functions.new_dict as usize, &[self.thread])
    }

    pub fn list_slice(&mut self, inputs: &[UopIdx], step: i64) -> Value {
        let mut words = vec![self.thread];
        words.extend(inputs.iter().map(|&input| self.value(input)));
        words.push(self.word(step as u64));
        self.call_words(self.layout.functions.list_slice as usize, &words)
    }

    pub fn new_slice(&mut self, parts: &[UopIdx]) -> Value {
        let offset = self.layout.field(Field::SliceStart);
        let slice = self.allocate(AllocKind::Slice, 0, offset as u32 + 24);
        self.fill(slice, offset, parts);
        slice
    }

    pub fn new_instance(&mut self, shape: u32, n_slots: u16, initial: &[UopIdx]) -> Value {
        let size_bytes = self.layout.instance_slots + 8 * u32::from(n_slots);
        let instance = self.allocate(AllocKind::Instance, shape, size_bytes);
        self.fill(instance, self.slot_offset(0), initial);
        instance
    }

    pub fn new_cell(&mut self, content: UopIdx) -> Value {
        let offset = self.layout.field(Field::CellContent);
        let cell = self.allocate(AllocKind::Cell, 0, offset as u32 + 8);
        self.fill(cell, offset, &[content]);
        cell
    }

    pub fn new_bound_method(&mut self, function: UopIdx, owner: UopIdx) -> Value {
        self.new_with(AllocKind::BoundMethod, &[Field::MethodFunction, Field::MethodOwner], &[function, owner])
    }

    /// `inputs`: the function, then the slots of the frame.
    pub fn new_generator(&mut self, op: Op, inputs: &[UopIdx]) -> Value {
        let generator = self.allocate_form(&self.form(op), inputs);
        self.fill(generator, self.generator_slot_offset(0), &inputs[1..]);
        generator
    }

    pub fn new_function(&mut self, op: Op, inputs: &[UopIdx]) -> Value {
        self.allocate_form(&self.form(op), inputs)
    }

    fn allocate_form(&mut self, form: &ObjectForm, inputs: &[UopIdx]) -> Value {
        let object = self.allocate_with(form.header, form.size_bytes, !form.is_registered);
        for &(offset, word) in &form.words {
            let word = match word {
                FormWord::Constant(bits) => self.word(bits),
                FormWord::Within(offset) => self.builder.ins().iadd_imm_s(object, i64::from(offset)),
                FormWord::Input(place) => self.value(inputs[place as usize]),
                FormWord::OfInput(place, offset) => {
                    let input = self.value(inputs[place as usize]);
                    self.builder.ins().load(types::I64, MEMORY, input, offset as i32)
                }
            };
            self.builder.ins().store(MEMORY, word, object, offset as i32);
        }
        object
    }

    pub fn new_range(&mut self, parts: &[UopIdx]) -> Value {
        let fields = [Field::RangeStart, Field::RangeStop, Field::RangeStep, Field::RangeLen];
        self.new_with(AllocKind::Range, &fields, parts)
    }

    pub fn new_range_iter(&mut self, parts: &[UopIdx]) -> Value {
        let fields = [Field::RangeIterNext, Field::RangeIterStep, Field::RangeIterRemaining];
        self.new_with(AllocKind::RangeIter, &fields, parts)
    }

    /// An object of these fields and no others.
    fn new_with(&mut self, kind: AllocKind, fields: &[Field], parts: &[UopIdx]) -> Value {
        let end = fields.iter().map(|field| self.layout.field(*field)).max().expect("objects have fields") + 8;
        let object = self.allocate(kind, 0, end as u32);
        for (&field, part) in fields.iter().zip(parts) {
            self.fill(object, self.layout.field(field), std::slice::from_ref(part));
        }
        object
    }
}
