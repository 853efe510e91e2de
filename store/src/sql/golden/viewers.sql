SELECT
  leftPad(lower(hex(edge_id)), 16, '0') AS `edgeId`,
  uniqCombined64Merge(12)(sketch) AS `viewers`
FROM `edge_viewers`
WHERE (tenant = {p0:String}) AND ((step = {p1:UInt16}) AND (minute >= toDateTime({p2:UInt32})) AND (minute < toDateTime({p3:UInt32})))
GROUP BY edge_id
-- p0 String "acme"
-- p1 UInt16 60
-- p2 UInt32 1767300000
-- p3 UInt32 1767303600
