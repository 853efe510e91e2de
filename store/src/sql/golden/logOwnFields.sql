SELECT
  if(severity > 24, 0, intDiv(severity + 3, 4) * 4) AS `severity`,
  service AS `service`,
  scope AS `scope`,
  leftPad(lower(hex(resource_fp)), 16, '0') AS `resource`,
  count() AS `lines`
FROM `logs`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket <= toDateTime({p2:UInt32})) AND (ts >= fromUnixTimestamp64Nano(toInt64({p3:UInt64}))) AND (hasAny(splitByChar('\x1e', rest), {p4:Array(String)})) AND (NOT (hasAny(items, {p4:Array(String)})))
GROUP BY if(severity > 24, 0, intDiv(severity + 3, 4) * 4), service, scope, resource_fp
ORDER BY count() DESC
LIMIT {p5:UInt32}
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303300
-- p3 UInt64 "1767300030000000000"
-- p4 Array(String) ["http.route=/epg"]
-- p5 UInt32 20000
