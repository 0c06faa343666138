-- What the site's own check found out about the sender of a letter, and whether it is taken although there were too many.

-- As in the first migration, the statement can be run again after an interruption.
ALTER TABLE muticket_incoming
    ADD COLUMN /*M! IF NOT EXISTS */ checked VARCHAR(40), -- the word of what was found
    ADD COLUMN /*M! IF NOT EXISTS */ exempt BOOLEAN NOT NULL DEFAULT FALSE;
