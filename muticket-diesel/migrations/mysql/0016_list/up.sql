-- The lists of supporters: who answered last, and indexes that hold the priority too. With the priority before the time, one index serves
-- the lists of all priorities, put together, those of one, and the order of what is to be done first.

-- As in the first migration, each statement can be run again after an interruption.
ALTER TABLE muticket_ticket
    ADD COLUMN /*M! IF NOT EXISTS */ last_supporter VARCHAR(255), -- the supporter who wrote the newest message
    ADD INDEX /*M! IF NOT EXISTS */ muticket_ticket_to_do (state, turn, priority, last_activity_at, number),
    ADD INDEX /*M! IF NOT EXISTS */ muticket_ticket_in_category (category, state, priority, last_activity_at, number),
    ADD INDEX /*M! IF NOT EXISTS */ muticket_ticket_assigned (assignee, state, priority, last_activity_at, number),
    ADD INDEX /*M! IF NOT EXISTS */ muticket_ticket_of_customer_by_number (customer, state, number);
ALTER TABLE muticket_ticket DROP INDEX /*M! IF EXISTS */ muticket_ticket_waiting;
ALTER TABLE muticket_ticket DROP INDEX /*M! IF EXISTS */ muticket_ticket_of_category;
ALTER TABLE muticket_ticket DROP INDEX /*M! IF EXISTS */ muticket_ticket_of_assignee;

UPDATE muticket_ticket SET last_supporter = (
    SELECT author FROM muticket_message message
    WHERE message.ticket = muticket_ticket.number AND message.number = muticket_ticket.last_message
) WHERE last_role = 'supporter';
