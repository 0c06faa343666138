-- The first answer of each ticket that has one: it stays the first, so that figures about many tickets read one short row of each.

CREATE TABLE muticket_first_answer (
    ticket      BIGINT           NOT NULL PRIMARY KEY,
    message     BIGINT           NOT NULL,
    author      TEXT COLLATE "C" NOT NULL,
    answered_at TIMESTAMP        NOT NULL,
    seconds     BIGINT           NOT NULL, -- since the opening of the ticket, cut to whole ones, never negative
    FOREIGN KEY (ticket, message) REFERENCES muticket_message (ticket, number) ON DELETE CASCADE
);
INSERT INTO muticket_first_answer (ticket, message, author, answered_at, seconds)
SELECT answer.ticket, answer.number, answer.author, answer.written_at,
    GREATEST(0, FLOOR(EXTRACT(EPOCH FROM answer.written_at - ticket.opened_at)))
FROM muticket_message answer JOIN muticket_ticket ticket ON ticket.number = answer.ticket
WHERE answer.role = 'supporter' AND NOT EXISTS (
    SELECT 1 FROM muticket_message earlier
    WHERE earlier.ticket = answer.ticket AND earlier.number < answer.number AND earlier.role = 'supporter');
CREATE INDEX muticket_first_answer_author ON muticket_first_answer (author, seconds);
CREATE INDEX muticket_first_answer_author_newest ON muticket_first_answer (author, answered_at, ticket);

-- Figures and the lists behind them are read from indexes alone.
DROP INDEX muticket_message_author;
CREATE INDEX muticket_message_author ON muticket_message (author, role, written_at);
DROP INDEX muticket_rating_author;
CREATE INDEX muticket_rating_author ON muticket_rating (author, score, rated_at, ticket, message);
DROP INDEX muticket_rating_author_newest;
CREATE INDEX muticket_rating_author_newest ON muticket_rating (author, rated_at, ticket, message, score);
