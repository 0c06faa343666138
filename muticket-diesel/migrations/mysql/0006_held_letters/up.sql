-- When couriers last looked after the letters: by it, they know tables that were put back from a backup, and hold the letters in them.
-- As in the first migration, each statement can be run again after an interruption.

CREATE TABLE IF NOT EXISTS muticket_pulse (
    id         BIGINT      PRIMARY KEY NOT NULL CHECK (id = 1), -- there is one
    beat       BIGINT      NOT NULL, -- grows with every note; 0 before the first
    written_at DATETIME(6) NOT NULL,
    stopped    BOOLEAN     NOT NULL -- whether the site was stopped then, and not cut off
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;
INSERT IGNORE INTO muticket_pulse (id, beat, written_at, stopped) VALUES (1, 0, '1970-01-01 00:00:00', FALSE);
