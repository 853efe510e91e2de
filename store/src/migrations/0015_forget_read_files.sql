-- Up to where files were read is asked for a day back; a range's row stays longer for its counts alone.

ALTER TABLE ranges MODIFY COLUMN log_files TTL toDateTime(received) + INTERVAL 3 DAY;
ALTER TABLE ranges MODIFY COLUMN log_offsets TTL toDateTime(received) + INTERVAL 3 DAY;
