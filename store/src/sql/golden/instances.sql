SELECT
  instance AS `instance`,
  version AS `version`,
  toUnixTimestamp(max(minute)) * 1000 AS `lastSeenMs`,
  sum(calls) AS `calls`,
  sum(errors) AS `errors`,
  (mapKeys(sumMap(duration)), mapValues(sumMap(duration))) AS `histogram`
FROM `instances`
WHERE (tenant = {p0:String}) AND ((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))) AND (service = {p3:String})
GROUP BY instance, version
ORDER BY instance, version
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303600
-- p3 String "tv"
