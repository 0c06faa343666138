ALTER TABLE muticket_settings DROP COLUMN /*M! IF EXISTS */ customers_prioritize;
