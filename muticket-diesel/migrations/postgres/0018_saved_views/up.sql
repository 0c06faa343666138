-- Saved views of the supporters' list, and the view that each supporter opens first. Customers never read these.

CREATE TABLE muticket_saved_view (
    id        UUID             NOT NULL PRIMARY KEY,
    owner     TEXT COLLATE "C",                      -- NULL: all supporters share it
    name      TEXT COLLATE "C" NOT NULL,
    state     TEXT COLLATE "C" NOT NULL,             -- open, closed or all
    ready     TEXT COLLATE "C",                      -- the word of a ready view, which the others narrow
    waiting   TEXT COLLATE "C",                      -- new, supporter or customer
    category  TEXT COLLATE "C",
    customer  TEXT COLLATE "C",
    assigned  TEXT COLLATE "C",                      -- me, nobody or user
    assignee  TEXT COLLATE "C",                      -- the user
    priority  BIGINT,                                -- 0 low, 1 normal, 2 high, 3 urgent
    label     UUID,                                  -- no reference: a view outlives its label, and then holds no tickets
    search    TEXT COLLATE "C",                      -- as it was typed
    sort      TEXT COLLATE "C" NOT NULL,             -- activity, number or to-do
    direction TEXT COLLATE "C" NOT NULL,             -- ascending or descending
    texts     BOOLEAN          NOT NULL              -- whether the rows show the last message
);
CREATE INDEX muticket_saved_view_of_owner ON muticket_saved_view (owner);

CREATE TABLE muticket_first_view (
    user_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    ready   TEXT COLLATE "C", -- the word of a ready view
    saved   UUID             REFERENCES muticket_saved_view (id) ON DELETE CASCADE -- or a saved one
);
CREATE INDEX muticket_first_view_of_saved ON muticket_first_view (saved);
