SELECT
  item AS `code`,
  sum(traces) AS `count`
FROM `path_time`
WHERE (tenant = {p0:String}) AND (what = {p1:UInt32}) AND ((minute >= toDateTime({p2:UInt32})) AND (minute < toDateTime({p3:UInt32})))
GROUP BY item
HAVING (sum(traces) > 0)
ORDER BY item
-- p0 String "acme"
-- p1 UInt32 5
-- p2 UInt32 1767300000
-- p3 UInt32 1767303600
