-- Files of notes. They have a table of their own, so that nothing that reads the files of messages finds one. Customers never read these.

-- As in the first migration, the statement can be run again after an interruption.
CREATE TABLE IF NOT EXISTS muticket_note_file (
    id         BINARY(16)   NOT NULL PRIMARY KEY,
    ticket     BIGINT       NOT NULL,
    note       BIGINT       NOT NULL,
    name       VARCHAR(255) NOT NULL,
    media_type VARCHAR(100) NOT NULL,
    size       BIGINT       NOT NULL,
    blob_key   VARCHAR(100) NOT NULL UNIQUE,
    sha256     VARCHAR(64)  NOT NULL,
    FOREIGN KEY (ticket, note) REFERENCES muticket_note (ticket, number) ON DELETE CASCADE,
    INDEX muticket_note_file_of_note (ticket, note, id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;
