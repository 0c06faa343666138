-- Where the site is whose tables these are: by it, another site notices at launch that the tables are not its own.
-- As in the first migration, each statement can be run again after an interruption.

CREATE TABLE IF NOT EXISTS muticket_site_address (
    id   BIGINT PRIMARY KEY NOT NULL CHECK (id = 1), -- there is one at most
    base TEXT   NOT NULL, -- the path below which the pages are inside the site
    url  TEXT             -- where they are from outside; NULL if the site does not say it
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;
