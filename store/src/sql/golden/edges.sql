SELECT
  toUnixTimestamp(minute) AS `seconds`,
  edge_id AS `id`,
  calls AS `counter0`,
  calls_seen AS `counter1`,
  errors AS `counter2`,
  paired AS `counter3`,
  client_only AS `counter4`,
  server_only AS `counter5`,
  parent_child AS `counter6`,
  topic AS `counter7`,
  link AS `counter8`,
  log AS `counter9`,
  toUnixTimestamp64Milli(first_seen) AS `counter10`,
  toUnixTimestamp64Milli(last_seen) AS `counter11`,
  client AS `histogram0`,
  server AS `histogram1`,
  network AS `histogram2`,
  queue_wait AS `histogram3`
FROM `edges`
WHERE (tenant = {p0:String}) AND (((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))))
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767300300
