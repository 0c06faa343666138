-- Users whom letters do not reach: reports about delivery said so.

CREATE TABLE muticket_undeliverable (
    user_id  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    address  TEXT COLLATE "C" NOT NULL,  -- the address that the letters went to
    reports  BIGINT           NOT NULL,  -- how many in a row
    first_at TIMESTAMP        NOT NULL,  -- when the first of them came
    last_at  TIMESTAMP        NOT NULL,  -- when the last of them came
    problem  TEXT COLLATE "C" NOT NULL   -- what the last one says
);
CREATE INDEX muticket_undeliverable_last ON muticket_undeliverable (last_at, user_id);
