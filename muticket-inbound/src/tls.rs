//! TLS to mail servers, with a cryptography provider of our own. The process-wide provider is the host's choice, and if it is missing,
//! rustls panics.

use std::sync::Arc;

use rustls_platform_verifier::Verifier;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

/// A connector that trusts what the machine trusts, and these certificates.
///
/// # Errors
/// What a library says about it.
pub(crate) fn connector(trusted: Vec<CertificateDer<'static>>) -> Result<TlsConnector, String> {
    let broken = |error: tokio_rustls::rustls::Error| error.to_string();
    let provider = Arc::new(ring::default_provider());
    let verifier = Verifier::new_with_extra_roots(trusted, provider.clone()).map_err(broken)?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(broken)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// The certificates in a text in PEM form.
///
/// # Errors
/// There is none, or one cannot be read.
pub(crate) fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let certificates = read.map_err(|error| error.to_string())?;
    if certificates.is_empty() { Err("the file holds no certificate".to_owned()) } else { Ok(certificates) }
}
