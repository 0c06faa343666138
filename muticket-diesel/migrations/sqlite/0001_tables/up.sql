-- All texts are UTF-8 and compared byte for byte, which is what SQLite does by default.
-- Instants are texts in UTC like 2027-01-15 08:00:00.123456, the fraction left out when it is zero: as texts they are in order of time.
-- UUIDs are blobs of 16 bytes. Users, groups and the host's categories are the host's own spelling, and never a foreign key.
-- Every index of a table with a number as its key ends with that number, without saying so.

CREATE TABLE muticket_ticket (
    number           INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, -- AUTOINCREMENT: never given twice, not even after a deletion
    customer         TEXT    NOT NULL,
    subject          TEXT    NOT NULL,
    category         TEXT,
    state            TEXT    NOT NULL, -- open, closed
    turn             TEXT    NOT NULL, -- new, supporter, customer: follows from answers and last_role, kept for the index
    closed_by        TEXT,
    last_message     INTEGER NOT NULL,
    answers          INTEGER NOT NULL,
    last_role        TEXT    NOT NULL, -- customer, supporter
    follows          INTEGER REFERENCES muticket_ticket (number) ON DELETE SET NULL,
    opened_at        TEXT    NOT NULL,
    last_activity_at TEXT    NOT NULL,
    version          INTEGER NOT NULL
);
-- One for each kind of list; a list of open and closed tickets is put together of two.
CREATE INDEX muticket_ticket_all ON muticket_ticket (state, last_activity_at);
CREATE INDEX muticket_ticket_all_by_number ON muticket_ticket (state);
CREATE INDEX muticket_ticket_waiting ON muticket_ticket (state, turn, last_activity_at);
CREATE INDEX muticket_ticket_of_customer ON muticket_ticket (customer, state, last_activity_at);
CREATE INDEX muticket_ticket_of_category ON muticket_ticket (category, state, last_activity_at) WHERE category IS NOT NULL;
-- For the deletion of the ticket that is followed.
CREATE INDEX muticket_ticket_follows ON muticket_ticket (follows) WHERE follows IS NOT NULL;

CREATE TABLE muticket_message (
    ticket     INTEGER NOT NULL REFERENCES muticket_ticket (number) ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    author     TEXT    NOT NULL,
    role       TEXT    NOT NULL, -- customer, supporter
    body       TEXT    NOT NULL,
    written_at TEXT    NOT NULL,
    nonce      BLOB    UNIQUE,
    PRIMARY KEY (ticket, number)
);
-- For the number of a supporter's answers.
CREATE INDEX muticket_message_author ON muticket_message (author, role);

CREATE TABLE muticket_attachment (
    id         BLOB    NOT NULL PRIMARY KEY,
    ticket     INTEGER NOT NULL,
    message    INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    media_type TEXT    NOT NULL,
    size       INTEGER NOT NULL,
    blob_key   TEXT    NOT NULL UNIQUE,
    FOREIGN KEY (ticket, message) REFERENCES muticket_message (ticket, number) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX muticket_attachment_message ON muticket_attachment (ticket, message, id);

CREATE TABLE muticket_rating (
    ticket   INTEGER NOT NULL,
    message  INTEGER NOT NULL,
    score    INTEGER NOT NULL,
    rated_at TEXT    NOT NULL,
    author   TEXT, -- the supporter whose answer it is, as in its message, which never changes: kept for the indexes
    PRIMARY KEY (ticket, message),
    FOREIGN KEY (ticket, message) REFERENCES muticket_message (ticket, number) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX muticket_rating_author ON muticket_rating (author, score);
CREATE INDEX muticket_rating_author_newest ON muticket_rating (author, rated_at, ticket, message);

CREATE TABLE muticket_history (
    ticket  INTEGER NOT NULL REFERENCES muticket_ticket (number) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    at      TEXT    NOT NULL,
    by_user TEXT    NOT NULL,
    change  TEXT    NOT NULL, -- opened, replied, answered, rated, closed, reopened
    message INTEGER, -- of replied, answered, rated
    score   INTEGER, -- of rated
    PRIMARY KEY (ticket, version)
) WITHOUT ROWID;

CREATE TABLE muticket_supporter (
    position INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, -- the order they were made in
    id       BLOB    NOT NULL UNIQUE,
    user_id  TEXT    NOT NULL UNIQUE,
    present  BOOLEAN NOT NULL
);

CREATE TABLE muticket_supporter_category (
    supporter BLOB NOT NULL REFERENCES muticket_supporter (id) ON DELETE CASCADE,
    category  TEXT NOT NULL,
    PRIMARY KEY (supporter, category)
) WITHOUT ROWID;

CREATE TABLE muticket_settings (
    id              INTEGER PRIMARY KEY NOT NULL CHECK (id = 1), -- there is one set of them
    supporter_group TEXT,
    ratings         BOOLEAN NOT NULL,
    image_limit     INTEGER,
    supporters_open BOOLEAN NOT NULL,
    revision        INTEGER NOT NULL -- grows with every change of settings, supporters and categories; by hand, count it up yourself
);
INSERT INTO muticket_settings (id, ratings, supporters_open, revision) VALUES (1, TRUE, FALSE, 0);

CREATE TABLE muticket_category (
    position INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, -- the order they were made in
    id       TEXT    NOT NULL UNIQUE,
    retired  BOOLEAN NOT NULL
);

CREATE TABLE muticket_category_name (
    category TEXT    NOT NULL REFERENCES muticket_category (id) ON DELETE CASCADE,
    position INTEGER NOT NULL, -- the order they were given in
    language TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    PRIMARY KEY (category, position)
) WITHOUT ROWID;

CREATE TABLE muticket_outbox (
    id         BLOB    NOT NULL PRIMARY KEY,
    notice     TEXT    NOT NULL,
    ticket     INTEGER NOT NULL REFERENCES muticket_ticket (number) ON DELETE CASCADE,
    message    INTEGER NOT NULL,
    recipient  TEXT    NOT NULL,
    created_at TEXT    NOT NULL,
    attempts   INTEGER NOT NULL,
    claims     INTEGER NOT NULL, -- never goes back
    state      TEXT    NOT NULL, -- waiting, claimed, sent, dropped, failed
    due_at     TEXT, -- of waiting and claimed: when a courier may take it
    ended_at   TEXT, -- of sent, dropped and failed
    detail     TEXT  -- of waiting and failed: what went wrong; of dropped: why
) WITHOUT ROWID;
CREATE INDEX muticket_outbox_due ON muticket_outbox (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX muticket_outbox_ended ON muticket_outbox (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX muticket_outbox_state ON muticket_outbox (state, created_at, id);
CREATE INDEX muticket_outbox_ticket ON muticket_outbox (ticket);

CREATE TABLE muticket_orphan (
    blob_key TEXT NOT NULL PRIMARY KEY,
    due_at   TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX muticket_orphan_due ON muticket_orphan (due_at, blob_key);

CREATE TABLE muticket_secret (
    name   TEXT NOT NULL PRIMARY KEY,
    secret BLOB NOT NULL
) WITHOUT ROWID;
