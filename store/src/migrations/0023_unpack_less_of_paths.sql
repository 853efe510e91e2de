-- Of path_time only `slowest` and `item` gain by long runs (0020). Of the numbers 1 MiB is all that a part of an hour has, which a question of one entry
-- unpacked to read a twentieth; by 64 KiB, their default, that takes a fifth. Measured on a day of 20 entries: its questions cost 40 % less CPU
-- while its parts are not merged, 20 % when they are, and the table takes 1 % more. Parts that are there keep what they have until they are merged.

ALTER TABLE path_time MODIFY COLUMN tenant MODIFY SETTING min_compress_block_size = 65536, max_compress_block_size = 1048576;
ALTER TABLE path_time MODIFY COLUMN minute MODIFY SETTING min_compress_block_size = 65536, max_compress_block_size = 1048576;
ALTER TABLE path_time MODIFY COLUMN what MODIFY SETTING min_compress_block_size = 65536, max_compress_block_size = 1048576;
ALTER TABLE path_time MODIFY COLUMN entry MODIFY SETTING min_compress_block_size = 65536, max_compress_block_size = 1048576;
ALTER TABLE path_time MODIFY COLUMN release MODIFY SETTING min_compress_block_size = 65536, max_compress_block_size = 1048576;
ALTER TABLE path_time MODIFY COLUMN band MODIFY SETTING min_compress_block_size = 65536, max_compress_block_size = 1048576;
ALTER TABLE path_time MODIFY COLUMN traces MODIFY SETTING min_compress_block_size = 65536, max_compress_block_size = 1048576;
ALTER TABLE path_time MODIFY COLUMN count MODIFY SETTING min_compress_block_size = 65536, max_compress_block_size = 1048576;
ALTER TABLE path_time MODIFY COLUMN time MODIFY SETTING min_compress_block_size = 65536, max_compress_block_size = 1048576;
ALTER TABLE path_time MODIFY COLUMN errors MODIFY SETTING min_compress_block_size = 65536, max_compress_block_size = 1048576;
ALTER TABLE path_time MODIFY COLUMN retries MODIFY SETTING min_compress_block_size = 65536, max_compress_block_size = 1048576;
ALTER TABLE path_time MODIFY COLUMN saving MODIFY SETTING min_compress_block_size = 65536, max_compress_block_size = 1048576;
ALTER TABLE path_time MODIFY COLUMN duration MODIFY SETTING min_compress_block_size = 65536, max_compress_block_size = 1048576;
