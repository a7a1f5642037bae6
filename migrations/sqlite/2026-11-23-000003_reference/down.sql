DROP TABLE reference_items;
