SELECT
  release AS `version`,
  sum(traces) AS `traces`
FROM `path_time`
WHERE (tenant = {p0:String}) AND (what = {p1:UInt32}) AND (entry = {p2:String}) AND ((minute >= toDateTime({p3:UInt32})) AND (minute < toDateTime({p4:UInt32})))
GROUP BY release
HAVING (sum(traces) > 0)
ORDER BY sum(traces) DESC, release
LIMIT {p5:UInt32}
-- p0 String "acme"
-- p1 UInt32 1
-- p2 String "[\"e\",\"c\",\"n\",\"tv\",\"GET /\"]"
-- p3 UInt32 1767300000
-- p4 UInt32 1767303600
-- p5 UInt32 100
