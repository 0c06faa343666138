UPDATE muticket_outbox SET state = 'failed', ended_at = created_at, detail = 'held' WHERE state = 'held';
DELETE FROM muticket_outbox WHERE state = 'dropped' AND detail = 'discarded';
DROP TABLE muticket_pulse;
