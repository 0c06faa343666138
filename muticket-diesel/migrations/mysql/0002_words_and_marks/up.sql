-- The words of the subjects, folded by the program and each once: what tickets are found by. Those of older tickets are filled in by it too.
CREATE TABLE IF NOT EXISTS muticket_subject_word (
    word   VARCHAR(64) NOT NULL,
    ticket BIGINT      NOT NULL,
    PRIMARY KEY (word, ticket),
    INDEX muticket_subject_word_ticket (ticket, word),
    FOREIGN KEY (ticket) REFERENCES muticket_ticket (number) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- How far people have read tickets.
CREATE TABLE IF NOT EXISTS muticket_seen (
    ticket  BIGINT       NOT NULL,
    user_id VARCHAR(255) NOT NULL,
    message BIGINT       NOT NULL, -- never goes back
    PRIMARY KEY (ticket, user_id),
    FOREIGN KEY (ticket) REFERENCES muticket_ticket (number) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;
-- What was there before is news to nobody: neither to the customers, nor to those who are supporters now.
INSERT IGNORE INTO muticket_seen (ticket, user_id, message) SELECT number, customer, last_message FROM muticket_ticket;
INSERT IGNORE INTO muticket_seen (ticket, user_id, message)
    SELECT ticket.number, supporter.user_id, ticket.last_message FROM muticket_ticket ticket CROSS JOIN muticket_supporter supporter
    WHERE ticket.state = 'open' AND ticket.customer <> supporter.user_id;
