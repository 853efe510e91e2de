SELECT
  intDiv(toUnixTimestamp64Milli(received), 60000) * 60000 AS `minuteMs`,
  topic = {p0:String} AS `ofLogs`,
  sum(records) AS `records`,
  sum(visible) AS `visible`,
  sum(repeats) AS `repeats`,
  sum(dead) AS `dead`,
  sum(bytes) AS `bytes`
FROM `ranges`
WHERE (tenant = {p1:String}) AND (received >= fromUnixTimestamp64Milli({p2:Int64})) AND (received < fromUnixTimestamp64Milli({p3:Int64}))
GROUP BY minuteMs, ofLogs
ORDER BY minuteMs, ofLogs
-- p0 String "skein.logs"
-- p1 String "acme"
-- p2 Int64 1767300030000
-- p3 Int64 1767303600000
