-- Periodic work. Whoever moves `due_at` into the future has the run; the time it is moved to ends the lease.
CREATE TABLE jobs (
  name        TEXT NOT NULL PRIMARY KEY,
  due_at      TEXT NOT NULL,
  finished_at TEXT,
  failures    INTEGER NOT NULL,
  last_error  TEXT
) STRICT;
