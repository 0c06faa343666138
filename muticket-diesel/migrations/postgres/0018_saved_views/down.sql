DROP TABLE IF EXISTS muticket_first_view;
DROP TABLE IF EXISTS muticket_saved_view;
