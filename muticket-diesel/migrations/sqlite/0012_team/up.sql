-- What supporters do among themselves: assignee and priority of a ticket, and notes. Customers never read these.

ALTER TABLE muticket_ticket ADD COLUMN assignee TEXT;
ALTER TABLE muticket_ticket ADD COLUMN priority INTEGER NOT NULL DEFAULT 1; -- 0 low, 1 normal, 2 high, 3 urgent
ALTER TABLE muticket_ticket ADD COLUMN last_note INTEGER; -- the number of the newest note, even if that was deleted
CREATE INDEX muticket_ticket_of_assignee ON muticket_ticket (assignee, state, last_activity_at) WHERE assignee IS NOT NULL;

-- The note, assignee, category or priority of a change.
ALTER TABLE muticket_history ADD COLUMN value TEXT;

-- What a letter is about, if not its message: the version of the ticket that a change made, or a note.
ALTER TABLE muticket_outbox ADD COLUMN version INTEGER;
ALTER TABLE muticket_outbox ADD COLUMN note INTEGER;

ALTER TABLE muticket_settings ADD COLUMN answering_assigns BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE muticket_settings ADD COLUMN assignee_first BOOLEAN NOT NULL DEFAULT TRUE;

CREATE TABLE muticket_note (
    ticket        INTEGER NOT NULL REFERENCES muticket_ticket (number) ON DELETE CASCADE,
    number        INTEGER NOT NULL,
    after_message INTEGER NOT NULL, -- the newest message when it was written
    author        TEXT    NOT NULL,
    body          TEXT    NOT NULL,
    mentions      TEXT    NOT NULL, -- the users it mentions, each on a line of its own
    written_at    TEXT    NOT NULL,
    edited_at     TEXT,
    nonce         BLOB    UNIQUE,
    PRIMARY KEY (ticket, number)
);
CREATE INDEX muticket_note_after ON muticket_note (ticket, after_message, number);
