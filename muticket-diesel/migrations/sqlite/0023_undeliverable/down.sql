DROP TABLE IF EXISTS muticket_undeliverable;
