ALTER TABLE muticket_settings DROP COLUMN /*M! IF EXISTS */ remove_location;
