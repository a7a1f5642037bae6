DROP TABLE offers;
DROP FUNCTION offers_are_immutable();
