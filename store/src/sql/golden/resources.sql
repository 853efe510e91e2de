SELECT
  leftPad(lower(hex(fp)), 16, '0') AS `fingerprint`,
  base64Encode(any(attributes)) AS `attributes`
FROM `resources`
WHERE (tenant = {p0:String}) AND (fp IN ({p1:Array(UInt64)}))
GROUP BY fp
-- p0 String "acme"
-- p1 Array(UInt64) ["81985529216486895"]
