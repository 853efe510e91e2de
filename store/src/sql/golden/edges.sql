SELECT
  toUnixTimestamp(minute) AS `seconds`,
  groupArray(materialize(edge_id)) AS `ids`,
  groupArray(materialize(calls)) AS `counter0`,
  groupArray(materialize(calls_seen)) AS `counter1`,
  groupArray(materialize(errors)) AS `counter2`,
  groupArray(materialize(paired)) AS `counter3`,
  groupArray(materialize(client_only)) AS `counter4`,
  groupArray(materialize(server_only)) AS `counter5`,
  groupArray(materialize(parent_child)) AS `counter6`,
  groupArray(materialize(topic)) AS `counter7`,
  groupArray(materialize(link)) AS `counter8`,
  groupArray(materialize(log)) AS `counter9`,
  groupArray(materialize(toUnixTimestamp64Milli(first_seen))) AS `counter10`,
  groupArray(materialize(toUnixTimestamp64Milli(last_seen))) AS `counter11`,
  groupArray(materialize(toUInt32(length(client)))) AS `lengths0`,
  groupArrayArray(mapKeys(client)) AS `buckets0`,
  groupArrayArray(mapValues(client)) AS `counts0`,
  groupArray(materialize(toUInt32(length(server)))) AS `lengths1`,
  groupArrayArray(mapKeys(server)) AS `buckets1`,
  groupArrayArray(mapValues(server)) AS `counts1`,
  groupArray(materialize(toUInt32(length(network)))) AS `lengths2`,
  groupArrayArray(mapKeys(network)) AS `buckets2`,
  groupArrayArray(mapValues(network)) AS `counts2`,
  groupArray(materialize(toUInt32(length(queue_wait)))) AS `lengths3`,
  groupArrayArray(mapKeys(queue_wait)) AS `buckets3`,
  groupArrayArray(mapValues(queue_wait)) AS `counts3`
FROM `edges`
WHERE (tenant = {p0:String}) AND (((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))))
GROUP BY minute
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767300300
