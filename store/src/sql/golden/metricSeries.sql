SELECT
  intDiv(toUnixTimestamp(minute), {p0:UInt32}) AS `timeMs`,
  emptyArrayString() AS `values`,
  sum(lines) AS `lines`,
  sumIf(lines, NOT 1) + 0 AS `folded`,
  sum(missing) AS `missing`,
  sum(no_number) AS `noNumber`,
  sum(toFloat64(whole)) + sum(toFloat64(nano)) / 1e9 AS `sum`,
  toString(min(least)) AS `least`,
  toString(max(most)) AS `most`,
  (mapKeys(sumMap(buckets)), mapValues(sumMap(buckets))) AS `histogram`
FROM `log_metrics`
WHERE (tenant = {p1:String}) AND ((minute >= toDateTime({p2:UInt32})) AND (minute < toDateTime({p3:UInt32}))) AND (metric = {p4:String}) AND (service = {p5:String}) AND (environment = {p6:String})
GROUP BY intDiv(toUnixTimestamp(minute), {p0:UInt32}), emptyArrayString()
ORDER BY intDiv(toUnixTimestamp(minute), {p0:UInt32}), emptyArrayString()
-- p0 UInt32 60
-- p1 String "acme"
-- p2 UInt32 1767300000
-- p3 UInt32 1767303600
-- p4 String "orders"
-- p5 String "tv"
-- p6 String "prod"
