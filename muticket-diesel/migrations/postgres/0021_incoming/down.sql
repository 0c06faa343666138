DROP TABLE IF EXISTS muticket_incoming;
