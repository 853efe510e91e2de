SELECT
  toUnixTimestamp(minute) * 1000 AS `minuteMs`,
  signal AS `signal`,
  key_id AS `keyId`,
  kind AS `kind`,
  reason AS `reason`,
  sum(requests) AS `requests`,
  sum(records) AS `records`,
  sum(bytes) AS `bytes`
FROM `outcomes`
WHERE (tenant = {p0:String}) AND ((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32})))
GROUP BY minute, signal, key_id, kind, reason
ORDER BY minute, signal, key_id, kind, reason
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303600
