SELECT
  array(multiIf(key_1 = {p0:String}, toString(value_1), key_2 = {p0:String}, toString(value_2), '')) AS `values`,
  sum(lines) AS `lines`
FROM `log_metrics`
WHERE (tenant = {p1:String}) AND ((minute >= toDateTime({p2:UInt32})) AND (minute < toDateTime({p3:UInt32}))) AND (metric = {p4:String}) AND (rule = {p5:String})
GROUP BY array(multiIf(key_1 = {p0:String}, toString(value_1), key_2 = {p0:String}, toString(value_2), ''))
ORDER BY sum(lines) DESC, array(multiIf(key_1 = {p0:String}, toString(value_1), key_2 = {p0:String}, toString(value_2), ''))
LIMIT {p6:UInt32}
-- p0 String "http.route"
-- p1 String "acme"
-- p2 UInt32 1767300000
-- p3 UInt32 1767303600
-- p4 String "orders"
-- p5 String "r1"
-- p6 UInt32 10
