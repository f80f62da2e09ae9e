//! Floats.

use super::Lowering;
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{AbiParam, InstBuilder, MemFlagsData, Signature, Value, types};
use cranelift_codegen::isa::CallConv;
use stitch_runtime::uop::float_function::{FAILED, FloatFunction};
use stitch_runtime::uop::{ExitIdx, UopIdx};

impl Lowering<'_> {
    pub fn float_add(&mut self, lhs: UopIdx, rhs: UopIdx) -> Value {
        let (lhs, rhs) = (self.value(lhs), self.value(rhs));
        self.builder.ins().fadd(lhs, rhs)
    }

    pub fn float_sub(&mut self, lhs: UopIdx, rhs: UopIdx) -> Value {
        let (lhs, rhs) = (self.value(lhs), self.value(rhs));
        self.builder.ins().fsub(lhs, rhs)
    }

    pub fn float_mul(&mut self, lhs: UopIdx, rhs: UopIdx) -> Value {
        let (lhs, rhs) = (self.value(lhs), self.value(rhs));
        self.builder.ins().fmul(lhs, rhs)
    }

    pub fn float_div(&mut self, lhs: UopIdx, rhs: UopIdx, exit: ExitIdx) -> Value {
        let (lhs, rhs) = (self.value(lhs), self.value(rhs));
        let zero = self.builder.ins().f64const(0.0);
        let is_zero = self.builder.ins().fcmp(FloatCC::Equal, rhs, zero);
        self.exit_if(is_zero, exit);
        self.builder.ins().fdiv(lhs, rhs)
    }

    pub fn float_neg(&mut self, float: UopIdx) -> Value {
        let float = self.value(float);
        self.builder.ins().fneg(float)
    }

    pub fn float_abs(&mut self, float: UopIdx) -> Value {
        let float = self.value(float);
        self.builder.ins().fabs(float)
    }

    pub fn float_sqrt(&mut self, float: UopIdx, exit: ExitIdx) -> Value {
        let float = self.value(float);
        let zero = self.builder.ins().f64const(0.0);
        let is_negative = self.builder.ins().fcmp(FloatCC::LessThan, float, zero);
        self.exit_if(is_negative, exit);
        self.builder.ins().sqrt(float)
    }

    pub fn float_lt(&mut self, lhs: UopIdx, rhs: UopIdx) -> Value {
        self.float_compare(FloatCC::LessThan, lhs, rhs)
    }

    pub fn float_le(&mut self, lhs: UopIdx, rhs: UopIdx) -> Value {
        self.float_compare(FloatCC::LessThanOrEqual, lhs, rhs)
    }

    pub fn float_eq(&mut self, lhs: UopIdx, rhs: UopIdx) -> Value {
        self.float_compare(FloatCC::Equal, lhs, rhs)
    }

    pub fn float_ne(&mut self, lhs: UopIdx, rhs: UopIdx) -> Value {
        self.float_compare(FloatCC::NotEqual, lhs, rhs)
    }

    fn float_compare(&mut self, condition: FloatCC, lhs: UopIdx, rhs: UopIdx) -> Value {
        let (lhs, rhs) = (self.value(lhs), self.value(rhs));
        self.builder.ins().fcmp(condition, lhs, rhs)
    }

    /// A function of one or two floats; those that are one instruction are made inline.
    pub fn float_call(&mut self, function: FloatFunction, inputs: &[UopIdx], exit: ExitIdx) -> Value {
        match function {
            FloatFunction::Fabs => return self.float_abs(inputs[0]),
            FloatFunction::Copysign => {
                let (magnitude, sign) = (self.value(inputs[0]), self.value(inputs[1]));
                return self.builder.ins().fcopysign(magnitude, sign);
            }
            _ => {}
        }
        let arguments: Vec<Value> = inputs.iter().map(|&input| self.value(input)).collect();
        let signature = self.builder.import_signature(Signature {
            params: vec![AbiParam::new(types::F64); arguments.len()],
            returns: vec![AbiParam::new(types::F64)],
            call_conv: CallConv::SystemV,
        });
        let address = self.word(function.address() as u64);
        let call = self.builder.ins().call_indirect(signature, address, &arguments);
        let result = self.builder.inst_results(call)[0];
        let bits = self.builder.ins().bitcast(types::I64, MemFlagsData::new(), result);
        let failed = self.builder.ins().icmp_imm_s(IntCC::Equal, bits, FAILED as i64);
        self.exit_if(failed, exit);
        result
    }
}
