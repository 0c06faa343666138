-- Whether customers get a receipt for a new ticket, and a letter when it is closed. Sites from before get both.

ALTER TABLE muticket_settings ADD COLUMN receipts BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE muticket_settings ADD COLUMN closing_letters BOOLEAN NOT NULL DEFAULT TRUE;
