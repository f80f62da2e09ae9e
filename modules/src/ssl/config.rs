//! What a context says, as configurations of connections.

use super::constants::{
    CERT_NONE, MAXIMUM_SUPPORTED, OP_NO_TICKET, OP_NO_TLS1_2, OP_NO_TLS1_3, OP_SERVER_PREFERENCE, TLS1_2, TLS1_3,
};
use super::context::Settings;
use super::host_name::Host;
use super::verify::{Found, PeerCheck};
use rustls::client::{ResolvesClientCert, Resumption};
use rustls::crypto::{CryptoProvider, ring};
use rustls::server::{ClientHello, NoServerSessionStorage, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, Error, ServerConfig, SignatureScheme, SupportedProtocolVersion};
use std::sync::{Arc, Mutex};

/// The certificates that an end has to show, of several kinds of keys.
#[derive(Debug)]
struct Identities(Vec<Arc<CertifiedKey>>);

impl Identities {
    /// The one whose key signs as the other end understands.
    fn fitting(&self, schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.0.iter().find(|identity| identity.key.choose_scheme(schemes).is_some()).cloned()
    }
}

impl ResolvesServerCert for Identities {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.fitting(hello.signature_schemes())
    }
}

impl ResolvesClientCert for Identities {
    fn resolve(&self, _: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.fitting(schemes)
    }
    fn has_certs(&self) -> bool {
        !self.0.is_empty()
    }
}

impl Settings {
    fn versions(&self) -> Vec<&'static SupportedProtocolVersion> {
        let most = if self.maximum == MAXIMUM_SUPPORTED { TLS1_3 } else { self.maximum };
        let rows = [(TLS1_3, OP_NO_TLS1_3, &rustls::version::TLS13), (TLS1_2, OP_NO_TLS1_2, &rustls::version::TLS12)];
        let is_wanted = |number, option| self.minimum <= number && number <= most && self.options & option == 0;
        rows.into_iter().filter(|row| is_wanted(row.0, row.1)).map(|row| row.2).collect()
    }

    fn provider(&self) -> Arc<CryptoProvider> {
        let cipher_suites = self.ciphers.iter().map(|cipher| *cipher.suite).collect();
        let mut provider = CryptoProvider { cipher_suites, ..ring::default_provider() };
        if let Some(group) = self.group {
            provider.kx_groups.retain(|known| known.name() == group);
        }
        Arc::new(provider)
    }

    fn check(&mut self, is_server: bool, host: Option<&str>) -> Arc<PeerCheck> {
        Arc::new(PeerCheck {
            trust: self.store.trust(),
            mode: self.verify_mode,
            flags: self.verify_flags,
            host: host.filter(|_| self.checks_host).map(Host::of),
            host_flags: self.host_flags,
            is_server,
            algorithms: ring::default_provider().signature_verification_algorithms,
            found: Mutex::new(Found::default()),
        })
    }

    /// A client's; `host`: whom it wants to speak to.
    pub fn client(&mut self, host: Option<&str>, has_name: bool) -> Result<(Arc<ClientConfig>, Arc<PeerCheck>), Error> {
        let check = self.check(false, host);
        let builder = ClientConfig::builder_with_provider(self.provider()).with_protocol_versions(&self.versions())?;
        let mut config = builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&check) as Arc<_>)
            .with_client_cert_resolver(Arc::new(Identities(self.identities.clone())));
        config.alpn_protocols.clone_from(&self.protocols);
        config.check_selected_alpn = false;
        config.enable_sni = has_name;
        config.resumption = Resumption::disabled();
        Ok((Arc::new(config), check))
    }

    /// A server's, for a client that offers protocols: one that it shares none with gets none.
    pub fn server(&mut self, offered: &[Vec<u8>]) -> Result<(Arc<ServerConfig>, Arc<PeerCheck>), Error> {
        let check = self.check(true, None);
        let builder = ServerConfig::builder_with_provider(self.provider()).with_protocol_versions(&self.versions())?;
        let builder = match self.verify_mode {
            CERT_NONE => builder.with_no_client_auth(),
            _ => builder.with_client_cert_verifier(Arc::clone(&check) as Arc<_>),
        };
        let mut config = builder.with_cert_resolver(Arc::new(Identities(self.identities.clone())));
        if self.protocols.iter().any(|protocol| offered.contains(protocol)) {
            config.alpn_protocols.clone_from(&self.protocols);
        }
        config.ignore_client_order = self.options & OP_SERVER_PREFERENCE != 0;
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = if self.options & OP_NO_TICKET == 0 { self.n_tickets } else { 0 };
        Ok((Arc::new(config), check))
    }
}
