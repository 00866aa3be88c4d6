/**
 * The packages that `npm start` or `npm test` needs and this machine lacks. `start` takes a Redis
 * and a RabbitMQ from anywhere; the tests also stop and kill some of their own, and drive a
 * browser.
 */
export function missingPackages({
  command,
  redis,
  redisElsewhere,
  rabbit,
  rabbitElsewhere,
  browser,
}) {
  const missing = []
  if (!redis && (command === 'test' || !redisElsewhere)) missing.push('redis-server')
  if (!rabbit && (command === 'test' || !rabbitElsewhere)) missing.push('rabbitmq-server')
  if (!browser && command === 'test') missing.push('chromium')
  return missing
}
