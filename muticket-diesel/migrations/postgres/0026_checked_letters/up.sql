-- What the site's own check found out about the sender of a letter, and whether it is taken although there were too many.

ALTER TABLE muticket_incoming ADD COLUMN checked TEXT COLLATE "C";
ALTER TABLE muticket_incoming ADD COLUMN exempt BOOLEAN NOT NULL DEFAULT FALSE;
