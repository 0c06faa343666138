DELETE FROM muticket_outbox WHERE notice IN ('ticket-received', 'ticket-closed');
ALTER TABLE muticket_settings DROP COLUMN closing_letters;
ALTER TABLE muticket_settings DROP COLUMN receipts;
