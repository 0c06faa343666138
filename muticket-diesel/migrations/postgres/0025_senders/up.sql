-- Addresses that an administrator has assigned to users. Their letters count as those of the user, if the sender is confirmed.

CREATE TABLE muticket_sender (
    address     TEXT COLLATE "C" NOT NULL PRIMARY KEY,   -- in lower case
    user_id     TEXT COLLATE "C" NOT NULL,
    assigned_at TIMESTAMP        NOT NULL
);
