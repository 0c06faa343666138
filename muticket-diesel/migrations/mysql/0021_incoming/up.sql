-- Letters that came in. Each is stored as it came, in a blob, before anything is done with it.

-- As in the first migration, the statement can be run again after an interruption.
CREATE TABLE IF NOT EXISTS muticket_incoming (
    id            BINARY(16)   NOT NULL PRIMARY KEY,
    received_at   DATETIME(6)  NOT NULL,
    blob_key      VARCHAR(100) NOT NULL UNIQUE,
    size          BIGINT       NOT NULL,
    sha256        VARCHAR(64)  NOT NULL UNIQUE,   -- without what servers add on the way, so that a letter counts once
    envelope_from TEXT,                           -- NULL: not known; empty: it wants no report
    envelope_to   TEXT         NOT NULL,          -- addresses, separated by blanks
    attempts      BIGINT       NOT NULL,
    claims        BIGINT       NOT NULL,          -- never goes back
    due_at        DATETIME(6),                    -- when its processing may begin again
    verdict       VARCHAR(40)  NOT NULL,          -- the word of a verdict
    problem       TEXT,                           -- what went wrong
    sender        TEXT,                           -- the address in its header From
    subject       TEXT,
    ticket        BIGINT,
    message       BIGINT,                         -- the message that it became
    new_part      BIGINT,                         -- how many characters of that message are new
    INDEX muticket_incoming_due (due_at, id),
    INDEX muticket_incoming_verdict (verdict, received_at, id),
    INDEX muticket_incoming_ticket (ticket, id),
    FOREIGN KEY (ticket) REFERENCES muticket_ticket (number) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;
