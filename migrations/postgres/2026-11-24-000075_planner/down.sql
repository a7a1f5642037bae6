-- PostgreSQL keeps its statistics by itself.
SELECT 1;
