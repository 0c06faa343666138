-- The clock of the site, by which statistics count days and months: a name of the IANA database. NULL leaves it to the site.

ALTER TABLE muticket_settings ADD COLUMN /*M! IF NOT EXISTS */ time_zone VARCHAR(255);
