DROP TABLE IF EXISTS muticket_ticket_label;
DROP TABLE IF EXISTS muticket_label;
