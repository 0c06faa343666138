-- Labels, and the tickets that have them. Customers never read these.

-- As in the first migration, each statement can be run again after an interruption.
CREATE TABLE IF NOT EXISTS muticket_label (
    position BIGINT       PRIMARY KEY AUTO_INCREMENT, -- the order they were made in
    id       BINARY(16)   NOT NULL UNIQUE,
    name     VARCHAR(255) NOT NULL,
    colour   VARCHAR(20)  NOT NULL -- the word of a colour
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS muticket_ticket_label (
    label  BINARY(16) NOT NULL,
    ticket BIGINT     NOT NULL,
    PRIMARY KEY (label, ticket),
    INDEX muticket_ticket_label_of_ticket (ticket, label),
    FOREIGN KEY (label) REFERENCES muticket_label (id) ON DELETE CASCADE,
    FOREIGN KEY (ticket) REFERENCES muticket_ticket (number) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;
