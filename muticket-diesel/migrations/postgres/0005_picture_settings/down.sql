ALTER TABLE muticket_settings DROP COLUMN remove_location;
