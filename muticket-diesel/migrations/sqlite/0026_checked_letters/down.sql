DELETE FROM muticket_outbox WHERE notice = 'letter-not-confirmed';
ALTER TABLE muticket_incoming DROP COLUMN exempt;
ALTER TABLE muticket_incoming DROP COLUMN checked;
