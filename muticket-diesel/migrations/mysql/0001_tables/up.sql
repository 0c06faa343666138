-- Every change of a table is committed by itself here, so each statement can be run again after an interruption.
-- Every table says its character set, because the database's own may hold less than Unicode, and its collation, because the usual ones
-- take `a` for `A`. The two servers have no binary collation in common that keeps trailing blanks apart: each reads its own comment.
-- Instants are UTC and have no time zone. UUIDs are 16 bytes. Users, groups and the host's categories are the host's own spelling, at
-- most 255 characters long, and never a foreign key. Every index ends with the primary key, without saying so.

CREATE TABLE IF NOT EXISTS muticket_ticket (
    number           BIGINT       PRIMARY KEY AUTO_INCREMENT, -- never given twice, not even after a deletion
    customer         VARCHAR(255) NOT NULL,
    subject          VARCHAR(255) NOT NULL,
    category         VARCHAR(255),
    state            VARCHAR(20)  NOT NULL, -- open, closed
    turn             VARCHAR(20)  NOT NULL, -- new, supporter, customer: follows from answers and last_role, kept for the index
    closed_by        VARCHAR(255),
    last_message     BIGINT       NOT NULL,
    answers          BIGINT       NOT NULL,
    last_role        VARCHAR(20)  NOT NULL, -- customer, supporter
    follows          BIGINT,
    opened_at        DATETIME(6)  NOT NULL,
    last_activity_at DATETIME(6)  NOT NULL,
    version          BIGINT       NOT NULL,
    INDEX muticket_ticket_all (state, last_activity_at, number),
    INDEX muticket_ticket_all_by_number (state, number),
    INDEX muticket_ticket_waiting (state, turn, last_activity_at, number),
    INDEX muticket_ticket_of_customer (customer, state, last_activity_at, number),
    INDEX muticket_ticket_of_category (category, state, last_activity_at, number),
    INDEX muticket_ticket_follows (follows),
    FOREIGN KEY (follows) REFERENCES muticket_ticket (number) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS muticket_message (
    ticket     BIGINT       NOT NULL,
    number     BIGINT       NOT NULL,
    author     VARCHAR(255) NOT NULL,
    role       VARCHAR(20)  NOT NULL, -- customer, supporter
    body       MEDIUMTEXT   NOT NULL,
    written_at DATETIME(6)  NOT NULL,
    nonce      BINARY(16)   UNIQUE,
    PRIMARY KEY (ticket, number),
    INDEX muticket_message_author (author, role),
    FOREIGN KEY (ticket) REFERENCES muticket_ticket (number) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS muticket_attachment (
    id         BINARY(16)   NOT NULL PRIMARY KEY,
    ticket     BIGINT       NOT NULL,
    message    BIGINT       NOT NULL,
    name       VARCHAR(255) NOT NULL,
    media_type VARCHAR(100) NOT NULL,
    size       BIGINT       NOT NULL,
    blob_key   VARCHAR(100) NOT NULL UNIQUE,
    FOREIGN KEY (ticket, message) REFERENCES muticket_message (ticket, number) ON DELETE CASCADE,
    INDEX muticket_attachment_message (ticket, message, id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS muticket_rating (
    ticket   BIGINT        NOT NULL,
    message  BIGINT        NOT NULL,
    score    BIGINT        NOT NULL,
    rated_at DATETIME(6)   NOT NULL,
    author   VARCHAR(255), -- the supporter whose answer it is, as in its message, which never changes: kept for the indexes
    PRIMARY KEY (ticket, message),
    FOREIGN KEY (ticket, message) REFERENCES muticket_message (ticket, number) ON DELETE CASCADE,
    INDEX muticket_rating_author (author, score),
    INDEX muticket_rating_author_newest (author, rated_at, ticket, message)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS muticket_history (
    ticket   BIGINT       NOT NULL,
    version  BIGINT       NOT NULL,
    at       DATETIME(6)  NOT NULL,
    by_user  VARCHAR(255) NOT NULL,
    `change` VARCHAR(20)  NOT NULL, -- opened, replied, answered, rated, closed, reopened
    message  BIGINT, -- of replied, answered, rated
    score    BIGINT, -- of rated
    PRIMARY KEY (ticket, version),
    FOREIGN KEY (ticket) REFERENCES muticket_ticket (number) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS muticket_supporter (
    position BIGINT       PRIMARY KEY AUTO_INCREMENT, -- the order they were made in
    id       BINARY(16)   NOT NULL UNIQUE,
    user_id  VARCHAR(255) NOT NULL UNIQUE,
    present  BOOLEAN      NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS muticket_supporter_category (
    supporter BINARY(16)   NOT NULL,
    category  VARCHAR(255) NOT NULL,
    PRIMARY KEY (supporter, category),
    FOREIGN KEY (supporter) REFERENCES muticket_supporter (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS muticket_settings (
    id              BIGINT        PRIMARY KEY NOT NULL CHECK (id = 1), -- there is one set of them
    supporter_group VARCHAR(255),
    ratings         BOOLEAN       NOT NULL,
    image_limit     BIGINT,
    supporters_open BOOLEAN       NOT NULL,
    revision        BIGINT        NOT NULL -- grows with every change of settings, supporters and categories; by hand, count it up yourself
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;
INSERT IGNORE INTO muticket_settings (id, ratings, supporters_open, revision) VALUES (1, TRUE, FALSE, 0);

CREATE TABLE IF NOT EXISTS muticket_category (
    position BIGINT       PRIMARY KEY AUTO_INCREMENT, -- the order they were made in
    id       VARCHAR(255) NOT NULL UNIQUE,
    retired  BOOLEAN      NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS muticket_category_name (
    category VARCHAR(255) NOT NULL,
    position BIGINT       NOT NULL, -- the order they were given in
    language VARCHAR(35)  NOT NULL,
    name     VARCHAR(255) NOT NULL,
    PRIMARY KEY (category, position),
    FOREIGN KEY (category) REFERENCES muticket_category (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS muticket_outbox (
    id         BINARY(16)   NOT NULL PRIMARY KEY,
    notice     VARCHAR(40)  NOT NULL,
    ticket     BIGINT       NOT NULL,
    message    BIGINT       NOT NULL,
    recipient  VARCHAR(255) NOT NULL,
    created_at DATETIME(6)  NOT NULL,
    attempts   BIGINT       NOT NULL,
    claims     BIGINT       NOT NULL, -- never goes back
    state      VARCHAR(20)  NOT NULL, -- waiting, claimed, sent, dropped, failed
    due_at     DATETIME(6), -- of waiting and claimed: when a courier may take it
    ended_at   DATETIME(6), -- of sent, dropped and failed
    detail     TEXT, -- of waiting and failed: what went wrong; of dropped: why
    INDEX muticket_outbox_due (due_at),
    INDEX muticket_outbox_ended (ended_at),
    INDEX muticket_outbox_state (state, created_at, id),
    INDEX muticket_outbox_ticket (ticket),
    FOREIGN KEY (ticket) REFERENCES muticket_ticket (number) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS muticket_orphan (
    blob_key VARCHAR(100) NOT NULL PRIMARY KEY,
    due_at   DATETIME(6)  NOT NULL,
    INDEX muticket_orphan_due (due_at, blob_key)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS muticket_secret (
    name   VARCHAR(255)  NOT NULL PRIMARY KEY,
    secret VARBINARY(32) NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;
