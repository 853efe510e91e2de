SELECT
  service AS `service`,
  leftPad(lower(hex(pattern)), 16, '0') AS `pattern`,
  argMax(template, (day, position)) AS `template`,
  toUnixTimestamp64Milli(min(first_seen)) AS `firstSeenMs`
FROM `log_patterns`
WHERE (tenant = {p0:String}) AND (pattern IN {p1:Array(UInt64)})
GROUP BY service, pattern
ORDER BY service, pattern
-- p0 String "acme"
-- p1 Array(UInt64) ["81985529216486895"]
