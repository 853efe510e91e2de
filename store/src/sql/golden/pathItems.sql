SELECT
  what AS `what`,
  band AS `band`,
  any(item) AS `item`,
  sum(traces) AS `traces`,
  sum(count) AS `count`,
  sum(time) AS `timeNs`,
  sum(errors) AS `errors`,
  sum(retries) AS `retries`,
  sum(saving) AS `savingNs`,
  base64Encode(max(slowest)) AS `slowest`
FROM `path_time`
WHERE (tenant = {p0:String}) AND (what >= {p1:UInt32}) AND (what <= {p2:UInt32}) AND (entry = {p3:String}) AND ((minute >= toDateTime({p4:UInt32})) AND (minute < toDateTime({p5:UInt32})))
GROUP BY what, band, cityHash64(item)
HAVING (sum(traces) > 0)
ORDER BY what, sum(time) DESC, band, any(item)
LIMIT {p6:UInt32} BY what
-- p0 String "acme"
-- p1 UInt32 2
-- p2 UInt32 4
-- p3 String "[\"e\",\"c\",\"n\",\"tv\",\"GET /\"]"
-- p4 UInt32 1767300000
-- p5 UInt32 1767303600
-- p6 UInt32 15000
