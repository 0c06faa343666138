-- Labels, and the tickets that have them. Customers never read these.

CREATE TABLE muticket_label (
    position INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, -- the order they were made in
    id       BLOB    NOT NULL UNIQUE,
    name     TEXT    NOT NULL,
    colour   TEXT    NOT NULL -- the word of a colour
);

CREATE TABLE muticket_ticket_label (
    label  BLOB    NOT NULL REFERENCES muticket_label (id) ON DELETE CASCADE,
    ticket INTEGER NOT NULL REFERENCES muticket_ticket (number) ON DELETE CASCADE,
    PRIMARY KEY (label, ticket)
) WITHOUT ROWID;
CREATE INDEX muticket_ticket_label_of_ticket ON muticket_ticket_label (ticket, label);
