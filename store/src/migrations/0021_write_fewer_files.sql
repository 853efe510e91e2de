-- Parts of spans have a quarter fewer files: a text's length stands before it, not in a file of its own, and columns that are mostly empty are written
-- whole, not as the places of what is not. Measured on 5.4 million spans: 0.2 B a span less, 0.7 with blocks of 4 KiB, and a trace is read with 6 % less CPU.
-- Numbers that repeat at a distance are compressed by 256 KiB: 0.3 B. `rest` and `items` are not: to read a trace would take 2 ms of CPU more.
-- Parts that are there keep what they have until they are merged.

ALTER TABLE spans MODIFY SETTING string_serialization_version = 'single_stream', ratio_of_defaults_for_sparse_serialization = 1;
ALTER TABLE spans MODIFY COLUMN ts MODIFY SETTING min_compress_block_size = 262144, max_compress_block_size = 1048576;
ALTER TABLE spans MODIFY COLUMN duration MODIFY SETTING min_compress_block_size = 262144, max_compress_block_size = 1048576;
ALTER TABLE spans MODIFY COLUMN resource_fp MODIFY SETTING min_compress_block_size = 262144, max_compress_block_size = 1048576;
ALTER TABLE traces MODIFY SETTING string_serialization_version = 'single_stream';
