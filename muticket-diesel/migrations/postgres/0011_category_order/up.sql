-- The order into which an administrator put the categories. Empty: they stand by name. There is no foreign key, for no category is ever
-- deleted, and a lock on its row would be one more to wait for.
CREATE TABLE muticket_category_order (
    category TEXT COLLATE "C" PRIMARY KEY,
    position BIGINT           NOT NULL
);
