ALTER TABLE muticket_settings DROP COLUMN customers_prioritize;
