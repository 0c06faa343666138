DROP TABLE IF EXISTS muticket_seen;
DROP TABLE IF EXISTS muticket_subject_word;
