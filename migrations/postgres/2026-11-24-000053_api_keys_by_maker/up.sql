CREATE INDEX api_keys_by_maker ON api_keys (created_by);
