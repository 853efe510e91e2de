SELECT
  uniqCombined64If(operation, calls > 0) AS `operations`,
  sum(calls) AS `calls`,
  sum(errors) AS `errors`
FROM `edges`
WHERE (tenant = {p0:String}) AND ((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))) AND (has({p3:Array(UInt64)}, edge_id))
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303600
-- p3 Array(UInt64) ["81985529216486895"]
