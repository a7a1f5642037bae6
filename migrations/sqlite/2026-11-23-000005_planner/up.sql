-- What the planner should think of the tables, in place of ANALYZE: without it, it takes any one status for rare and walks
-- all published items instead of looking up the few identifiers asked for. Rows, then rows for each equal prefix of the index.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('listings', 'sqlite_autoindex_listings_1', '100000 1'),
  ('listings', 'listings_by_source', '100000 20000 1'),
  ('listings', 'listings_by_publication', '100000 50000 10 1'),
  ('listings', 'listings_by_field', '100000 50000 8000 5 1'),
  ('listings', 'listings_by_trl', '100000 50000 6000 1'),
  ('listings', 'listings_by_price', '100000 50000 100 1'),
  ('listings', 'listings_by_submission', '100000 50000 10 1'),
  ('listings', 'listings_by_organization', '100000 50 2 1'),
  ('orders', 'sqlite_autoindex_orders_1', '30000 1'),
  ('orders', 'orders_by_source', '30000 6000 1'),
  ('orders', 'orders_by_publication', '30000 15000 10 1'),
  ('orders', 'orders_by_field', '30000 15000 2500 5 1'),
  ('orders', 'orders_by_trl', '30000 15000 2000 1'),
  ('orders', 'orders_by_budget', '30000 15000 100 1'),
  ('orders', 'orders_by_submission', '30000 15000 10 1'),
  ('orders', 'orders_by_organization', '30000 20 2 1'),
  ('labels', 'sqlite_autoindex_labels_1', '400000 4 3 1'),
  ('labels', 'labels_by_value', '400000 200000 500 1'),
  ('organizations', 'sqlite_autoindex_organizations_1', '6000 1'),
  ('organizations', 'organizations_by_name', '6000 3000 1 1'),
  ('organizations', 'organizations_by_age', '6000 3000 1 1');
