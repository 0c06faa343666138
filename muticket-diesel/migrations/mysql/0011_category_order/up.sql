-- The order into which an administrator put the categories. Empty: they stand by name. There is no foreign key, for no category is ever
-- deleted, and a lock on its row would be one more to wait for.
CREATE TABLE IF NOT EXISTS muticket_category_order (
    category VARCHAR(255) NOT NULL PRIMARY KEY,
    position BIGINT       NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;
