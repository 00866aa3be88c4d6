/** The paths that the shop's pages link to. */
export const shopPaths = {
  home: '/',
  cart: '/cart',
  dashboard: '/dashboard',
  orders: '/orders',
  ordersApi: '/api/orders',
  style: '/style.css',
  icon: '/favicon.svg',
} as const
