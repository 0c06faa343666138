-- What the bytes of a file are held against, as `sha256sum` writes it. The program fills in those of older files, some at each sweep.
ALTER TABLE muticket_attachment ADD COLUMN sha256 TEXT COLLATE "C";
