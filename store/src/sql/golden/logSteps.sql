SELECT
  intDiv(toUnixTimestamp64Nano(ts), toInt64({p0:UInt64})) AS `timeMs`,
  arrayElement(['none', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'], if(severity > 24, 0, intDiv(severity + 3, 4)) + 1) AS `severity`,
  count() AS `lines`
FROM `logs`
WHERE (tenant = {p1:String}) AND (bucket >= toDateTime({p2:UInt32})) AND (bucket <= toDateTime({p3:UInt32})) AND (ts >= fromUnixTimestamp64Nano(toInt64({p4:UInt64})))
GROUP BY intDiv(toUnixTimestamp64Nano(ts), toInt64({p0:UInt64})), arrayElement(['none', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'], if(severity > 24, 0, intDiv(severity + 3, 4)) + 1)
-- p0 UInt64 "60000000000"
-- p1 String "acme"
-- p2 UInt32 1767300000
-- p3 UInt32 1767303300
-- p4 UInt64 "1767300030000000000"
