DROP TABLE IF EXISTS muticket_saved_use;
DROP TABLE IF EXISTS muticket_saved_text;
DROP TABLE IF EXISTS muticket_saved_answer;
