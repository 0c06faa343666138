-- The words of the subjects, folded by the program and each once: what tickets are found by. Those of older tickets are filled in by it too.
CREATE TABLE IF NOT EXISTS muticket_subject_word (
    word   VARCHAR(64) NOT NULL,
    ticket BIGINT      NOT NULL,
    PRIMARY KEY (word, ticket),
    INDEX muticket_subject_word_ticket (ticket, word),
    FOREIGN KEY (ticket) REFERENCES muticket_ticket (number) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;
