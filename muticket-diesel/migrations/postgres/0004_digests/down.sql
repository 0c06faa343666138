ALTER TABLE muticket_attachment DROP COLUMN sha256;
