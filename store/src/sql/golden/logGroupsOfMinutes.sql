SELECT
  severity AS `severity`,
  service AS `service`,
  environment AS `environment`,
  cluster AS `cluster`,
  namespace AS `namespace`,
  sum(lines) AS `lines`
FROM `log_minutes`
WHERE (tenant = {p0:String}) AND ((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))) AND (1)
GROUP BY severity, service, environment, cluster, namespace
ORDER BY sum(lines) DESC
LIMIT {p3:UInt32}
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303600
-- p3 UInt32 20000
