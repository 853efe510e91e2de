SELECT
  any(item) AS `item`,
  band AS `band`,
  sum(traces) AS `traces`,
  sum(time) AS `timeNs`
FROM `path_time`
WHERE (tenant = {p0:String}) AND (what = {p1:UInt32}) AND ((minute >= toDateTime({p2:UInt32})) AND (minute < toDateTime({p3:UInt32})))
GROUP BY band, cityHash64(item)
HAVING (sum(traces) > 0)
ORDER BY sum(time) DESC, band, any(item)
LIMIT {p4:UInt32}
-- p0 String "acme"
-- p1 UInt32 2
-- p2 UInt32 1767300000
-- p3 UInt32 1767303600
-- p4 UInt32 15000
