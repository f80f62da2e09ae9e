//! Cipher suites by OpenSSL's names, and the language in which they are chosen.

use rustls::SupportedCipherSuite;
use rustls::crypto::ring::cipher_suite as suite;
use stitch_runtime::{PyResult, Value, Vm};

/// How contexts choose where nobody says.
pub const DEFAULT: &str = "@SECLEVEL=2:ECDH+AESGCM:ECDH+CHACHA20:ECDH+AES:DHE+AES:!aNULL:!eNULL:!aDSS:!SHA1:!AESCCM";

pub struct Cipher {
    pub name: &'static str,
    pub suite: &'static SupportedCipherSuite,
    bits: i64,
    /// How the key is exchanged, who signs that, and what encrypts: the words of the language that mean it.
    words: [&'static str; 3],
}

macro_rules! ciphers {
    ($($name:literal $suite:ident $bits:literal $exchange:literal $signer:literal $code:literal)*) => {
        pub static CIPHERS: [Cipher; 9] = [$(Cipher {
            name: $name, suite: &suite::$suite, bits: $bits, words: [$exchange, $signer, $code],
        }),*];
    };
}

ciphers! {
    "TLS_AES_256_GCM_SHA384" TLS13_AES_256_GCM_SHA384 256 "any" "any" "AESGCM"
    "TLS_CHACHA20_POLY1305_SHA256" TLS13_CHACHA20_POLY1305_SHA256 256 "any" "any" "CHACHA20/POLY1305"
    "TLS_AES_128_GCM_SHA256" TLS13_AES_128_GCM_SHA256 128 "any" "any" "AESGCM"
    "ECDHE-ECDSA-AES256-GCM-SHA384" TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 256 "ECDH" "ECDSA" "AESGCM"
    "ECDHE-RSA-AES256-GCM-SHA384" TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 256 "ECDH" "RSA" "AESGCM"
    "ECDHE-ECDSA-AES128-GCM-SHA256" TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 128 "ECDH" "ECDSA" "AESGCM"
    "ECDHE-RSA-AES128-GCM-SHA256" TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 128 "ECDH" "RSA" "AESGCM"
    "ECDHE-ECDSA-CHACHA20-POLY1305" TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 256 "ECDH" "ECDSA" "CHACHA20/POLY1305"
    "ECDHE-RSA-CHACHA20-POLY1305" TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 256 "ECDH" "RSA" "CHACHA20/POLY1305"
}

impl Cipher {
    /// Which one a connection has.
    pub fn of(suite: SupportedCipherSuite) -> Option<&'static Cipher> {
        CIPHERS.iter().find(|cipher| *cipher.suite == suite)
    }

    /// Of the protocol's version 1.3, where the language does not reach?
    fn is_newest(&self) -> bool {
        self.suite.tls13().is_some()
    }

    pub fn version(&self) -> &'static str {
        if self.is_newest() { "TLSv1.3" } else { "TLSv1.2" }
    }

    /// Name, version and bits, as `cipher()` gives them.
    pub fn value(&self, vm: &mut Vm) -> Value {
        let (name, version) = (vm.new_str(self.name), vm.new_str(self.version()));
        vm.new_tuple(&[name, version, Value::small_int(self.bits)])
    }

    /// As `get_ciphers` tells of it.
    pub fn description(&self, vm: &mut Vm) -> PyResult {
        let [exchange, signer, code] = self.words;
        let exchange_name = if exchange == "ECDH" { "kx-ecdhe" } else { "kx-any" };
        let encrypts = format!("{code}({})", self.bits);
        let description =
            format!("{:<30} {} Kx={exchange:<8} Au={signer:<5} Enc={encrypts:<22} Mac=AEAD", self.name, self.version());
        let symmetric = match code {
            "AESGCM" => format!("aes-{}-gcm", self.bits),
            _ => "chacha20-poly1305".to_string(),
        };
        let dict = vm.new_dict();
        let id = 0x0300_0000 | i64::from(u16::from(self.suite.suite()));
        let texts = [
            ("name", self.name.to_string()),
            ("protocol", self.version().to_string()),
            ("description", description),
            ("symmetric", symmetric),
            ("kea", exchange_name.to_string()),
            ("auth", format!("auth-{}", signer.to_lowercase())),
        ];
        let order =
            ["id", "name", "protocol", "description", "strength_bits", "alg_bits", "aead", "symmetric", "digest"];
        for key in order.into_iter().chain(["kea", "auth"]) {
            let value = match key {
                "id" => Value::small_int(id),
                "strength_bits" | "alg_bits" => Value::small_int(self.bits),
                "aead" => Value::TRUE,
                "digest" => Value::NONE,
                _ => texts.iter().find(|text| text.0 == key).map_or(Value::NONE, |text| vm.new_str(&text.1)),
            };
            let key = vm.intern(key);
            vm.dict_set(dict, key, value)?;
        }
        Ok(dict)
    }

    /// Is it meant by one word of the language?
    fn is_meant_by(&self, word: &str) -> bool {
        let [_, signer, code] = self.words;
        match word {
            "ALL" | "COMPLEMENTOFDEFAULT" | "HIGH" | "DEFAULT" | "SUITEB128" | "FIPS" | "TLSv1.2" | "AEAD" => true,
            "ECDH" | "ECDHE" | "EECDH" | "kECDHE" | "kEECDH" => true,
            "RSA" => false,
            "aRSA" => signer == "RSA",
            "ECDSA" | "aECDSA" => signer == "ECDSA",
            "AESGCM" | "AES" => code == "AESGCM",
            "AES128" => code == "AESGCM" && self.bits == 128,
            "AES256" => code == "AESGCM" && self.bits == 256,
            "CHACHA20" => code != "AESGCM",
            name => name == self.name,
        }
    }
}

/// The suites that a text chooses, in its order, behind those of the newest version; `None` where it chooses none.
pub fn choose(text: &str) -> Option<Vec<&'static Cipher>> {
    let mut chosen: Vec<&'static Cipher> = Vec::new();
    let mut never: Vec<&'static str> = Vec::new();
    for word in text.split([':', ',', ' ', ';']).filter(|word| !word.is_empty() && !word.starts_with('@')) {
        let (sign, word) = match word.strip_prefix(['!', '-', '+']) {
            Some(rest) => (word.chars().next(), rest),
            None => (None, word),
        };
        let is_meant =
            |cipher: &&'static Cipher| !cipher.is_newest() && word.split('+').all(|word| cipher.is_meant_by(word));
        let meant: Vec<&'static Cipher> = CIPHERS.iter().filter(is_meant).collect();
        let is_among = |cipher: &&'static Cipher| meant.iter().any(|other| other.name == cipher.name);
        match sign {
            Some('!') => {
                chosen.retain(|cipher| !is_among(cipher));
                never.extend(meant.iter().map(|cipher| cipher.name));
            }
            Some('-') => chosen.retain(|cipher| !is_among(cipher)),
            // They go to the end.
            Some(_) => {
                let (moved, stay): (Vec<_>, Vec<_>) = chosen.iter().partition(|cipher| is_among(cipher));
                chosen = stay.into_iter().chain(moved).collect();
            }
            None => {
                let is_new = |cipher: &&'static Cipher| {
                    !never.contains(&cipher.name) && !chosen.iter().any(|other| other.name == cipher.name)
                };
                let added: Vec<&'static Cipher> = meant.iter().copied().filter(is_new).collect();
                chosen.extend(added);
            }
        }
    }
    if chosen.is_empty() {
        return None;
    }
    Some(CIPHERS.iter().filter(|cipher| cipher.is_newest()).chain(chosen).collect())
}
