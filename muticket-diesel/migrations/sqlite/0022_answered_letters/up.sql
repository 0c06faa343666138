-- Letters that answer a letter that came in: they have no message, and perhaps no ticket. What is counted, so that nobody gets many.

-- SQLite cannot change a column, so the table is made anew.
CREATE TABLE muticket_outbox_anew (
    id         BLOB    NOT NULL PRIMARY KEY,
    notice     TEXT    NOT NULL,
    ticket     INTEGER          REFERENCES muticket_ticket (number) ON DELETE CASCADE,
    message    INTEGER,
    recipient  TEXT    NOT NULL,
    created_at TEXT    NOT NULL,
    attempts   INTEGER NOT NULL,
    claims     INTEGER NOT NULL, -- never goes back
    state      TEXT    NOT NULL, -- waiting, claimed, held, sent, dropped, failed
    due_at     TEXT, -- of waiting and claimed: when a courier may take it
    ended_at   TEXT, -- of sent, dropped and failed
    detail     TEXT, -- of waiting and failed: what went wrong; of dropped: why
    version    INTEGER,
    note       INTEGER,
    incoming   BLOB, -- the letter that it answers
    CHECK (message IS NOT NULL OR incoming IS NOT NULL)
) WITHOUT ROWID;
INSERT INTO muticket_outbox_anew (id, notice, ticket, message, recipient, created_at, attempts, claims, state, due_at, ended_at, detail, version, note)
SELECT id, notice, ticket, message, recipient, created_at, attempts, claims, state, due_at, ended_at, detail, version, note FROM muticket_outbox;
DROP TABLE muticket_outbox;
ALTER TABLE muticket_outbox_anew RENAME TO muticket_outbox;
CREATE INDEX muticket_outbox_due ON muticket_outbox (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX muticket_outbox_ended ON muticket_outbox (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX muticket_outbox_state ON muticket_outbox (state, created_at, id);
CREATE INDEX muticket_outbox_ticket ON muticket_outbox (ticket);

-- Its Message-ID; the user who wrote it, if that is certain; and when they were last told what became of it.
ALTER TABLE muticket_incoming ADD COLUMN message_id TEXT;
ALTER TABLE muticket_incoming ADD COLUMN writer TEXT;
ALTER TABLE muticket_incoming ADD COLUMN told_at TEXT;
CREATE INDEX muticket_incoming_writer ON muticket_incoming (writer, received_at) WHERE writer IS NOT NULL;
CREATE INDEX muticket_incoming_told ON muticket_incoming (writer, told_at) WHERE told_at IS NOT NULL;
