SELECT
  entry AS `entry`,
  item AS `item`,
  sum(time) AS `timeNs`
FROM `path_time`
WHERE (tenant = {p0:String}) AND (what = {p1:UInt32}) AND (position(item, {p2:String}) > 0) AND ((minute >= toDateTime({p3:UInt32})) AND (minute < toDateTime({p4:UInt32})))
GROUP BY entry, item
HAVING (sum(traces) > 0)
ORDER BY sum(time) DESC, entry, item
LIMIT {p5:UInt32}
-- p0 String "acme"
-- p1 UInt32 2
-- p2 String "\"epg\""
-- p3 UInt32 1767300000
-- p4 UInt32 1767303600
-- p5 UInt32 15000
