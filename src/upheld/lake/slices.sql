SELECT
  "t0"."component",
  "t0"."at" - (
    "t0"."at" % "t0"."slice_us"
  ) AS "slice_at",
  COUNT(*) AS "total",
  COUNT(*) FILTER(WHERE
    "t0"."good") AS "good"
FROM "checks" AS "t0"
GROUP BY
  1,
  2
