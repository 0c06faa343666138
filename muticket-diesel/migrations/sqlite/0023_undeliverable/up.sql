-- Users whom letters do not reach: reports about delivery said so.

CREATE TABLE muticket_undeliverable (
    user_id  TEXT    NOT NULL PRIMARY KEY,
    address  TEXT    NOT NULL,  -- the address that the letters went to
    reports  INTEGER NOT NULL,  -- how many in a row
    first_at TEXT    NOT NULL,  -- when the first of them came
    last_at  TEXT    NOT NULL,  -- when the last of them came
    problem  TEXT    NOT NULL   -- what the last one says
) WITHOUT ROWID;
CREATE INDEX muticket_undeliverable_last ON muticket_undeliverable (last_at, user_id);
