/** What the shop sells; a cart holds the names. */
export const toolsOnSale = [
  {
    name: 'Marking knife',
    use: 'Single bevel, for lines finer than a pencil can draw.',
    price: '€ 24',
  },
  { name: 'Block plane', use: 'Low angle, for end grain and for easing an edge.', price: '€ 118' },
  { name: 'Dovetail saw', use: 'Fifteen teeth to the inch, filed for ripping.', price: '€ 86' },
  { name: 'Bevel-edge chisel', use: 'Twelve millimetres wide, ready to be honed.', price: '€ 39' },
  { name: 'Try square', use: 'Steel and beech, true to a hair over 150 mm.', price: '€ 45' },
] as const
