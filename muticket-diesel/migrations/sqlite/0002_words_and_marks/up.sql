-- The words of the subjects, folded by the program and each once: what tickets are found by. Those of older tickets are filled in by it too.
CREATE TABLE muticket_subject_word (
    word   TEXT    NOT NULL,
    ticket INTEGER NOT NULL REFERENCES muticket_ticket (number) ON DELETE CASCADE,
    PRIMARY KEY (word, ticket)
) WITHOUT ROWID;
-- For one ticket's words, and for its deletion.
CREATE INDEX muticket_subject_word_ticket ON muticket_subject_word (ticket, word);

-- How far people have read tickets.
CREATE TABLE muticket_seen (
    ticket  INTEGER NOT NULL REFERENCES muticket_ticket (number) ON DELETE CASCADE,
    user_id TEXT    NOT NULL,
    message INTEGER NOT NULL, -- never goes back
    PRIMARY KEY (ticket, user_id)
) WITHOUT ROWID;
-- What was there before is news to nobody: neither to the customers, nor to those who are supporters now.
INSERT INTO muticket_seen (ticket, user_id, message) SELECT number, customer, last_message FROM muticket_ticket;
INSERT INTO muticket_seen (ticket, user_id, message)
    SELECT ticket.number, supporter.user_id, ticket.last_message FROM muticket_ticket ticket CROSS JOIN muticket_supporter supporter
    WHERE ticket.state = 'open' AND ticket.customer <> supporter.user_id;
