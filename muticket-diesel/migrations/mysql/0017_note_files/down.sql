DROP TABLE IF EXISTS muticket_note_file;
