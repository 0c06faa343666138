UPDATE muticket_incoming SET verdict = 'not-allowed' WHERE verdict = 'too-many';
DELETE FROM muticket_outbox WHERE message IS NULL;
DELETE FROM muticket_outbox WHERE state = 'dropped' AND detail = 'outdated';
CREATE TABLE muticket_outbox_before (
    id         BLOB    NOT NULL PRIMARY KEY,
    notice     TEXT    NOT NULL,
    ticket     INTEGER NOT NULL REFERENCES muticket_ticket (number) ON DELETE CASCADE,
    message    INTEGER NOT NULL,
    recipient  TEXT    NOT NULL,
    created_at TEXT    NOT NULL,
    attempts   INTEGER NOT NULL,
    claims     INTEGER NOT NULL, -- never goes back
    state      TEXT    NOT NULL, -- waiting, claimed, held, sent, dropped, failed
    due_at     TEXT, -- of waiting and claimed: when a courier may take it
    ended_at   TEXT, -- of sent, dropped and failed
    detail     TEXT, -- of waiting and failed: what went wrong; of dropped: why
    version    INTEGER,
    note       INTEGER
) WITHOUT ROWID;
INSERT INTO muticket_outbox_before (id, notice, ticket, message, recipient, created_at, attempts, claims, state, due_at, ended_at, detail, version, note)
SELECT id, notice, ticket, message, recipient, created_at, attempts, claims, state, due_at, ended_at, detail, version, note FROM muticket_outbox;
DROP TABLE muticket_outbox;
ALTER TABLE muticket_outbox_before RENAME TO muticket_outbox;
CREATE INDEX muticket_outbox_due ON muticket_outbox (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX muticket_outbox_ended ON muticket_outbox (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX muticket_outbox_state ON muticket_outbox (state, created_at, id);
CREATE INDEX muticket_outbox_ticket ON muticket_outbox (ticket);
DROP INDEX muticket_incoming_told;
DROP INDEX muticket_incoming_writer;
ALTER TABLE muticket_incoming DROP COLUMN told_at;
ALTER TABLE muticket_incoming DROP COLUMN writer;
ALTER TABLE muticket_incoming DROP COLUMN message_id;
