-- For each account, by the SHA-256 of its address whether it exists or not: when all allowed failures will be allowed again.
CREATE TABLE failed_logins (
  account TEXT NOT NULL PRIMARY KEY,
  full_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX failed_logins_by_time ON failed_logins (full_at);
