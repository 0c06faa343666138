-- Whether customers choose a priority when they open a ticket.

ALTER TABLE muticket_settings ADD COLUMN customers_prioritize BOOLEAN NOT NULL DEFAULT FALSE;
