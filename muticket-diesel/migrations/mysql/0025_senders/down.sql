DROP TABLE IF EXISTS muticket_sender;
