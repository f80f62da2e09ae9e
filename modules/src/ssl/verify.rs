//! Is the other end who it says it is? Paths are built by webpki; what is found has OpenSSL's numbers and words.

use super::certificate::{AUTHORITY_KEY_IDENTIFIER, BASIC_CONSTRAINTS, Certificate, SUBJECT_KEY_IDENTIFIER};
use super::constants::{CERT_NONE, CERT_REQUIRED};
use super::constants::{VERIFY_CRL_CHECK, VERIFY_CRL_CHECK_ALL, VERIFY_PARTIAL_CHAIN, VERIFY_STRICT};
use super::host_name::Host;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, OtherError, SignatureScheme};
use std::sync::{Arc, Mutex};
use webpki::{EndEntityCert, KeyUsage, RevocationCheckDepth, RevocationOptionsBuilder};

/// What was found out about a certificate; 0: it is good.
#[derive(Clone, Debug)]
pub struct Verdict {
    pub code: i64,
    pub message: String,
}

/// Whom a context trusts.
#[derive(Debug)]
pub struct Trust {
    pub certificates: Vec<Arc<[u8]>>,
    pub revocations: Vec<Arc<[u8]>>,
}

/// What one connection asks of the other end's certificates, and what it found.
#[derive(Debug)]
pub struct PeerCheck {
    pub trust: Arc<Trust>,
    pub mode: i64,
    pub flags: i64,
    pub host: Option<Host>,
    pub host_flags: i64,
    pub is_server: bool,
    pub algorithms: WebPkiSupportedAlgorithms,
    pub found: Mutex<Found>,
}

#[derive(Debug, Default)]
pub struct Found {
    pub verdict: Option<Verdict>,
    /// From the certificate of the other end to one that is trusted.
    pub chain: Vec<Vec<u8>>,
}

const UNSPECIFIED: i64 = 1;
const NO_CRL: i64 = 3;
const BAD_SIGNATURE: i64 = 7;
const NOT_YET_VALID: i64 = 9;
const EXPIRED: i64 = 10;
const CRL_EXPIRED: i64 = 12;
const SELF_SIGNED: i64 = 18;
const SELF_SIGNED_IN_CHAIN: i64 = 19;
const NO_LOCAL_ISSUER: i64 = 20;
const CHAIN_TOO_LONG: i64 = 22;
const REVOKED: i64 = 23;
const PATH_LENGTH: i64 = 25;
const WRONG_PURPOSE: i64 = 26;
const UNHANDLED_CRITICAL: i64 = 34;
const NOT_PERMITTED: i64 = 47;
const WRONG_HOST: i64 = 62;
const WRONG_ADDRESS: i64 = 64;
const INVALID_AUTHORITY: i64 = 79;
const NO_AUTHORITY_KEY: i64 = 85;
const NO_SUBJECT_KEY: i64 = 86;
const CONSTRAINTS_NOT_CRITICAL: i64 = 89;

const MESSAGES: [(i64, &str); 18] = [
    (UNSPECIFIED, "unspecified certificate verification error"),
    (NO_CRL, "unable to get certificate CRL"),
    (BAD_SIGNATURE, "certificate signature failure"),
    (NOT_YET_VALID, "certificate is not yet valid"),
    (EXPIRED, "certificate has expired"),
    (CRL_EXPIRED, "CRL has expired"),
    (SELF_SIGNED, "self-signed certificate"),
    (SELF_SIGNED_IN_CHAIN, "self-signed certificate in certificate chain"),
    (NO_LOCAL_ISSUER, "unable to get local issuer certificate"),
    (CHAIN_TOO_LONG, "certificate chain too long"),
    (REVOKED, "certificate revoked"),
    (PATH_LENGTH, "path length constraint exceeded"),
    (WRONG_PURPOSE, "unsuitable certificate purpose"),
    (UNHANDLED_CRITICAL, "unhandled critical extension"),
    (NOT_PERMITTED, "permitted subtree violation"),
    (INVALID_AUTHORITY, "invalid CA certificate"),
    (NO_AUTHORITY_KEY, "Missing Authority Key Identifier"),
    (NO_SUBJECT_KEY, "Missing Subject Key Identifier"),
];

impl Verdict {
    fn of(code: i64) -> Verdict {
        let row = MESSAGES.iter().find(|row| row.0 == code);
        let message = row.map_or("Basic Constraints of CA cert not marked critical", |row| row.1).to_string();
        Verdict { code, message }
    }

    /// What the protocol's layer is told, which chooses the alert by it.
    fn as_error(&self) -> CertificateError {
        match self.code {
            NOT_YET_VALID => CertificateError::NotValidYet,
            EXPIRED => CertificateError::Expired,
            SELF_SIGNED | SELF_SIGNED_IN_CHAIN | NO_LOCAL_ISSUER => CertificateError::UnknownIssuer,
            NO_CRL | CRL_EXPIRED => CertificateError::UnknownRevocationStatus,
            REVOKED => CertificateError::Revoked,
            BAD_SIGNATURE => CertificateError::BadSignature,
            WRONG_PURPOSE => CertificateError::InvalidPurpose,
            WRONG_HOST | WRONG_ADDRESS => CertificateError::NotValidForName,
            _ => CertificateError::Other(OtherError(Arc::new(Error::General(self.message.clone())))),
        }
    }
}

impl PeerCheck {
    fn run(&self, leaf: &CertificateDer<'_>, more: &[CertificateDer<'_>], now: UnixTime) -> Result<(), Error> {
        let checked = if self.mode == CERT_NONE { Ok(Vec::new()) } else { self.check(leaf, more, now) };
        let Ok(mut found) = self.found.lock() else { return Err(Error::General("a check was cut short".into())) };
        match checked {
            Ok(chain) => {
                *found = Found { verdict: None, chain };
                Ok(())
            }
            Err(verdict) => {
                let error = verdict.as_error();
                *found = Found { verdict: Some(verdict), chain: Vec::new() };
                Err(Error::InvalidCertificate(error))
            }
        }
    }

    fn has(&self, flag: i64) -> bool {
        self.flags & flag != 0
    }

    /// The chain from the certificate to one that is trusted.
    fn check(
        &self,
        leaf: &CertificateDer<'_>,
        more: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<Vec<Vec<u8>>, Verdict> {
        let Some(read) = Certificate::read(leaf) else { return Err(Verdict::of(UNSPECIFIED)) };
        let is_trusted = self.trust.certificates.iter().any(|trusted| trusted[..] == leaf[..]);
        let is_end = is_trusted && (read.is_self_issued() || self.has(VERIFY_PARTIAL_CHAIN));
        let path = if is_end { Ok(vec![leaf.to_vec()]) } else { self.build(leaf, &read, more, now) };
        // Who it is comes before when it holds, and behind whether there is a path.
        if !matches!(&path, Err(verdict) if !matches!(verdict.code, NOT_YET_VALID | EXPIRED | BAD_SIGNATURE)) {
            self.check_host(&read)?;
        }
        let path = path?;
        for (place, der) in path.iter().enumerate() {
            let Some(certificate) = Certificate::read(der) else { return Err(Verdict::of(UNSPECIFIED)) };
            self.check_validity(&certificate, now)?;
            if self.has(VERIFY_STRICT) {
                check_strictly(&certificate, place)?;
            }
        }
        Ok(path)
    }

    fn check_validity(&self, certificate: &Certificate<'_>, now: UnixTime) -> Result<(), Verdict> {
        let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        match certificate.validity() {
            None => Err(Verdict::of(UNSPECIFIED)),
            Some((start, _)) if now < start => Err(Verdict::of(NOT_YET_VALID)),
            Some((_, end)) if now > end => Err(Verdict::of(EXPIRED)),
            Some(_) => Ok(()),
        }
    }

    fn check_host(&self, certificate: &Certificate<'_>) -> Result<(), Verdict> {
        let Some(host) = self.host.as_ref().filter(|host| !host.is_named_by(certificate, self.host_flags)) else {
            return Ok(());
        };
        Err(match host {
            Host::Name(name) => Verdict {
                code: WRONG_HOST,
                message: format!("Hostname mismatch, certificate is not valid for '{name}'."),
            },
            Host::Address(address) => Verdict {
                code: WRONG_ADDRESS,
                message: format!("IP address mismatch, certificate is not valid for '{address}'."),
            },
        })
    }

    /// A path by webpki.
    fn build(
        &self,
        leaf: &CertificateDer<'_>,
        read: &Certificate<'_>,
        more: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<Vec<Vec<u8>>, Verdict> {
        let stored: Vec<CertificateDer<'_>> =
            self.trust.certificates.iter().map(|der| CertificateDer::from(&der[..])).collect();
        // Where a path has to end in one that nobody else has signed, the others are steps to it.
        let is_anchor = |der: &CertificateDer<'_>| {
            self.has(VERIFY_PARTIAL_CHAIN) || Certificate::read(der).is_some_and(|read| read.is_self_issued())
        };
        let (roots, steps): (Vec<_>, Vec<_>) = stored.iter().cloned().partition(is_anchor);
        let roots: Vec<_> =
            roots.iter().filter_map(|der| Some((der, webpki::anchor_from_trusted_cert(der).ok()?))).collect();
        let anchors: Vec<_> = roots.iter().map(|(_, anchor)| anchor.clone()).collect();
        let between: Vec<CertificateDer<'_>> = more.iter().cloned().chain(steps).collect();
        let failed = |error: &webpki::Error| Verdict::of(self.code_of(error, read, more));
        let end = EndEntityCert::try_from(leaf).map_err(|error| failed(&error))?;
        let lists: Vec<webpki::CertRevocationList<'_>> = (self.trust.revocations.iter())
            .filter_map(|der| webpki::OwnedCertRevocationList::from_der(der).ok().map(Into::into))
            .collect();
        let lists: Vec<&webpki::CertRevocationList<'_>> = lists.iter().collect();
        let revocation = if self.has(VERIFY_CRL_CHECK) {
            let Ok(options) = RevocationOptionsBuilder::new(&lists) else { return Err(Verdict::of(NO_CRL)) };
            let is_deep = self.has(VERIFY_CRL_CHECK_ALL);
            let depth = if is_deep { RevocationCheckDepth::Chain } else { RevocationCheckDepth::EndEntity };
            Some(options.with_depth(depth).build())
        } else {
            None
        };
        let usage = if self.is_server { KeyUsage::client_auth() } else { KeyUsage::server_auth() };
        let path = end
            .verify_for_usage(self.algorithms.all, &anchors, &between, now, usage, revocation, None)
            .map_err(|error| failed(&error))?;
        let mut chain = vec![leaf.to_vec()];
        chain.extend(path.intermediate_certificates().map(|certificate| certificate.der().to_vec()));
        let anchor = roots.iter().find(|(_, anchor)| std::ptr::eq(&anchor.subject[..], &path.anchor().subject[..]));
        let root = anchor.or_else(|| roots.iter().find(|(_, anchor)| anchor == path.anchor()));
        chain.extend(root.map(|(der, _)| der.to_vec()));
        Ok(chain)
    }

    fn code_of(&self, error: &webpki::Error, leaf: &Certificate<'_>, more: &[CertificateDer<'_>]) -> i64 {
        use webpki::Error as E;
        match error {
            E::CertExpired { .. } => EXPIRED,
            E::CertNotValidYet { .. } => NOT_YET_VALID,
            E::CertRevoked => REVOKED,
            E::CrlExpired { .. } => CRL_EXPIRED,
            E::UnknownRevocationStatus => NO_CRL,
            E::InvalidSignatureForPublicKey => BAD_SIGNATURE,
            E::NameConstraintViolation => NOT_PERMITTED,
            E::PathLenConstraintViolated => PATH_LENGTH,
            E::MaximumPathDepthExceeded | E::MaximumPathBuildCallsExceeded => CHAIN_TOO_LONG,
            E::RequiredEkuNotFoundContext(_) => WRONG_PURPOSE,
            E::UnsupportedCriticalExtension => UNHANDLED_CRITICAL,
            E::EndEntityUsedAsCa => INVALID_AUTHORITY,
            E::UnknownIssuer | E::CaUsedAsEndEntity => {
                let is_root =
                    |der: &CertificateDer<'_>| Certificate::read(der).is_some_and(|read| read.is_self_issued());
                if leaf.is_self_issued() {
                    SELF_SIGNED
                } else if more.iter().any(is_root) {
                    SELF_SIGNED_IN_CHAIN
                } else {
                    NO_LOCAL_ISSUER
                }
            }
            _ => UNSPECIFIED,
        }
    }

    /// Is it needed that the other end shows a certificate?
    pub fn is_required(&self) -> bool {
        self.mode == CERT_REQUIRED
    }
}

/// What RFC 5280 asks for and much of the world does not heed.
fn check_strictly(certificate: &Certificate<'_>, place: usize) -> Result<(), Verdict> {
    let is_authority = certificate.is_authority();
    if certificate.version >= 3 {
        if !certificate.is_self_issued() && certificate.extension(AUTHORITY_KEY_IDENTIFIER).is_none() {
            return Err(Verdict::of(NO_AUTHORITY_KEY));
        }
        if is_authority && certificate.extension(SUBJECT_KEY_IDENTIFIER).is_none() {
            return Err(Verdict::of(NO_SUBJECT_KEY));
        }
    }
    let constraints = certificate.extension(BASIC_CONSTRAINTS);
    if is_authority && constraints.is_some_and(|extension| !extension.is_critical) {
        return Err(Verdict::of(CONSTRAINTS_NOT_CRITICAL));
    }
    if place > 0 && !is_authority {
        return Err(Verdict::of(INVALID_AUTHORITY));
    }
    Ok(())
}

impl ServerCertVerifier for PeerCheck {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.run(end_entity, intermediates, now).map(|()| ServerCertVerified::assertion())
    }
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.algorithms)
    }
    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.algorithms)
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

impl ClientCertVerifier for PeerCheck {
    fn offer_client_auth(&self) -> bool {
        self.mode != CERT_NONE
    }
    fn client_auth_mandatory(&self) -> bool {
        self.is_required()
    }
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }
    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.run(end_entity, intermediates, now).map(|()| ClientCertVerified::assertion())
    }
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.algorithms)
    }
    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.algorithms)
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
