SELECT
  rule AS `rule`,
  version AS `version`,
  reason AS `reason`,
  service AS `service`,
  sum(lines) AS `lines`,
  sum(bytes) AS `bytes`
FROM `log_drops`
WHERE (tenant = {p0:String}) AND ((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))) AND (rule = {p3:String}) AND (service = {p4:String}) AND (reason = {p5:String})
GROUP BY rule, version, reason, service
ORDER BY sum(bytes) DESC, sum(lines) DESC, rule, version, reason, service
LIMIT {p6:UInt32}
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303600
-- p3 String "noise"
-- p4 String "tv"
-- p5 String "sample"
-- p6 UInt32 10
