SELECT
  intDiv(toUnixTimestamp(minute), {p0:UInt32}) AS `timeMs`,
  reason AS `reason`,
  sum(lines) AS `lines`,
  sum(bytes) AS `bytes`
FROM `log_drops`
WHERE (tenant = {p1:String}) AND ((minute >= toDateTime({p2:UInt32})) AND (minute < toDateTime({p3:UInt32})))
GROUP BY intDiv(toUnixTimestamp(minute), {p0:UInt32}), reason
ORDER BY intDiv(toUnixTimestamp(minute), {p0:UInt32}), reason
-- p0 UInt32 60
-- p1 String "acme"
-- p2 UInt32 1767300000
-- p3 UInt32 1767303600
