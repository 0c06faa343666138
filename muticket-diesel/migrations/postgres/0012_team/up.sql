-- What supporters do among themselves: assignee and priority of a ticket, and notes. Customers never read these.

ALTER TABLE muticket_ticket ADD COLUMN assignee TEXT COLLATE "C";
ALTER TABLE muticket_ticket ADD COLUMN priority BIGINT NOT NULL DEFAULT 1; -- 0 low, 1 normal, 2 high, 3 urgent
ALTER TABLE muticket_ticket ADD COLUMN last_note BIGINT; -- the number of the newest note, even if that was deleted
CREATE INDEX muticket_ticket_of_assignee ON muticket_ticket (assignee, state, last_activity_at) WHERE assignee IS NOT NULL;

-- The note, assignee, category or priority of a change.
ALTER TABLE muticket_history ADD COLUMN value TEXT COLLATE "C";

-- What a letter is about, if not its message: the version of the ticket that a change made, or a note.
ALTER TABLE muticket_outbox ADD COLUMN version BIGINT;
ALTER TABLE muticket_outbox ADD COLUMN note BIGINT;

ALTER TABLE muticket_settings ADD COLUMN answering_assigns BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE muticket_settings ADD COLUMN assignee_first BOOLEAN NOT NULL DEFAULT TRUE;

CREATE TABLE muticket_note (
    ticket        BIGINT    NOT NULL REFERENCES muticket_ticket (number) ON DELETE CASCADE,
    number        BIGINT    NOT NULL,
    after_message BIGINT    NOT NULL, -- the newest message when it was written
    author        TEXT      COLLATE "C" NOT NULL,
    body          TEXT      COLLATE "C" NOT NULL,
    mentions      TEXT      COLLATE "C" NOT NULL, -- the users it mentions, each on a line of its own
    written_at    TIMESTAMP NOT NULL,
    edited_at     TIMESTAMP,
    nonce         UUID      UNIQUE,
    PRIMARY KEY (ticket, number)
);
CREATE INDEX muticket_note_after ON muticket_note (ticket, after_message, number);
