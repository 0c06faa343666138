-- Letters that came in. Each is stored as it came, in a blob, before anything is done with it.

CREATE TABLE muticket_incoming (
    id            UUID             NOT NULL PRIMARY KEY,
    received_at   TIMESTAMP        NOT NULL,
    blob_key      TEXT COLLATE "C" NOT NULL UNIQUE,
    size          BIGINT           NOT NULL,
    sha256        TEXT COLLATE "C" NOT NULL UNIQUE,   -- without what servers add on the way, so that a letter counts once
    envelope_from TEXT COLLATE "C",                   -- NULL: not known; empty: it wants no report
    envelope_to   TEXT COLLATE "C" NOT NULL,          -- addresses, separated by blanks
    attempts      BIGINT           NOT NULL,
    claims        BIGINT           NOT NULL,          -- never goes back
    due_at        TIMESTAMP,                          -- when its processing may begin again
    verdict       TEXT COLLATE "C" NOT NULL,          -- the word of a verdict
    problem       TEXT COLLATE "C",                   -- what went wrong
    sender        TEXT COLLATE "C",                   -- the address in its header From
    subject       TEXT COLLATE "C",
    ticket        BIGINT           REFERENCES muticket_ticket (number) ON DELETE CASCADE,
    message       BIGINT,                             -- the message that it became
    new_part      BIGINT                              -- how many characters of that message are new
);
CREATE INDEX muticket_incoming_due ON muticket_incoming (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX muticket_incoming_verdict ON muticket_incoming (verdict, received_at, id);
CREATE INDEX muticket_incoming_ticket ON muticket_incoming (ticket, id);
