-- Replaced parts of small tables are looked for every 10 to 20 s, also where little happens: by default an idle table waits for minutes, and its
-- old parts, a dozen files each, take more than what is in them.

ALTER TABLE edges MODIFY SETTING cleanup_delay_period = 10, cleanup_delay_period_random_add = 5, max_cleanup_delay_period = 20;
ALTER TABLE red MODIFY SETTING cleanup_delay_period = 10, cleanup_delay_period_random_add = 5, max_cleanup_delay_period = 20;
ALTER TABLE instances MODIFY SETTING cleanup_delay_period = 10, cleanup_delay_period_random_add = 5, max_cleanup_delay_period = 20;
ALTER TABLE notes MODIFY SETTING cleanup_delay_period = 10, cleanup_delay_period_random_add = 5, max_cleanup_delay_period = 20;
ALTER TABLE exemplars MODIFY SETTING cleanup_delay_period = 10, cleanup_delay_period_random_add = 5, max_cleanup_delay_period = 20;
ALTER TABLE edge_instances MODIFY SETTING cleanup_delay_period = 10, cleanup_delay_period_random_add = 5, max_cleanup_delay_period = 20;
ALTER TABLE edge_viewers MODIFY SETTING cleanup_delay_period = 10, cleanup_delay_period_random_add = 5, max_cleanup_delay_period = 20;
ALTER TABLE ranges MODIFY SETTING cleanup_delay_period = 10, cleanup_delay_period_random_add = 5, max_cleanup_delay_period = 20;
ALTER TABLE path_time MODIFY SETTING cleanup_delay_period = 10, cleanup_delay_period_random_add = 5, max_cleanup_delay_period = 20;
