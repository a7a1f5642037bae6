DROP TABLE approaches;
