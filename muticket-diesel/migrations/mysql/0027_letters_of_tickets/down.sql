ALTER TABLE muticket_incoming ADD INDEX /*M! IF NOT EXISTS */ muticket_incoming_ticket (ticket, id);
ALTER TABLE muticket_incoming DROP INDEX /*M! IF EXISTS */ muticket_incoming_of_ticket;
ALTER TABLE muticket_incoming DROP INDEX /*M! IF EXISTS */ muticket_incoming_message;
