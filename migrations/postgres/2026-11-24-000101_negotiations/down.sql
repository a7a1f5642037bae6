ALTER TABLE approaches DROP COLUMN negotiation_id;
DROP TABLE negotiation_reads;
DROP TABLE negotiation_events;
DROP TABLE negotiations;
DROP FUNCTION negotiation_events_is_append_only();
