-- Which call of an edge was longest on the network or in the queue: that time, ns, 0 where it was not measured.

ALTER TABLE exemplars ADD COLUMN IF NOT EXISTS transit UInt64 CODEC(T64, ZSTD(1)) AFTER duration;
