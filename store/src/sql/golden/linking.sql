SELECT
  lower(hex(trace_id)) AS `traceId`,
  lower(hex(span_id)) AS `spanId`,
  name AS `name`,
  service AS `service`,
  toString(toUnixTimestamp64Nano(ts)) AS `startNs`,
  base64Encode(links) AS `links`
FROM `spans`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND (links != '') AND (position(links, unhex({p3:String})) > 0) AND (trace_id != toFixedString(unhex({p3:String}), 16))
ORDER BY ts, span_id
LIMIT {p4:UInt32} BY trace_id, span_id
LIMIT {p5:UInt32}
-- p0 String "acme"
-- p1 UInt32 1767300030
-- p2 UInt32 1767303600
-- p3 String "0123456789abcdef0123456789abcdef"
-- p4 UInt32 1
-- p5 UInt32 100
