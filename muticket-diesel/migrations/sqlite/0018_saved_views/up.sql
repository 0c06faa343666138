-- Saved views of the supporters' list, and the view that each supporter opens first. Customers never read these.

CREATE TABLE muticket_saved_view (
    id        BLOB    NOT NULL PRIMARY KEY,
    owner     TEXT,                         -- NULL: all supporters share it
    name      TEXT    NOT NULL,
    state     TEXT    NOT NULL,             -- open, closed or all
    ready     TEXT,                         -- the word of a ready view, which the others narrow
    waiting   TEXT,                         -- new, supporter or customer
    category  TEXT,
    customer  TEXT,
    assigned  TEXT,                         -- me, nobody or user
    assignee  TEXT,                         -- the user
    priority  INTEGER,                      -- 0 low, 1 normal, 2 high, 3 urgent
    label     BLOB,                         -- no reference: a view outlives its label, and then holds no tickets
    search    TEXT,                         -- as it was typed
    sort      TEXT    NOT NULL,             -- activity, number or to-do
    direction TEXT    NOT NULL,             -- ascending or descending
    texts     BOOLEAN NOT NULL              -- whether the rows show the last message
) WITHOUT ROWID;
CREATE INDEX muticket_saved_view_of_owner ON muticket_saved_view (owner);

CREATE TABLE muticket_first_view (
    user_id TEXT NOT NULL PRIMARY KEY,
    ready   TEXT, -- the word of a ready view
    saved   BLOB REFERENCES muticket_saved_view (id) ON DELETE CASCADE -- or a saved one
) WITHOUT ROWID;
CREATE INDEX muticket_first_view_of_saved ON muticket_first_view (saved);
