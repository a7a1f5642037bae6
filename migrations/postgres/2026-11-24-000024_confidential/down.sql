DROP TABLE confidential_views;
DROP TABLE confidential_grants;
DROP TABLE confidential_parts;
