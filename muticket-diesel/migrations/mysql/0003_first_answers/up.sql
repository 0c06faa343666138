-- The first answer of each ticket that has one: it stays the first, so that figures about many tickets read one short row of each.
-- As in the first migration, each statement can be run again after an interruption: an index is exchanged in one statement, under its name.

CREATE TABLE IF NOT EXISTS muticket_first_answer (
    ticket      BIGINT       NOT NULL PRIMARY KEY,
    message     BIGINT       NOT NULL,
    author      VARCHAR(255) NOT NULL,
    answered_at DATETIME(6)  NOT NULL,
    seconds     BIGINT       NOT NULL, -- since the opening of the ticket, cut to whole ones, never negative
    INDEX muticket_first_answer_message (ticket, message),
    INDEX muticket_first_answer_author (author, seconds),
    INDEX muticket_first_answer_author_newest (author, answered_at, ticket),
    FOREIGN KEY (ticket, message) REFERENCES muticket_message (ticket, number) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;
INSERT IGNORE INTO muticket_first_answer (ticket, message, author, answered_at, seconds)
SELECT answer.ticket, answer.number, answer.author, answer.written_at,
    GREATEST(0, TIMESTAMPDIFF(SECOND, ticket.opened_at, answer.written_at))
FROM muticket_message answer JOIN muticket_ticket ticket ON ticket.number = answer.ticket
WHERE answer.role = 'supporter' AND NOT EXISTS (
    SELECT 1 FROM muticket_message earlier
    WHERE earlier.ticket = answer.ticket AND earlier.number < answer.number AND earlier.role = 'supporter');

-- Figures and the lists behind them are read from indexes alone.
ALTER TABLE muticket_message DROP INDEX muticket_message_author, ADD INDEX muticket_message_author (author, role, written_at);
ALTER TABLE muticket_rating DROP INDEX muticket_rating_author, ADD INDEX muticket_rating_author (author, score, rated_at, ticket, message);
ALTER TABLE muticket_rating DROP INDEX muticket_rating_author_newest, ADD INDEX muticket_rating_author_newest (author, rated_at, ticket, message, score);
