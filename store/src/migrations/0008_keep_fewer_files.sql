-- Fewer files: a part of up to 64 MiB (before compression) keeps all columns in one file, and what a merge has replaced goes after 10 s.
-- A file takes whole blocks of the disk, so that hundreds of small ones cost more than what is in them.

ALTER TABLE spans MODIFY SETTING min_bytes_for_wide_part = 67108864, old_parts_lifetime = 10;
ALTER TABLE resources MODIFY SETTING old_parts_lifetime = 10;
ALTER TABLE traces MODIFY SETTING old_parts_lifetime = 10;
ALTER TABLE trace_services MODIFY SETTING old_parts_lifetime = 10;
ALTER TABLE exemplars MODIFY SETTING old_parts_lifetime = 10;
ALTER TABLE red MODIFY SETTING old_parts_lifetime = 10;
ALTER TABLE instances MODIFY SETTING old_parts_lifetime = 10;
ALTER TABLE edges MODIFY SETTING old_parts_lifetime = 10;
ALTER TABLE notes MODIFY SETTING old_parts_lifetime = 10;
ALTER TABLE outcomes MODIFY SETTING old_parts_lifetime = 10;
ALTER TABLE ranges MODIFY SETTING old_parts_lifetime = 10;
ALTER TABLE events MODIFY SETTING old_parts_lifetime = 10;
ALTER TABLE scenario_steps MODIFY SETTING old_parts_lifetime = 10;
ALTER TABLE path_time MODIFY SETTING old_parts_lifetime = 10;
ALTER TABLE edge_instances MODIFY SETTING old_parts_lifetime = 10;
ALTER TABLE edge_viewers MODIFY SETTING old_parts_lifetime = 10;
