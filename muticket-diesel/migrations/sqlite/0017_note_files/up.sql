-- Files of notes. They have a table of their own, so that nothing that reads the files of messages finds one. Customers never read these.

CREATE TABLE muticket_note_file (
    id         BLOB    NOT NULL PRIMARY KEY,
    ticket     INTEGER NOT NULL,
    note       INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    media_type TEXT    NOT NULL,
    size       INTEGER NOT NULL,
    blob_key   TEXT    NOT NULL UNIQUE,
    sha256     TEXT    NOT NULL,
    FOREIGN KEY (ticket, note) REFERENCES muticket_note (ticket, number) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX muticket_note_file_of_note ON muticket_note_file (ticket, note, id);
