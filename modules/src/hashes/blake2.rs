//! BLAKE2, sequential and as a node of a tree, by RFC 7693 and the parameter block of the BLAKE2 paper.

use super::Algorithm;

/// What the digest depends on beside the data.
#[derive(Clone)]
pub struct Parameters {
    pub digest_size: usize,
    pub key: Vec<u8>,
    pub salt: Vec<u8>,
    pub person: Vec<u8>,
    pub fanout: u8,
    pub depth: u8,
    pub leaf_size: u32,
    pub node_offset: u64,
    pub node_depth: u8,
    pub inner_size: u8,
    pub is_last_node: bool,
}

/// Which message word each of a round's sixteen steps takes.
const SIGMA: [[usize; 16]; 10] = [
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

macro_rules! blake2 {
    ($name:ident, $word:ident, $counter:ident, $n_rounds:literal, $rotations:expr, $initial:expr, $block_bytes:literal) => {
        /// A digest in the making.
        #[derive(Clone)]
        pub struct $name {
            chain: [$word; 8],
            n_bytes: $counter,
            /// The last block is held back: it is compressed in another way.
            block: [u8; $block_bytes],
            n_held: usize,
            digest_size: usize,
            is_last_node: bool,
        }

        impl $name {
            const WORD_BYTES: usize = size_of::<$word>();

            pub fn new(parameters: &Parameters) -> $name {
                let mut chain: [$word; 8] = $initial;
                for (word, bytes) in chain.iter_mut().zip(Self::block_of(parameters).chunks_exact(Self::WORD_BYTES)) {
                    *word ^= $word::from_le_bytes(bytes.try_into().expect("a word's bytes"));
                }
                let mut hash = $name {
                    chain,
                    n_bytes: 0,
                    block: [0; $block_bytes],
                    n_held: 0,
                    digest_size: parameters.digest_size,
                    is_last_node: parameters.is_last_node,
                };
                if !parameters.key.is_empty() {
                    let mut block = [0; $block_bytes];
                    block[..parameters.key.len()].copy_from_slice(&parameters.key);
                    hash.update(&block);
                }
                hash
            }

            /// The parameter block: 8 words.
            fn block_of(parameters: &Parameters) -> [u8; 8 * size_of::<$word>()] {
                const HALF: usize = 4 * size_of::<$word>();
                let mut block = [0; 2 * HALF];
                block[0] = parameters.digest_size as u8;
                block[1] = parameters.key.len() as u8;
                block[2] = parameters.fanout;
                block[3] = parameters.depth;
                block[4..8].copy_from_slice(&parameters.leaf_size.to_le_bytes());
                // The offset has 8 bytes, of which the smaller BLAKE2s uses 6.
                block[8..16].copy_from_slice(&parameters.node_offset.to_le_bytes());
                let depth_at = if HALF == 16 { 14 } else { 16 };
                block[depth_at] = parameters.node_depth;
                block[depth_at + 1] = parameters.inner_size;
                block[HALF..][..parameters.salt.len()].copy_from_slice(&parameters.salt);
                block[HALF + HALF / 2..][..parameters.person.len()].copy_from_slice(&parameters.person);
                block
            }

            fn compress(&mut self, block: &[u8], is_last: bool) {
                const INITIAL: [$word; 8] = $initial;
                const R: [u32; 4] = $rotations;
                let mut m = [0 as $word; 16];
                for (word, bytes) in m.iter_mut().zip(block.chunks_exact(Self::WORD_BYTES)) {
                    *word = $word::from_le_bytes(bytes.try_into().expect("a word's bytes"));
                }
                let mut v = [0 as $word; 16];
                v[..8].copy_from_slice(&self.chain);
                v[8..].copy_from_slice(&INITIAL);
                v[12] ^= self.n_bytes as $word;
                v[13] ^= (self.n_bytes >> $word::BITS) as $word;
                if is_last {
                    v[14] = !v[14];
                    if self.is_last_node {
                        v[15] = !v[15];
                    }
                }
                macro_rules! mix {
                    ($a:literal $b:literal $c:literal $d:literal, $x:expr, $y:expr) => {
                        v[$a] = v[$a].wrapping_add(v[$b]).wrapping_add($x);
                        v[$d] = (v[$d] ^ v[$a]).rotate_right(R[0]);
                        v[$c] = v[$c].wrapping_add(v[$d]);
                        v[$b] = (v[$b] ^ v[$c]).rotate_right(R[1]);
                        v[$a] = v[$a].wrapping_add(v[$b]).wrapping_add($y);
                        v[$d] = (v[$d] ^ v[$a]).rotate_right(R[2]);
                        v[$c] = v[$c].wrapping_add(v[$d]);
                        v[$b] = (v[$b] ^ v[$c]).rotate_right(R[3]);
                    };
                }
                for round in 0..$n_rounds {
                    let s = &SIGMA[round % 10];
                    mix!(0 4 8 12, m[s[0]], m[s[1]]);
                    mix!(1 5 9 13, m[s[2]], m[s[3]]);
                    mix!(2 6 10 14, m[s[4]], m[s[5]]);
                    mix!(3 7 11 15, m[s[6]], m[s[7]]);
                    mix!(0 5 10 15, m[s[8]], m[s[9]]);
                    mix!(1 6 11 12, m[s[10]], m[s[11]]);
                    mix!(2 7 8 13, m[s[12]], m[s[13]]);
                    mix!(3 4 9 14, m[s[14]], m[s[15]]);
                }
                for (at, word) in self.chain.iter_mut().enumerate() {
                    *word ^= v[at] ^ v[at + 8];
                }
            }
        }

        impl Algorithm for $name {
            fn update(&mut self, mut data: &[u8]) {
                while !data.is_empty() {
                    if self.n_held == $block_bytes {
                        self.n_bytes += $block_bytes;
                        let block = self.block;
                        self.compress(&block, false);
                        self.n_held = 0;
                    }
                    while self.n_held == 0 && data.len() > $block_bytes {
                        let (block, rest) = data.split_at($block_bytes);
                        self.n_bytes += $block_bytes;
                        self.compress(block, false);
                        data = rest;
                    }
                    let n = data.len().min($block_bytes - self.n_held);
                    self.block[self.n_held..][..n].copy_from_slice(&data[..n]);
                    self.n_held += n;
                    data = &data[n..];
                }
            }

            fn digest(&self, _: usize) -> Vec<u8> {
                let mut last = self.clone();
                last.block[last.n_held..].fill(0);
                last.n_bytes += last.n_held as $counter;
                let block = last.block;
                last.compress(&block, true);
                let bytes = last.chain.iter().flat_map(|word| word.to_le_bytes());
                bytes.take(last.digest_size).collect()
            }

            fn copy(&self) -> Box<dyn Algorithm> {
                Box::new(self.clone())
            }
        }
    };
}

blake2!(
    Blake2b,
    u64,
    u128,
    12,
    [32, 24, 16, 63],
    [
        0x6a09_e667_f3bc_c908,
        0xbb67_ae85_84ca_a73b,
        0x3c6e_f372_fe94_f82b,
        0xa54f_f53a_5f1d_36f1,
        0x510e_527f_ade6_82d1,
        0x9b05_688c_2b3e_6c1f,
        0x1f83_d9ab_fb41_bd6b,
        0x5be0_cd19_137e_2179,
    ],
    128
);
blake2!(
    Blake2s,
    u32,
    u64,
    10,
    [16, 12, 8, 7],
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,],
    64
);
