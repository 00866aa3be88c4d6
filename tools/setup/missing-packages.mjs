/**
 * What `npm start` or `npm test` needs and this machine lacks. `start` takes a Redis from anywhere;
 * the tests also stop and kill one of their own, and drive a browser.
 */
export function missingPackages({ command, redis, redisElsewhere, browser }) {
  const missing = []
  if (!redis && (command === 'test' || !redisElsewhere)) missing.push('redis-server')
  if (!browser && command === 'test') missing.push('chromium')
  return missing
}
