-- Which pieces of three characters the bodies of 8,192 rows have: a part of a word that few lines have is looked for in few of them. 0.1 B a line.
-- Inserts leave it out (`WRITER_SETTINGS`): merges make it, in the background, and what is not merged yet is read.

ALTER TABLE logs ADD INDEX IF NOT EXISTS ig lower(body) TYPE ngrambf_v1(3, 8192, 1, 0) GRANULARITY 8;
