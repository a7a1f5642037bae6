ALTER TABLE confidential_views DROP COLUMN file_name;
ALTER TABLE confidential_views DROP COLUMN file_id;
ALTER TABLE orders DROP COLUMN attachments;
ALTER TABLE listings DROP COLUMN attachments;
DROP TABLE incoming_files;
DROP TABLE attachments;
