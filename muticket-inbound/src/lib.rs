#![cfg_attr(any(feature = "lmtp", not(doctest)), doc = include_str!("../README.md"))]
// The example of the README needs the feature `lmtp`.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "auth")]
pub mod auth;
#[cfg(feature = "imap")]
pub mod imap;
#[cfg(feature = "lmtp")]
pub mod lmtp;
#[cfg(feature = "imap")]
mod tls;
