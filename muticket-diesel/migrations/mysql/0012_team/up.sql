-- What supporters do among themselves: assignee and priority of a ticket, and notes. Customers never read these.

-- As in the first migration, each statement can be run again after an interruption.
ALTER TABLE muticket_ticket
    ADD COLUMN /*M! IF NOT EXISTS */ assignee VARCHAR(255),
    ADD COLUMN /*M! IF NOT EXISTS */ priority BIGINT NOT NULL DEFAULT 1, -- 0 low, 1 normal, 2 high, 3 urgent
    ADD COLUMN /*M! IF NOT EXISTS */ last_note BIGINT, -- the number of the newest note, even if that was deleted
    ADD INDEX /*M! IF NOT EXISTS */ muticket_ticket_of_assignee (assignee, state, last_activity_at, number);

-- The note, assignee, category or priority of a change.
ALTER TABLE muticket_history ADD COLUMN /*M! IF NOT EXISTS */ value VARCHAR(255);

-- What a letter is about, if not its message: the version of the ticket that a change made, or a note.
ALTER TABLE muticket_outbox ADD COLUMN /*M! IF NOT EXISTS */ version BIGINT, ADD COLUMN /*M! IF NOT EXISTS */ note BIGINT;

ALTER TABLE muticket_settings
    ADD COLUMN /*M! IF NOT EXISTS */ answering_assigns BOOLEAN NOT NULL DEFAULT TRUE,
    ADD COLUMN /*M! IF NOT EXISTS */ assignee_first BOOLEAN NOT NULL DEFAULT TRUE;

CREATE TABLE IF NOT EXISTS muticket_note (
    ticket        BIGINT       NOT NULL,
    number        BIGINT       NOT NULL,
    after_message BIGINT       NOT NULL, -- the newest message when it was written
    author        VARCHAR(255) NOT NULL,
    body          MEDIUMTEXT   NOT NULL,
    mentions      MEDIUMTEXT   NOT NULL, -- the users it mentions, each on a line of its own
    written_at    DATETIME(6)  NOT NULL,
    edited_at     DATETIME(6),
    nonce         BINARY(16)   UNIQUE,
    PRIMARY KEY (ticket, number),
    INDEX muticket_note_after (ticket, after_message, number),
    FOREIGN KEY (ticket) REFERENCES muticket_ticket (number) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;
