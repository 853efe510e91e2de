SELECT
  multiIf(has({p0:Array(UInt64)}, edge_id), {p1:UInt32}, has({p2:Array(UInt64)}, edge_id), {p3:UInt32}, {p4:UInt32}) AS `number`,
  uniqCombined64Merge(12)(sketch) AS `viewers`
FROM `edge_viewers`
WHERE (tenant = {p5:String}) AND ((step = {p6:UInt16}) AND (minute >= toDateTime({p7:UInt32})) AND (minute < toDateTime({p8:UInt32}))) AND (has({p9:Array(UInt64)}, edge_id))
GROUP BY multiIf(has({p0:Array(UInt64)}, edge_id), {p1:UInt32}, has({p2:Array(UInt64)}, edge_id), {p3:UInt32}, {p4:UInt32})
-- p0 Array(UInt64) ["81985529216486895"]
-- p1 UInt32 0
-- p2 Array(UInt64) ["81985529216486895"]
-- p3 UInt32 1
-- p4 UInt32 2
-- p5 String "acme"
-- p6 UInt16 60
-- p7 UInt32 1767300000
-- p8 UInt32 1767303600
-- p9 Array(UInt64) ["81985529216486895","81985529216486895"]
