//! What letters say about the site.

use crate::courier::base_url::BaseUrl;
use crate::mail::Mailbox;

/// The site's data in letters.
#[derive(Debug, Clone)]
pub struct CourierConfig {
    /// The sender of letters. Its domain is part of message ids, so it should be the site's own.
    pub from: Mailbox,
    /// The address of the pages.
    pub base_url: BaseUrl,
    /// The name of the site.
    pub site_name: String,
}
