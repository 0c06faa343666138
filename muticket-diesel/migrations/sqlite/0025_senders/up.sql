-- Addresses that an administrator has assigned to users. Their letters count as those of the user, if the sender is confirmed.

CREATE TABLE muticket_sender (
    address     TEXT NOT NULL PRIMARY KEY,   -- in lower case
    user_id     TEXT NOT NULL,
    assigned_at TEXT NOT NULL
) WITHOUT ROWID;
