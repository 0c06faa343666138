-- The pages of tickets that supporters have open. Old rows are deleted after a day.
CREATE TABLE muticket_open_page (
    ticket  INTEGER NOT NULL REFERENCES muticket_ticket (number) ON DELETE CASCADE,
    user_id TEXT    NOT NULL,
    writes  BOOLEAN NOT NULL,
    seen_at TEXT    NOT NULL,
    PRIMARY KEY (ticket, user_id)
) WITHOUT ROWID;
CREATE INDEX muticket_open_page_seen ON muticket_open_page (seen_at);
