-- When couriers last looked after the letters: by it, they know tables that were put back from a backup, and hold the letters in them.

CREATE TABLE muticket_pulse (
    id         INTEGER PRIMARY KEY NOT NULL CHECK (id = 1), -- there is one
    beat       INTEGER NOT NULL, -- grows with every note; 0 before the first
    written_at TEXT    NOT NULL,
    stopped    BOOLEAN NOT NULL -- whether the site was stopped then, and not cut off
);
INSERT INTO muticket_pulse (id, beat, written_at, stopped) VALUES (1, 0, '1970-01-01 00:00:00', FALSE);
