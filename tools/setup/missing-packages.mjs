/**
 * The packages that `npm start` or `npm test` needs and this machine lacks. `start` accepts a Redis, a
 * RabbitMQ and a MongoDB from anywhere. The tests also stop and kill some of their own, and drive a
 * browser. Go builds a small MongoDB if there is none.
 */
export function missingPackages({ command, browser, ...machine }) {
  const lacks = (name) => !machine[name] && (command === 'test' || !machine[`${name}Elsewhere`])
  const missing = []
  if (lacks('redis')) missing.push('redis-server')
  if (lacks('rabbit')) missing.push('rabbitmq-server')
  if (lacks('mongo')) missing.push('golang-go')
  if (!browser && command === 'test') missing.push('chromium')
  return missing
}
