-- Letters that came in. Each is stored as it came, in a blob, before anything is done with it.

CREATE TABLE muticket_incoming (
    id            BLOB    NOT NULL PRIMARY KEY,
    received_at   TEXT    NOT NULL,
    blob_key      TEXT    NOT NULL UNIQUE,
    size          INTEGER NOT NULL,
    sha256        TEXT    NOT NULL UNIQUE,   -- without what servers add on the way, so that a letter counts once
    envelope_from TEXT,                      -- NULL: not known; empty: it wants no report
    envelope_to   TEXT    NOT NULL,          -- addresses, separated by blanks
    attempts      INTEGER NOT NULL,
    claims        INTEGER NOT NULL,          -- never goes back
    due_at        TEXT,                      -- when its processing may begin again
    verdict       TEXT    NOT NULL,          -- the word of a verdict
    problem       TEXT,                      -- what went wrong
    sender        TEXT,                      -- the address in its header From
    subject       TEXT,
    ticket        INTEGER REFERENCES muticket_ticket (number) ON DELETE CASCADE,
    message       INTEGER,                   -- the message that it became
    new_part      INTEGER                    -- how many characters of that message are new
) WITHOUT ROWID;
CREATE INDEX muticket_incoming_due ON muticket_incoming (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX muticket_incoming_verdict ON muticket_incoming (verdict, received_at, id);
CREATE INDEX muticket_incoming_ticket ON muticket_incoming (ticket, id);
