ALTER TABLE approaches DROP COLUMN negotiation_id;
DROP TABLE negotiation_reads;
DROP TABLE negotiation_events;
DROP TABLE negotiations;
