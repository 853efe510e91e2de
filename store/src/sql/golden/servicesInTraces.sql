SELECT
  lower(hex(trace_id)) AS `traceId`,
  service AS `service`,
  uniqExact(span_id) AS `spans`,
  uniqExactIf(span_id, status = 2) AS `errors`,
  uniqExactIf(span_id, if(parent_hi != 0, (trace_id, bitOr(toUInt64(parent_lo), bitShiftLeft(toUInt64(parent_hi), 32))) NOT IN (SELECT
  trace_id AS `trace`,
  reinterpretAsUInt64(span_id) AS `span`
FROM `spans`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND (trace_id IN (toFixedString(unhex({p3:String}), 16)))), parent_lo != 0 AND (trace_id, bitOr(toUInt64(parent_lo), bitShiftLeft(toUInt64(parent_hi), 32))) NOT IN (SELECT
  trace_id AS `trace`,
  bitAnd(reinterpretAsUInt64(span_id), 4294967295) AS `span`
FROM `spans`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND (trace_id IN (toFixedString(unhex({p3:String}), 16)))))) AS `orphans`
FROM `spans`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND (trace_id IN (toFixedString(unhex({p3:String}), 16)))
GROUP BY trace_id, service
ORDER BY trace_id, service
-- p0 String "acme"
-- p1 UInt32 1767299130
-- p2 UInt32 1767304500
-- p3 String "0123456789abcdef0123456789abcdef"
