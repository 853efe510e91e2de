SELECT
  operation AS `operation`,
  kind AS `kind`,
  sum(calls) AS `calls`,
  sum(errors) AS `errors`,
  (mapKeys(sumMap(duration)), mapValues(sumMap(duration))) AS `histogram`
FROM `red`
WHERE (tenant = {p0:String}) AND ((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))) AND (environment = {p3:String}) AND (cluster = {p4:String}) AND (namespace = {p5:String}) AND (service = {p6:String}) AND ((operation, kind) IN (SELECT
  operation AS `operation`,
  kind AS `kind`
FROM `red`
WHERE (tenant = {p0:String}) AND ((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))) AND (environment = {p3:String}) AND (cluster = {p4:String}) AND (namespace = {p5:String}) AND (service = {p6:String})
GROUP BY operation, kind
ORDER BY sum(calls) DESC, operation, kind
LIMIT {p7:UInt32}))
GROUP BY operation, kind
ORDER BY sum(calls) DESC, operation, kind
LIMIT {p7:UInt32}
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303600
-- p3 String "e"
-- p4 String "c"
-- p5 String "n"
-- p6 String "tv"
-- p7 UInt32 1001
