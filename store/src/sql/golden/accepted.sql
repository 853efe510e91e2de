SELECT
  intDiv(toUnixTimestamp64Milli(received), 60000) * 60000 AS `minuteMs`,
  sum(records) AS `records`,
  sum(visible) AS `visible`,
  sum(repeats) AS `repeats`,
  sum(dead) AS `dead`,
  sum(bytes) AS `bytes`
FROM `ranges`
WHERE (tenant = {p0:String}) AND (received >= fromUnixTimestamp64Milli({p1:Int64})) AND (received < fromUnixTimestamp64Milli({p2:Int64}))
GROUP BY minuteMs
ORDER BY minuteMs
-- p0 String "acme"
-- p1 Int64 1767300030000
-- p2 Int64 1767303600000
