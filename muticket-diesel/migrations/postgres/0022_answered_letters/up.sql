-- Letters that answer a letter that came in: they have no message, and perhaps no ticket. What is counted, so that nobody gets many.

ALTER TABLE muticket_outbox ALTER COLUMN ticket DROP NOT NULL;
ALTER TABLE muticket_outbox ALTER COLUMN message DROP NOT NULL;
ALTER TABLE muticket_outbox ADD COLUMN incoming UUID;
ALTER TABLE muticket_outbox ADD CONSTRAINT muticket_outbox_about CHECK (message IS NOT NULL OR incoming IS NOT NULL);

-- Its Message-ID; the user who wrote it, if that is certain; and when they were last told what became of it.
ALTER TABLE muticket_incoming ADD COLUMN message_id TEXT COLLATE "C";
ALTER TABLE muticket_incoming ADD COLUMN writer TEXT COLLATE "C";
ALTER TABLE muticket_incoming ADD COLUMN told_at TIMESTAMP;
CREATE INDEX muticket_incoming_writer ON muticket_incoming (writer, received_at) WHERE writer IS NOT NULL;
CREATE INDEX muticket_incoming_told ON muticket_incoming (writer, told_at) WHERE told_at IS NOT NULL;
