-- Saved answers of supporters, their texts, and how often each supporter used them. Customers never read these.

-- As in the first migration, each statement can be run again after an interruption.
CREATE TABLE IF NOT EXISTS muticket_saved_answer (
    id             BINARY(16)   NOT NULL PRIMARY KEY,
    owner          VARCHAR(255),          -- NULL: all supporters share it
    title          VARCHAR(255) NOT NULL,
    categories     MEDIUMTEXT   NOT NULL, -- the ids of the categories it is offered for, each on a line of its own; empty: all
    closes         BOOLEAN      NOT NULL, -- what happens when the answer is sent
    takes          BOOLEAN      NOT NULL, -- assigns the ticket to the supporter who sends it
    assignee       VARCHAR(255),
    priority       BIGINT,                -- 0 low, 1 normal, 2 high, 3 urgent
    moves_to       VARCHAR(255),          -- the new category
    INDEX muticket_saved_answer_of_owner (owner)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS muticket_saved_text (
    answer   BINARY(16)   NOT NULL,
    position BIGINT       NOT NULL,
    language VARCHAR(255) NOT NULL,
    body     MEDIUMTEXT   NOT NULL,
    PRIMARY KEY (answer, position),
    FOREIGN KEY (answer) REFERENCES muticket_saved_answer (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS muticket_saved_use (
    answer  BINARY(16)   NOT NULL,
    user_id VARCHAR(255) NOT NULL,
    uses    BIGINT       NOT NULL,
    PRIMARY KEY (answer, user_id),
    FOREIGN KEY (answer) REFERENCES muticket_saved_answer (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;
