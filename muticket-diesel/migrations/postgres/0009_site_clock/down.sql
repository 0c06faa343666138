ALTER TABLE muticket_settings DROP COLUMN time_zone;
