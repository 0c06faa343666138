DELETE FROM muticket_outbox WHERE notice = 'letter-not-confirmed';
ALTER TABLE muticket_incoming DROP COLUMN /*M! IF EXISTS */ exempt;
ALTER TABLE muticket_incoming DROP COLUMN /*M! IF EXISTS */ checked;
