//! Random choices from bytes: those of a fuzzer, or of a seed. A case is a header and records of a fixed length, one a step,
//! so that a step can be left out and the others stay as they are.

/// Bytes of a case before its steps.
pub const HEADER_BYTES: usize = 64;
/// Bytes of a step.
pub const STEP_BYTES: usize = 16;

/// Choices from a run of bytes; once it is used up, each is the first there is.
#[derive(Clone, Debug)]
pub struct Choices<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Choices<'b> {
    pub fn new(bytes: &'b [u8]) -> Choices<'b> {
        Choices { bytes, at: 0 }
    }

    fn byte(&mut self) -> usize {
        self.at += 1;
        self.bytes.get(self.at - 1).map_or(0, |byte| usize::from(*byte))
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        if bound <= 64 { self.byte() % bound.max(1) } else { (self.byte() << 8 | self.byte()) % bound }
    }

    /// True one time in `n`, and not once the bytes are used up.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// The bytes of a seed, for so many steps.
pub fn bytes_of_seed(seed: u64, n_steps: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03 | 1;
    let mut next = || {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 56) as u8
    };
    (0..8).for_each(|_| _ = next());
    (0..HEADER_BYTES + n_steps * STEP_BYTES).map(|_| next()).collect()
}

/// The same bytes without step `step`.
pub fn without_step(bytes: &[u8], step: usize) -> Vec<u8> {
    let start = HEADER_BYTES + step * STEP_BYTES;
    let end = bytes.len().min(start + STEP_BYTES);
    [&bytes[..start], &bytes[end..]].concat()
}

/// Number of steps.
pub fn n_steps(bytes: &[u8]) -> usize {
    bytes.len().saturating_sub(HEADER_BYTES).div_ceil(STEP_BYTES)
}
