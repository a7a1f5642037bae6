DROP TABLE ndas;
DROP TABLE nda_templates;
