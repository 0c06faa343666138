ALTER TABLE muticket_settings DROP COLUMN /*M! IF EXISTS */ time_zone;
