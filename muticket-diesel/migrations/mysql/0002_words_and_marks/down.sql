DROP TABLE IF EXISTS muticket_subject_word;
