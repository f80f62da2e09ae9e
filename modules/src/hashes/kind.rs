//! The table of algorithms that need no parameters.

use super::Algorithm;
use md5::Md5;
use sha1::Sha1;
use sha2::digest::Digest;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use sha3::{Sha3_224, Sha3_256, Sha3_384, Sha3_512};
use shake::digest::{ExtendableOutput, Update, XofReader};
use shake::{Shake128, Shake256};

/// An algorithm.
pub struct Kind {
    pub name: &'static str,
    /// 0: as the caller chooses.
    pub digest_size: usize,
    pub block_size: usize,
    /// The bits that end the input of a sponge, and its first bit of padding.
    pub suffix: u8,
    pub start: fn() -> Box<dyn Algorithm>,
}

#[derive(Clone)]
struct Fixed<D>(D);

impl<D: Digest + Clone + 'static> Algorithm for Fixed<D> {
    fn update(&mut self, data: &[u8]) {
        Digest::update(&mut self.0, data);
    }
    fn digest(&self, _: usize) -> Vec<u8> {
        self.0.clone().finalize().to_vec()
    }
    fn copy(&self) -> Box<dyn Algorithm> {
        Box::new(self.clone())
    }
}

#[derive(Clone)]
struct Extendable<D>(D);

impl<D: Update + ExtendableOutput + Clone + 'static> Algorithm for Extendable<D> {
    fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }
    fn digest(&self, len: usize) -> Vec<u8> {
        let mut digest = vec![0; len];
        self.0.clone().finalize_xof().read(&mut digest);
        digest
    }
    fn copy(&self) -> Box<dyn Algorithm> {
        Box::new(self.clone())
    }
}

macro_rules! kinds {
    ($( $NAME:ident $name:literal $digest_size:literal $block_size:literal $suffix:literal $start:expr; )+) => {
        $(
            pub static $NAME: Kind = Kind {
                name: $name,
                digest_size: $digest_size,
                block_size: $block_size,
                suffix: $suffix,
                start: || Box::new($start),
            };
        )+
        /// All of a fixed length.
        pub static KINDS: &[&Kind] = &[$(&$NAME),+];
    };
}

kinds! {
    MD5 "md5" 16 64 0 Fixed(Md5::new());
    SHA1 "sha1" 20 64 0 Fixed(Sha1::new());
    SHA224 "sha224" 28 64 0 Fixed(Sha224::new());
    SHA256 "sha256" 32 64 0 Fixed(Sha256::new());
    SHA384 "sha384" 48 128 0 Fixed(Sha384::new());
    SHA512 "sha512" 64 128 0 Fixed(Sha512::new());
    SHA3_224 "sha3_224" 28 144 6 Fixed(Sha3_224::new());
    SHA3_256 "sha3_256" 32 136 6 Fixed(Sha3_256::new());
    SHA3_384 "sha3_384" 48 104 6 Fixed(Sha3_384::new());
    SHA3_512 "sha3_512" 64 72 6 Fixed(Sha3_512::new());
    SHAKE_128 "shake_128" 0 168 0x1F Extendable(Shake128::default());
    SHAKE_256 "shake_256" 0 136 0x1F Extendable(Shake256::default());
    BLAKE2B "blake2b" 64 128 0 super::blake2_module::plain_blake2b();
    BLAKE2S "blake2s" 32 64 0 super::blake2_module::plain_blake2s();
}
