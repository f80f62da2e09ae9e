//! BLAKE2b and BLAKE2s (RFC 7693) with all parameters of the parameter block: keys, salts, personalization, trees.

/// What a hash is started with, as in the parameter block.
pub struct Parameters {
    pub digest_bytes: u8,
    pub fanout: u8,
    pub depth: u8,
    pub leaf_size: u32,
    /// 64 bits for BLAKE2b, 48 for BLAKE2s.
    pub node_offset: u64,
    pub node_depth: u8,
    pub inner_size: u8,
    /// Padded with zeros to a quarter of what the block leaves: 16 bytes for BLAKE2b, 8 for BLAKE2s.
    pub salt: [u8; 16],
    pub person: [u8; 16],
    pub is_last_node: bool,
}

impl Parameters {
    /// A plain hash.
    pub const fn of_length(digest_bytes: u8) -> Parameters {
        Parameters {
            digest_bytes,
            fanout: 1,
            depth: 1,
            leaf_size: 0,
            node_offset: 0,
            node_depth: 0,
            inner_size: 0,
            salt: [0; 16],
            person: [0; 16],
            is_last_node: false,
        }
    }
}

/// The words that one of the two is made of.
pub trait Word: Copy + Default + 'static {
    const BYTES: usize;
    /// 10, or 12.
    const ROUNDS: usize;
    const ROTATIONS: [u32; 4];
    const START: [Self; 8];
    fn read(bytes: &[u8]) -> Self;
    fn write(self, bytes: &mut Vec<u8>);
    fn plus(self, other: Self) -> Self;
    fn xor(self, other: Self) -> Self;
    fn rotated(self, by: u32) -> Self;
    fn inverted(self) -> Self;
    /// The two words of a count of bytes.
    fn count(bytes: u128) -> [Self; 2];
}

macro_rules! word {
    ($word:ident, $rounds:literal, $rotations:expr, $start:expr) => {
        impl Word for $word {
            const BYTES: usize = size_of::<$word>();
            const ROUNDS: usize = $rounds;
            const ROTATIONS: [u32; 4] = $rotations;
            const START: [$word; 8] = $start;
            fn read(bytes: &[u8]) -> $word {
                let mut word = [0; size_of::<$word>()];
                word.copy_from_slice(bytes);
                $word::from_le_bytes(word)
            }
            fn write(self, bytes: &mut Vec<u8>) {
                bytes.extend(self.to_le_bytes());
            }
            fn plus(self, other: $word) -> $word {
                self.wrapping_add(other)
            }
            fn xor(self, other: $word) -> $word {
                self ^ other
            }
            fn rotated(self, by: u32) -> $word {
                self.rotate_right(by)
            }
            fn inverted(self) -> $word {
                !self
            }
            fn count(bytes: u128) -> [$word; 2] {
                [bytes as $word, (bytes >> $word::BITS) as $word]
            }
        }
    };
}

word!(
    u64,
    12,
    [32, 24, 16, 63],
    [
        0x6a09e667f3bcc908,
        0xbb67ae8584caa73b,
        0x3c6ef372fe94f82b,
        0xa54ff53a5f1d36f1,
        0x510e527fade682d1,
        0x9b05688c2b3e6c1f,
        0x1f83d9abfb41bd6b,
        0x5be0cd19137e2179
    ]
);
word!(
    u32,
    10,
    [16, 12, 8, 7],
    [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19]
);

/// Which words of the block each step of a round takes.
const PERMUTATIONS: [[u8; 16]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

/// A hash under way.
#[derive(Clone)]
pub struct Blake2<W> {
    state: [W; 8],
    /// How many bytes were mixed in.
    count: u128,
    /// What waits: the last block is told to be that, so a full one waits, too.
    block: [u8; 128],
    n_waiting: usize,
    digest_bytes: usize,
    is_last_node: bool,
}

pub type Blake2b = Blake2<u64>;
pub type Blake2s = Blake2<u32>;

impl<W: Word> Blake2<W> {
    pub const BLOCK_BYTES: usize = 16 * W::BYTES;
    pub const MAX_DIGEST_BYTES: usize = 8 * W::BYTES;
    pub const MAX_KEY_BYTES: usize = 8 * W::BYTES;
    pub const SALT_BYTES: usize = 2 * W::BYTES;

    /// The key has `MAX_KEY_BYTES` at the most.
    pub fn new(parameters: &Parameters, key: &[u8]) -> Blake2<W> {
        let mut block = vec![parameters.digest_bytes, key.len() as u8, parameters.fanout, parameters.depth];
        block.extend(parameters.leaf_size.to_le_bytes());
        let n_offset = if W::BYTES == 8 { 8 } else { 6 };
        block.extend(&parameters.node_offset.to_le_bytes()[..n_offset]);
        block.extend([parameters.node_depth, parameters.inner_size]);
        block.resize(4 * W::BYTES, 0);
        block.extend(&parameters.salt[..Self::SALT_BYTES]);
        block.extend(&parameters.person[..Self::SALT_BYTES]);
        let mut state = W::START;
        for (word, bytes) in state.iter_mut().zip(block.chunks_exact(W::BYTES)) {
            *word = word.xor(W::read(bytes));
        }
        let mut hash = Blake2 {
            state,
            count: 0,
            block: [0; 128],
            n_waiting: 0,
            digest_bytes: parameters.digest_bytes.into(),
            is_last_node: parameters.is_last_node,
        };
        if !key.is_empty() {
            hash.block[..key.len()].copy_from_slice(key);
            hash.n_waiting = Self::BLOCK_BYTES;
        }
        hash
    }

    pub fn digest_bytes(&self) -> usize {
        self.digest_bytes
    }

    pub fn update(&mut self, mut data: &[u8]) {
        while !data.is_empty() {
            if self.n_waiting == Self::BLOCK_BYTES {
                self.count += Self::BLOCK_BYTES as u128;
                self.mix([W::default(); 2]);
                self.n_waiting = 0;
            }
            let n = data.len().min(Self::BLOCK_BYTES - self.n_waiting);
            self.block[self.n_waiting..][..n].copy_from_slice(&data[..n]);
            self.n_waiting += n;
            data = &data[n..];
        }
    }

    pub fn digest(mut self) -> Vec<u8> {
        self.count += self.n_waiting as u128;
        self.block[self.n_waiting..].fill(0);
        let all = W::default().inverted();
        self.mix([all, if self.is_last_node { all } else { W::default() }]);
        let mut bytes = Vec::with_capacity(Self::MAX_DIGEST_BYTES);
        self.state.iter().for_each(|word| word.write(&mut bytes));
        bytes.truncate(self.digest_bytes);
        bytes
    }

    /// Mixes the block in, with the two words of flags.
    fn mix(&mut self, flags: [W; 2]) {
        let mut words = [W::default(); 16];
        for (word, bytes) in words.iter_mut().zip(self.block.chunks_exact(W::BYTES)) {
            *word = W::read(bytes);
        }
        let mut v = [W::default(); 16];
        v[..8].copy_from_slice(&self.state);
        v[8..].copy_from_slice(&W::START);
        let count = W::count(self.count);
        v[12] = v[12].xor(count[0]);
        v[13] = v[13].xor(count[1]);
        v[14] = v[14].xor(flags[0]);
        v[15] = v[15].xor(flags[1]);
        round::<W, 0>(&mut v, &words);
        round::<W, 1>(&mut v, &words);
        round::<W, 2>(&mut v, &words);
        round::<W, 3>(&mut v, &words);
        round::<W, 4>(&mut v, &words);
        round::<W, 5>(&mut v, &words);
        round::<W, 6>(&mut v, &words);
        round::<W, 7>(&mut v, &words);
        round::<W, 8>(&mut v, &words);
        round::<W, 9>(&mut v, &words);
        if W::ROUNDS > 10 {
            round::<W, 0>(&mut v, &words);
            round::<W, 1>(&mut v, &words);
        }
        for (i, word) in self.state.iter_mut().enumerate() {
            *word = word.xor(v[i]).xor(v[i + 8]);
        }
    }
}

/// A round, whose order of the words is known where this is compiled.
#[inline(always)]
fn round<W: Word, const ROUND: usize>(v: &mut [W; 16], words: &[W; 16]) {
    let word = |at: usize| words[PERMUTATIONS[ROUND][at] as usize];
    step::<W, 0, 4, 8, 12>(v, word(0), word(1));
    step::<W, 1, 5, 9, 13>(v, word(2), word(3));
    step::<W, 2, 6, 10, 14>(v, word(4), word(5));
    step::<W, 3, 7, 11, 15>(v, word(6), word(7));
    step::<W, 0, 5, 10, 15>(v, word(8), word(9));
    step::<W, 1, 6, 11, 12>(v, word(10), word(11));
    step::<W, 2, 7, 8, 13>(v, word(12), word(13));
    step::<W, 3, 4, 9, 14>(v, word(14), word(15));
}

/// Mixes two words of the block into four places of the state, which are known where this is compiled: they stay in registers.
#[inline(always)]
fn step<W: Word, const A: usize, const B: usize, const C: usize, const D: usize>(v: &mut [W; 16], x: W, y: W) {
    let [first, second, third, fourth] = W::ROTATIONS;
    v[A] = v[A].plus(v[B]).plus(x);
    v[D] = v[D].xor(v[A]).rotated(first);
    v[C] = v[C].plus(v[D]);
    v[B] = v[B].xor(v[C]).rotated(second);
    v[A] = v[A].plus(v[B]).plus(y);
    v[D] = v[D].xor(v[A]).rotated(third);
    v[C] = v[C].plus(v[D]);
    v[B] = v[B].xor(v[C]).rotated(fourth);
}
