ALTER TABLE orders DROP COLUMN whole;
ALTER TABLE orders DROP COLUMN registered_only;
ALTER TABLE listings DROP COLUMN whole;
ALTER TABLE listings DROP COLUMN registered_only;
