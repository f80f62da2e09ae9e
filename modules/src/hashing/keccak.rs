//! SHA-3 and SHAKE (FIPS 202): the sponge, and the permutation that it soaks and is pressed by.

const ROUNDS: usize = 24;

/// What each round adds to the first lane.
const ROUND_CONSTANTS: [u64; ROUNDS] = [
    0x0000_0000_0000_0001,
    0x0000_0000_0000_8082,
    0x8000_0000_0000_808A,
    0x8000_0000_8000_8000,
    0x0000_0000_0000_808B,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8009,
    0x0000_0000_0000_008A,
    0x0000_0000_0000_0088,
    0x0000_0000_8000_8009,
    0x0000_0000_8000_000A,
    0x0000_0000_8000_808B,
    0x8000_0000_0000_008B,
    0x8000_0000_0000_8089,
    0x8000_0000_0000_8003,
    0x8000_0000_0000_8002,
    0x8000_0000_0000_0080,
    0x0000_0000_0000_800A,
    0x8000_0000_8000_000A,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8080,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8008,
];

/// By how many bits the lanes are turned, a row after the other.
const TURNS: [[u32; 5]; 5] =
    [[0, 1, 62, 28, 27], [36, 44, 6, 55, 20], [3, 10, 43, 25, 39], [41, 45, 15, 21, 8], [18, 2, 61, 56, 14]];

/// Five rows of five lanes.
type Lanes = [u64; 25];

/// One round, from one set of lanes into another one, so that no lane waits for another's room. The rows are written out: which lanes
/// they take, and by how much these are turned, is to be known where this is compiled.
#[inline(always)]
fn round(from: &Lanes, to: &mut Lanes, constant: u64) {
    let columns: [u64; 5] = std::array::from_fn(|x| from[x] ^ from[x + 5] ^ from[x + 10] ^ from[x + 15] ^ from[x + 20]);
    let mixed: [u64; 5] = std::array::from_fn(|x| columns[(x + 4) % 5] ^ columns[(x + 1) % 5].rotate_left(1));
    row::<0>(from, to, &mixed);
    row::<1>(from, to, &mixed);
    row::<2>(from, to, &mixed);
    row::<3>(from, to, &mixed);
    row::<4>(from, to, &mixed);
    to[0] ^= constant;
}

#[inline(always)]
fn row<const Y: usize>(from: &Lanes, to: &mut Lanes, mixed: &[u64; 5]) {
    let turned = [
        turned::<Y, 0>(from, mixed),
        turned::<Y, 1>(from, mixed),
        turned::<Y, 2>(from, mixed),
        turned::<Y, 3>(from, mixed),
        turned::<Y, 4>(from, mixed),
    ];
    to[5 * Y] = turned[0] ^ (!turned[1] & turned[2]);
    to[5 * Y + 1] = turned[1] ^ (!turned[2] & turned[3]);
    to[5 * Y + 2] = turned[2] ^ (!turned[3] & turned[4]);
    to[5 * Y + 3] = turned[3] ^ (!turned[4] & turned[0]);
    to[5 * Y + 4] = turned[4] ^ (!turned[0] & turned[1]);
}

#[inline(always)]
fn turned<const Y: usize, const X: usize>(from: &Lanes, mixed: &[u64; 5]) -> u64 {
    let column = const { (X + 3 * Y) % 5 };
    (from[5 * X + column] ^ mixed[column]).rotate_left(const { TURNS[X][(X + 3 * Y) % 5] })
}

#[inline(always)]
fn permute_by_rounds(lanes: &mut Lanes) {
    let mut other = [0; 25];
    for constants in ROUND_CONSTANTS.as_chunks::<2>().0 {
        round(lanes, &mut other, constants[0]);
        round(&other, lanes, constants[1]);
    }
}

#[cfg(target_arch = "x86_64")]
fn permute(lanes: &mut Lanes) {
    /// With instructions that turn into another register, and that have an operand inverted: a fifth faster.
    #[target_feature(enable = "bmi1,bmi2")]
    fn permute_by_bits(lanes: &mut Lanes) {
        permute_by_rounds(lanes);
    }
    if std::arch::is_x86_feature_detected!("bmi1") && std::arch::is_x86_feature_detected!("bmi2") {
        // SAFETY: the processor was asked for both.
        unsafe { permute_by_bits(lanes) }
    } else {
        permute_by_rounds(lanes);
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn permute(lanes: &mut Lanes) {
    permute_by_rounds(lanes);
}

/// A hash under way.
#[derive(Clone)]
pub struct Keccak {
    lanes: Lanes,
    /// Bytes that go in, or come out, between two permutations.
    block_bytes: usize,
    /// How many of a block's bytes are in.
    at: usize,
    /// The bits behind the data that tell one function from another.
    suffix: u8,
    digest_bytes: usize,
}

impl Keccak {
    /// SHA-3 with a digest of so many bytes.
    pub fn sha3(digest_bytes: usize) -> Keccak {
        Keccak { lanes: [0; 25], block_bytes: 200 - 2 * digest_bytes, at: 0, suffix: 0x06, digest_bytes }
    }

    /// SHAKE of so many bits; its digest is as long as one likes.
    pub fn shake(n_bits: usize) -> Keccak {
        Keccak { lanes: [0; 25], block_bytes: 200 - n_bits / 4, at: 0, suffix: 0x1F, digest_bytes: 0 }
    }

    pub fn update(&mut self, mut data: &[u8]) {
        while !data.is_empty() {
            if self.at == 0
                && let Some((block, rest)) = data.split_at_checked(self.block_bytes)
            {
                for (lane, bytes) in self.lanes.iter_mut().zip(block.as_chunks().0) {
                    *lane ^= u64::from_le_bytes(*bytes);
                }
                permute(&mut self.lanes);
                data = rest;
                continue;
            }
            let n_taken = data.len().min(self.block_bytes - self.at);
            for &byte in &data[..n_taken] {
                self.add(byte, self.at);
                self.at += 1;
            }
            data = &data[n_taken..];
            if self.at == self.block_bytes {
                permute(&mut self.lanes);
                self.at = 0;
            }
        }
    }

    fn add(&mut self, byte: u8, at: usize) {
        self.lanes[at / 8] ^= u64::from(byte) << (at % 8 * 8);
    }

    /// The digest; so many bytes of it where it has no length of its own.
    pub fn digest(mut self, length: usize) -> Vec<u8> {
        self.add(self.suffix, self.at);
        self.add(0x80, self.block_bytes - 1);
        let length = if self.digest_bytes == 0 { length } else { self.digest_bytes };
        let mut digest = Vec::with_capacity(length + self.block_bytes);
        while digest.len() < length {
            permute(&mut self.lanes);
            digest.extend(self.lanes.iter().flat_map(|lane| lane.to_le_bytes()).take(self.block_bytes));
        }
        digest.truncate(length);
        digest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_permutation_of_nothing_is_as_published() {
        let mut lanes = [0; 25];
        permute(&mut lanes);
        assert_eq!(lanes[..2], [0xF125_8F79_40E1_DDE7, 0x84D5_CCF9_33C0_478A]);
        let mut plain = [0; 25];
        permute_by_rounds(&mut plain);
        assert_eq!(plain, lanes);
    }

    #[test]
    fn pieces_make_what_the_whole_makes() {
        let data: Vec<u8> = (0..1000).map(|i| (i * 7) as u8).collect();
        for (hash, block_bytes) in [(Keccak::sha3(32), 136), (Keccak::shake(128), 168)] {
            let mut whole = hash.clone();
            whole.update(&data);
            for piece in [1, 7, block_bytes - 1, block_bytes, block_bytes + 1] {
                let mut pieces = hash.clone();
                data.chunks(piece).for_each(|piece| pieces.update(piece));
                assert_eq!(pieces.digest(300), whole.clone().digest(300));
            }
        }
    }
}
