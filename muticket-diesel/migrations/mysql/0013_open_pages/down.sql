DROP TABLE IF EXISTS muticket_open_page;
