-- The letters of a ticket are found by the message that they became, or by what became of them. Letters of no ticket are found by age.

CREATE INDEX muticket_incoming_message ON muticket_incoming (ticket, message) WHERE message IS NOT NULL;
CREATE INDEX muticket_incoming_of_ticket ON muticket_incoming (ticket, verdict, received_at, id);
DROP INDEX muticket_incoming_ticket;
