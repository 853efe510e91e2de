-- Which pieces of four characters the bodies of 2,048 rows have, 6 B a line: a part of an id that never repeats is in few of them, where its pieces of three
-- are everywhere. Those of three stay, for parts that are that short and for Chinese. Made by merges, as theirs is (`WRITER_SETTINGS`).

ALTER TABLE logs ADD INDEX IF NOT EXISTS ip4 lower(body) TYPE ngrambf_v1(4, 12288, 2, 0) GRANULARITY 2;
