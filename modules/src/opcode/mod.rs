//! `_opcode`: what there is to know of CPython's instructions, for `opcode` and `dis`.

use rustpython_compiler_core::bytecode::{Opcode, PseudoOpcode};
use stitch_runtime::bytecode::instruction::{BINARY_OPERATORS, INTRINSICS_1, INTRINSICS_2, SPECIAL_METHODS};
use stitch_runtime::object::argument::{Index, method};
use stitch_runtime::object::layout::CodeObject;
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_opcode",
    doc: "What there is to know of instructions.",
    functions: FUNCTIONS,
    constants: &[("ENABLE_SPECIALIZATION", Constant::Bool(true)), ("ENABLE_SPECIALIZATION_FT", Constant::Bool(false))],
    ..ModuleSpec::NEW
};

const FUNCTIONS: &[NativeRow] = &[
    method("stack_effect", "(opcode, oparg=None, /, *, jump=None)", stack_effect).doc(
        "How much the stack grows by an instruction; where it may jump, by jump: True, False, or None for the larger.",
    ),
    method("is_valid", "(opcode)", |opcode: Index| Instruction::of(opcode).is_some())
        .doc("Is there such an instruction?"),
    method("has_arg", "(opcode)", |opcode: Index| has(opcode, Opcode::has_arg, PseudoOpcode::has_arg))
        .doc("Does it use its argument?"),
    method("has_const", "(opcode)", |opcode: Index| has(opcode, Opcode::has_const, PseudoOpcode::has_const))
        .doc("Does it use a constant?"),
    method("has_name", "(opcode)", |opcode: Index| has(opcode, Opcode::has_name, PseudoOpcode::has_name))
        .doc("Does it use a name?"),
    method("has_jump", "(opcode)", |opcode: Index| has(opcode, Opcode::has_jump, PseudoOpcode::has_jump))
        .doc("May it jump?"),
    method("has_free", "(opcode)", |opcode: Index| has(opcode, Opcode::has_free, PseudoOpcode::has_free))
        .doc("Does it use a variable that functions share?"),
    method("has_local", "(opcode)", |opcode: Index| has(opcode, Opcode::has_local, PseudoOpcode::has_local))
        .doc("Does it use a local variable?"),
    method("has_exc", "(opcode)", |opcode: Index| has(opcode, |_| false, |pseudo| pseudo.is_block_push()))
        .doc("Does it say who handles exceptions?"),
    method("get_nb_ops", "()", get_nb_ops).doc("The operators of BINARY_OP, as pairs of name and symbol."),
    method("get_intrinsic1_descs", "()", |vm: &mut Vm| names(vm, &INTRINSICS_1))
        .doc("The functions of CALL_INTRINSIC_1."),
    method("get_intrinsic2_descs", "()", |vm: &mut Vm| names(vm, &INTRINSICS_2))
        .doc("The functions of CALL_INTRINSIC_2."),
    method("get_special_method_names", "()", |vm: &mut Vm| names(vm, &SPECIAL_METHODS))
        .doc("The methods of LOAD_SPECIAL."),
    method("get_specialization_stats", "()", || Value::NONE).doc("None: they are not counted."),
    method("get_executor", "(code, offset)", get_executor).doc("There are none of CPython's kind."),
];

#[derive(Clone, Copy)]
enum Instruction {
    Real(Opcode),
    /// One that the compiler uses on its way.
    Pseudo(PseudoOpcode),
}

impl Instruction {
    fn of(opcode: Index) -> Option<Instruction> {
        let number = u16::try_from(opcode.0).ok()?;
        match u8::try_from(number) {
            Ok(number) => Opcode::try_from_u8(number).ok().map(Instruction::Real),
            Err(_) => PseudoOpcode::try_from_u16(number).ok().map(Instruction::Pseudo),
        }
    }
}

fn has(opcode: Index, real: fn(Opcode) -> bool, pseudo: fn(PseudoOpcode) -> bool) -> bool {
    match Instruction::of(opcode) {
        Some(Instruction::Real(opcode)) => real(opcode),
        Some(Instruction::Pseudo(opcode)) => pseudo(opcode),
        None => false,
    }
}

/// Arguments beyond it would overflow the sums.
const MAX_ARGUMENT: i64 = 1 << 28;

fn stack_effect(vm: &mut Vm, opcode: Index, argument: Option<Value>, jump: Option<Value>) -> PyResult<i64> {
    let argument = match argument.filter(|argument| !argument.is_none()) {
        Some(argument) => vm.index_i64(argument)?,
        None => 0,
    };
    let jump = match jump.unwrap_or(Value::NONE) {
        Value::NONE => None,
        Value::TRUE => Some(true),
        Value::FALSE => Some(false),
        _ => return Err(vm.raise_value("stack_effect: jump must be False, True or None")),
    };
    let argument = if argument.abs() <= MAX_ARGUMENT { u32::try_from(argument).ok() } else { None };
    let (Some(instruction), Some(argument)) = (Instruction::of(opcode), argument) else {
        return Err(vm.raise_value("invalid opcode or oparg"));
    };
    let (falling, jumping) = match instruction {
        // Of what is specialized nothing is said.
        Instruction::Real(opcode) if opcode.deopt().is_some_and(|general| general != opcode) => {
            return Err(vm.raise_value("invalid opcode or oparg"));
        }
        Instruction::Real(opcode) => (opcode.stack_effect(argument), opcode.stack_effect_jump(argument)),
        Instruction::Pseudo(opcode) => (opcode.stack_effect(argument), opcode.stack_effect_jump(argument)),
    };
    Ok(i64::from(match jump {
        Some(true) => jumping,
        Some(false) => falling,
        None => falling.max(jumping),
    }))
}

fn names(vm: &mut Vm, names: &[&str]) -> PyResult {
    let list = vm.new_list_with_capacity(names.len())?;
    for name in names {
        let name = vm.intern(name);
        vm.list_push(list.as_ptr(), name)?;
    }
    Ok(list)
}

/// In the order of the operators, but for those in place.
const OPERATOR_NAMES: [&str; 13] = [
    "ADD",
    "AND",
    "FLOOR_DIVIDE",
    "LSHIFT",
    "MATRIX_MULTIPLY",
    "MULTIPLY",
    "REMAINDER",
    "OR",
    "POWER",
    "RSHIFT",
    "SUBTRACT",
    "TRUE_DIVIDE",
    "XOR",
];

fn get_nb_ops(vm: &mut Vm) -> PyResult {
    let list = vm.new_list_with_capacity(BINARY_OPERATORS.len())?;
    for (at, symbol) in BINARY_OPERATORS.into_iter().enumerate() {
        let name = match OPERATOR_NAMES.get(at % OPERATOR_NAMES.len()) {
            Some(name) if at < OPERATOR_NAMES.len() => format!("NB_{name}"),
            Some(name) if at < 2 * OPERATOR_NAMES.len() => format!("NB_INPLACE_{name}"),
            _ => "NB_SUBSCR".to_owned(),
        };
        let (name, symbol) = (vm.intern(&name), vm.intern(symbol));
        let pair = vm.new_tuple(&[name, symbol]);
        vm.list_push(list.as_ptr(), pair)?;
    }
    Ok(list)
}

fn get_executor(vm: &mut Vm, code: Value, _offset: Index) -> PyResult {
    if !vm.is_exactly::<CodeObject>(code) {
        let message = format!("expected a code object, not '{}'", vm.class_name(code));
        return Err(vm.raise_type(&message));
    }
    Err(vm.raise_runtime("Executors are not available in this build"))
}
