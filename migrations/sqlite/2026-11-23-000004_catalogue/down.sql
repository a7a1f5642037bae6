DROP TABLE reviews;
DROP TABLE labels;
DROP TABLE orders;
DROP TABLE listings;
