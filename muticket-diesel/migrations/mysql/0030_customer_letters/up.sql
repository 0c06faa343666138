-- Whether customers get a receipt for a new ticket, and a letter when it is closed. Sites from before get both.

ALTER TABLE muticket_settings
    ADD COLUMN /*M! IF NOT EXISTS */ receipts BOOLEAN NOT NULL DEFAULT TRUE,
    ADD COLUMN /*M! IF NOT EXISTS */ closing_letters BOOLEAN NOT NULL DEFAULT TRUE;
