-- The mailboxes from which letters are fetched, and how far each was read.

CREATE TABLE IF NOT EXISTS muticket_mailbox (
    name         VARCHAR(255) NOT NULL PRIMARY KEY,   -- its address without the secret
    uid_validity BIGINT,                              -- the numbers of letters are comparable as long as this is the same
    next_uid     BIGINT,                              -- the lowest number of a letter that was not taken in yet
    checked_at   DATETIME(6),                         -- when it was last read to its end
    problem      TEXT                                 -- what went wrong at the last look
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;
