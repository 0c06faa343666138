ALTER TABLE muticket_saved_answer DROP COLUMN labels;
