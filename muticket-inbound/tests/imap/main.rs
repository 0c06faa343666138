//! Letters are fetched from a mailbox, whatever its server does (M-08).

mod dovecot;
mod logins;
mod looks;
mod refusals;
mod site;
mod troubles;
