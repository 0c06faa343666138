CREATE INDEX muticket_ticket_waiting ON muticket_ticket (state, turn, last_activity_at);
CREATE INDEX muticket_ticket_of_category ON muticket_ticket (category, state, last_activity_at) WHERE category IS NOT NULL;
CREATE INDEX muticket_ticket_of_assignee ON muticket_ticket (assignee, state, last_activity_at) WHERE assignee IS NOT NULL;
DROP INDEX muticket_ticket_of_customer_by_number;
DROP INDEX muticket_ticket_assigned;
DROP INDEX muticket_ticket_in_category;
DROP INDEX muticket_ticket_to_do;
ALTER TABLE muticket_ticket DROP COLUMN last_supporter;
