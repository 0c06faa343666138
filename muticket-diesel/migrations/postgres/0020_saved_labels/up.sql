-- The labels that a saved answer puts on its ticket, each id on a line of its own.

ALTER TABLE muticket_saved_answer ADD COLUMN labels TEXT COLLATE "C" NOT NULL DEFAULT '';
