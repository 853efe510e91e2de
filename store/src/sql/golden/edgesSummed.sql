SELECT
  toUnixTimestamp(minute) AS `seconds`,
  edge_id AS `id`,
  sum(calls) AS `counter0`,
  sum(calls_seen) AS `counter1`,
  sum(errors) AS `counter2`,
  sum(paired) AS `counter3`,
  sum(client_only) AS `counter4`,
  sum(server_only) AS `counter5`,
  sum(parent_child) AS `counter6`,
  sum(topic) AS `counter7`,
  sum(link) AS `counter8`,
  sum(log) AS `counter9`,
  min(toUnixTimestamp64Milli(first_seen)) AS `counter10`,
  max(toUnixTimestamp64Milli(last_seen)) AS `counter11`,
  sumMap(client) AS `histogram0`,
  sumMap(server) AS `histogram1`,
  sumMap(network) AS `histogram2`,
  sumMap(queue_wait) AS `histogram3`
FROM `edges`
WHERE (tenant = {p0:String}) AND (((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32})))) AND (edge_id % 4 = 1)
GROUP BY minute, edge_id
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767300300
