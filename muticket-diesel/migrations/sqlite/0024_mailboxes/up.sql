-- The mailboxes from which letters are fetched, and how far each was read.

CREATE TABLE muticket_mailbox (
    name         TEXT    NOT NULL PRIMARY KEY,   -- its address without the secret
    uid_validity INTEGER,                        -- the numbers of letters are comparable as long as this is the same
    next_uid     INTEGER,                        -- the lowest number of a letter that was not taken in yet
    checked_at   TEXT,                           -- when it was last read to its end
    problem      TEXT                            -- what went wrong at the last look
) WITHOUT ROWID;
