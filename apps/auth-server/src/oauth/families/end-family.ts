import type { Families, FamilyEnd } from './family.model.ts'

/**
 * Ends a family at once and for good; the first reason given stays.
 *
 * @returns whether it was this call that ended it
 */
export async function endFamily(
  families: Families,
  id: string,
  because: FamilyEnd,
): Promise<boolean> {
  const { modifiedCount } = await families.updateOne(
    { _id: id, revokedAt: null },
    { $set: { revokedAt: new Date(), revokedBecause: because, noticeDue: because === 'reuse' } },
  )
  return modifiedCount === 1
}
