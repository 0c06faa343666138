-- Whether the place where a photograph was taken is removed from JPEG files that are uploaded.

ALTER TABLE muticket_settings ADD COLUMN remove_location BOOLEAN NOT NULL DEFAULT TRUE;
