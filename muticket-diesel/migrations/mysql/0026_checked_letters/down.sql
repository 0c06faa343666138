ALTER TABLE muticket_incoming DROP COLUMN /*M! IF EXISTS */ exempt;
ALTER TABLE muticket_incoming DROP COLUMN /*M! IF EXISTS */ checked;
