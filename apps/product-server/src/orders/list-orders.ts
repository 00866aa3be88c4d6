import { type Order, type OrderStore, ordersKey } from './place-order.ts'

/** The orders of a customer, newest first. */
export async function listOrders(
  { redis, keyPrefix }: OrderStore,
  userId: string,
): Promise<Order[]> {
  const orders = await redis.lrange(ordersKey(keyPrefix, userId), 0, -1)
  return orders.map((order) => JSON.parse(order))
}
