-- Ids of one trace and steps of one path stand in many rows that do not lie side by side: compressed by 1 MiB instead of 64 KiB they are found again.
-- Measured on 1.2 million spans: 5 % less. Parts that are there keep what they have until they are merged.

ALTER TABLE path_time MODIFY SETTING min_compress_block_size = 1048576, max_compress_block_size = 2097152;
