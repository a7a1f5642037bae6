DROP TABLE feed_head;
DROP TABLE public_changes;
