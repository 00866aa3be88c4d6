import { randomUUID } from 'node:crypto'
import type { RedisClient } from 'auth-kit/session'

export type OrderStore = {
  redis: RedisClient
  /** In front of every key in Redis. */
  keyPrefix: string
}

export type Order = {
  id: string
  /** ISO 8601. */
  placedAt: string
  items: string[]
}

/** A shop to try things out with: the newest hundred of each customer are kept. */
const MOST_ORDERS = 100

/** Keeps an order of a customer, who is known by the user's id alone. */
export async function placeOrder(
  { redis, keyPrefix }: OrderStore,
  { userId, items, now }: { userId: string; items: string[]; now: Date },
): Promise<Order> {
  const order = { id: randomUUID(), placedAt: now.toISOString(), items }
  const key = ordersKey(keyPrefix, userId)
  const write = redis
    .multi()
    .lpush(key, JSON.stringify(order))
    .ltrim(key, 0, MOST_ORDERS - 1)
  for (const [error] of (await write.exec()) ?? []) if (error) throw error
  return order
}

/** Where the orders of a customer are. */
export function ordersKey(keyPrefix: string, userId: string): string {
  return `${keyPrefix}orders:${userId}`
}
