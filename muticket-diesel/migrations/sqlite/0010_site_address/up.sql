-- Where the site is whose tables these are: by it, another site notices at launch that the tables are not its own.

CREATE TABLE muticket_site_address (
    id   INTEGER PRIMARY KEY NOT NULL CHECK (id = 1), -- there is one at most
    base TEXT    NOT NULL, -- the path below which the pages are inside the site
    url  TEXT              -- where they are from outside; NULL if the site does not say it
);
