-- Small tables become one part a day once nothing was inserted for a quarter of a minute: their parts cost a dozen files each whatever they hold,
-- twice as many with a projection. Under load this never happens, and a day of them is small.

ALTER TABLE edges MODIFY SETTING min_age_to_force_merge_seconds = 15, min_age_to_force_merge_on_partition_only = 1, max_merge_selecting_sleep_ms = 5000;
ALTER TABLE red MODIFY SETTING min_age_to_force_merge_seconds = 15, min_age_to_force_merge_on_partition_only = 1, max_merge_selecting_sleep_ms = 5000;
ALTER TABLE instances MODIFY SETTING min_age_to_force_merge_seconds = 15, min_age_to_force_merge_on_partition_only = 1, max_merge_selecting_sleep_ms = 5000;
ALTER TABLE notes MODIFY SETTING min_age_to_force_merge_seconds = 15, min_age_to_force_merge_on_partition_only = 1, max_merge_selecting_sleep_ms = 5000;
ALTER TABLE exemplars MODIFY SETTING min_age_to_force_merge_seconds = 15, min_age_to_force_merge_on_partition_only = 1, max_merge_selecting_sleep_ms = 5000;
ALTER TABLE outcomes MODIFY SETTING min_age_to_force_merge_seconds = 15, min_age_to_force_merge_on_partition_only = 1, max_merge_selecting_sleep_ms = 5000;
ALTER TABLE ranges MODIFY SETTING min_age_to_force_merge_seconds = 15, min_age_to_force_merge_on_partition_only = 1, max_merge_selecting_sleep_ms = 5000;
ALTER TABLE edge_instances MODIFY SETTING min_age_to_force_merge_seconds = 15, min_age_to_force_merge_on_partition_only = 1, max_merge_selecting_sleep_ms = 5000;
ALTER TABLE edge_viewers MODIFY SETTING min_age_to_force_merge_seconds = 15, min_age_to_force_merge_on_partition_only = 1, max_merge_selecting_sleep_ms = 5000;
