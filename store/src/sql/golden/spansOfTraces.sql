SELECT
  lower(hex(trace_id)) AS `traceId`,
  lower(hex(span_id)) AS `spanId`,
  lower(hex(reinterpretAsFixedString(parent_lo))) AS `parentLow`,
  lower(hex(reinterpretAsFixedString(parent_hi))) AS `parentHigh`,
  name AS `name`,
  kind AS `kind`,
  status AS `status`,
  message AS `message`,
  service AS `service`,
  scope AS `scope`,
  toString(toUnixTimestamp64Nano(ts)) AS `startNs`,
  toString(duration) AS `durationNs`,
  leftPad(lower(hex(resource_fp)), 16, '0') AS `resource`,
  base64Encode(events) AS `events`,
  base64Encode(links) AS `links`,
  items AS `items`,
  rest AS `rest`
FROM `spans`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND (trace_id IN (toFixedString(unhex({p3:String}), {p4:UInt32}))) AND (span_id IN (toFixedString(unhex({p5:String}), {p6:UInt32})))
ORDER BY trace_id, ts, span_id
LIMIT {p7:UInt32} BY trace_id, span_id
LIMIT {p8:UInt32}
-- p0 String "acme"
-- p1 UInt32 1767299130
-- p2 UInt32 1767304500
-- p3 String "0123456789abcdef0123456789abcdef"
-- p4 UInt32 16
-- p5 String "0123456789abcdef"
-- p6 UInt32 8
-- p7 UInt32 1
-- p8 UInt32 100
