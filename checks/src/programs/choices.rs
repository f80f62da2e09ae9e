//! Choices read from bytes: those of a fuzzer, so that changing one changes one choice, or those that a seed gives.

/// A source of choices. When the bytes are used up each choice is the first, and so the shortest.
#[derive(Clone, Debug)]
pub struct Choices<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Choices<'a> {
    pub fn new(bytes: &'a [u8]) -> Choices<'a> {
        Choices { bytes, at: 0 }
    }

    fn byte(&mut self) -> u8 {
        let byte = self.bytes.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        byte
    }

    /// A number below `n`, which is not 0.
    pub fn below(&mut self, n: usize) -> usize {
        let mut number = usize::from(self.byte());
        if n > 256 {
            number = number << 8 | usize::from(self.byte());
        }
        number % n
    }

    /// One of `items`, which is not empty.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// `true` in `n` of 16 cases; 0 gives `false`.
    pub fn chance(&mut self, n: usize) -> bool {
        self.below(16) >= 16 - n
    }

    pub fn is_used_up(&self) -> bool {
        self.at >= self.bytes.len()
    }
}

/// A stream of pseudo-random numbers (xorshift).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d | 1);
        for _ in 0..4 {
            random.next();
        }
        random
    }

    #[expect(clippy::should_implement_trait, reason = "endless, and of one type")]
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 16) % n
    }

    /// What a fuzzer that knows nothing would try: bytes for a small program as often as for a large one.
    pub fn bytes(&mut self) -> Vec<u8> {
        let n = 300 + self.below(4) * 300 + self.below(600);
        (0..n).map(|_| (self.next() >> 56) as u8).collect()
    }
}
