//! Keys from passwords.

use super::algorithm;
use super::mac::Mac;
use super::unsupported;
use scrypt::Params;
use stitch_runtime::object::argument::{Index, OrNone, Str};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::{PyResult, Vm};

/// So many rounds go by between looks at signals.
const ROUNDS_BETWEEN_LOOKS: u64 = 4096;
/// The memory that scrypt takes where nothing else is said, as in OpenSSL.
const DEFAULT_SCRYPT_BYTES: i128 = 32 << 20;

pub fn pbkdf2(
    vm: &mut Vm,
    hash_name: Str,
    password: BytesLike,
    salt: BytesLike,
    iterations: Index,
    dklen: Option<OrNone<Index>>,
) -> PyResult {
    let name = hash_name.text();
    let Some(algorithm) = algorithm::by_name(&name).filter(|algorithm| !algorithm.is_extendable()) else {
        return Err(unsupported(vm, &format!("unsupported hash type {name}")));
    };
    if iterations.0 < 1 {
        return Err(vm.raise_value("iteration value must be greater than 0."));
    }
    if iterations.0 > i64::from(i32::MAX) {
        return Err(vm.raise_overflow("iteration value is too great."));
    }
    let length = dklen.and_then(|dklen| dklen.0).map_or(algorithm.digest_bytes as i64, |length| length.0);
    if length < 1 {
        return Err(vm.raise_value("key length must be greater than 0."));
    }
    if length > i64::from(i32::MAX) {
        return Err(vm.raise_overflow("key length is too great."));
    }
    let keyed = Mac::new(algorithm, &password);
    let mut key = Vec::new();
    let mut n_rounds = 0_u64;
    for block in 1_u32.. {
        if key.len() >= length as usize {
            break;
        }
        let mut mac = keyed.clone();
        mac.update(&salt);
        mac.update(&block.to_be_bytes());
        let mut round = mac.digest();
        let mut sum = round.clone();
        for _ in 1..iterations.0 {
            let mut mac = keyed.clone();
            mac.update(&round);
            round = mac.digest();
            sum.iter_mut().zip(&round).for_each(|(sum, byte)| *sum ^= byte);
            n_rounds += 1;
            if n_rounds.is_multiple_of(ROUNDS_BETWEEN_LOOKS) {
                vm.answer_interrupt()?;
            }
        }
        if key.try_reserve(sum.len()).is_err() {
            return Err(vm.raise_memory());
        }
        key.extend(sum);
    }
    key.truncate(length as usize);
    vm.new_bytes(&key)
}

#[expect(clippy::too_many_arguments, reason = "as many as the function has")]
pub fn scrypt(
    vm: &mut Vm,
    password: BytesLike,
    salt: BytesLike,
    n: Index,
    r: Index,
    p: Index,
    maxmem: Option<Index>,
    dklen: Option<Index>,
) -> PyResult {
    let (maxmem, dklen) = (maxmem.map_or(0, |bytes| bytes.0), dklen.map_or(64, |bytes| bytes.0));
    if n.0 < 2 || !(n.0 as u64).is_power_of_two() {
        return Err(vm.raise_value("n must be a power of 2."));
    }
    if maxmem < 0 || maxmem > i64::from(i32::MAX) {
        return Err(vm.raise_value(&format!("maxmem must be positive and smaller than {}", i32::MAX)));
    }
    if dklen < 1 || dklen > i64::from(i32::MAX) {
        return Err(vm.raise_value(&format!("dklen must be greater than 0 and smaller than {}", i32::MAX)));
    }
    let (words_r, words_p) = (u32::try_from(r.0).unwrap_or(0), u32::try_from(p.0).unwrap_or(0));
    let needed = 128 * (r.0 as i128) * (n.0 as i128 + p.0 as i128 + 2);
    let allowed = if maxmem == 0 { DEFAULT_SCRYPT_BYTES } else { maxmem.into() };
    let parameters = Params::new(n.0.trailing_zeros() as u8, words_r, words_p);
    let Some(parameters) = parameters.ok().filter(|_| needed <= allowed) else {
        return Err(vm.raise_value("Invalid parameter combination for n, r, p, maxmem."));
    };
    let mut key = vec![0; dklen as usize];
    match scrypt::scrypt(&password, &salt, &parameters, &mut key) {
        Ok(()) => vm.new_bytes(&key),
        Err(_) => Err(vm.raise_value("Invalid parameter combination for n, r, p, maxmem.")),
    }
}
