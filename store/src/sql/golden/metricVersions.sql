SELECT
  version AS `version`
FROM `log_metrics`
WHERE (tenant = {p0:String}) AND ((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))) AND (metric = {p3:String})
GROUP BY version
ORDER BY version
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303600
-- p3 String "orders"
