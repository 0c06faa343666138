-- Where the site is whose tables these are: by it, another site notices at launch that the tables are not its own.

CREATE TABLE muticket_site_address (
    id   BIGINT           PRIMARY KEY NOT NULL CHECK (id = 1), -- there is one at most
    base TEXT COLLATE "C" NOT NULL, -- the path below which the pages are inside the site
    url  TEXT COLLATE "C"           -- where they are from outside; NULL if the site does not say it
);
