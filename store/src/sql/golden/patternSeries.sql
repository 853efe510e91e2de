SELECT
  leftPad(lower(hex(pattern)), 16, '0') AS `pattern`,
  intDiv(toUnixTimestamp(minute), {p0:UInt32}) AS `timeMs`,
  sum(lines) AS `lines`
FROM `log_minutes`
WHERE (tenant = {p1:String}) AND ((minute >= toDateTime({p2:UInt32})) AND (minute < toDateTime({p3:UInt32}))) AND (pattern IN {p4:Array(UInt64)})
GROUP BY pattern, intDiv(toUnixTimestamp(minute), {p0:UInt32})
ORDER BY pattern, intDiv(toUnixTimestamp(minute), {p0:UInt32})
-- p0 UInt32 60
-- p1 String "acme"
-- p2 UInt32 1767300000
-- p3 UInt32 1767303600
-- p4 Array(UInt64) ["81985529216486895"]
