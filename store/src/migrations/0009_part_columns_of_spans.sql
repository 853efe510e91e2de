-- A part that keeps all columns in one file compresses each of them by 1,024 rows: 45 B a span instead of 38. From some 20,000 spans on
-- that is more than the blocks its many files would take.

ALTER TABLE spans MODIFY SETTING min_bytes_for_wide_part = 4194304;
