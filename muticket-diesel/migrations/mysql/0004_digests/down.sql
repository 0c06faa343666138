ALTER TABLE muticket_attachment DROP COLUMN /*M! IF EXISTS */ sha256;
