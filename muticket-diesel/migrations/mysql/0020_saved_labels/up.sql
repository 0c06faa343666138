-- The labels that a saved answer puts on its ticket, each id on a line of its own.

-- As in the first migration, the statement can be run again after an interruption.
ALTER TABLE muticket_saved_answer ADD COLUMN /*M! IF NOT EXISTS */ labels VARCHAR(500) NOT NULL DEFAULT '';
