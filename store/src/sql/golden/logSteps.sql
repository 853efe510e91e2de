SELECT
  intDiv(toUnixTimestamp(ts), {p0:UInt32}) AS `timeMs`,
  if(severity > 24, 0, intDiv(severity + 3, 4) * 4) AS `severity`,
  count() AS `lines`
FROM `logs`
WHERE (tenant = {p1:String}) AND (bucket >= toDateTime({p2:UInt32})) AND (bucket <= toDateTime({p3:UInt32})) AND (ts >= fromUnixTimestamp64Nano(toInt64({p4:UInt64})))
GROUP BY intDiv(toUnixTimestamp(ts), {p0:UInt32}), if(severity > 24, 0, intDiv(severity + 3, 4) * 4)
-- p0 UInt32 60
-- p1 String "acme"
-- p2 UInt32 1767300000
-- p3 UInt32 1767303300
-- p4 UInt64 "1767300030000000000"
