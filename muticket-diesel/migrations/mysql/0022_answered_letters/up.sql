-- Letters that answer a letter that came in: they have no message, and perhaps no ticket. What is counted, so that nobody gets many.

-- As in the first migration, each statement can be run again after an interruption.
ALTER TABLE muticket_outbox
    MODIFY COLUMN ticket BIGINT,
    MODIFY COLUMN message BIGINT,
    ADD COLUMN /*M! IF NOT EXISTS */ incoming BINARY(16);
ALTER TABLE muticket_outbox
    ADD CONSTRAINT /*M! IF NOT EXISTS */ muticket_outbox_about CHECK (message IS NOT NULL OR incoming IS NOT NULL);

ALTER TABLE muticket_incoming
    ADD COLUMN /*M! IF NOT EXISTS */ message_id TEXT, -- its Message-ID
    ADD COLUMN /*M! IF NOT EXISTS */ writer VARCHAR(255), -- the user who wrote it, if that is certain
    ADD COLUMN /*M! IF NOT EXISTS */ told_at DATETIME(6), -- when the writer was last told what became of it
    ADD INDEX /*M! IF NOT EXISTS */ muticket_incoming_writer (writer, received_at),
    ADD INDEX /*M! IF NOT EXISTS */ muticket_incoming_told (writer, told_at);
