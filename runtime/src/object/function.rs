//! Calling: anything from Rust, and binding arguments to a Python function's frame.

use super::argument::This;
use super::class::class_ref;
use super::layout::*;
use super::native::Arguments;
use super::suggest::nearest;
use super::types::BuiltinType;
use crate::builtins::specs::TYPE;
use crate::interp::code::{CO_VARARGS, CO_VARKEYWORDS, Code};
use crate::interp::frame::Frame;
use crate::object::typed::NativeFunctionObject;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};
use smallvec::SmallVec;

impl Vm {
    pub fn call(&mut self, callee: Value, arguments: &[Value]) -> PyResult {
        self.call_with(callee, Arguments::positional(arguments))
    }

    pub fn is_callable(&self, value: Value) -> bool {
        self.slots_of(value).call.is_some()
    }

    pub fn call_method(&mut self, owner: Value, name: Value, arguments: &[Value]) -> PyResult {
        let method = self.get_attr(owner, name)?;
        self.call(method, arguments)
    }

    /// Calls anything.
    pub fn call_with(&mut self, callee: Value, arguments: Arguments<'_>) -> PyResult {
        self.check_native_stack()?;
        if self.is_exactly::<FunctionObject>(callee) {
            let frame = self.push_call(callee, arguments)?;
            return self.run_call(frame);
        }
        match self.slots_of(callee).call {
            Some(slot) => slot(self, callee, arguments),
            None => {
                let message = format!("'{}' object is not callable", self.class_name(callee));
                Err(self.raise_type(&message))
            }
        }
    }

    /// Calls with one more argument in front.
    pub fn call_prepended(&mut self, callee: Value, first: Value, arguments: Arguments<'_>) -> PyResult {
        if arguments.values.len() < 7 {
            let mut values: SmallVec<[Value; 8]> = smallvec::smallvec![first];
            values.extend_from_slice(arguments.values);
            return self.call_with(callee, Arguments { values: &values, names: arguments.names });
        }
        // Many arguments are kept in a tuple, where the collector sees them.
        let mut values = vec![first];
        values.extend_from_slice(arguments.values);
        let tuple = self.new_tuple(&values);
        // SAFETY: a tuple made here, alive as long as `tuple` is on the stack.
        let values = unsafe { (*tuple.as_ptr::<TupleObject>()).items() };
        self.call_with(callee, Arguments { values, names: arguments.names })
    }

    /// Calls a class: `type.__call__`, or what its metaclass says.
    pub fn call_class(&mut self, class: *mut TypeObject, arguments: Arguments<'_>) -> PyResult {
        self.call_with(Value::object(class), arguments)
    }

    /// The `__new__` that a call of a class asks. Of several native ones that the bases of an exception have, it is that of the
    /// base whose memory the instances have.
    fn maker_of(&mut self, class: *mut TypeObject) -> Option<Value> {
        const OF_PYTHON: u16 = TypeObject::EXCEPTION | TypeObject::HEAP;
        let new = self.class_lookup(class, self.names.__new__)?;
        if class_ref(class).flags & OF_PYTHON == OF_PYTHON && self.is_native_new(new) {
            return self.class_lookup(class_ref(class).solid, self.names.__new__);
        }
        Some(new)
    }

    /// Is it the `__new__` of a built-in type?
    pub(crate) fn is_native_new(&self, new: Value) -> bool {
        let wrapper = This::<MethodWrapper>::of(self, new);
        wrapper.is_some_and(|wrapper| self.is_exactly::<NativeFunctionObject>(wrapper.function))
    }

    /// `type.__call__`: `__new__`, then `__init__`.
    pub fn construct(&mut self, class: *mut TypeObject, arguments: Arguments<'_>) -> PyResult {
        if class_ref(class).is_of(&TYPE) && arguments.values.len() == 1 && arguments.names.is_unbound() {
            return Ok(Value::object(self.class_of(arguments.values[0])));
        }
        if arguments.names.is_unbound()
            && let Some(made) = self.construct_directly(class, arguments.values)
        {
            return made;
        }
        let new = self.maker_of(class);
        let object_new = self.class_lookup(self.class(BuiltinType::Object), self.names.__new__);
        let init = self.class_lookup(class, self.names.__init__);
        let instance = match new {
            Some(new) if Some(new) != object_new => {
                let function = self.bind(new, Value::UNBOUND, class)?;
                let instance = self.call_prepended(function, Value::object(class), arguments)?;
                if !self.is_instance(instance, class) {
                    return Ok(instance);
                }
                instance
            }
            _ => {
                let object_init = self.class_lookup(self.class(BuiltinType::Object), self.names.__init__);
                if init == object_init && !arguments.values.is_empty() {
                    let message = format!("{}() takes no arguments", self.type_name(class));
                    return Err(self.raise_type(&message));
                }
                self.raise_if_abstract(class)?;
                self.new_instance(class)?
            }
        };
        // `__new__` may have given an instance of a class that derives from this one.
        let own = self.class_of(instance);
        let init = if own == class { init } else { self.class_lookup(own, self.names.__init__) };
        if let Some(init) = init
            && !self.is_trivial_init(init, new != object_new)
        {
            let result = if self.takes_receiver(init) {
                self.call_prepended(init, instance, arguments)?
            } else {
                let class = self.class_of(instance);
                let bound = self.bind(init, instance, class)?;
                self.call_with(bound, arguments)?
            };
            if !result.is_none() {
                let message = format!("__init__() should return None, not '{}'", self.class_name(result));
                return Err(self.raise_type(&message));
            }
        }
        Ok(instance)
    }

    /// `object.__init__` does nothing when `__new__` took the arguments.
    fn is_trivial_init(&mut self, init: Value, has_own_new: bool) -> bool {
        let object_init = self.class_lookup(self.class(BuiltinType::Object), self.names.__init__);
        Some(init) == object_init && (has_own_new || object_init.is_some())
    }

    /// A frame's memory on the data stack, its slots unbound.
    #[inline(always)]
    pub fn push_frame(&mut self, code: *mut Code) -> PyResult<*mut Frame> {
        // SAFETY: code lives as long as its code object, which the caller holds.
        let n_slots = unsafe { (*code).frame_slots() };
        let frame = self.data_top;
        let end = frame.wrapping_add(Frame::WORDS + n_slots);
        if end > self.data_end || self.depth >= self.recursion_limit {
            return Err(self.raise_recursion());
        }
        self.data_top = end;
        // SAFETY: the slots lie in the data stack.
        unsafe {
            let n_locals = (*code).n_localsplus;
            let slots = frame.add(Frame::WORDS);
            for i in 0..n_locals {
                *slots.add(i) = Value::UNBOUND;
            }
        }
        Ok(frame.cast())
    }

    /// A frame for a call of a Python function with its arguments bound; not linked yet.
    pub fn push_call(&mut self, function: Value, arguments: Arguments<'_>) -> PyResult<*mut Frame> {
        let object = This::<FunctionObject>::expect(self, function);
        let code_object = object.code.as_ptr::<CodeObject>();
        // SAFETY: a function's code is a code object.
        let code = unsafe { (*code_object).code };
        let frame = self.push_frame(code)?;
        // SAFETY: a fresh frame of this code.
        unsafe {
            (*frame).code_object = code_object;
            (*frame).code = code;
            (*frame).function = function;
            (*frame).globals = object.globals;
            (*frame).builtins = object.builtins;
            (*frame).locals = Value::UNBOUND;
            (*frame).ip = (*code).instructions.as_mut_ptr();
            (*frame).sp = Frame::stack_base(frame);
            (*frame).generator = std::ptr::null_mut();
            (*frame).flags = 0;
            (*frame).previous = self.frame;
        }
        // SAFETY: as above.
        let code_ref = unsafe { &*code };
        let n = arguments.values.len();
        if arguments.names.is_unbound()
            && n == code_ref.arg_count
            && code_ref.flags & (CO_VARARGS | CO_VARKEYWORDS) == 0
            && code_ref.keyword_only == 0
        {
            // SAFETY: the frame has at least `arg_count` slots.
            unsafe { std::ptr::copy_nonoverlapping(arguments.values.as_ptr(), Frame::slot(frame, 0), n) };
            return Ok(frame);
        }
        match self.bind_arguments(&object, code_ref, frame, arguments) {
            Ok(()) => Ok(frame),
            Err(raised) => {
                self.data_top = frame.cast();
                Err(raised)
            }
        }
    }

    #[inline(never)]
    fn bind_arguments(
        &mut self,
        function: &FunctionObject,
        code: &Code,
        frame: *mut Frame,
        arguments: Arguments<'_>,
    ) -> PyResult<()> {
        // SAFETY: the frame has a slot for each parameter.
        let slot = |i: usize| unsafe { &mut *Frame::slot(frame, i) };
        let n_given = arguments.n_positional();
        let (n_args, n_kwonly) = (code.arg_count, code.keyword_only);
        let n_named = n_args + n_kwonly;
        let has_varargs = code.flags & CO_VARARGS != 0;
        let varkw = (code.flags & CO_VARKEYWORDS != 0).then(|| n_named + has_varargs as usize);
        let n_direct = n_given.min(n_args);
        for i in 0..n_direct {
            *slot(i) = arguments.values[i];
        }
        if has_varargs {
            *slot(n_named) = self.new_tuple(&arguments.values[n_direct..n_given]);
        }
        if let Some(index) = varkw {
            *slot(index) = self.new_dict();
        }
        let parameter_names = self.localsplus_names(frame);
        for (&name, &value) in arguments.keyword_names().iter().zip(&arguments.values[n_given..]) {
            if !self.is_str(name) {
                return Err(self.raise_type("keywords must be strings"));
            }
            let name = self.name_from(name);
            let found = (code.positional_only..n_named).find(|&i| parameter_names[i] == name);
            match found {
                Some(i) if slot(i).is_unbound() => *slot(i) = value,
                Some(_) => {
                    let message = format!(
                        "{}() got multiple values for argument '{}'",
                        self.string_of(function.qualname),
                        self.string_of(name)
                    );
                    return Err(self.raise_type(&message));
                }
                None => match varkw {
                    Some(index) => self.dict_set(*slot(index), name, value)?,
                    None => return Err(self.raise_unexpected_keyword(function, code, parameter_names, name)),
                },
            }
        }
        if n_given > n_args && !has_varargs {
            return Err(self.raise_too_many(function, code, frame, n_given));
        }
        if !function.defaults.is_none() && !function.defaults.is_unbound() {
            // SAFETY: `__defaults__` is None or a tuple.
            let defaults = unsafe { (*function.defaults.as_ptr::<TupleObject>()).items() };
            let first = n_args.saturating_sub(defaults.len());
            for i in first..n_args {
                if slot(i).is_unbound() {
                    *slot(i) = defaults[i + defaults.len() - n_args];
                }
            }
        }
        let missing: Vec<String> =
            (0..n_args).filter(|&i| slot(i).is_unbound()).map(|i| self.string_of(parameter_names[i])).collect();
        if !missing.is_empty() {
            return Err(self.raise_missing(function, "positional", &missing));
        }
        for (i, &name) in parameter_names.iter().enumerate().take(n_named).skip(n_args) {
            if slot(i).is_unbound()
                && self.is_a::<DictObject>(function.kwdefaults)
                && let Some(value) = self.dict_get_name(function.kwdefaults, name)
            {
                *slot(i) = value;
            }
        }
        let missing: Vec<String> =
            (n_args..n_named).filter(|&i| slot(i).is_unbound()).map(|i| self.string_of(parameter_names[i])).collect();
        if !missing.is_empty() {
            return Err(self.raise_missing(function, "keyword-only", &missing));
        }
        Ok(())
    }

    fn localsplus_names<'a>(&self, frame: *mut Frame) -> &'a [Value] {
        // SAFETY: a live frame; its code object's tuple of names lives as long as it.
        unsafe { (*(*(*frame).code_object).localsplus_names.as_ptr::<TupleObject>()).items() }
    }

    fn raise_unexpected_keyword(
        &mut self,
        function: &FunctionObject,
        code: &Code,
        names: &[Value],
        name: Value,
    ) -> Raised {
        let qualname = self.string_of(function.qualname);
        let text = self.string_of(name);
        if (0..code.positional_only).any(|i| names[i] == name) {
            let message =
                format!("{qualname}() got some positional-only arguments passed as keyword arguments: '{text}'");
            return self.raise_type(&message);
        }
        let named = &names[code.positional_only..code.arg_count + code.keyword_only];
        let named: Vec<String> = named.iter().map(|&name| self.string_of(name)).collect();
        let meant = nearest(&text, named.iter().map(String::as_str));
        let meant = meant.map_or_else(String::new, |meant| format!(". Did you mean '{meant}'?"));
        let message = format!("{qualname}() got an unexpected keyword argument '{text}'{meant}");
        self.raise_type(&message)
    }

    fn raise_too_many(&mut self, function: &FunctionObject, code: &Code, frame: *mut Frame, given: usize) -> Raised {
        let n_defaults = match function.defaults.is_object() {
            // SAFETY: `__defaults__` is None or a tuple.
            true => unsafe { (*function.defaults.as_ptr::<TupleObject>()).len },
            false => 0,
        };
        let n_args = code.arg_count;
        // SAFETY: the frame has a slot for each parameter.
        let n_kw_given =
            (n_args..n_args + code.keyword_only).filter(|&i| unsafe { !(*Frame::slot(frame, i)).is_unbound() }).count();
        let takes =
            if n_defaults > 0 { format!("from {} to {n_args}", n_args - n_defaults) } else { n_args.to_string() };
        let plural = if n_args == 1 && n_defaults == 0 { "" } else { "s" };
        let was = if given == 1 && n_kw_given == 0 { "was" } else { "were" };
        let extra = match n_kw_given {
            0 => String::new(),
            n => format!(
                " positional argument{} (and {n} keyword-only argument{})",
                if given == 1 { "" } else { "s" },
                if n == 1 { "" } else { "s" }
            ),
        };
        let message = format!(
            "{}() takes {takes} positional argument{plural} but {given}{extra} {was} given",
            self.string_of(function.qualname)
        );
        self.raise_type(&message)
    }

    fn raise_missing(&mut self, function: &FunctionObject, kind: &str, missing: &[String]) -> Raised {
        let quoted: Vec<String> = missing.iter().map(|name| format!("'{name}'")).collect();
        let list = match quoted.as_slice() {
            [one] => one.clone(),
            [one, two] => format!("{one} and {two}"),
            [many @ .., last] => format!("{}, and {last}", many.join(", ")),
            [] => String::new(),
        };
        let plural = if missing.len() == 1 { "" } else { "s" };
        let message = format!(
            "{}() missing {} required {kind} argument{plural}: {list}",
            self.string_of(function.qualname),
            missing.len()
        );
        self.raise_type(&message)
    }

    /// A Python function over a code object.
    pub fn new_function(&mut self, code: Value, globals: Value) -> Value {
        let module = self.dict_get_name(globals, self.names.__name__).unwrap_or(Value::NONE);
        let builtins = self.builtins_of(globals);
        self.new_function_of(code.as_ptr(), [globals, builtins, module, Value::NONE])
    }

    /// Likewise, with its globals, builtins, module and closure.
    pub(crate) fn new_function_of(&mut self, code_object: *mut CodeObject, parts: [Value; 4]) -> Value {
        let [globals, builtins, module, closure] = parts;
        let code = Value::object(code_object);
        // SAFETY: callers pass a code object.
        let code_object = unsafe { &*code_object };
        let (name, qualname, doc) = (code_object.name, code_object.qualname, code_object.doc());
        self.note_namespace(code_object.code, [globals, builtins]);
        self.make(BuiltinType::Function, |header| FunctionObject {
            header,
            code,
            globals,
            builtins,
            defaults: Value::NONE,
            kwdefaults: Value::NONE,
            closure,
            name,
            qualname,
            doc,
            module,
            dict: Value::UNBOUND,
            annotations: Value::UNBOUND,
            annotate: Value::NONE,
            type_params: Value::UNBOUND,
        })
    }

    /// The builtins dict that code with these globals sees.
    pub fn builtins_of(&mut self, globals: Value) -> Value {
        match self.dict_get_name(globals, self.names.__builtins__) {
            Some(dict) if self.is_a::<DictObject>(dict) => dict,
            // SAFETY: the layout was checked.
            Some(module) if self.is_a::<ModuleObject>(module) => unsafe { (*module.as_ptr::<ModuleObject>()).dict },
            // SAFETY: the running frame is live.
            None if !self.frame.is_null() => unsafe { (*self.frame).builtins },
            None => self.builtins,
            // Another mapping is asked where nothing was found.
            Some(_) => self.new_dict(),
        }
    }

    /// The mapping of a module or class body, or a dict of the locals of a frame whose slots are in memory.
    pub fn frame_locals(&mut self, frame: *mut Frame) -> PyResult<Value> {
        // SAFETY: a live frame.
        let (locals, code_object) = unsafe { ((*frame).locals, (*frame).code_object) };
        if !locals.is_unbound() {
            return Ok(locals);
        }
        // SAFETY: as above: its locals and cells stay where they are meanwhile.
        let slots = unsafe { std::slice::from_raw_parts(Frame::slot(frame, 0), (*(*frame).code).n_localsplus) };
        self.locals_dict(code_object, slots)
    }

    /// A dict of the names of a code object's locals and what is in their slots.
    pub fn locals_dict(&mut self, code_object: *mut CodeObject, slots: &[Value]) -> PyResult<Value> {
        // SAFETY: callers pass a live code object, whose names are a tuple.
        let (names, code) =
            unsafe { ((*(*code_object).localsplus_names.as_ptr::<TupleObject>()).items(), &*(*code_object).code) };
        let dict = self.new_dict();
        for (i, (&name, &slot)) in names.iter().zip(slots).enumerate() {
            let mut value = slot;
            if self.is_exactly::<CellObject>(value) && code.localsplus_kinds[i] & 0xC0 != 0 {
                // SAFETY: an exact cell.
                value = unsafe { (*value.as_ptr::<CellObject>()).content };
            }
            if !value.is_unbound() {
                self.dict_set_name(dict, name, value);
            }
        }
        Ok(dict)
    }

    /// A dict with the entries of a `**` argument added, as calls want it.
    pub fn merge_keywords(&mut self, target: Value, source: Value) -> PyResult<Option<Value>> {
        let mut at = 0;
        while let Some((index, entry)) = self.table(source).next_entry(at) {
            if self.dict_contains(target, entry.key)? {
                return Ok(Some(entry.key));
            }
            self.dict_set(target, entry.key, entry.value)?;
            at = index + 1;
        }
        Ok(None)
    }
}
