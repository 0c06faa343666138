ALTER TABLE muticket_incoming DROP COLUMN exempt;
ALTER TABLE muticket_incoming DROP COLUMN checked;
