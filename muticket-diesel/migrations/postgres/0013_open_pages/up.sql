-- The pages of tickets that supporters have open. Old rows are deleted after a day.
CREATE TABLE muticket_open_page (
    ticket  BIGINT    NOT NULL REFERENCES muticket_ticket (number) ON DELETE CASCADE,
    user_id TEXT      COLLATE "C" NOT NULL,
    writes  BOOLEAN   NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    PRIMARY KEY (ticket, user_id)
);
CREATE INDEX muticket_open_page_seen ON muticket_open_page (seen_at);
