-- Saved answers of supporters, their texts, and how often each supporter used them. Customers never read these.

CREATE TABLE muticket_saved_answer (
    id             UUID    NOT NULL PRIMARY KEY,
    owner          TEXT    COLLATE "C",          -- NULL: all supporters share it
    title          TEXT    COLLATE "C" NOT NULL,
    categories     TEXT    COLLATE "C" NOT NULL, -- the ids of the categories it is offered for, each on a line of its own; empty: all
    closes         BOOLEAN NOT NULL,             -- what happens when the answer is sent
    takes          BOOLEAN NOT NULL,             -- assigns the ticket to the supporter who sends it
    assignee       TEXT    COLLATE "C",
    priority       BIGINT,                       -- 0 low, 1 normal, 2 high, 3 urgent
    moves_to       TEXT    COLLATE "C"           -- the new category
);
CREATE INDEX muticket_saved_answer_of_owner ON muticket_saved_answer (owner);

CREATE TABLE muticket_saved_text (
    answer   UUID   NOT NULL REFERENCES muticket_saved_answer (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    language TEXT   COLLATE "C" NOT NULL,
    body     TEXT   COLLATE "C" NOT NULL,
    PRIMARY KEY (answer, position)
);

CREATE TABLE muticket_saved_use (
    answer  UUID   NOT NULL REFERENCES muticket_saved_answer (id) ON DELETE CASCADE,
    user_id TEXT   COLLATE "C" NOT NULL,
    uses    BIGINT NOT NULL,
    PRIMARY KEY (answer, user_id)
);
