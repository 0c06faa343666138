DROP TABLE IF EXISTS muticket_mailbox;
