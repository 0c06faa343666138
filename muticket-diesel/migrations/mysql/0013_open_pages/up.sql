-- The pages of tickets that supporters have open. Old rows are deleted after a day.
CREATE TABLE IF NOT EXISTS muticket_open_page (
    ticket  BIGINT       NOT NULL,
    user_id VARCHAR(255) NOT NULL,
    writes  BOOLEAN      NOT NULL,
    seen_at DATETIME(6)  NOT NULL,
    PRIMARY KEY (ticket, user_id),
    INDEX muticket_open_page_seen (seen_at),
    FOREIGN KEY (ticket) REFERENCES muticket_ticket (number) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;
