-- The words of the subjects, folded by the program and each once: what tickets are found by. Those of older tickets are filled in by it too.
CREATE TABLE muticket_subject_word (
    word   TEXT   COLLATE "C" NOT NULL,
    ticket BIGINT NOT NULL REFERENCES muticket_ticket (number) ON DELETE CASCADE,
    PRIMARY KEY (word, ticket)
);
-- For one ticket's words, and for its deletion.
CREATE INDEX muticket_subject_word_ticket ON muticket_subject_word (ticket, word);

-- How far people have read tickets.
CREATE TABLE muticket_seen (
    ticket  BIGINT NOT NULL REFERENCES muticket_ticket (number) ON DELETE CASCADE,
    user_id TEXT   COLLATE "C" NOT NULL,
    message BIGINT NOT NULL, -- never goes back
    PRIMARY KEY (ticket, user_id)
);
-- What was there before is news to nobody: neither to the customers, nor to those who are supporters now.
INSERT INTO muticket_seen (ticket, user_id, message) SELECT number, customer, last_message FROM muticket_ticket;
INSERT INTO muticket_seen (ticket, user_id, message)
    SELECT ticket.number, supporter.user_id, ticket.last_message FROM muticket_ticket ticket CROSS JOIN muticket_supporter supporter
    WHERE ticket.state = 'open' AND ticket.customer <> supporter.user_id;
