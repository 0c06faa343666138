-- Addresses that an administrator has assigned to users. Their letters count as those of the user, if the sender is confirmed.

-- As in the first migration, the statement can be run again after an interruption.
CREATE TABLE IF NOT EXISTS muticket_sender (
    address     VARCHAR(255) NOT NULL PRIMARY KEY,   -- in lower case
    user_id     VARCHAR(255) NOT NULL,
    assigned_at DATETIME(6)  NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;
