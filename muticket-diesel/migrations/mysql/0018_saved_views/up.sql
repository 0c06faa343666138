-- Saved views of the supporters' list, and the view that each supporter opens first. Customers never read these.

-- As in the first migration, each statement can be run again after an interruption.
CREATE TABLE IF NOT EXISTS muticket_saved_view (
    id        BINARY(16)   NOT NULL PRIMARY KEY,
    owner     VARCHAR(255),                      -- NULL: all supporters share it
    name      VARCHAR(255) NOT NULL,
    state     VARCHAR(255) NOT NULL,             -- open, closed or all
    ready     VARCHAR(255),                      -- the word of a ready view, which the others narrow
    waiting   VARCHAR(255),                      -- new, supporter or customer
    category  VARCHAR(255),
    customer  VARCHAR(255),
    assigned  VARCHAR(255),                      -- me, nobody or user
    assignee  VARCHAR(255),                      -- the user
    priority  BIGINT,                            -- 0 low, 1 normal, 2 high, 3 urgent
    label     BINARY(16),                        -- no reference: a view outlives its label, and then holds no tickets
    search    VARCHAR(255),                      -- as it was typed
    sort      VARCHAR(255) NOT NULL,             -- activity, number or to-do
    direction VARCHAR(255) NOT NULL,             -- ascending or descending
    texts     BOOLEAN      NOT NULL,             -- whether the rows show the last message
    INDEX muticket_saved_view_of_owner (owner)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS muticket_first_view (
    user_id VARCHAR(255) NOT NULL PRIMARY KEY,
    ready   VARCHAR(255), -- the word of a ready view
    saved   BINARY(16),   -- or a saved one
    FOREIGN KEY (saved) REFERENCES muticket_saved_view (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;
