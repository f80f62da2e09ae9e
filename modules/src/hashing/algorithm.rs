//! The table of hash algorithms, and the state of one that is under way.

use super::blake2::{Blake2, Blake2b, Blake2s, Parameters};
use super::keccak::Keccak;
use md5::Md5;
use sha1::Sha1;
use sha2::digest::DynDigest;
use sha2::{Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};

/// A row of the table.
pub struct Algorithm {
    pub name: &'static str,
    pub block_bytes: usize,
    /// 0: as many as are asked for.
    pub digest_bytes: usize,
    pub start: fn() -> State,
}

/// What has been hashed so far.
#[derive(Clone)]
pub enum State {
    Fixed(Box<dyn DynDigest>),
    Keccak(Box<Keccak>),
    Blake2b(Box<Blake2b>),
    Blake2s(Box<Blake2s>),
}

const fn fixed(name: &'static str, block_bytes: usize, digest_bytes: usize, start: fn() -> State) -> Algorithm {
    Algorithm { name, block_bytes, digest_bytes, start }
}

pub static MD5: Algorithm = fixed("md5", 64, 16, || State::Fixed(Box::new(Md5::default())));
pub static SHA1: Algorithm = fixed("sha1", 64, 20, || State::Fixed(Box::new(Sha1::default())));
pub static SHA224: Algorithm = fixed("sha224", 64, 28, || State::Fixed(Box::new(Sha224::default())));
pub static SHA256: Algorithm = fixed("sha256", 64, 32, || State::Fixed(Box::new(Sha256::default())));
pub static SHA384: Algorithm = fixed("sha384", 128, 48, || State::Fixed(Box::new(Sha384::default())));
pub static SHA512: Algorithm = fixed("sha512", 128, 64, || State::Fixed(Box::new(Sha512::default())));
static SHA512_224: Algorithm = fixed("sha512_224", 128, 28, || State::Fixed(Box::new(Sha512_224::default())));
static SHA512_256: Algorithm = fixed("sha512_256", 128, 32, || State::Fixed(Box::new(Sha512_256::default())));
pub static SHA3_224: Algorithm = fixed("sha3_224", 144, 28, || State::Keccak(Box::new(Keccak::sha3(28))));
pub static SHA3_256: Algorithm = fixed("sha3_256", 136, 32, || State::Keccak(Box::new(Keccak::sha3(32))));
pub static SHA3_384: Algorithm = fixed("sha3_384", 104, 48, || State::Keccak(Box::new(Keccak::sha3(48))));
pub static SHA3_512: Algorithm = fixed("sha3_512", 72, 64, || State::Keccak(Box::new(Keccak::sha3(64))));
pub static SHAKE_128: Algorithm = fixed("shake_128", 168, 0, || State::Keccak(Box::new(Keccak::shake(128))));
pub static SHAKE_256: Algorithm = fixed("shake_256", 136, 0, || State::Keccak(Box::new(Keccak::shake(256))));
pub static BLAKE2B: Algorithm =
    fixed("blake2b", 128, 64, || State::Blake2b(Box::new(Blake2::new(&Parameters::of_length(64), &[]))));
pub static BLAKE2S: Algorithm =
    fixed("blake2s", 64, 32, || State::Blake2s(Box::new(Blake2::new(&Parameters::of_length(32), &[]))));

/// All that `hashlib.new` knows, in the order in which `algorithms_available` is told of them.
pub static ALGORITHMS: &[&Algorithm] = &[
    &MD5,
    &SHA1,
    &SHA224,
    &SHA256,
    &SHA384,
    &SHA512,
    &SHA512_224,
    &SHA512_256,
    &SHA3_224,
    &SHA3_256,
    &SHA3_384,
    &SHA3_512,
    &SHAKE_128,
    &SHAKE_256,
    &BLAKE2B,
    &BLAKE2S,
];

/// Other names that OpenSSL, and so `hashlib.new`, takes.
const ALIASES: &[(&str, &str)] = &[
    ("sha-1", "sha1"),
    ("sha-224", "sha224"),
    ("sha-256", "sha256"),
    ("sha-384", "sha384"),
    ("sha-512", "sha512"),
    ("sha2-224", "sha224"),
    ("sha2-256", "sha256"),
    ("sha2-384", "sha384"),
    ("sha2-512", "sha512"),
    ("sha512-224", "sha512_224"),
    ("sha512-256", "sha512_256"),
    ("sha512/224", "sha512_224"),
    ("sha512/256", "sha512_256"),
    ("sha3-224", "sha3_224"),
    ("sha3-256", "sha3_256"),
    ("sha3-384", "sha3_384"),
    ("sha3-512", "sha3_512"),
    ("shake128", "shake_128"),
    ("shake256", "shake_256"),
    ("shake-128", "shake_128"),
    ("shake-256", "shake_256"),
    ("blake2b512", "blake2b"),
    ("blake2s256", "blake2s"),
];

/// The algorithm of that name, in any case.
pub fn by_name(name: &str) -> Option<&'static Algorithm> {
    let name = name.to_ascii_lowercase();
    let name = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name.as_str(), |(_, name)| name);
    ALGORITHMS.iter().find(|algorithm| algorithm.name == name).copied()
}

impl Algorithm {
    pub fn is_extendable(&self) -> bool {
        self.digest_bytes == 0
    }
}

impl State {
    pub fn update(&mut self, data: &[u8]) {
        match self {
            State::Fixed(hash) => hash.update(data),
            State::Keccak(hash) => hash.update(data),
            State::Blake2b(hash) => hash.update(data),
            State::Blake2s(hash) => hash.update(data),
        }
    }

    /// The digest; `length` bytes of it where it has no length of its own.
    pub fn digest(self, length: usize) -> Vec<u8> {
        match self {
            State::Fixed(hash) => hash.finalize().into_vec(),
            State::Keccak(hash) => hash.digest(length),
            State::Blake2b(hash) => hash.digest(),
            State::Blake2s(hash) => hash.digest(),
        }
    }
}
