ALTER TABLE muticket_saved_answer DROP COLUMN /*M! IF EXISTS */ labels;
