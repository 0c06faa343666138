-- Files of notes. They have a table of their own, so that nothing that reads the files of messages finds one. Customers never read these.

CREATE TABLE muticket_note_file (
    id         UUID             NOT NULL PRIMARY KEY,
    ticket     BIGINT           NOT NULL,
    note       BIGINT           NOT NULL,
    name       TEXT             NOT NULL,
    media_type TEXT COLLATE "C" NOT NULL,
    size       BIGINT           NOT NULL,
    blob_key   TEXT COLLATE "C" NOT NULL UNIQUE,
    sha256     TEXT COLLATE "C" NOT NULL,
    FOREIGN KEY (ticket, note) REFERENCES muticket_note (ticket, number) ON DELETE CASCADE
);
CREATE INDEX muticket_note_file_of_note ON muticket_note_file (ticket, note, id);
