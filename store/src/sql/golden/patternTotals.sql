SELECT
  service AS `service`,
  leftPad(lower(hex(pattern)), 16, '0') AS `pattern`,
  severity AS `severity`,
  sum(lines) AS `lines`,
  sum(bytes) AS `bytes`
FROM `log_minutes`
WHERE (tenant = {p0:String}) AND ((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))) AND (service = {p3:String}) AND (environment = {p4:String}) AND (cluster = {p5:String}) AND (namespace = {p6:String}) AND (severity IN {p7:Array(String)})
GROUP BY service, pattern, severity
ORDER BY sum(lines) DESC, service, pattern, severity
LIMIT {p8:UInt32}
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303600
-- p3 String "tv"
-- p4 String "prod"
-- p5 String "c1"
-- p6 String "n"
-- p7 Array(String) ["error","fatal"]
-- p8 UInt32 10
