SELECT
  arrayElement(['none', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'], if(severity > 24, 0, intDiv(severity + 3, 4)) + 1) AS `severity`,
  service AS `service`,
  scope AS `scope`,
  leftPad(lower(hex(resource_fp)), 16, '0') AS `resource`,
  count() AS `lines`
FROM `logs`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket <= toDateTime({p2:UInt32})) AND (ts >= fromUnixTimestamp64Nano(toInt64({p3:UInt64})))
GROUP BY arrayElement(['none', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'], if(severity > 24, 0, intDiv(severity + 3, 4)) + 1), service, scope, resource_fp
ORDER BY count() DESC
LIMIT {p4:UInt32}
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303300
-- p3 UInt64 "1767300030000000000"
-- p4 UInt32 20000
