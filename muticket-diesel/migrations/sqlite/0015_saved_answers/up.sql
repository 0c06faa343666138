-- Saved answers of supporters, their texts, and how often each supporter used them. Customers never read these.

CREATE TABLE muticket_saved_answer (
    id             BLOB    NOT NULL PRIMARY KEY,
    owner          TEXT,             -- NULL: all supporters share it
    title          TEXT    NOT NULL,
    categories     TEXT    NOT NULL, -- the ids of the categories it is offered for, each on a line of its own; empty: all
    closes         BOOLEAN NOT NULL, -- what happens when the answer is sent
    takes          BOOLEAN NOT NULL, -- assigns the ticket to the supporter who sends it
    assignee       TEXT,
    priority       INTEGER,          -- 0 low, 1 normal, 2 high, 3 urgent
    moves_to       TEXT              -- the new category
) WITHOUT ROWID;
CREATE INDEX muticket_saved_answer_of_owner ON muticket_saved_answer (owner);

CREATE TABLE muticket_saved_text (
    answer   BLOB    NOT NULL REFERENCES muticket_saved_answer (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    language TEXT    NOT NULL,
    body     TEXT    NOT NULL,
    PRIMARY KEY (answer, position)
) WITHOUT ROWID;

CREATE TABLE muticket_saved_use (
    answer  BLOB    NOT NULL REFERENCES muticket_saved_answer (id) ON DELETE CASCADE,
    user_id TEXT    NOT NULL,
    uses    INTEGER NOT NULL,
    PRIMARY KEY (answer, user_id)
) WITHOUT ROWID;
