SELECT
  intDiv(toUnixTimestamp(minute), {p0:UInt32}) AS `timeMs`,
  severity AS `severity`,
  sum(lines) AS `lines`
FROM `log_minutes`
WHERE (tenant = {p1:String}) AND ((minute >= toDateTime({p2:UInt32})) AND (minute < toDateTime({p3:UInt32}))) AND ((service != '' AND toString(service) = {p4:String}) AND (severity IN {p5:Array(String)}) AND (pattern IN {p6:Array(UInt64)}))
GROUP BY intDiv(toUnixTimestamp(minute), {p0:UInt32}), severity
-- p0 UInt32 60
-- p1 String "acme"
-- p2 UInt32 1767300000
-- p3 UInt32 1767303600
-- p4 String "epg"
-- p5 Array(String) ["warn","error","fatal"]
-- p6 Array(UInt64) ["81985529216486895"]
