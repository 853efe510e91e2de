SELECT
  count() AS `lines`
FROM `logs`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket <= toDateTime({p2:UInt32})) AND (ts >= fromUnixTimestamp64Nano(toInt64({p3:UInt64})))
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303300
-- p3 UInt64 "1767300030000000000"
