CREATE INDEX muticket_incoming_ticket ON muticket_incoming (ticket, id);
DROP INDEX muticket_incoming_of_ticket;
DROP INDEX muticket_incoming_message;
