ALTER TABLE muticket_ticket
    ADD INDEX /*M! IF NOT EXISTS */ muticket_ticket_waiting (state, turn, last_activity_at, number),
    ADD INDEX /*M! IF NOT EXISTS */ muticket_ticket_of_category (category, state, last_activity_at, number),
    ADD INDEX /*M! IF NOT EXISTS */ muticket_ticket_of_assignee (assignee, state, last_activity_at, number);
ALTER TABLE muticket_ticket DROP INDEX /*M! IF EXISTS */ muticket_ticket_of_customer_by_number;
ALTER TABLE muticket_ticket DROP INDEX /*M! IF EXISTS */ muticket_ticket_assigned;
ALTER TABLE muticket_ticket DROP INDEX /*M! IF EXISTS */ muticket_ticket_in_category;
ALTER TABLE muticket_ticket DROP INDEX /*M! IF EXISTS */ muticket_ticket_to_do;
ALTER TABLE muticket_ticket DROP COLUMN /*M! IF EXISTS */ last_supporter;
