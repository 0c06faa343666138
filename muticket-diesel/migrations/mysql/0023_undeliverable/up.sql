-- Users whom letters do not reach: reports about delivery said so.

-- As in the first migration, the statement can be run again after an interruption.
CREATE TABLE IF NOT EXISTS muticket_undeliverable (
    user_id  VARCHAR(255) NOT NULL PRIMARY KEY,
    address  TEXT         NOT NULL,  -- the address that the letters went to
    reports  BIGINT       NOT NULL,  -- how many in a row
    first_at DATETIME(6)  NOT NULL,  -- when the first of them came
    last_at  DATETIME(6)  NOT NULL,  -- when the last of them came
    problem  TEXT         NOT NULL,  -- what the last one says
    INDEX muticket_undeliverable_last (last_at, user_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;
