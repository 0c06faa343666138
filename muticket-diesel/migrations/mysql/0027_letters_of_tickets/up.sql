-- The letters of a ticket are found by the message that they became, or by what became of them. Letters of no ticket are found by age.

-- As in the first migration, each statement can be run again after an interruption.
ALTER TABLE muticket_incoming
    ADD INDEX /*M! IF NOT EXISTS */ muticket_incoming_message (ticket, message),
    ADD INDEX /*M! IF NOT EXISTS */ muticket_incoming_of_ticket (ticket, verdict, received_at, id);
ALTER TABLE muticket_incoming DROP INDEX /*M! IF EXISTS */ muticket_incoming_ticket;
