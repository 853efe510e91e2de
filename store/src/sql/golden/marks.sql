SELECT
  toUnixTimestamp(minute) AS `minute`,
  toString(sum(mark)) AS `mark`,
  count() AS `rows`
FROM `edges`
WHERE (tenant = {p0:String}) AND ((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32})))
GROUP BY minute
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303600
