-- The mailboxes from which letters are fetched, and how far each was read.

CREATE TABLE muticket_mailbox (
    name         TEXT COLLATE "C" NOT NULL PRIMARY KEY,   -- its address without the secret
    uid_validity BIGINT,                                  -- the numbers of letters are comparable as long as this is the same
    next_uid     BIGINT,                                  -- the lowest number of a letter that was not taken in yet
    checked_at   TIMESTAMP,                               -- when it was last read to its end
    problem      TEXT COLLATE "C"                         -- what went wrong at the last look
);
