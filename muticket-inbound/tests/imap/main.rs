//! Letters are fetched from a mailbox, whatever its server does.
