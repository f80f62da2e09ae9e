//! Message digests for `hashlib`: MD5, SHA-1, SHA-256, SHA-512.

/// The digest of `data`; `None` for an algorithm that is not known.
pub fn digest(name: &str, data: &[u8]) -> Option<Vec<u8>> {
    Some(match name {
        "md5" => md5(data),
        "sha1" => sha1(data),
        "sha256" => sha256(data),
        "sha512" => sha512(data),
        _ => return None,
    })
}

/// The message, a one bit, zeros, and its length in bits in the last `length_bytes` of a whole block.
fn padded(data: &[u8], block_bytes: usize, length_bytes: usize, big_endian: bool) -> Vec<u8> {
    let mut message = data.to_vec();
    message.push(0x80);
    while message.len() % block_bytes != block_bytes - length_bytes {
        message.push(0);
    }
    let bits = data.len() as u128 * 8;
    if big_endian {
        message.extend_from_slice(&bits.to_be_bytes()[16 - length_bytes..]);
    } else {
        message.extend_from_slice(&bits.to_le_bytes()[..length_bytes]);
    }
    message
}

fn word_be(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |word, &byte| word << 8 | byte as u32)
}

fn md5(data: &[u8]) -> Vec<u8> {
    const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    // The constants are the first 32 bits of the fractions of sines.
    let table: Vec<u32> = (1..=64).map(|i| ((i as f64).sin().abs() * 4_294_967_296.0) as u32).collect();
    let mut state: [u32; 4] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476];
    for block in padded(data, 64, 8, false).chunks_exact(64) {
        let words: Vec<u32> = block.chunks_exact(4).map(|w| word_be(w).swap_bytes()).collect();
        let [mut a, mut b, mut c, mut d] = state;
        for i in 0..64 {
            let (mix, index) = match i / 16 {
                0 => (b & c | !b & d, i),
                1 => (d & b | !d & c, (5 * i + 1) % 16),
                2 => (b ^ c ^ d, (3 * i + 5) % 16),
                _ => (c ^ (b | !d), 7 * i % 16),
            };
            let sum = a.wrapping_add(mix).wrapping_add(table[i]).wrapping_add(words[index]);
            (a, d, c) = (d, c, b);
            b = b.wrapping_add(sum.rotate_left(SHIFTS[i / 16][i % 4]));
        }
        for (word, add) in state.iter_mut().zip([a, b, c, d]) {
            *word = word.wrapping_add(add);
        }
    }
    state.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn sha1(data: &[u8]) -> Vec<u8> {
    let mut state: [u32; 5] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0];
    for block in padded(data, 64, 8, true).chunks_exact(64) {
        let mut words: Vec<u32> = block.chunks_exact(4).map(word_be).collect();
        for i in 16..80 {
            words.push((words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16]).rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (i, word) in words.into_iter().enumerate() {
            let (mix, constant) = match i / 20 {
                0 => (b & c | !b & d, 0x5A82_7999),
                1 => (b ^ c ^ d, 0x6ED9_EBA1),
                2 => (b & c | b & d | c & d, 0x8F1B_BCDC),
                _ => (b ^ c ^ d, 0xCA62_C1D6u32),
            };
            let next = a.rotate_left(5).wrapping_add(mix).wrapping_add(e).wrapping_add(constant).wrapping_add(word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
        }
        for (word, add) in state.iter_mut().zip([a, b, c, d, e]) {
            *word = word.wrapping_add(add);
        }
    }
    state.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// The first `n` primes.
fn primes(n: usize) -> Vec<u64> {
    let mut primes: Vec<u64> = Vec::new();
    let mut candidate = 2;
    while primes.len() < n {
        if primes.iter().all(|prime| candidate % prime != 0) {
            primes.push(candidate);
        }
        candidate += 1;
    }
    primes
}

/// The first 64 bits of the fraction of a root of a prime: the largest `r` with `r^degree <= prime · 2^(64·degree)`.
fn root_fraction(prime: u64, degree: u32) -> u64 {
    use malachite_base::num::arithmetic::traits::{FloorRoot, Pow};
    use malachite_nz::natural::Natural;
    let scaled = Natural::from(prime) * Natural::from(2u32).pow(64 * degree as u64);
    let root = scaled.floor_root(degree as u64);
    root.to_limbs_asc().first().copied().unwrap_or(0)
}

fn sha256(data: &[u8]) -> Vec<u8> {
    let primes = primes(64);
    let table: Vec<u32> = primes.iter().map(|&prime| (root_fraction(prime, 3) >> 32) as u32).collect();
    let mut state: Vec<u32> = primes[..8].iter().map(|&prime| (root_fraction(prime, 2) >> 32) as u32).collect();
    for block in padded(data, 64, 8, true).chunks_exact(64) {
        let mut words: Vec<u32> = block.chunks_exact(4).map(word_be).collect();
        for i in 16..64 {
            let (x, y) = (words[i - 15], words[i - 2]);
            let s0 = x.rotate_right(7) ^ x.rotate_right(18) ^ x >> 3;
            let s1 = y.rotate_right(17) ^ y.rotate_right(19) ^ y >> 10;
            words.push(words[i - 16].wrapping_add(s0).wrapping_add(words[i - 7]).wrapping_add(s1));
        }
        let mut v = [0; 8];
        v.copy_from_slice(&state);
        for i in 0..64 {
            let [a, b, c, d, e, f, g, h] = v;
            let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let t1 = h.wrapping_add(s1).wrapping_add(e & f ^ !e & g).wrapping_add(table[i]).wrapping_add(words[i]);
            let s0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            let t2 = s0.wrapping_add(a & b ^ a & c ^ b & c);
            v = [t1.wrapping_add(t2), a, b, c, d.wrapping_add(t1), e, f, g];
        }
        for (word, add) in state.iter_mut().zip(v) {
            *word = word.wrapping_add(add);
        }
    }
    state.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn sha512(data: &[u8]) -> Vec<u8> {
    let primes = primes(80);
    let table: Vec<u64> = primes.iter().map(|&prime| root_fraction(prime, 3)).collect();
    let mut state: Vec<u64> = primes[..8].iter().map(|&prime| root_fraction(prime, 2)).collect();
    for block in padded(data, 128, 16, true).chunks_exact(128) {
        let mut words: Vec<u64> =
            block.chunks_exact(8).map(|w| (word_be(&w[..4]) as u64) << 32 | word_be(&w[4..]) as u64).collect();
        for i in 16..80 {
            let (x, y) = (words[i - 15], words[i - 2]);
            let s0 = x.rotate_right(1) ^ x.rotate_right(8) ^ x >> 7;
            let s1 = y.rotate_right(19) ^ y.rotate_right(61) ^ y >> 6;
            words.push(words[i - 16].wrapping_add(s0).wrapping_add(words[i - 7]).wrapping_add(s1));
        }
        let mut v = [0; 8];
        v.copy_from_slice(&state);
        for i in 0..80 {
            let [a, b, c, d, e, f, g, h] = v;
            let s1 = e.rotate_right(14) ^ e.rotate_right(18) ^ e.rotate_right(41);
            let t1 = h.wrapping_add(s1).wrapping_add(e & f ^ !e & g).wrapping_add(table[i]).wrapping_add(words[i]);
            let s0 = a.rotate_right(28) ^ a.rotate_right(34) ^ a.rotate_right(39);
            let t2 = s0.wrapping_add(a & b ^ a & c ^ b & c);
            v = [t1.wrapping_add(t2), a, b, c, d.wrapping_add(t1), e, f, g];
        }
        for (word, add) in state.iter_mut().zip(v) {
            *word = word.wrapping_add(add);
        }
    }
    state.iter().flat_map(|word| word.to_be_bytes()).collect()
}
