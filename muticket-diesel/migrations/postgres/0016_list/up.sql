-- The lists of supporters: who answered last, and indexes that hold the priority too. With the priority before the time, one index serves
-- the lists of all priorities, put together, those of one, and the order of what is to be done first.

ALTER TABLE muticket_ticket ADD COLUMN last_supporter TEXT COLLATE "C"; -- the supporter who wrote the newest message
UPDATE muticket_ticket SET last_supporter = (
    SELECT author FROM muticket_message message
    WHERE message.ticket = muticket_ticket.number AND message.number = muticket_ticket.last_message
) WHERE last_role = 'supporter';

CREATE INDEX muticket_ticket_to_do ON muticket_ticket (state, turn, priority, last_activity_at, number);
CREATE INDEX muticket_ticket_in_category ON muticket_ticket (category, state, priority, last_activity_at, number) WHERE category IS NOT NULL;
-- Also of the tickets without an assignee, which are looked for as often.
CREATE INDEX muticket_ticket_assigned ON muticket_ticket (assignee, state, priority, last_activity_at, number);
CREATE INDEX muticket_ticket_of_customer_by_number ON muticket_ticket (customer, state, number);
DROP INDEX muticket_ticket_waiting;
DROP INDEX muticket_ticket_of_category;
DROP INDEX muticket_ticket_of_assignee;
