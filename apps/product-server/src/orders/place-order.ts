import { randomUUID } from 'node:crypto'
import type { RedisClient } from 'auth-kit/session'

export type OrderStore = {
  redis: RedisClient
  /** Prefix of every key in Redis. */
  keyPrefix: string
}

export type Order = {
  id: string
  /** ISO 8601. */
  placedAt: string
  items: string[]
}

/** Orders kept for each customer. Enough for a demo shop. */
const MOST_ORDERS = 100

/** Stores an order of a customer, identified by the user id alone. */
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

/** The key of a customer's orders. */
export function ordersKey(keyPrefix: string, userId: string): string {
  return `${keyPrefix}orders:${userId}`
}
