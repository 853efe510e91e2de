SELECT
  metric AS `metric`,
  rule AS `rule`,
  argMax(aggregation, version) AS `aggregation`,
  sumIf(lines, (minute >= toDateTime({p0:UInt32})) AND (minute < toDateTime({p1:UInt32}))) AS `lines`,
  sumIf(folded, (minute >= toDateTime({p0:UInt32})) AND (minute < toDateTime({p1:UInt32}))) AS `folded`,
  sumIf(missing, (minute >= toDateTime({p0:UInt32})) AND (minute < toDateTime({p1:UInt32}))) AS `missing`,
  sumIf(no_number, (minute >= toDateTime({p0:UInt32})) AND (minute < toDateTime({p1:UInt32}))) AS `noNumber`,
  toUnixTimestamp(max(minute)) * 1000 AS `lastMs`
FROM `log_metrics`
WHERE (tenant = {p2:String}) AND ((minute >= toDateTime({p3:UInt32})) AND (minute < toDateTime({p1:UInt32})))
GROUP BY metric, rule
ORDER BY metric, rule
-- p0 UInt32 1767300000
-- p1 UInt32 1767303600
-- p2 String "acme"
-- p3 UInt32 0
